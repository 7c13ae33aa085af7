/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/desktop-calls.h"
#include "ctl/factor-calls.h"

static gboolean
run_enrol (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (FloeFactorReceipt) receipt = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 0, 0, error) || !floe_ctl_need_log_in (self, error))
    return FALSE;
  receipt = floe_ctl_enrol (self, error);
  return receipt != NULL;
}

static gboolean
run_end (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (FloeSecret) code = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 0, 0, error) || !floe_ctl_need_log_in (self, error))
    return FALSE;
  code = floe_ctl_ask_code (self, error);
  if (code == NULL)
    return FALSE;
  floe_broker_end_factor_async (self->broker, code, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_end_factor_finish (self->broker, result, error);
}

static gboolean
run_reset (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *body = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 1, &reason, error))
    return FALSE;
  path = floe_url_join (error, "admin", "users", args[1], "second-factor", "reset", NULL);
  if (path == NULL)
    return FALSE;
  body = floe_ctl_make_body (NULL, NULL, reason);
  answer = floe_ctl_call_as_user (self, "POST", path, body, error);
  if (answer == NULL)
    return FALSE;
  if (!self->json)
    /* Translators: a user's name */
    g_print (_ ("%s: no second factor any more\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_factor_commands[] = {
  { "factor enrol", "", N_ ("Set up your own second factor, at the terminal"), run_enrol },
  { "factor end", "", N_ ("End your own second factor; asks for a code of it"), run_end },
  { "factor reset", N_ ("USER [--reason TEXT]"), N_ ("End somebody's second factor"), run_reset },
  { NULL },
};
