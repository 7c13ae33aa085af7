/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in the time. */

/**
 * floe_tx_get_date:
 * @date: (out): what the store's own calendar says, microseconds since 1970 UTC; 0 where it has
 * none besides the machine's
 */
gboolean
floe_tx_get_date (FloeTx *self, gint64 *date, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_date (self, date, error);
}

/**
 * floe_tx_get_time:
 * @boot: of which boot of a machine
 * @kept: (out caller-allocates): what is kept
 */
gboolean
floe_tx_get_time (FloeTx *self, const gchar *boot, FloeKeptTime *kept, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_time (self, boot, kept, error);
}

/**
 * floe_tx_put_time:
 *
 * Keeps what is of all brokers.
 */
gboolean
floe_tx_put_time (FloeTx *self, const FloeKeptTime *kept, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_time (self, kept, error);
}

/**
 * floe_tx_put_boot:
 *
 * Keeps what is of that boot.
 */
gboolean
floe_tx_put_boot (FloeTx *self, const gchar *boot, const FloeKeptTime *kept, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_boot (self, boot, kept, error);
}
