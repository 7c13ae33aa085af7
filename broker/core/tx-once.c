/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in acts that are done once. */

/**
 * floe_tx_begin_once:
 * @once: without an answer
 * @fresh: (out): it is the first of its key; whoever comes at the same moment waits until this one
 *   is committed
 */
gboolean
floe_tx_begin_once (FloeTx *self, const FloeOnce *once, gboolean *fresh, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->begin_once (self, once, fresh, error);
}

/**
 * floe_tx_get_once:
 *
 * Returns: (transfer full): it; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeOnce *
floe_tx_get_once (FloeTx *self, const gchar *actor, const gchar *key, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_once (self, actor, key, error);
}

/**
 * floe_tx_end_once:
 * @once: with its answer
 */
gboolean
floe_tx_end_once (FloeTx *self, const FloeOnce *once, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->end_once (self, once, error);
}

gboolean
floe_tx_drop_once (FloeTx *self, const gchar *actor, const gchar *key, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->drop_once (self, actor, key, error);
}

/**
 * floe_tx_prune_once:
 * @before: those that were asked for first before then
 */
gboolean
floe_tx_prune_once (FloeTx *self, gint64 before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_once (self, before, error);
}
