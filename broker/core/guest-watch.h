/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/manager.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeGuestWatch:
 *
 * Asks guests every twenty seconds who is logged in: those that are lent, run, and have an agent,
 * in pools that do something about a log-off; nobody else's. A few at a time on each host, since
 * one agent that is stuck takes seconds. Somebody has logged off when the agent said so twice in a
 * row.
 *
 * Signals, on the main thread:
 * - "heard" (const gchar *desktop_id, gint event): %FLOE_EVENT_GUEST_LOGGED_IN or
 *   %FLOE_EVENT_GUEST_LOGGED_OFF
 */
#define FLOE_TYPE_GUEST_WATCH (floe_guest_watch_get_type ())
G_DECLARE_FINAL_TYPE (FloeGuestWatch, floe_guest_watch, FLOE, GUEST_WATCH, GObject)

FloeGuestWatch *floe_guest_watch_new (FloeStore *store, FloeManager *manager, FloeClock *clock);
void floe_guest_watch_start (FloeGuestWatch *self);
void floe_guest_watch_stop (FloeGuestWatch *self);

G_END_DECLS
