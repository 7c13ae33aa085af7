/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in what is being worked on. */

/**
 * floe_tx_put_maintenance:
 *
 * Writes it, in place of what there was of it. A desktop that the store has then says so itself.
 */
gboolean
floe_tx_put_maintenance (FloeTx *self, const FloeMaintenance *maintenance, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_maintenance (self, maintenance, error);
}

/**
 * floe_tx_find_maintenance:
 * @desktop_id: (nullable): of a desktop
 * @pool: (nullable): or of a pool
 * @found: (out) (transfer full) (nullable): what there is; %NULL for nothing
 */
gboolean
floe_tx_find_maintenance (FloeTx *self, const gchar *desktop_id, const gchar *pool,
                          FloeMaintenance **found, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_maintenance (self, desktop_id, pool, found, error);
}

gboolean
floe_tx_delete_maintenance (FloeTx *self, const gchar *desktop_id, const gchar *pool,
                            GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_maintenance (self, desktop_id, pool, error);
}
