/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/body.h"
#include "ctl/command.h"
#include "ctl/listing.h"
#include "ctl/output.h"

static const FloeListing webhooks = {
  "admin/webhooks",
  (const gchar *const[]){ N_ ("NAME"), N_ ("EVENTS"), N_ ("URL"), N_ ("TOLD"), N_ ("FAILURES"),
                          N_ ("PROBLEM"), NULL },
  (const gchar *const[]){ "name", "events", "url", "delivered_at", "failures", "problem", NULL },
  N_ ("There is no webhook."),
};

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &webhooks, webhooks.path, 0, FALSE, error);
}

static gchar *
make_body (const gchar *name, const gchar *url, GStrv events)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  floe_body_add_text (body, "name", name);
  floe_body_add_text (body, "url", url);
  floe_body_add_texts (body, "events", (const gchar *const *)events);
  return floe_body_end (body);
}

static gboolean
run_add (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (GStrv) events = NULL;
  const GOptionEntry entries[] = {
    { "event", 0, 0, G_OPTION_ARG_STRING_ARRAY, &events, NULL, NULL }, { NULL }
  };
  g_autofree gchar *body = NULL;
  g_autoptr (FloeTold) told = NULL;

  if (!floe_ctl_parse (self, &args, entries, 2, 2, error))
    return FALSE;
  if (events == NULL)
    {
      floe_ctl_set_usage (error, _ ("of what? Give --event assignment, session, pool or alarm"));
      return FALSE;
    }
  body = make_body (args[1], args[2], events);
  told = floe_ctl_ask (self, &(FloeAsk){ .method = "POST", .path = webhooks.path, .body = body },
                       error);
  return told != NULL && floe_ctl_hand_over (self, told, "secret", told->secret, error);
}

static gboolean
run_remove (FloeCtl *self, GStrv args, GError **error)
{
  if (!floe_ctl_remove (self, &args, "webhooks", error))
    return FALSE;
  if (!self->json)
    /* Translators: a webhook's name */
    g_print (_ ("%s: is told nothing any more\n"), args[1]);
  return TRUE;
}

/* How long somebody waits for what came of a test: several brokers tell everything 15 s late. */
#define TEST_LOOKS 60
#define LOOK_MS    500

/* find: how a webhook is now; NULL with @error where it is not there, too */
static JsonNode *
find (FloeCtl *self, const gchar *name, GError **error)
{
  g_autoptr (JsonNode) all = floe_ctl_list (self, webhooks.path, 0, error);

  for (guint i = 0; i < floe_json_get_length (all, "items"); i++)
    {
      JsonNode *one = floe_json_get_element (all, "items", i);

      if (g_strcmp0 (floe_json_get_text (one, "name"), name) == 0)
        return json_node_copy (one);
    }
  if (all != NULL)
    floe_ctl_set_failed (error, _ ("there is no webhook %s"), name);
  return NULL;
}

static gboolean
is_same (JsonNode *one, JsonNode *other, const gchar *field)
{
  g_autofree gchar *text = floe_json_get_shown (one, field);
  g_autofree gchar *other_text = floe_json_get_shown (other, field);

  return g_str_equal (text, other_text);
}

/* await: what comes of it, seen from how it was before; the last look where nothing does */
static JsonNode *
await (FloeCtl *self, const gchar *name, JsonNode *before, gboolean *told, GError **error)
{
  g_autoptr (JsonNode) now = NULL;

  for (guint i = 0; i < TEST_LOOKS; i++)
    {
      floe_ctl_pause (LOOK_MS);
      g_clear_pointer (&now, json_node_unref);
      now = find (self, name, error);
      if (now == NULL)
        return NULL;
      *told = !is_same (now, before, "delivered_at");
      if (*told || !is_same (now, before, "failures"))
        break;
    }
  return g_steal_pointer (&now);
}

static gboolean
run_test (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *path = NULL;
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (JsonNode) now = NULL;
  gboolean told = FALSE;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error)
      || (path = floe_url_join (error, "admin", "webhooks", args[1], "test", NULL)) == NULL
      || (before = find (self, args[1], error)) == NULL
      || (answer = floe_ctl_call_as_user (self, "POST", path, NULL, error)) == NULL
      || (now = await (self, args[1], before, &told, error)) == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (now);
  else if (told)
    /* Translators: a webhook's name */
    g_print (_ ("%s: took it\n"), args[1]);
  if (!told)
    {
      const gchar *problem = floe_json_get_text (now, "problem");

      floe_ctl_set_failed (error, _ ("%s did not take it: %s"), args[1],
                           problem != NULL ? problem : _ ("it was not told yet"));
    }
  return told;
}

const FloeCtlCommand floe_ctl_webhook_commands[] = {
  { "webhook list", "", N_ ("List who is told what happens"), run_list },
  { "webhook add", N_ ("NAME URL --event EVENT..."),
    N_ ("Tell URL what happens; shows, this once, the secret that it is signed with"), run_add },
  { "webhook test", N_ ("NAME"), N_ ("Tell it something now, and say whether it took it"),
    run_test },
  { "webhook remove", N_ ("NAME"), N_ ("Tell it nothing any more"), run_remove },
  { NULL },
};
