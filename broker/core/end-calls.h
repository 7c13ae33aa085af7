/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/manager.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeEndCalls:
 *
 * The part of the ends that speaks to guests' agents: asks them for what ends.c decided, to lock a
 * guest or to log it off, and records what a #FloeGuestWatch hears of them.
 *
 * Signals, on the main thread:
 * - "changed" (FloeChange *change): what was heard is recorded, and this came of it.
 */
#define FLOE_TYPE_END_CALLS (floe_end_calls_get_type ())
G_DECLARE_FINAL_TYPE (FloeEndCalls, floe_end_calls, FLOE, END_CALLS, GObject)

FloeEndCalls *floe_end_calls_new (FloeStore *store, FloeManager *manager, FloeClock *clock);
void floe_end_calls_start (FloeEndCalls *self);
void floe_end_calls_run (FloeEndCalls *self, const FloeChange *change);
void floe_end_calls_close (FloeEndCalls *self);

G_END_DECLS
