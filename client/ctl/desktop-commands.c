/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/desktop-calls.h"
#include "ctl/output.h"
#include "ctl/pool-path.h"
#include "ctl/table.h"

/* One pool's desktops, each with its pool's name added, behind those in @all. */
static gboolean
collect (FloeCtl *self, const gchar *pool, JsonArray *all, GError **error)
{
  g_autofree gchar *path = floe_ctl_pool_path (pool, NULL, error);
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

  for (guint i = 0; i < floe_json_get_length (root, "desktops"); i++)
    for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
      {
        g_autofree gchar *shown =
            floe_json_get_shown (floe_json_get_element (root, "desktops", i), fields[f]);

        floe_table_add (table, shown);
      }
  floe_table_print (table);
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

static gboolean
run_assign (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  return floe_ctl_parse_with_reason (self, &args, 2, &reason, error)
         && floe_ctl_assign_desktop (self, NULL, args[1], args[2], reason, error);
}

static gboolean
run_release (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 1, &reason, error)
      || !floe_ctl_release_desktop (self, NULL, args[1], reason, error))
    return FALSE;
  if (!self->json)
    g_print (_ ("%s: released\n"), args[1]);
  return TRUE;
}

/* The words of the API are those of the command line. */
static gboolean
act (FloeCtl *self, GStrv args, const gchar *action, GError **error)
{
  g_autofree gchar *reason = NULL;
  g_autofree gchar *id = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 1, &reason, error))
    return FALSE;
  id = floe_ctl_find_desktop (self, NULL, args[1], error);
  if (!floe_ctl_post_desktop (self, id, "actions", "action", action, reason, error))
    return FALSE;
  if (!self->json)
    /* Translators: a desktop, and what is done with it: a word of the command line */
    g_print (_ ("%s: %s has begun; \"floectl desktop list\" says how it goes\n"), args[1], action);
  return TRUE;
}

static gboolean
run_shut_down (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "shut-down", error);
}

static gboolean
run_restart (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "restart", error);
}

static gboolean
run_force_off (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "force-off", error);
}

static gboolean
run_reset (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "reset", error);
}

static gboolean
run_message (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;
  g_autofree gchar *id = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 2, &reason, error))
    return FALSE;
  id = floe_ctl_find_desktop (self, NULL, args[1], error);
  if (!floe_ctl_post_desktop (self, id, "message", "text", args[2], reason, error))
    return FALSE;
  if (!self->json)
    g_print (_ ("%s: sent\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_desktop_commands[] = {
  { "desktop list", N_ ("[POOL]"), N_ ("List the desktops of a pool, or of all"), run_list },
  { "desktop release", N_ ("DESKTOP [--reason TEXT]"), N_ ("End a desktop's use, whoever holds it"),
    run_release },
  { "desktop assign", N_ ("DESKTOP USER [--reason TEXT]"),
    N_ ("Give a desktop to somebody for good"), run_assign },
  { "session message", N_ ("DESKTOP TEXT [--reason TEXT]"),
    N_ ("Tell whoever sits at a desktop something"), run_message },
  { "desktop shut-down", N_ ("DESKTOP [--reason TEXT]"),
    N_ ("Shut a desktop down; it is switched off if its guest does not"), run_shut_down },
  { "desktop restart", N_ ("DESKTOP [--reason TEXT]"),
    N_ ("Shut a desktop down and start it again"), run_restart },
  { "desktop force-off", N_ ("DESKTOP [--reason TEXT]"), N_ ("Pull a desktop's plug"),
    run_force_off },
  { "desktop reset", N_ ("DESKTOP [--reason TEXT]"),
    N_ ("Forget what was done in a floating desktop, whoever holds it, or in a broken one"),
    run_reset },
  { NULL },
};
