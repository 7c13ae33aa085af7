/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in what everybody is told before they log in. */

/**
 * floe_tx_put_announcement:
 * @announcement: a new one, or one as it is to be
 */
gboolean
floe_tx_put_announcement (FloeTx *self, const FloeAnnouncement *announcement, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_announcement (self, announcement, error);
}

gboolean
floe_tx_drop_announcement (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->drop_announcement (self, id, error);
}

/**
 * floe_tx_list_announcements:
 *
 * Returns: (transfer full) (element-type FloeAnnouncement): what is most severe first, then the
 *   newest; or %NULL
 */
GPtrArray *
floe_tx_list_announcements (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_announcements (self, error);
}
