/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/identity.h"
#include "core/pool.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloePoolView:
 * @pool: a pool that the person is entitled to
 * @desktops: (element-type FloeDesktop): those that they hold in it, the first one first
 */
typedef struct
{
  FloePool *pool;
  GPtrArray *desktops;
} FloePoolView;

FloePoolView *floe_pool_view_new (const FloePool *pool);
void floe_pool_view_free (FloePoolView *self);
gboolean floe_pool_view_allows_another (const FloePoolView *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePoolView, floe_pool_view_free)

/**
 * FloeOwnInput:
 * @identity: who asks
 * @desktop_id: about which desktop, which may be theirs
 * @now: microseconds since 1970 UTC
 *
 * What the transactions about somebody's own desktop are given.
 */
typedef struct
{
  FloeIdentity *identity;
  gchar *desktop_id;
  gint64 now;
} FloeOwnInput;

FloeOwnInput *floe_own_input_new (const FloeIdentity *identity, const gchar *desktop_id,
                                  gint64 now);
void floe_own_input_free (FloeOwnInput *self);

gpointer floe_own_list_pools (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_own_read (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_own_release (FloeTx *tx, gconstpointer input, GError **error);
gboolean floe_own_release_all (FloeTx *tx, const gchar *user_id, const gchar *login_id,
                               const FloeCause *cause, GPtrArray *changes, GError **error);

G_END_DECLS
