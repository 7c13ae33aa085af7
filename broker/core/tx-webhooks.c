/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in telling others what happens. */

/**
 * floe_tx_put_webhook:
 * @hook: a new one, whose name nobody has
 */
gboolean
floe_tx_put_webhook (FloeTx *self, const FloeWebhook *hook, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_webhook (self, hook, error);
}

/**
 * floe_tx_list_webhooks:
 *
 * Returns: (transfer full) (element-type FloeWebhook): all, by name; or %NULL
 */
GPtrArray *
floe_tx_list_webhooks (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_webhooks (self, error);
}

/**
 * floe_tx_note_webhook:
 * @hook: what came of telling it; nothing when it is another one by now
 */
gboolean
floe_tx_note_webhook (FloeTx *self, const FloeWebhook *hook, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->note_webhook (self, hook, error);
}

gboolean
floe_tx_drop_webhook (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->drop_webhook (self, name, error);
}
