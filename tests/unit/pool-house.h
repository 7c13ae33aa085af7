/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "house.h"

G_BEGIN_DECLS

/* Pools that keep themselves: the broker's inside, a real database, and a manager with two hosts
 * that makes what it is told to. The pool is "office", and so are its clones named. */

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
void pool_house_pass (House *house, guint seconds); /* time goes by in small steps, as it does */
PoolCount pool_house_look (House *house, guint revision);
FloeRevisionState pool_house_revision_state (House *house, guint number);
FloePoolState *pool_house_state (House *house);
void pool_house_renew (House *house); /* once somebody looks */

G_END_DECLS
