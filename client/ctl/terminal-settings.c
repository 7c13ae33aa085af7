/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/url.h"
#include "ctl/command.h"
#include "ctl/desktop-calls.h"
#include "ctl/listing.h"
#include "ctl/output.h"
#include "ctl/table.h"

/* What is set for terminals, and the way out of a locked one. */

static gchar *
make_path (const gchar *name, const gchar *group, GError **error)
{
  if (group != NULL)
    return floe_url_join (error, "admin", "terminal-groups", group, "settings", NULL);
  return floe_url_join (error, "admin", "terminals", name, "settings", NULL);
}

/* The broker knows what can be set; here is only how it is written in JSON. */
static JsonNode *
make_value (const gchar *key, const gchar *text)
{
  static const gchar *const numbers[] = { "idle_minutes", "volume", NULL };
  static const gchar *const lists[] = { "login_parts", NULL };
  g_auto (GStrv) words = NULL;
  g_autoptr (JsonArray) array = NULL;
  gint64 number;

  if (g_strv_contains (numbers, key)
      && g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return json_node_init_int (json_node_alloc (), number);
  if (!g_strv_contains (lists, key))
    return json_node_init_string (json_node_alloc (), text);
  array = json_array_new ();
  words = g_strsplit_set (text, ", ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      json_array_add_string_element (array, words[i]);
  return json_node_init_array (json_node_alloc (), array);
}

static gboolean
set_values (JsonObject *settings, GStrv values, GError **error)
{
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    {
      const gchar *sign = strchr (values[i], '=');
      g_autofree gchar *key = NULL;

      if (sign == NULL || sign == values[i])
        {
          floe_ctl_set_usage (error, _ ("\"%s\": expected KEY=VALUE"), values[i]);
          return FALSE;
        }
      key = g_strndup (values[i], (gsize)(sign - values[i]));
      json_object_set_member (settings, key, make_value (key, sign + 1));
    }
  return TRUE;
}

/* The body that changes what @answer says is set; %NULL with an error. */
static gchar *
make_body (JsonNode *answer, GStrv values, GStrv keys, GError **error)
{
  JsonNode *before = floe_json_get (answer, "settings");
  JsonNode *revision = floe_json_get (answer, "revision");
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) nothing = json_object_new ();
  JsonNode *after = before != NULL && JSON_NODE_HOLDS_OBJECT (before)
                        ? json_node_copy (before)
                        : json_node_init_object (json_node_alloc (), nothing);

  json_object_set_member (object, "revision",
                          revision != NULL ? json_node_copy (revision)
                                           : json_node_init_int (json_node_alloc (), 0));
  json_object_set_member (object, "settings", after);
  json_node_set_object (root, object);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    json_object_remove_member (json_node_get_object (after), keys[i]);
  return set_values (json_node_get_object (after), values, error) ? json_to_string (root, FALSE)
                                                                  : NULL;
}

static void
add_rows (FloeTable *table, JsonNode *settings, JsonNode *effective)
{
  g_autoptr (GList) keys = json_object_get_members (json_node_get_object (effective));

  for (GList *at = keys; at != NULL; at = at->next)
    {
      g_autofree gchar *key = floe_tame (at->data);
      g_autofree gchar *set = floe_json_get_shown (settings, at->data);
      g_autofree gchar *goes_by = floe_json_get_shown (effective, at->data);

      floe_table_add (table, key);
      floe_table_add (table, set);
      if (effective != settings)
        floe_table_add (table, goes_by);
    }
}

static void
print_settings (JsonNode *answer)
{
  JsonNode *settings = floe_json_get (answer, "settings");
  JsonNode *view = floe_json_get (answer, "effective");
  JsonNode *effective = view != NULL ? floe_json_get (view, "settings") : settings;
  g_autofree gchar *revision = floe_json_get_shown (view != NULL ? view : answer, "revision");
  g_autoptr (FloeTable) table = view != NULL
                                    ? floe_table_new (_ ("SETTING"), _ ("SET"), _ ("GOES BY"), NULL)
                                    : floe_table_new (_ ("SETTING"), _ ("SET"), NULL);

  if (effective != NULL && JSON_NODE_HOLDS_OBJECT (effective))
    add_rows (table, settings, effective);
  floe_table_print (table);
  /* Translators: a number, which is a time in seconds */
  g_print (_ ("revision %s\n"), revision);
}

static gboolean
change (FloeCtl *self, const gchar *path, GStrv values, GStrv keys, JsonNode **answer,
        GError **error)
{
  g_autoptr (JsonNode) before = g_steal_pointer (answer);
  g_autofree gchar *body = make_body (before, values, keys, error);

  if (body != NULL)
    *answer = floe_ctl_call_as_user (self, "PUT", path, body, error);
  return *answer != NULL;
}

static gboolean
is_about_one (GStrv args, const gchar *group, GError **error)
{
  if ((args[1] != NULL) != (group != NULL))
    return TRUE;
  floe_ctl_set_usage (error, _ ("give a terminal's NAME, or --group GROUP"));
  return FALSE;
}

static gboolean
run_settings (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *group = NULL;
  g_auto (GStrv) values = NULL;
  g_auto (GStrv) keys = NULL;
  const GOptionEntry entries[] = {
    { "group", 0, 0, G_OPTION_ARG_STRING, &group, NULL, NULL },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &values, NULL, NULL },
    { "unset", 0, 0, G_OPTION_ARG_STRING_ARRAY, &keys, NULL, NULL },
    { NULL },
  };
  g_autofree gchar *path = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, entries, 0, 1, error) || !is_about_one (args, group, error))
    return FALSE;
  path = make_path (args[1], group, error);
  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "GET", path, NULL, error);
  if (answer == NULL
      || ((values != NULL || keys != NULL) && !change (self, path, values, keys, &answer, error)))
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_settings (answer);
  return TRUE;
}

static const FloeListing groups = {
  "admin/terminal-groups",
  (const gchar *const[]){ N_ ("GROUP"), N_ ("REVISION"), NULL },
  (const gchar *const[]){ "name", "revision", NULL },
  NULL,
};

static gboolean
run_groups (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &groups, groups.path, 0, FALSE, error);
}

/* As somebody reads it off a screen: with spaces or dashes. */
static gchar *
make_challenge (GStrv words)
{
  g_autofree gchar *whole = g_strjoinv ("", words);
  gchar *to = whole;

  for (const gchar *from = whole; *from != '\0'; from++)
    if (*from != ' ' && *from != '-')
      *to++ = *from;
  *to = '\0';
  return floe_ctl_make_body ("challenge", whole, NULL);
}

static gboolean
run_unlock (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *body = NULL;
  g_autofree gchar *code = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 2, 4, error))
    return FALSE;
  path = floe_url_join (error, "admin", "terminals", args[1], "unlock", NULL);
  body = make_challenge (args + 2);
  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "POST", path, body, error);
  if (answer == NULL)
    return FALSE;
  code = floe_json_get_shown (answer, "code");
  if (self->json)
    floe_print_json (answer);
  else if (strlen (code) == 8)
    /* Translators: the two halves of a code, a terminal's name */
    g_print (_ ("%.4s %s opens terminal %s, once, while it shows these digits\n"), code, code + 4,
             args[1]);
  else
    g_print ("%s\n", code);
  return TRUE;
}

const FloeCtlCommand floe_ctl_fleet_commands[] = {
  { "terminal settings", N_ ("NAME|--group GROUP [--set KEY=VALUE]... [--unset KEY]..."),
    N_ ("Show or change what a terminal, or a group of them, goes by"), run_settings },
  { "terminal groups", "", N_ ("List the groups of terminals that have settings"), run_groups },
  { "terminal unlock", N_ ("NAME DIGITS"),
    N_ ("Make the code that opens a locked terminal, from the digits that it shows"), run_unlock },
  { NULL },
};
