/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in how pools are used over time. */

/**
 * floe_tx_add_capacity:
 * @slot: what was seen; of a pool that there is no more, nothing is kept
 *
 * Adds it to the row of its pool, step and time, as floe_capacity_slot_add() does.
 */
gboolean
floe_tx_add_capacity (FloeTx *self, const FloeCapacitySlot *slot, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->add_capacity (self, slot, error);
}

/**
 * floe_tx_list_capacity:
 * @pool: (nullable): only of this pool
 * @step: rows of this step
 * @since: that begin then or later, microseconds since 1970 UTC
 * @until: and before then
 *
 * Returns: (transfer full) (element-type FloeCapacitySlot): by pool and time; or %NULL
 */
GPtrArray *
floe_tx_list_capacity (FloeTx *self, const gchar *pool, FloeCapacityStep step, gint64 since,
                       gint64 until, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_capacity (self, pool, step, since, until, error);
}

/**
 * floe_tx_prune_capacity:
 * @step: rows of this step
 * @before: that begin before then
 * @after: or after then: a clock that was set forth and back left them
 *
 * Deletes them.
 */
gboolean
floe_tx_prune_capacity (FloeTx *self, FloeCapacityStep step, gint64 before, gint64 after,
                        GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_capacity (self, step, before, after, error);
}
