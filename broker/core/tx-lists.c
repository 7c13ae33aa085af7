/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in lists. Nothing here looks at more rows than it is asked for. */

/**
 * floe_tx_read_desktop_rows:
 * @range: which
 * @page: where they are added to the items, each a #FloeDesktopRow in the page's memory
 */
gboolean
floe_tx_read_desktop_rows (FloeTx *self, const FloeRange *range, FloePage *page, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->read_desktop_rows (self, range, page, error);
}

/**
 * floe_tx_list_first_desktops:
 *
 * To be looked at: it locks none of them.
 *
 * Returns: (transfer full) (element-type FloeDesktop): the first ones of a pool, by name; or %NULL
 */
GPtrArray *
floe_tx_list_first_desktops (FloeTx *self, const gchar *pool, guint limit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_first_desktops (self, pool, limit, error);
}

/**
 * floe_tx_list_people:
 * @prefix: (nullable): folded: only those with a word in a name that begins so
 * @after: (array fixed-size=2): behind whom it begins: name and id, or with @prefix word and id;
 *   empty strings for the first
 *
 * Returns: (transfer full) (element-type FloePerson): by name, or with @prefix by that word; or
 *   %NULL
 */
GPtrArray *
floe_tx_list_people (FloeTx *self, const gchar *prefix, const gchar *const *after, guint limit,
                     GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_people (self, prefix, after, limit, error);
}

/**
 * floe_tx_list_timers_of:
 * @subject: a desktop's id, or a host's name
 *
 * Returns: (transfer full) (element-type FloeTimer): what is planned for it, the next first; or
 *   %NULL
 */
GPtrArray *
floe_tx_list_timers_of (FloeTx *self, const gchar *subject, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_timers_of (self, subject, error);
}
