/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/broker-program.h"

static gboolean
run_test (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_test_by_broker (self, args, "--test-directory", error);
}

const FloeCtlCommand floe_ctl_directory_commands[] = {
  { "directory test", N_ ("[USER] [--config FILE] [--broker-program PATH]"),
    N_ ("Test the directory, and how it knows somebody, on the broker's machine"), run_test },
  { NULL },
};
