/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeSpiceSession:
 *
 * A session with a SPICE display, and its channels.
 */
#define FLOE_TYPE_SPICE_SESSION (floe_spice_session_get_type ())
G_DECLARE_FINAL_TYPE (FloeSpiceSession, floe_spice_session, FLOE, SPICE_SESSION, FloeSession)

FloeSession *floe_spice_session_new (const FloeConnection *connection, FloeLogTap *tap);
void floe_session_set_reduced_effects (FloeSession *session, gboolean reduced);
SpiceSession *floe_session_get_spice (FloeSession *session);

G_END_DECLS
