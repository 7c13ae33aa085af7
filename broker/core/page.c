/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/page.h"

#include <string.h>

#include "core/error.h"

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
