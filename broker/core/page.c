/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/page.h"

#include <string.h>

#include "core/error.h"

/* How a batch grows when few of what it looks at are wanted. */
#define GROWTH 4

/**
 * floe_page_new:
 * @item_free: (nullable): frees an item
 *
 * Returns: (transfer full): a page without items, and with nothing behind it
 */
FloePage *
floe_page_new (GDestroyNotify item_free)
{
  FloePage *self = g_new0 (FloePage, 1);

  self->texts = g_string_chunk_new (4096);
  self->items = g_ptr_array_new_with_free_func (item_free);
  return self;
}

void
floe_page_free (FloePage *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->items);
  g_string_chunk_free (self->texts);
  g_strfreev (self->next);
  g_free (self);
}

/**
 * floe_page_keep:
 * @text: (nullable): some text
 *
 * Returns: (transfer none) (nullable): a copy that lives as long as the page
 */
const gchar *
floe_page_keep (FloePage *self, const gchar *text)
{
  return text != NULL ? g_string_chunk_insert (self->texts, text) : NULL;
}

/**
 * floe_page_end:
 * @list: which list it is of
 * @key: (array zero-terminated=1): of the row behind which the next page begins
 *
 * Says that there may be more.
 */
void
floe_page_end (FloePage *self, const gchar *list, const gchar *const *key)
{
  g_autoptr (GStrvBuilder) place = g_strv_builder_new ();

  g_strv_builder_add (place, list);
  g_strv_builder_addv (place, (const gchar **)key);
  g_strfreev (self->next);
  self->next = g_strv_builder_end (place);
}

/**
 * floe_page_check_place:
 * @after: (nullable): a place that a client gave back
 * @list: which list it asks for
 * @n_key: the parts of that list's key
 *
 * Returns: %FALSE with %FLOE_ERROR_INVALID when it is no place of that list
 */
gboolean
floe_page_check_place (const gchar *const *after, const gchar *list, guint n_key, GError **error)
{
  if (after == NULL || (g_strv_length ((GStrv)after) == n_key + 1 && strcmp (after[0], list) == 0))
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "cursor: it is of another list");
  return FALSE;
}

/**
 * floe_page_walk_begin:
 * @self: with a source, a page and a limit
 * @list: which list it is
 * @n_key: the parts of that list's key
 * @after: (nullable): the place that a client gave back
 *
 * Returns: %FALSE with %FLOE_ERROR_INVALID when that is no place of this list
 */
gboolean
floe_page_walk_begin (FloePageWalk *self, const gchar *list, guint n_key, const gchar *const *after,
                      GError **error)
{
  if (!floe_page_check_place (after, list, n_key, error))
    return FALSE;
  self->list = list;
  for (guint i = 0; i < n_key; i++)
    self->key[i] = after != NULL ? after[i + 1] : "";
  return TRUE;
}

/* Of what was read since there were @from items. */
static void
keep_fitting (FloePageWalk *self, guint from)
{
  GPtrArray *items = self->page->items;
  guint kept = from;

  for (guint i = from; i < items->len; i++)
    if (self->source->fits (self, items->pdata[i]))
      {
        gpointer item = items->pdata[i];

        items->pdata[i] = items->pdata[kept];
        items->pdata[kept++] = item;
      }
  g_ptr_array_set_size (items, (gint)kept);
}

/**
 * floe_page_walk_on:
 *
 * Walks until the page has one item more than it wants, or there are no more rows, or it looked at
 * enough.
 */
gboolean
floe_page_walk_on (FloePageWalk *self, GError **error)
{
  GPtrArray *items = self->page->items;
  guint batch = self->limit + 1;
  gboolean ended = FALSE;

  while (!ended && !floe_page_walk_is_done (self))
    {
      guint before = items->len;

      if (!self->source->read (self, batch, error))
        return FALSE;
      self->looked += items->len - before;
      ended = items->len - before < batch;
      if (items->len > before)
        self->source->set_key (self, items->pdata[items->len - 1]);
      keep_fitting (self, before);
      self->stopped = !ended && self->looked >= FLOE_PAGE_LOOKS;
      batch = MIN (batch * GROWTH, FLOE_PAGE_LOOKS - MIN (self->looked, FLOE_PAGE_LOOKS - 1));
    }
  return TRUE;
}

/**
 * floe_page_walk_is_done:
 *
 * Returns: whether the page is made, however many rows there are behind
 */
gboolean
floe_page_walk_is_done (const FloePageWalk *self)
{
  return self->stopped || self->page->items->len > self->limit;
}

/**
 * floe_page_walk_end:
 *
 * Has the page say whether there may be more, and where that begins.
 */
void
floe_page_walk_end (FloePageWalk *self)
{
  GPtrArray *items = self->page->items;

  if (!floe_page_walk_is_done (self))
    return;
  if (items->len > self->limit)
    {
      self->source->set_key (self, items->pdata[self->limit - 1]);
      g_ptr_array_set_size (items, (gint)self->limit);
    }
  floe_page_end (self->page, self->list, self->key);
}
