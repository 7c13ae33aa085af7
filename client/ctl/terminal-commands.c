/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "api/url.h"
#include "ctl/body.h"
#include "ctl/command.h"
#include "ctl/desktop-calls.h"
#include "ctl/listing.h"
#include "ctl/output.h"
#include "ctl/password.h"
#include "ctl/table.h"
#include "terminal/enrol.h"

static gchar *
make_path (const gchar *name, const gchar *what, GError **error)
{
  return floe_url_join (error, "admin", "terminals", name, what, NULL);
}

static const FloeListing terminals = {
  "admin/terminals",
  (const gchar *const[]){ N_ ("NAME"), N_ ("STATE"), N_ ("GROUPS"), N_ ("PUBLIC"), N_ ("ENROLLED"),
                          N_ ("SEEN"), N_ ("DESCRIPTION"), NULL },
  (const gchar *const[]){ "name", "state", "groups", "public", "enrolled_at", "seen_at",
                          "description", NULL },
  NULL,
};

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &terminals, terminals.path, 0, FALSE, error);
}

/* "90061" as "1 d 1 h 1 min". */
static gchar *
uptime_shown (JsonNode *report)
{
  JsonNode *member = floe_json_get_value (report, "uptime_seconds", G_TYPE_INT64);
  gint64 minutes;

  if (member == NULL)
    return g_strdup ("-");
  minutes = json_node_get_int (member) / 60;
  /* Translators: days, hours and minutes */
  return g_strdup_printf (_ ("%d d %d h %d min"), (gint)(minutes / 1440), (gint)(minutes / 60 % 24),
                          (gint)(minutes % 60));
}

static void
add_report (FloeTable *table, JsonNode *report)
{
  const gchar *const rows[][2] = {
    { N_ ("reported"), "at" },          { N_ ("address"), "address" },
    { N_ ("version"), "version" },      { N_ ("monitors"), "monitors" },
    { N_ ("last problem"), "problem" }, { N_ ("settings"), "settings_revision" },
  };
  g_autofree gchar *uptime = uptime_shown (report);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *shown = floe_json_get_shown (report, rows[i][1]);

      floe_table_add (table, _ (rows[i][0]));
      floe_table_add (table, shown);
    }
  floe_table_add (table, _ ("running for"));
  floe_table_add (table, uptime);
}

static void
print_terminal (JsonNode *terminal)
{
  const gchar *const rows[][2] = {
    { N_ ("name"), "name" },
    { N_ ("state"), "state" },
    { N_ ("description"), "description" },
    { N_ ("groups"), "groups" },
    { N_ ("public"), "public" },
    { N_ ("fingerprint"), "fingerprint" },
    { N_ ("enrolled"), "enrolled_at" },
    { N_ ("seen"), "seen_at" },
    { N_ ("code until"), "code_ends_at" },
  };
  g_autoptr (FloeTable) table = floe_table_new (_ ("TERMINAL"), _ ("VALUE"), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *shown = floe_json_get_shown (terminal, rows[i][1]);

      floe_table_add (table, _ (rows[i][0]));
      floe_table_add (table, shown);
    }
  if (floe_json_get (terminal, "report") != NULL)
    add_report (table, floe_json_get (terminal, "report"));
  floe_table_print (table);
}

/* What the broker says of the terminal that is the first word of @args. */
static gboolean
ask (FloeCtl *self, GStrv args, const gchar *method, const gchar *what, const gchar *body,
     JsonNode **answer, GError **error)
{
  g_autofree gchar *path = make_path (args[1], what, error);

  *answer = path != NULL ? floe_ctl_call_as_user (self, method, path, body, error) : NULL;
  return *answer != NULL;
}

static gboolean
run_show (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error)
      || !ask (self, args, "GET", NULL, NULL, &answer, error))
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_terminal (answer);
  return TRUE;
}

static gchar *
make_body (const gchar *description, GStrv groups, gboolean is_public)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  floe_body_add_text (body, "description", description);
  floe_body_add_texts (body, "groups", (const gchar *const *)groups);
  floe_body_add_flag (body, "public", is_public);
  return floe_body_end (body);
}

static gboolean
run_put (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *description = NULL;
  g_auto (GStrv) groups = NULL;
  gboolean is_public = FALSE;
  const GOptionEntry entries[] = {
    { "group", 0, 0, G_OPTION_ARG_STRING_ARRAY, &groups, NULL, NULL },
    { "public", 0, 0, G_OPTION_ARG_NONE, &is_public, NULL, NULL },
    { "description", 0, 0, G_OPTION_ARG_STRING, &description, NULL, NULL },
    { NULL },
  };
  g_autofree gchar *body = NULL;
  g_autofree gchar *path = NULL;
  const gchar *tag;
  g_autoptr (FloeTold) before = NULL;
  g_autoptr (FloeTold) told = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error)
      || (path = make_path (args[1], NULL, error)) == NULL
      || !floe_ctl_look_up (self, path, &before, error))
    return FALSE;
  tag = before != NULL ? before->tag : NULL;
  body = make_body (description, groups, is_public);
  told = floe_ctl_ask (
      self, &(FloeAsk){ .method = "PUT", .path = path, .body = body, .if_match = tag }, error);
  if (told == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (told->root);
  else
    print_terminal (told->root);
  return TRUE;
}

static gboolean
run_remove (FloeCtl *self, GStrv args, GError **error)
{
  if (!floe_ctl_remove (self, &args, "terminals", error))
    return FALSE;
  if (!self->json)
    /* Translators: a terminal's name */
    g_print (_ ("%s: removed; what was logged in there has ended\n"), args[1]);
  return TRUE;
}

static gboolean
run_code (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;
  g_autofree gchar *reason = NULL;
  g_autofree gchar *body = NULL;
  g_autofree gchar *code = NULL;
  g_autofree gchar *until = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 1, &reason, error))
    return FALSE;
  body = floe_ctl_make_body (NULL, NULL, reason);
  if (!ask (self, args, "POST", "code", body, &answer, error))
    return FALSE;
  if (self->json)
    {
      floe_print_json (answer);
      return TRUE;
    }
  code = floe_json_get_shown (answer, "code");
  until = floe_json_get_shown (answer, "ends_at");
  /* Translators: a code, a terminal's name, a time */
  g_print (_ ("%s makes a machine terminal %s, once, until %s\n"), code, args[1], until);
  return TRUE;
}

static void
print_enrolled (JsonNode *answer, const gchar *file)
{
  g_autofree gchar *name = floe_json_get_shown (answer, "name");
  g_autofree gchar *groups = floe_json_get_shown (answer, "groups");
  g_autofree gchar *is_public = floe_json_get_shown (answer, "public");

  /* Translators: a terminal's name, its groups, "yes" or "no", a file */
  g_print (_ ("this machine is terminal %s now; groups: %s; public: %s; its key: %s\n"), name,
           groups, is_public, file);
}

static gboolean
run_enrol (FloeCtl *self, GStrv args, GError **error)
{
  const GOptionEntry entries[] = {
    { "terminal-key", 0, 0, G_OPTION_ARG_FILENAME, &self->settings.terminal_key, NULL, NULL },
    { "code-file", 0, 0, G_OPTION_ARG_FILENAME, &self->settings.code_file, NULL, NULL },
    { NULL },
  };
  g_autoptr (FloeSecret) code = NULL;
  g_autofree gchar *body = NULL;
  g_autoptr (JsonNode) answer = NULL;
  gboolean made;

  if (!floe_ctl_parse (self, &args, entries, 0, 0, error))
    return FALSE;
  if (self->settings.terminal_key == NULL)
    {
      floe_ctl_set_usage (error, _ ("where is the key to be? Give --terminal-key FILE"));
      return FALSE;
    }
  /* Not in the arguments, which everybody on the machine can read. */
  code = floe_code_ask (self->settings.code_file, _ ("Code from the helpdesk: "),
                        _ ("the helpdesk's code is needed, and there is nobody to ask for it; "
                           "give --code-file FILE"),
                        error);
  if (code == NULL || !floe_terminal_key_make (self->settings.terminal_key, &made, error))
    return FALSE;
  body = floe_enrol_make_body (floe_secret_get (code, NULL));
  answer = floe_ctl_call (self, "POST", "terminal/enrol", body, error);
  if (answer == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_enrolled (answer, self->settings.terminal_key);
  return TRUE;
}

const FloeCtlCommand floe_ctl_terminal_commands[] = {
  { "terminal list", "", N_ ("List the terminals"), run_list },
  { "terminal show", N_ ("NAME"), N_ ("Show a terminal"), run_show },
  { "terminal put", N_ ("NAME [--group GROUP]... [--public] [--description TEXT]"),
    N_ ("Make or change a terminal"), run_put },
  { "terminal remove", N_ ("NAME"), N_ ("Remove a terminal, and end what was logged in there"),
    run_remove },
  { "terminal code", N_ ("NAME [--reason TEXT]"),
    N_ ("Make a code with which a machine becomes a terminal"), run_code },
  { "terminal enrol", N_ ("--terminal-key FILE"),
    N_ ("Make this machine a terminal, with a key in FILE; asks for the code"), run_enrol },
  { NULL },
};
