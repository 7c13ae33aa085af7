/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vncdisplay.h>

#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeVncSession:
 *
 * A session with a display that speaks VNC: a picture, a keyboard and a pointer, and nothing else.
 * The library's connection lives in its widget, so that the session has that, too.
 */
#define FLOE_TYPE_VNC_SESSION (floe_vnc_session_get_type ())
G_DECLARE_FINAL_TYPE (FloeVncSession, floe_vnc_session, FLOE, VNC_SESSION, FloeSession)

FloeSession *floe_vnc_session_new (const FloeConnection *connection, FloeLogTap *tap);
VncDisplay *floe_session_get_vnc (FloeSession *session);

G_END_DECLS
