/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in what people are told. */

gboolean
floe_tx_put_message (FloeTx *self, const FloeMessage *message, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_message (self, message, error);
}

/**
 * floe_tx_list_messages:
 * @desktop_id: at which desktop
 * @holder: to whom
 * @since: after when
 *
 * Returns: (transfer full) (element-type FloeMessage): the oldest first; or %NULL
 */
GPtrArray *
floe_tx_list_messages (FloeTx *self, const gchar *desktop_id, const gchar *holder, gint64 since,
                       GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_messages (self, desktop_id, holder, since, error);
}

gboolean
floe_tx_prune_messages (FloeTx *self, gint64 before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_messages (self, before, error);
}
