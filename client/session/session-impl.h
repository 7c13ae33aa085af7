/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/session.h"

G_BEGIN_DECLS

/* For those who make a session of one kind of display. */

void floe_session_set_policy (FloeSession *self, const FloePolicy *policy);
void floe_session_advance (FloeSession *self, FloeSessionState state);
void floe_session_announce (FloeSession *self, guint channel_id, guint monitor_id);
void floe_session_fall_silent (FloeSession *self);
void floe_session_fail (FloeSession *self, FloeEndCause cause, const gchar *detail);

G_END_DECLS
