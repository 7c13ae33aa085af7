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

typedef struct _FloePageWalk FloePageWalk;

/**
 * FloePageSource:
 * @read: adds the next rows to the page's items, so many at most: those behind the walk's key
 * @fits: whether such a row is what is asked for
 * @set_key: has the walk go on behind a row
 *
 * What is walked along.
 */
typedef struct
{
  gboolean (*read) (FloePageWalk *self, guint limit, GError **error);
  gboolean (*fits) (const FloePageWalk *self, gconstpointer item);
  void (*set_key) (FloePageWalk *self, gconstpointer item);
} FloePageSource;

/**
 * FloePageWalk:
 * @source: what it walks along
 * @page: what it fills
 * @limit: so many items are wanted
 * @list: which list it is
 * @key: (array zero-terminated=1): of the row behind which it goes on; empty strings for the first
 * @looked: so many rows it has looked at
 * @stopped: it looked at enough
 *
 * How far the making of a page came. It is the first member of what a source knows of it.
 */
struct _FloePageWalk
{
  const FloePageSource *source;
  FloePage *page;
  guint limit;
  const gchar *list;
  const gchar *key[4];
  guint looked;
  gboolean stopped;
};

gboolean floe_page_walk_begin (FloePageWalk *self, const gchar *list, guint n_key,
                               const gchar *const *after, GError **error);
gboolean floe_page_walk_on (FloePageWalk *self, GError **error);
gboolean floe_page_walk_is_done (const FloePageWalk *self);
void floe_page_walk_end (FloePageWalk *self);

G_END_DECLS
