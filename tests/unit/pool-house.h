/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "house.h"

G_BEGIN_DECLS

/* Pools that keep themselves: the broker's inside, a real database, and a manager with two hosts
 * that makes what it is told to. Unless it is named, the pool is "office"; its clones have its
 * name. */

typedef struct
{
  guint total;
  guint running;
  guint held;
  guint revision; /* how many are of .wanted */
  guint wanted;
  guint on_host1;
} PoolCount;

House *pool_house_new (void);
House *pool_house_filled (guint minimum, guint maximum, guint spares); /* after 20 s */
FloePool *pool_house_pool (FloePoolKind kind, guint minimum, guint maximum, guint spares);
FloePool *pool_house_pool_named (const gchar *name, FloePoolKind kind, guint minimum, guint maximum,
                                 guint spares);
void pool_house_change_pool (House *house, const FloePool *pool);
void pool_house_drain (House *house, const gchar *host, gboolean drain); /* once somebody looks */
void pool_house_pass (House *house, guint seconds); /* time goes by in small steps, as it does */
PoolCount pool_house_look (House *house, guint revision);
FloeRevisionState pool_house_revision_state (House *house, guint number);
FloePoolState *pool_house_state (House *house);
void pool_house_assert_at_peace (House *house, const gchar *pool, guint total, guint running);
void pool_house_renew (House *house); /* once somebody looks */

G_END_DECLS
