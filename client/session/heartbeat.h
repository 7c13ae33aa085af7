/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"
#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeHeartbeat:
 *
 * Tells the broker once a minute that a session lives, and for how long nobody has used it. A
 * broker that does not want to know is told all the same, and its answer means nothing.
 */
typedef struct _FloeHeartbeat FloeHeartbeat;

FloeHeartbeat *floe_heartbeat_new (FloeBroker *broker, const gchar *desktop_id,
                                   FloeSession *session, guint picture_ms, guint second_ms);
void floe_heartbeat_note_input (FloeHeartbeat *self);
void floe_heartbeat_free (FloeHeartbeat *self);

G_END_DECLS
