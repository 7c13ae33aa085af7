/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_PAGE_LOOKS:
 *
 * How many rows one page of a list looks at, at most. Where few of them are wanted, it is shorter
 * than it may be, or empty, and the next one goes on from there; so no page takes long, however
 * much there is.
 */
#define FLOE_PAGE_LOOKS 2000

/**
 * FloePage:
 * @texts: what strings of the items are in
 * @items: what was found, in the list's order
 * @next: (nullable): the place behind them, to be given back for the next page: which list it is
 * of, and the key of the last row; %NULL when there is nothing behind
 *
 * One page of a list. The key of a list is unique and does not change while rows come and go, so
 * that nothing is told twice or left out.
 */
typedef struct
{
  GStringChunk *texts;
  GPtrArray *items;
  GStrv next;
} FloePage;

FloePage *floe_page_new (GDestroyNotify item_free);
void floe_page_free (FloePage *self);
const gchar *floe_page_keep (FloePage *self, const gchar *text);
void floe_page_end (FloePage *self, const gchar *list, const gchar *const *key);
gboolean floe_page_check_place (const gchar *const *after, const gchar *list, guint n_key,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePage, floe_page_free)

G_END_DECLS
