/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"
#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeShadowing:
 *
 * While somebody of the helpdesk may look: gives them the pictures of a session, no faster than
 * they take them, and does in the session what they do, while they may. What they hold down is let
 * go when they may no more.
 *
 * Signal: "over" (), once, when the broker says that nobody looks any more.
 */
#define FLOE_TYPE_SHADOWING (floe_shadowing_get_type ())
G_DECLARE_FINAL_TYPE (FloeShadowing, floe_shadowing, FLOE, SHADOWING, GObject)

FloeShadowing *floe_shadowing_new (FloeBroker *broker, FloeSession *session, const gchar *id);
void floe_shadowing_set_control (FloeShadowing *self, gboolean allowed);
void floe_shadowing_stop (FloeShadowing *self);

G_END_DECLS
