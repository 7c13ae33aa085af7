/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/body.h"
#include "ctl/command.h"
#include "ctl/listing.h"

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

const FloeCtlCommand floe_ctl_webhook_commands[] = {
  { "webhook list", "", N_ ("List who is told what happens"), run_list },
  { "webhook add", N_ ("NAME URL --event EVENT..."),
    N_ ("Tell URL what happens; shows, this once, the secret that it is signed with"), run_add },
  { "webhook remove", N_ ("NAME"), N_ ("Tell it nothing any more"), run_remove },
  { NULL },
};
