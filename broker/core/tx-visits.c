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

/**
 * floe_tx_add_picture:
 * @desktop_id: of which desktop
 * @took: microseconds
 *
 * How long the picture took, where that is the desktop that somebody connected to last, and it is
 * not known yet.
 */
gboolean
floe_tx_add_picture (FloeTx *self, const gchar *user_id, const gchar *desktop_id, gint64 took,
                     GError **error)
{
  return FLOE_TX_GET_IFACE (self)->add_picture (self, user_id, desktop_id, took, error);
}

/**
 * floe_tx_put_quality:
 * @quality: what was measured last of a desktop's session; of one that is not there, nothing is
 * kept
 */
gboolean
floe_tx_put_quality (FloeTx *self, const FloeSessionQuality *quality, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_quality (self, quality, error);
}

/**
 * floe_tx_list_qualities:
 * @since: only what was measured then or later, microseconds since 1970 UTC
 *
 * Returns: (transfer full) (element-type FloeSessionQuality): of somebody's sessions; or %NULL
 */
GPtrArray *
floe_tx_list_qualities (FloeTx *self, const gchar *user_id, gint64 since, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_qualities (self, user_id, since, error);
}
