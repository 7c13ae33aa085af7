/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

#include "api/types.h"
#include "session/cause.h"
#include "session/log-tap.h"

G_BEGIN_DECLS

/**
 * FloeSessionState:
 * @FLOE_SESSION_CONNECTING: made, or on its way to the host
 * @FLOE_SESSION_OPEN: the main channel is authenticated
 * @FLOE_SESSION_PICTURE: the guest's picture is there
 * @FLOE_SESSION_ENDED: over for good; a further attempt takes a new #FloeSession
 */
typedef enum
{
  FLOE_SESSION_CONNECTING,
  FLOE_SESSION_OPEN,
  FLOE_SESSION_PICTURE,
  FLOE_SESSION_ENDED,
} FloeSessionState;

/**
 * FloeSession:
 *
 * One SPICE session from its first connect to its end, and its channels. It ends exactly once, by
 * itself or by floe_session_end().
 *
 * Signals: "state-changed" (); "display-ready" (guint channel_id, guint monitor_id) once the
 * display and its first monitor exist, which is when a display widget may be made for it; "ended"
 * (#FloeEndCause, const gchar *detail) last of all, always from the main loop, so that a handler
 * may drop the session; the detail is English, for the helpdesk, and may be empty.
 */
#define FLOE_TYPE_SESSION (floe_session_get_type ())
G_DECLARE_FINAL_TYPE (FloeSession, floe_session, FLOE, SESSION, GObject)

/* How long an open display may say nothing until its first picture, by default. */
#define FLOE_SESSION_PICTURE_MS 15000

FloeSession *floe_session_new (const FloeConnection *connection, FloeLogTap *tap);
void floe_session_set_reduced_effects (FloeSession *self, gboolean reduced);
void floe_session_set_limits (FloeSession *self, guint open_ms, guint picture_ms);
void floe_session_set_silence (FloeSession *self, guint silence_ms);

void floe_session_start (FloeSession *self);
void floe_session_end (FloeSession *self);

FloeSessionState floe_session_get_state (FloeSession *self);
FloeEndCause floe_session_get_cause (FloeSession *self);
SpiceSession *floe_session_get_spice (FloeSession *self);
const FloePolicy *floe_session_get_policy (FloeSession *self);

G_END_DECLS
