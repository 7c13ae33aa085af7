/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/url.h"
#include "ctl/command.h"
#include "ctl/listing.h"
#include "ctl/output.h"

typedef struct
{
  gchar *text;
  gchar *severity;
  gchar *from;
  gchar *until;
  gchar **groups;
  gboolean everywhere;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->text);
  g_free (words->severity);
  g_free (words->from);
  g_free (words->until);
  g_strfreev (words->groups);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static const FloeListing announcements = {
  "admin/announcements",
  (const gchar *const[]){ N_ ("ID"), N_ ("SEVERITY"), N_ ("FROM"), N_ ("UNTIL"), N_ ("GROUPS"),
                          N_ ("BY"), N_ ("TEXT"), NULL },
  (const gchar *const[]){ "id", "severity", "from", "until", "terminal_groups", "by", "text",
                          NULL },
  NULL,
};

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &announcements, announcements.path, 0, FALSE, error);
}

static void
set_text (JsonObject *body, const gchar *name, const gchar *text)
{
  if (text != NULL && *text == '\0') /* --until "" takes it away */
    json_object_remove_member (body, name);
  else if (text != NULL)
    json_object_set_string_member (body, name, text);
}

static void
set_groups (JsonObject *body, const Words *words)
{
  JsonArray *groups = json_array_new ();

  if (words->groups == NULL && !words->everywhere)
    {
      json_array_unref (groups);
      return;
    }
  for (guint i = 0; words->groups != NULL && words->groups[i] != NULL; i++)
    json_array_add_string_element (groups, words->groups[i]);
  json_object_set_array_member (body, "terminal_groups", groups);
}

/* send: takes @body; @tag: (nullable): of what is changed */
static gboolean
send (FloeCtl *self, const gchar *method, const gchar *path, const gchar *tag, JsonObject *body,
      const Words *words, GError **error)
{
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), body);
  g_autoptr (FloeTold) told = NULL;
  g_autofree gchar *text = NULL;

  set_text (body, "text", words->text);
  set_text (body, "severity", words->severity);
  set_text (body, "from", words->from);
  set_text (body, "until", words->until);
  set_groups (body, words);
  text = json_to_string (root, FALSE);
  json_object_unref (body);
  told = floe_ctl_ask (
      self, &(FloeAsk){ .method = method, .path = path, .body = text, .if_match = tag }, error);
  if (told == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (told->root);
  else
    g_print ("%s\n", floe_json_get_text (told->root, "id"));
  return TRUE;
}

#define ENTRIES(words)                                                                             \
  {                                                                                                \
    { "severity", 0, 0, G_OPTION_ARG_STRING, &(words).severity, NULL, NULL },                      \
        { "from", 0, 0, G_OPTION_ARG_STRING, &(words).from, NULL, NULL },                          \
        { "until", 0, 0, G_OPTION_ARG_STRING, &(words).until, NULL, NULL },                        \
        { "group", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(words).groups, NULL, NULL },                 \
        { "everywhere", 0, 0, G_OPTION_ARG_NONE, &(words).everywhere, NULL, NULL },                \
        { "text", 0, 0, G_OPTION_ARG_STRING, &(words).text, NULL, NULL }, { NULL },                \
  }

static gboolean
run_add (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Words) words = { NULL };
  const GOptionEntry entries[] = ENTRIES (words);

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  g_free (words.text);
  words.text = g_strdup (args[1]);
  return send (self, "POST", "admin/announcements", NULL, json_object_new (), &words, error);
}

/* What of it can be put. */
static JsonObject *
copy_body (JsonNode *node)
{
  static const gchar *const fields[] = { "text", "severity", "from", "until", "terminal_groups" };
  JsonObject *body = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      JsonNode *member = floe_json_get (node, fields[i]);

      if (member != NULL && !JSON_NODE_HOLDS_NULL (member))
        json_object_set_member (body, fields[i], json_node_copy (member));
    }
  return body;
}

static gboolean
run_edit (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Words) words = { NULL };
  const GOptionEntry entries[] = ENTRIES (words);
  g_autoptr (FloeTold) before = NULL;
  g_autofree gchar *path = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  path = floe_url_join (error, "admin", "announcements", args[1], NULL);
  before =
      path != NULL ? floe_ctl_ask (self, &(FloeAsk){ .method = "GET", .path = path }, error) : NULL;
  return before != NULL
         && send (self, "PUT", path, before->tag, copy_body (before->root), &words, error);
}

static gboolean
run_drop (FloeCtl *self, GStrv args, GError **error)
{
  if (!floe_ctl_remove (self, &args, "announcements", error))
    return FALSE;
  if (!self->json)
    /* Translators: an announcement's id */
    g_print (_ ("%s: not shown any more\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_announcement_commands[] = {
  { "announcement list", "", N_ ("List what people are told before they log in"), run_list },
  { "announcement add",
    N_ ("TEXT [--severity info|warning|critical] [--from TIME] [--until TIME] [--group NAME]…"),
    N_ ("Tell people something before they log in"), run_add },
  { "announcement edit",
    N_ ("ID [--text TEXT] [--severity …] [--from TIME] [--until TIME] [--group NAME]… "
        "[--everywhere]"),
    N_ ("Change what people are told"), run_edit },
  { "announcement drop", N_ ("ID"), N_ ("Tell it no more"), run_drop },
  { NULL },
};
