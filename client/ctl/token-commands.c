/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/body.h"
#include "ctl/command.h"
#include "ctl/listing.h"
#include "ctl/token-file.h"

static const FloeListing tokens = {
  "admin/tokens",
  (const gchar *const[]){ N_ ("NAME"), N_ ("ROLE"), N_ ("POOLS"), N_ ("ENDS"), N_ ("USED"),
                          N_ ("FROM"), N_ ("BY"), NULL },
  (const gchar *const[]){ "name", "role", "pools", "ends_at", "last_used_at", "last_address", "by",
                          NULL },
  N_ ("There is no token of the API."),
};

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &tokens, tokens.path, 0, FALSE, error);
}

static gchar *
make_body (const gchar *name, const gchar *role, GStrv pools, gint days)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  floe_body_add_text (body, "name", name);
  floe_body_add_text (body, "role", role);
  if (pools != NULL)
    floe_body_add_texts (body, "pools", (const gchar *const *)pools);
  floe_body_add_number (body, "days", days);
  return floe_body_end (body);
}

static gboolean
run_add (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *role = NULL;
  g_autofree gchar *file = NULL;
  g_auto (GStrv) pools = NULL;
  gint days = 0;
  const GOptionEntry entries[] = { { "role", 0, 0, G_OPTION_ARG_STRING, &role, NULL, NULL },
                                   { "pool", 0, 0, G_OPTION_ARG_STRING_ARRAY, &pools, NULL, NULL },
                                   { "days", 0, 0, G_OPTION_ARG_INT, &days, NULL, NULL },
                                   { "to", 0, 0, G_OPTION_ARG_FILENAME, &file, NULL, NULL },
                                   { NULL } };
  g_autofree gchar *body = NULL;
  g_autoptr (FloeTold) told = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  if (role == NULL)
    {
      floe_ctl_set_usage (error, _ ("what may it do? Give --role helpdesk, auditor, operator or "
                                    "admin"));
      return FALSE;
    }
  body = make_body (args[1], role, pools, days);
  told =
      floe_ctl_ask (self, &(FloeAsk){ .method = "POST", .path = tokens.path, .body = body }, error);
  if (told == NULL)
    return FALSE;
  if (file != NULL && told->token != NULL)
    return floe_token_file_save (file, floe_broker_get_url (self->broker), told->token, error);
  return floe_ctl_hand_over (self, told, "token", told->token, error);
}

static gboolean
run_remove (FloeCtl *self, GStrv args, GError **error)
{
  if (!floe_ctl_remove (self, &args, "tokens", error))
    return FALSE;
  if (!self->json)
    /* Translators: a token's name */
    g_print (_ ("%s: good for nothing any more\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_token_commands[] = {
  { "token list", "", N_ ("List the tokens of the API"), run_list },
  { "token add", N_ ("NAME --role ROLE [--pool POOL]... [--days N] [--to FILE]"),
    N_ ("Make a token for scripts, and show it this once, or write it to FILE"), run_add },
  { "token remove", N_ ("NAME"), N_ ("Take a token away"), run_remove },
  { NULL },
};
