/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

#include "session/monitors.h"

G_BEGIN_DECLS

/**
 * FloeGuestScreens:
 *
 * Which screens the guest of a session has, and asks its agent for others. A card has several
 * screens in one channel, or each card its one screen in a channel of its own; the mix of both
 * SPICE cannot address.
 *
 * Signal: "changed" () when the guest's screens, their number or its agent came or went.
 */
#define FLOE_TYPE_GUEST_SCREENS (floe_guest_screens_get_type ())
G_DECLARE_FINAL_TYPE (FloeGuestScreens, floe_guest_screens, FLOE, GUEST_SCREENS, GObject)

FloeGuestScreens *floe_guest_screens_new (SpiceSession *spice);
guint floe_guest_screens_get_most (FloeGuestScreens *self);
gboolean floe_guest_screens_has_agent (FloeGuestScreens *self);
gboolean floe_guest_screens_find (FloeGuestScreens *self, guint index, guint *channel_id,
                                  guint *monitor_id);
void floe_guest_screens_ask (FloeGuestScreens *self, const GArray *screens);

G_END_DECLS
