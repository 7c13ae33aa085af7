/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/listing.h"
#include "ctl/output.h"
#include "ctl/trail-wish.h"

#define EXPORT_PAGE 1000

/* The audit trail as a whole: whether it is as it was written, and as a file. */

/* Verification. */

static gchar *
describe (const gchar *what, const gchar *row, const gchar *seal)
{
  /* Translators, here and in what follows: numbers of a row and of a seal of the audit trail */
  if (g_strcmp0 (what, "removed") == 0)
    return g_strdup_printf (_ ("row %s was removed (seal %s)"), row, seal);
  if (g_strcmp0 (what, "altered") == 0)
    return g_strdup_printf (_ ("row %s was altered (seal %s)"), row, seal);
  if (g_strcmp0 (what, "added") == 0)
    return g_strdup_printf (_ ("row %s was added (seal %s)"), row, seal);
  if (g_strcmp0 (what, "seal-missing") == 0)
    return g_strdup_printf (_ ("seal %s is missing"), seal);
  if (g_strcmp0 (what, "seal-broken") == 0)
    return g_strdup_printf (_ ("seal %s is not the one that was made"), seal);
  if (g_strcmp0 (what, "seal-unkeyed") == 0)
    return g_strdup_printf (_ ("seal %s was made without the key"), seal);
  return g_strdup_printf ("%s: %s (%s)", what != NULL ? what : "-", row, seal);
}

static void
print_finding (JsonNode *finding)
{
  g_autofree gchar *row = floe_json_get_shown (finding, "row");
  g_autofree gchar *seal = floe_json_get_shown (finding, "seal");
  g_autofree gchar *text = describe (floe_json_get_text (finding, "what"), row, seal);

  g_print ("%s\n", text);
}

static gint64
get_int (JsonNode *node, const gchar *field)
{
  JsonNode *value = floe_json_get_value (node, field, G_TYPE_INT64);

  return value != NULL ? json_node_get_int (value) : 0;
}

typedef struct
{
  gint64 rows;
  gint64 seals;
  gint64 keyed;
  guint n_findings;
} Sum;

static void
add_page (FloeCtl *self, JsonNode *page, Sum *sum)
{
  guint n = floe_json_get_length (page, "findings");

  sum->rows += get_int (page, "rows");
  sum->seals += get_int (page, "seals");
  sum->keyed += get_int (page, "keyed");
  sum->n_findings += n;
  for (guint i = 0; i < n && !self->json; i++)
    print_finding (floe_json_get_element (page, "findings", i));
  if (self->json)
    floe_print_json (page);
}

static void
print_sum (JsonNode *page, const Sum *sum)
{
  g_autofree gchar *number = floe_json_get_shown_at (page, "head.number");
  g_autofree gchar *hash = floe_json_get_shown_at (page, "head.hash");
  g_autofree gchar *tail = floe_json_get_shown_at (page, "tail.rows");
  g_autofree gchar *first = floe_json_get_shown_at (page, "tail.first");
  g_autofree gchar *last = floe_json_get_shown_at (page, "tail.last");

  g_autofree gchar *rows = g_strdup_printf ("%" G_GINT64_FORMAT, sum->rows);
  g_autofree gchar *seals = g_strdup_printf ("%" G_GINT64_FORMAT, sum->seals);
  g_autofree gchar *keyed = g_strdup_printf ("%" G_GINT64_FORMAT, sum->keyed);

  /* Translators: numbers: of rows, of seals, and of those seals that were made with a key */
  g_print (_ ("rows: %s; seals: %s, with a key: %s\n"), rows, seals, keyed);
  if (g_strcmp0 (tail, "0") != 0)
    /* Translators: how many, and the ids of the first and of the last one */
    g_print (_ ("not sealed yet: %s rows, from %s to %s\n"), tail, first, last);
  if (sum->seals > 0)
    g_print (_ ("note this elsewhere, for --expect: %s:%s\n"), number, hash);
}

static gchar *
path_of_page (gint64 after, const gchar *expected)
{
  g_autofree gchar *escaped = expected != NULL ? g_uri_escape_string (expected, NULL, FALSE) : NULL;

  if (after > 0)
    return g_strdup_printf ("admin/audit/verify?after=%" G_GINT64_FORMAT, after);
  return g_strconcat ("admin/audit/verify", escaped != NULL ? "?expect=" : NULL, escaped, NULL);
}

static gboolean
run_verify (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *expected = NULL;
  const GOptionEntry entries[] = { { "expect", 0, 0, G_OPTION_ARG_STRING, &expected, NULL, NULL },
                                   { NULL } };
  g_autoptr (JsonNode) page = NULL;
  Sum sum = { 0 };
  gint64 after = 0;

  if (!floe_ctl_parse (self, &args, entries, 0, 0, error))
    return FALSE;
  do
    {
      g_autofree gchar *path = path_of_page (after, expected);

      g_clear_pointer (&page, json_node_unref);
      page = floe_ctl_call_as_user (self, "GET", path, NULL, error);
      if (page == NULL)
        return FALSE;
      add_page (self, page, &sum);
      after = get_int (page, "next");
    }
  while (after > 0);
  if (!self->json)
    print_sum (page, &sum);
  if (sum.n_findings == 0)
    return TRUE;
  floe_ctl_set_failed (error, _ ("the audit trail is not as it was written"));
  return FALSE;
}

/* Export. */

static const gchar *const columns[] = { "id",      "at",     "actor",   "action",   "object",
                                        "outcome", "detail", "address", "terminal", "request" };

/* For a table program, which must not take what somebody wrote for a formula. */
static void
add_cell (GString *line, const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree gchar *doubled = g_strjoinv ("\"\"", parts);

  g_string_append_printf (line, "%s\"%s%s\"", line->len > 0 ? "," : "",
                          *text != '\0' && strchr ("=+-@\t\r", *text) != NULL ? "'" : "", doubled);
}

static void
print_csv (JsonNode *row)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      const gchar *text = floe_json_get_text (row, columns[i]);
      g_autofree gchar *number =
          i == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, get_int (row, "id")) : NULL;

      add_cell (line, number != NULL ? number : text != NULL ? text : "");
    }
  g_print ("%s\r\n", line->str);
}

static void
print_row (JsonNode *row, gboolean csv)
{
  g_autofree gchar *text = NULL;

  if (csv)
    {
      print_csv (row);
      return;
    }
  text = json_to_string (row, FALSE);
  g_print ("%s\n", text);
}

static gchar *
path_of_rows (const FloeTrailWish *wish, const gchar *cursor)
{
  GString *path = g_string_new ("admin/audit?limit=" G_STRINGIFY (EXPORT_PAGE));

  floe_trail_wish_add (wish, path);
  floe_ctl_add_query (path, "cursor", cursor);
  return g_string_free (path, FALSE);
}

static gboolean
parse_export (FloeCtl *self, GStrv *args, FloeTrailWish *wish, gboolean *csv, GError **error)
{
  g_autofree gchar *format = NULL;
  const GOptionEntry entries[] = { { "format", 0, 0, G_OPTION_ARG_STRING, &format, NULL, NULL },
                                   FLOE_TRAIL_OPTIONS (wish),
                                   { NULL } };

  if (!floe_ctl_parse (self, args, entries, 0, 0, error) || !floe_trail_wish_check (wish, error))
    return FALSE;
  *csv = g_strcmp0 (format, "csv") == 0;
  if (*csv || format == NULL || g_str_equal (format, "jsonl"))
    return TRUE;
  floe_ctl_set_usage (error, _ ("--format is csv or jsonl"));
  return FALSE;
}

static gboolean
run_export (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (FloeTrailWish) wish = { NULL };
  g_autofree gchar *cursor = NULL;
  gboolean csv = FALSE;

  if (!parse_export (self, &args, &wish, &csv, error))
    return FALSE;
  if (csv)
    g_print ("\"id\",\"at\",\"actor\",\"action\",\"object\",\"outcome\",\"detail\",\"address\","
             "\"terminal\",\"request\"\r\n");
  do
    {
      g_autofree gchar *path = path_of_rows (&wish, cursor);
      g_autoptr (JsonNode) page = floe_ctl_call_as_user (self, "GET", path, NULL, error);

      if (page == NULL)
        return FALSE;
      for (guint i = 0; i < floe_json_get_length (page, "items"); i++)
        print_row (floe_json_get_element (page, "items", i), csv);
      g_free (cursor);
      cursor = g_strdup (floe_json_get_text (page, "next"));
    }
  while (cursor != NULL);
  return TRUE;
}

const FloeCtlCommand floe_ctl_trail_commands[] = {
  { "audit verify", N_ ("[--expect NUMBER:HASH]"),
    N_ ("Tell whether the audit trail is as it was written"), run_verify },
  { "audit export",
    N_ ("[--format csv|jsonl] [--user NAME] [--desktop NAME] [--action NAME] [--since TIME] "
        "[--until TIME]"),
    N_ ("Write the audit trail to the standard output, newest first"), run_export },
  { NULL },
};
