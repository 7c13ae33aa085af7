/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/keeper.h"
#include "core/pool-pass.h"

G_BEGIN_DECLS

/**
 * FloePoolHosts:
 *
 * What the pool keeper knows of hosts: which there are, and what they have left.
 */
typedef struct _FloePoolHosts FloePoolHosts;

FloePoolHosts *floe_pool_hosts_new (FloeKeeper *keeper);
void floe_pool_hosts_free (FloePoolHosts *self);
void floe_pool_hosts_add (FloePoolHosts *self, const gchar *name, guint starts_at_once);
void floe_pool_hosts_measure (FloePoolHosts *self, const FloeHostCapacity *capacity);
void floe_pool_hosts_forget (FloePoolHosts *self, const gchar *name);
GArray *floe_pool_hosts_list (FloePoolHosts *self, const FloePoolPicture *picture);

G_END_DECLS
