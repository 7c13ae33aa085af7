/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/command.h"
#include "ctl/listing.h"
#include "ctl/output.h"
#include "ctl/table.h"

static void
add_cells (FloeTable *table, JsonNode *node, const gchar *const *fields)
{
  for (guint i = 0; fields[i] != NULL; i++)
    {
      g_autofree gchar *shown = floe_json_get_shown (node, fields[i]);

      floe_table_add (table, shown);
    }
}

static void
print_hosts (JsonNode *answer)
{
  const gchar *const counts[] = { "name", "up", "desktops", "held", "starting", NULL };
  const gchar *const left[] = { "free_mib", "memory_mib", "cpus", "load_percent", NULL };
  const gchar *const drain[] = { "draining", "since", "by", "message", "ends", NULL };
  g_autoptr (FloeTable) table =
      floe_table_new (_ ("NAME"), _ ("UP"), _ ("DESKTOPS"), _ ("HELD"), _ ("STARTING"),
                      _ ("FREE MIB"), _ ("OF MIB"), _ ("CPUS"), _ ("LOAD %"), _ ("DRAINING"),
                      _ ("SINCE"), _ ("BY"), _ ("MESSAGE"), _ ("ENDS"), NULL);

  for (guint i = 0; i < floe_json_get_length (answer, "items"); i++)
    {
      JsonNode *host = floe_json_get_element (answer, "items", i);

      add_cells (table, host, counts);
      add_cells (table, floe_json_get (host, "capacity"), left);
      add_cells (table, host, drain);
    }
  floe_table_print (table);
}

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 0, 0, error))
    return FALSE;
  answer = floe_ctl_list (self, "admin/hosts", 0, error);
  if (answer == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_hosts (answer);
  return TRUE;
}

static gboolean
post (FloeCtl *self, const gchar *host, const gchar *what, const gchar *body, GError **error)
{
  g_autofree gchar *path = floe_url_join (error, "admin", "hosts", host, what, NULL);
  g_autoptr (JsonNode) answer =
      path != NULL ? floe_ctl_call_as_user (self, "POST", path, body, error) : NULL;

  return answer != NULL;
}

static void
add_text (JsonBuilder *builder, const gchar *name, const gchar *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static gchar *
make_body (const gchar *message, gint minutes, const gchar *reason)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "message", message);
  if (minutes != 0)
    {
      json_builder_set_member_name (builder, "minutes");
      json_builder_add_int_value (builder, minutes);
    }
  add_text (builder, "reason", reason);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
run_drain (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *message = NULL;
  g_autofree gchar *reason = NULL;
  gint minutes = 0;
  const GOptionEntry entries[] = { { "message", 0, 0, G_OPTION_ARG_STRING, &message, NULL, NULL },
                                   { "minutes", 0, 0, G_OPTION_ARG_INT, &minutes, NULL, NULL },
                                   { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL },
                                   { NULL } };
  g_autofree gchar *body = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  body = make_body (message, minutes, reason);
  if (!post (self, args[1], "drain", body, error))
    return FALSE;
  if (!self->json)
    /* Translators: a host's name */
    g_print (_ ("%s: nothing new comes to it\n"), args[1]);
  return TRUE;
}

static gboolean
run_open (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;
  const GOptionEntry entries[] = { { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL },
                                   { NULL } };
  g_autofree gchar *body = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  body = make_body (NULL, 0, reason);
  if (!post (self, args[1], "open", body, error))
    return FALSE;
  if (!self->json)
    /* Translators: a host's name */
    g_print (_ ("%s: in use\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_host_commands[] = {
  { "host list", "", N_ ("List the hosts, how many desktops each has, and what it has left"),
    run_list },
  { "host drain", N_ ("NAME [--message TEXT] [--minutes N] [--reason TEXT]"),
    N_ ("Let nothing new come to a host, and what nobody has go elsewhere"), run_drain },
  { "host open", N_ ("NAME [--reason TEXT]"), N_ ("Use a host again"), run_open },
  { NULL },
};
