/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/output.h"
#include "ctl/table.h"

/* One pool's desktops, each with its pool's name added, behind those in @all. */
static gboolean
collect (FloeCtl *self, const gchar *pool, JsonArray *all, GError **error)
{
  g_autofree gchar *path = floe_url_join (error, "admin", "pools", pool, NULL);
  g_autoptr (JsonNode) answer = NULL;

  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "GET", path, NULL, error);
  if (answer == NULL)
    return FALSE;
  for (guint i = 0; i < floe_json_get_length (answer, "desktops"); i++)
    {
      JsonNode *desktop = floe_json_get_element (answer, "desktops", i);
      JsonObject *with_pool = json_object_new ();
      g_autoptr (GList) members = NULL;

      json_object_set_string_member (with_pool, "pool", pool);
      if (JSON_NODE_HOLDS_OBJECT (desktop))
        members = json_object_get_members (json_node_get_object (desktop));
      for (GList *m = members; m != NULL; m = m->next)
        json_object_set_member (
            with_pool, m->data,
            json_node_copy (json_object_get_member (json_node_get_object (desktop), m->data)));
      json_array_add_object_element (all, with_pool);
    }
  return TRUE;
}

static gboolean
collect_all (FloeCtl *self, JsonArray *all, GError **error)
{
  g_autoptr (JsonNode) pools = floe_ctl_call_as_user (self, "GET", "admin/pools", NULL, error);

  if (pools == NULL)
    return FALSE;
  for (guint i = 0; i < floe_json_get_length (pools, "pools"); i++)
    {
      const gchar *name = floe_json_get_text (floe_json_get_element (pools, "pools", i), "name");

      if (name != NULL && !collect (self, name, all, error))
        return FALSE;
    }
  return TRUE;
}

static void
print_desktops (JsonNode *root)
{
  g_autoptr (FloeTable) table = floe_table_new (
      _ ("ID"), _ ("NAME"), _ ("POOL"), _ ("HOST"), _ ("POWER"), _ ("GUEST"), _ ("CONSOLE"),
      _ ("CLEAN"), _ ("INTENT"), _ ("HOLDER"), _ ("REFUSAL"), _ ("PROBLEM"), NULL);
  const gchar *const fields[] = { "id",      "name",  "pool",   "host",   "power",   "guest",
                                  "console", "clean", "intent", "holder", "refusal", "problem" };
  g_autofree gchar *text = NULL;

  for (guint i = 0; i < floe_json_get_length (root, "desktops"); i++)
    for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
      {
        g_autofree gchar *shown =
            floe_json_get_shown (floe_json_get_element (root, "desktops", i), fields[f]);

        floe_table_add (table, shown);
      }
  text = floe_table_to_string (table);
  g_print ("%s", text);
}

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonArray *all = json_array_new ();

  json_node_take_object (root, json_object_new ());
  json_object_set_array_member (json_node_get_object (root), "desktops", all);
  if (!floe_ctl_parse (self, &args, NULL, 0, 1, error))
    return FALSE;
  if (!(args[1] != NULL ? collect (self, args[1], all, error) : collect_all (self, all, error)))
    return FALSE;
  if (self->json)
    floe_print_json (root);
  else if (json_array_get_length (all) == 0)
    g_print ("%s\n", _ ("There is no desktop."));
  else
    print_desktops (root);
  return TRUE;
}

static gchar *
make_body (const gchar *user, const gchar *reason)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  if (user != NULL)
    {
      json_builder_set_member_name (builder, "user");
      json_builder_add_string_value (builder, user);
    }
  json_builder_set_member_name (builder, "reason");
  json_builder_add_string_value (builder, reason);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
release (FloeCtl *self, const gchar *id, const gchar *reason, GError **error)
{
  g_autofree gchar *path = floe_url_join (error, "admin", "desktops", id, "release", NULL);
  g_autofree gchar *body = make_body (NULL, reason);
  g_autoptr (JsonNode) answer = NULL;

  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "POST", path, body, error);
  if (answer != NULL && !self->json)
    g_print (_ ("%s: released\n"), id);
  return answer != NULL;
}

static gboolean
assign (FloeCtl *self, const gchar *id, const gchar *user, const gchar *reason, GError **error)
{
  g_autofree gchar *path = floe_url_join (error, "admin", "desktops", id, "assign", NULL);
  g_autofree gchar *body = make_body (user, reason);
  g_autoptr (JsonNode) answer = NULL;

  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "POST", path, body, error);
  if (answer != NULL && !self->json)
    /* Translators: a desktop's id and a log-in name */
    g_print (_ ("%s: assigned to %s\n"), id, user);
  return answer != NULL;
}

/* read_reason: the command's words with --reason TEXT, which must say something */
static gboolean
read_reason (FloeCtl *self, GStrv *args, guint n, gchar **reason, GError **error)
{
  const GOptionEntry entries[] = { { "reason", 0, 0, G_OPTION_ARG_STRING, reason, NULL, NULL },
                                   { NULL } };

  if (!floe_ctl_parse (self, args, entries, n, n, error))
    return FALSE;
  if (*reason != NULL && **reason != '\0')
    return TRUE;
  floe_ctl_set_usage (error, _ ("say why with --reason TEXT; the audit trail keeps it"));
  return FALSE;
}

static gboolean
run_assign (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  return read_reason (self, &args, 2, &reason, error)
         && assign (self, args[1], args[2], reason, error);
}

static gboolean
run_release (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  return read_reason (self, &args, 1, &reason, error) && release (self, args[1], reason, error);
}

const FloeCtlCommand floe_ctl_desktop_commands[] = {
  { "desktop list", N_ ("[POOL]"), N_ ("List the desktops of a pool, or of all"), run_list },
  { "desktop release", N_ ("ID --reason TEXT"), N_ ("End a desktop's use, whoever holds it"),
    run_release },
  { "desktop assign", N_ ("ID USER --reason TEXT"), N_ ("Give a desktop to somebody for good"),
    run_assign },
  { NULL },
};
