/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/broker-program.h"
#include "ctl/command.h"

#include <glib/gi18n.h>

static gboolean
run_test (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *config = NULL;
  g_autofree gchar *program = NULL;
  g_autofree gchar *path = NULL;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &config, NULL, NULL },
    { "broker-program", 0, 0, G_OPTION_ARG_FILENAME, &program, NULL, NULL },
    { NULL },
  };

  if (!floe_ctl_parse (self, &args, entries, 0, 1, error))
    return FALSE;
  if (self->json)
    {
      floe_ctl_set_usage (error, _ ("there is no JSON of it"));
      return FALSE;
    }
  path = floe_ctl_find_broker_program (program, error);
  return path != NULL && floe_ctl_become_broker (path, config, "--test-directory", args[1], error);
}

const FloeCtlCommand floe_ctl_directory_commands[] = {
  { "directory test", N_ ("[USER] [--config FILE] [--broker-program PATH]"),
    N_ ("Test the directory, and how it knows somebody, on the broker's machine"), run_test },
  { NULL },
};
