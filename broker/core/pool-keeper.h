/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"
#include "core/keeper.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloePoolKeeper:
 *
 * Keeps pools filled, within their limits and up to date: after each change in a pool, and from
 * time to time, it looks what there is, plans what is needed next, records it, and has it done. One
 * pass over a pool at a time; what a pass does brings the next one.
 */
#define FLOE_TYPE_POOL_KEEPER (floe_pool_keeper_get_type ())
G_DECLARE_FINAL_TYPE (FloePoolKeeper, floe_pool_keeper, FLOE, POOL_KEEPER, GObject)

FloePoolKeeper *floe_pool_keeper_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock);
void floe_pool_keeper_add_host (FloePoolKeeper *self, const gchar *name, guint starts_at_once);
void floe_pool_keeper_start (FloePoolKeeper *self);
void floe_pool_keeper_stop (FloePoolKeeper *self);
void floe_pool_keeper_look (FloePoolKeeper *self, const gchar *pool);
void floe_pool_keeper_look_at_all (FloePoolKeeper *self);

G_END_DECLS
