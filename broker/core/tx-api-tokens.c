/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in tokens of the API. */

/**
 * floe_tx_put_api_token:
 * @token: a new one, whose name nobody has
 */
gboolean
floe_tx_put_api_token (FloeTx *self, const FloeApiToken *token, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_api_token (self, token, error);
}

/**
 * floe_tx_get_api_token:
 * @hash: of the token
 *
 * Returns: (transfer full): it, also when it has ended; or %NULL with %FLOE_ERROR_NOT_FOUND or a
 *   store's error
 */
FloeApiToken *
floe_tx_get_api_token (FloeTx *self, const gchar *hash, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_api_token (self, hash, error);
}

/**
 * floe_tx_list_api_tokens:
 *
 * Returns: (transfer full) (element-type FloeApiToken): all, by name; or %NULL
 */
GPtrArray *
floe_tx_list_api_tokens (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_api_tokens (self, error);
}

/**
 * floe_tx_touch_api_token:
 * @address: from where it was used
 */
gboolean
floe_tx_touch_api_token (FloeTx *self, const gchar *name, gint64 now, const gchar *address,
                         GError **error)
{
  return FLOE_TX_GET_IFACE (self)->touch_api_token (self, name, now, address, error);
}

gboolean
floe_tx_drop_api_token (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->drop_api_token (self, name, error);
}
