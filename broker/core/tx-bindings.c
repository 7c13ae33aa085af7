/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in what groups' names stand for. */

FloeGroupBinding *
floe_group_binding_new (const gchar *name, const gchar *id)
{
  FloeGroupBinding *self = g_new0 (FloeGroupBinding, 1);

  self->name = g_strdup (name);
  self->id = g_strdup (id);
  return self;
}

void
floe_group_binding_free (FloeGroupBinding *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->id);
  g_free (self);
}

/**
 * floe_tx_list_groups:
 *
 * Returns: (transfer full) (element-type FloeGroupBinding): the groups that pools are given to,
 * each once; lasting ids and terminal groups among them; or %NULL
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
