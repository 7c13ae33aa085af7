/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeFeed:
 *
 * Follows what the other brokers of a store change: looks four times a second at the table in which
 * each of them notes it. Nothing is left out, also when a transaction that got its place early
 * commits late.
 *
 * Signals, on the main thread:
 * - "told" (const FloeFeedEntry *entry): another broker changed something.
 */
#define FLOE_TYPE_FEED (floe_feed_get_type ())
G_DECLARE_FINAL_TYPE (FloeFeed, floe_feed, FLOE, FEED, GObject)

FloeFeed *floe_feed_new (FloeStore *store, FloeClock *clock);
void floe_feed_start (FloeFeed *self);
void floe_feed_stop (FloeFeed *self);
void floe_feed_set_pruning (FloeFeed *self, gboolean pruning);

G_END_DECLS
