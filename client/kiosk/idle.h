/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kiosk/guard.h"

G_BEGIN_DECLS

/**
 * FloeIdle:
 *
 * Waits until nobody has touched anything for a while, tells the last seconds of it, and begins
 * anew with each input.
 *
 * Signals: "left" (guint seconds), once a second near the end; "stirred" (), when there was input
 * after that; "elapsed" (), after which it rests until it is started again.
 */
#define FLOE_TYPE_IDLE (floe_idle_get_type ())
G_DECLARE_FINAL_TYPE (FloeIdle, floe_idle, FLOE, IDLE, GObject)

FloeIdle *floe_idle_new (FloeGuard *guard);
void floe_idle_start (FloeIdle *self, guint seconds, guint told_seconds);
void floe_idle_stop (FloeIdle *self);

G_END_DECLS
