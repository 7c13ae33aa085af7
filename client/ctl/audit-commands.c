/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include "ctl/output.h"
#include "ctl/table.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MOST    1000

static gchar *
make_path (gint limit, gint64 before, const gchar *user, const gchar *desktop)
{
  g_autoptr (GString) path = g_string_new ("admin/audit");

  g_string_append_printf (path, "?limit=%d", limit);
  if (before > 0)
    g_string_append_printf (path, "&before=%" G_GINT64_FORMAT, before);
  if (user != NULL)
    {
      g_string_append (path, "&user=");
      g_string_append_uri_escaped (path, user, NULL, FALSE);
    }
  if (desktop != NULL)
    {
      g_string_append (path, "&desktop=");
      g_string_append_uri_escaped (path, desktop, NULL, FALSE);
    }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

static void
print_rows (JsonNode *answer)
{
  const gchar *const fields[] = { "id",     "at",      "actor",   "action",
                                  "object", "outcome", "address", "detail" };
  g_autoptr (FloeTable) table =
      floe_table_new (_ ("ID"), _ ("AT"), _ ("ACTOR"), _ ("ACTION"), _ ("OBJECT"), _ ("OUTCOME"),
                      _ ("ADDRESS"), _ ("DETAIL"), NULL);

  for (guint i = 0; i < floe_json_get_length (answer, "rows"); i++)
    for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
      {
        g_autofree gchar *shown =
            floe_json_get_shown (floe_json_get_element (answer, "rows", i), fields[f]);

        floe_table_add (table, shown);
      }
  floe_table_print (table);
}

static gboolean
run_audit (FloeCtl *self, GStrv args, GError **error)
{
  gint limit = LIMIT_DEFAULT;
  gint64 before = 0;
  g_autofree gchar *user = NULL;
  g_autofree gchar *desktop = NULL;
  g_autofree gchar *path = NULL;
  g_autoptr (JsonNode) answer = NULL;
  const GOptionEntry entries[] = { { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
                                   { "before", 0, 0, G_OPTION_ARG_INT64, &before, NULL, NULL },
                                   { "user", 0, 0, G_OPTION_ARG_STRING, &user, NULL, NULL },
                                   { "desktop", 0, 0, G_OPTION_ARG_STRING, &desktop, NULL, NULL },
                                   { NULL } };

  if (!floe_ctl_parse (self, &args, entries, 0, 0, error))
    return FALSE;
  if (limit < 1 || limit > LIMIT_MOST || before < 0)
    {
      floe_ctl_set_usage (error, _ ("--limit is from 1 to %d, --before an id from the list"),
                          LIMIT_MOST);
      return FALSE;
    }
  path = make_path (limit, before, user, desktop);
  answer = floe_ctl_call_as_user (self, "GET", path, NULL, error);
  if (answer == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_rows (answer);
  return TRUE;
}

const FloeCtlCommand floe_ctl_audit_commands[] = {
  { "audit", N_ ("[--limit N] [--before ID] [--user NAME] [--desktop ID]"),
    N_ ("Show who did what, newest first"), run_audit },
  { NULL },
};
