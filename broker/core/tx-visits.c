/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in how people's last log-ins went. */

/**
 * floe_tx_put_visit:
 * @visit: the last one of its kind of somebody's; of somebody who is not known, nothing is kept
 */
gboolean
floe_tx_put_visit (FloeTx *self, const FloeVisit *visit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_visit (self, visit, error);
}

/**
 * floe_tx_list_visits:
 *
 * Returns: (transfer full) (element-type FloeVisit): somebody's, by kind, one each at most; or
 * %NULL
 */
GPtrArray *
floe_tx_list_visits (FloeTx *self, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_visits (self, user_id, error);
}
