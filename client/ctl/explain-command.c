/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include "ctl/output.h"
#include "ctl/pool-path.h"

static const gchar *
sign_of (const gchar *mark)
{
  if (g_strcmp0 (mark, "ok") == 0)
    return "+";
  return g_strcmp0 (mark, "no") == 0 ? "-" : " ";
}

static void
print_explanation (JsonNode *root)
{
  g_autofree gchar *conclusion = floe_json_get_shown (root, "conclusion");

  for (guint i = 0; i < floe_json_get_length (root, "steps"); i++)
    {
      JsonNode *step = floe_json_get_element (root, "steps", i);
      g_autofree gchar *text = floe_json_get_shown (step, "text");

      g_print ("%s %s\n", sign_of (floe_json_get_text (step, "mark")), text);
    }
  g_print ("\n%s\n", conclusion);
}

static gboolean
run_explain (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *user = NULL;
  g_autofree gchar *query = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 2, 2, error))
    return FALSE;
  path = floe_ctl_pool_path (args[2], "explain", error);
  if (path == NULL)
    return FALSE;
  user = g_uri_escape_string (args[1], NULL, FALSE);
  query = g_strconcat (path, "?user=", user, NULL);
  answer = floe_ctl_call_as_user (self, "GET", query, NULL, error);
  if (answer == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_explanation (answer);
  return TRUE;
}

const FloeCtlCommand floe_ctl_explain_commands[] = {
  { "explain", N_ ("USER POOL"), N_ ("Tell why somebody gets a desktop of a pool, or none"),
    run_explain },
  { NULL },
};
