/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/paging.h"

#include <string.h>

#include "core/error.h"

#define ROWS             50
#define MAX_ROWS         1000
#define MAX_TEXT_BYTES   256
#define MAX_CURSOR_BYTES 2048
#define MAX_PARTS        5

static gboolean
refuse (GError **error, const gchar *what)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, what);
  return FALSE;
}

/* The parts of a place, each ended by a NUL, in base64 with the letters that a query may have. */
static gchar *
encode (const gchar *const *place)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gchar *text;

  for (guint i = 0; place[i] != NULL; i++)
    g_byte_array_append (bytes, (const guint8 *)place[i], (guint)strlen (place[i]) + 1);
  text = g_base64_encode (bytes->data, bytes->len);
  for (gchar *at = text; *at != '\0'; at++)
    *at = *at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? '\0' : *at;
  return text;
}

/* Returns: (nullable): NULL for what encode() never made */
static GStrv
decode (const gchar *text)
{
  g_autoptr (GString) padded = g_string_new (text);
  g_autoptr (GStrvBuilder) place = g_strv_builder_new ();
  g_autofree gchar *bytes = NULL;
  gsize length = 0;
  gsize n = 0;

  for (gchar *at = padded->str; *at != '\0'; at++)
    *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  bytes = (gchar *)g_base64_decode (padded->str, &length);
  if (length == 0 || bytes[length - 1] != '\0')
    return NULL;
  for (gsize at = 0; at < length; at += strlen (bytes + at) + 1)
    {
      if (++n > MAX_PARTS || !g_utf8_validate (bytes + at, -1, NULL))
        return NULL;
      g_strv_builder_add (place, bytes + at);
    }
  return g_strv_builder_end (place);
}

/**
 * floe_paging_read:
 * @limit: (out): rows a page
 * @after: (out) (nullable): behind which place it begins; %NULL for the list's beginning
 *
 * Reads what a list is asked for. Whether the place is one of this list is core's to say.
 */
gboolean
floe_paging_read (FloeExchange *exchange, guint *limit, GStrv *after, GError **error)
{
  const gchar *rows = floe_exchange_get_query (exchange, "limit");
  const gchar *cursor = floe_exchange_get_query (exchange, "cursor");
  guint64 value = ROWS;

  if (rows != NULL && !g_ascii_string_to_unsigned (rows, 10, 1, MAX_ROWS, &value, NULL))
    return refuse (error, "limit: expected a whole number from 1 to " G_STRINGIFY (MAX_ROWS));
  *limit = (guint)value;
  if (cursor == NULL)
    return TRUE;
  if (strlen (cursor) > MAX_CURSOR_BYTES || (*after = decode (cursor)) == NULL)
    return refuse (error, "cursor: expected a \"next\" that was given");
  return TRUE;
}

/**
 * floe_paging_read_text:
 * @text: (out) (nullable): the filter of that name; %NULL where there is none
 */
gboolean
floe_paging_read_text (FloeExchange *exchange, const gchar *name, const gchar **text,
                       GError **error)
{
  *text = floe_exchange_get_query (exchange, name);
  if (*text == NULL || (**text != '\0' && strlen (*text) <= MAX_TEXT_BYTES))
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "%s: expected 1 to %d bytes", name,
               MAX_TEXT_BYTES);
  return FALSE;
}

/**
 * floe_paging_answer_part:
 * @items: some, of which @n are shown, beginning with the one at @from
 * @next: (nullable): the place behind them; %NULL at the list's end
 * @write: writes one of them
 */
void
floe_paging_answer_part (FloeCall *call, GPtrArray *items, guint from, guint n,
                         const gchar *const *next, FloeJsonWriteRow write)
{
  g_autofree gchar *text = next != NULL ? encode (next) : NULL;
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_begin_array (writer, "items");
  for (guint i = from; i < from + n; i++)
    write (writer, items->pdata[i]);
  floe_json_writer_end_array (writer);
  floe_json_writer_string (writer, "next", text);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/**
 * floe_paging_answer:
 * @page: (nullable): %NULL with @error
 * @write: writes one of its items
 */
void
floe_paging_answer (FloeCall *call, FloePage *page, FloeJsonWriteRow write, const GError *error)
{
  if (page == NULL)
    floe_exchange_answer_error (call->exchange, error);
  else
    floe_paging_answer_part (call, page->items, 0, page->items->len,
                             (const gchar *const *)page->next, write);
}

/**
 * floe_paging_answer_whole:
 * @rows: (nullable): all there are, by name; %NULL with @error
 * @list: which list it is
 * @name: tells a row's name, which is its key
 *
 * The same for a list of few, which is read as a whole: the page that was asked for.
 */
void
floe_paging_answer_whole (FloeCall *call, GPtrArray *rows, const gchar *list,
                          const gchar *(*name) (gconstpointer row), FloeJsonWriteRow write,
                          const GError *error)
{
  g_auto (GStrv) after = NULL;
  g_autoptr (GError) why = NULL;
  guint limit;
  guint from = 0;
  const gchar *next[] = { list, NULL, NULL };

  if (rows == NULL || !floe_paging_read (call->exchange, &limit, &after, &why)
      || !floe_page_check_place ((const gchar *const *)after, list, 1, &why))
    {
      floe_exchange_answer_error (call->exchange, rows == NULL ? error : why);
      return;
    }
  /* Who does not say how many wants all: there were few before there were pages. */
  if (floe_exchange_get_query (call->exchange, "limit") == NULL)
    limit = MAX_ROWS;
  for (guint i = 0; after != NULL && i < rows->len; i++)
    if (strcmp (name (rows->pdata[i]), after[1]) <= 0)
      from = i + 1;
  if (rows->len - from > limit)
    next[1] = name (rows->pdata[from + limit - 1]);
  floe_paging_answer_part (call, rows, from, MIN (limit, rows->len - from),
                           next[1] != NULL ? next : NULL, write);
}
