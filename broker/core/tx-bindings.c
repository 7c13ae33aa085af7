/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in what groups' names stand for. */

/**
 * floe_tx_list_groups:
 *
 * Returns: (transfer full) (element-type utf8): the groups that pools are given to by a name that
 *   stands for itself, each once, as they are written there; ids and terminal groups among them; or
 *   %NULL
 */
GPtrArray *
floe_tx_list_groups (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_groups (self, error);
}

/**
 * floe_tx_bind_group:
 * @name: as it is written in pools
 * @id: the lasting id that it stands for from now on, in all pools that have it now and where it
 *   stood for itself
 * @pools: (out) (transfer full): which pools those are
 */
gboolean
floe_tx_bind_group (FloeTx *self, const gchar *name, const gchar *id, GStrv *pools, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->bind_group (self, name, id, pools, error);
}
