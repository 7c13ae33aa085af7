/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include "ctl/broker-program.h"
#include "ctl/engine-ca.h"
#include "ctl/manager-add.h"

static gboolean
run_test (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_test_by_broker (self, args, "--test-manager", error);
}

static gboolean
run_trust (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *fingerprint = NULL;
  const GOptionEntry entries[] = {
    { "fingerprint", 0, 0, G_OPTION_ARG_STRING, &fingerprint, NULL, NULL },
    { NULL },
  };

  return floe_ctl_parse (self, &args, entries, 2, 2, error) && floe_ctl_refuse_json (self, error)
         && floe_engine_ca_trust (args[1], args[2], fingerprint, error);
}

static gboolean
run_add (FloeCtl *self, GStrv args, GError **error)
{
  FloeManagerPlan plan = { NULL };
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &plan.name, NULL, NULL },
    { "account", 0, 0, G_OPTION_ARG_STRING, &plan.account, NULL, NULL },
    { "account-password-file", 0, 0, G_OPTION_ARG_FILENAME, &plan.password_file, NULL, NULL },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &plan.profile, NULL, NULL },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &plan.key_file, NULL, NULL },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &plan.client_id, NULL, NULL },
    { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &plan.client_secret_file, NULL, NULL },
    { "fingerprint", 0, 0, G_OPTION_ARG_STRING, &plan.fingerprint, NULL, NULL },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &plan.config, NULL, NULL },
    { "broker-program", 0, 0, G_OPTION_ARG_FILENAME, &plan.program, NULL, NULL },
    { NULL },
  };
  gboolean done =
      floe_ctl_parse (self, &args, entries, 2, 2, error) && floe_ctl_refuse_json (self, error);

  if (done && g_strcmp0 (args[1], "ovirt") != 0)
    {
      floe_ctl_set_usage (error, _ ("\"%s\" is no kind of manager: expected ovirt"), args[1]);
      done = FALSE;
    }
  if (done)
    {
      plan.url = g_strdup (args[2]);
      done = floe_manager_add (&plan, error);
    }
  floe_manager_plan_clear (&plan);
  return done;
}

const FloeCtlCommand floe_ctl_manager_commands[] = {
  { "manager add",
    N_ ("ovirt URL [--name NAME] [--account NAME@PROFILE] [--account-password-file FILE] "
        "[--profile NAME] [--key-file FILE] [--client-id ID] [--client-secret-file FILE] "
        "[--fingerprint SHA256] [--config FILE] [--broker-program PATH]"),
    N_ ("Set an engine up on the broker's machine, asking for what is not given, and test it"),
    run_add },
  { "manager test", N_ ("[NAME] [--config FILE] [--broker-program PATH]"),
    N_ ("Test the engines, or one of them, on the broker's machine"), run_test },
  { "manager trust", N_ ("URL FILE [--fingerprint SHA256]"),
    N_ ("Fetch an engine's certificate authority into a file, once its fingerprint is confirmed"),
    run_trust },
  { NULL },
};
