/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeTimers:
 *
 * Fires the timers that are rows. Emits "due" (FloeTimer *timer) on the main thread for each row
 * whose time has come; who handles it removes the row in the same transaction as what it does about
 * it, so a timer is never lost and, after a crash, fires again.
 */
#define FLOE_TYPE_TIMERS (floe_timers_get_type ())
G_DECLARE_FINAL_TYPE (FloeTimers, floe_timers, FLOE, TIMERS, GObject)

FloeTimers *floe_timers_new (FloeStore *store, FloeClock *clock);
void floe_timers_start (FloeTimers *self);
void floe_timers_stop (FloeTimers *self);
void floe_timers_note (FloeTimers *self, gint64 due);

G_END_DECLS
