/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in who looks at whose screen. */

/**
 * floe_tx_put_shadow:
 *
 * Writes one that is new, or what became of one.
 */
gboolean
floe_tx_put_shadow (FloeTx *self, const FloeShadow *shadow, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_shadow (self, shadow, error);
}

/**
 * floe_tx_get_shadow:
 *
 * Returns: (transfer full): the shadow; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeShadow *
floe_tx_get_shadow (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_shadow (self, id, error);
}

/**
 * floe_tx_list_shadows:
 * @desktop_id: (nullable): of which desktop; %NULL for those that are open at any
 *
 * Returns: (transfer full) (element-type FloeShadow): the newest first, 100 at most; or %NULL
 */
GPtrArray *
floe_tx_list_shadows (FloeTx *self, const gchar *desktop_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_shadows (self, desktop_id, error);
}

/**
 * floe_tx_prune_shadows:
 * @before: those that were asked for earlier and are over are forgotten
 */
gboolean
floe_tx_prune_shadows (FloeTx *self, gint64 before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_shadows (self, before, error);
}
