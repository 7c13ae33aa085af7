/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in the seals of the audit trail. */

/**
 * floe_tx_list_trail:
 * @after: only rows with a greater id
 * @last: and none behind this one
 *
 * Returns: (transfer full) (element-type FloeAudit): the oldest first; or %NULL
 */
GPtrArray *
floe_tx_list_trail (FloeTx *self, gint64 after, gint64 last, guint limit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_trail (self, after, last, limit, error);
}

/**
 * floe_tx_count_trail:
 * @after: only rows with a greater id
 * @n: (out): how many
 * @first: (out): the first one; 0 for none
 * @last: (out): and the last
 */
gboolean
floe_tx_count_trail (FloeTx *self, gint64 after, gint64 *n, gint64 *first, gint64 *last,
                     GError **error)
{
  return FLOE_TX_GET_IFACE (self)->count_trail (self, after, n, first, last, error);
}

/**
 * floe_tx_put_seal:
 *
 * Returns: %FALSE with %FLOE_ERROR_CONFLICT when there is one of its number
 */
gboolean
floe_tx_put_seal (FloeTx *self, const FloeTrailSeal *seal, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_seal (self, seal, error);
}

/**
 * floe_tx_list_seals:
 * @after: only those with a greater number
 *
 * Returns: (transfer full) (element-type FloeTrailSeal): by their numbers; or %NULL
 */
GPtrArray *
floe_tx_list_seals (FloeTx *self, gint64 after, guint limit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_seals (self, after, limit, error);
}

/**
 * floe_tx_find_last_seal:
 * @seal: (out) (transfer full) (nullable): the newest; %NULL for none
 */
gboolean
floe_tx_find_last_seal (FloeTx *self, FloeTrailSeal **seal, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_last_seal (self, seal, error);
}
