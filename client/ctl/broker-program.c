/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/broker-program.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define PROGRAM "floe-broker"

/* Where an installation has it beside us: sbin beside bin. */
static gchar *
beside_us (void)
{
  g_autofree gchar *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree gchar *bin = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree gchar *prefix = bin != NULL ? g_path_get_dirname (bin) : NULL;
  g_autofree gchar *path = prefix != NULL ? g_build_filename (prefix, "sbin", PROGRAM, NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&path)
                                                                       : NULL;
}

/**
 * floe_ctl_find_broker_program:
 * @given: (nullable): where it is, says the command line
 *
 * Returns: (transfer full): where floe-broker is on this machine
 */
gchar *
floe_ctl_find_broker_program (const gchar *given, GError **error)
{
  gchar *path = given != NULL ? g_strdup (given) : beside_us ();

  if (path == NULL)
    path = g_find_program_in_path (PROGRAM);
  if (path == NULL)
    floe_ctl_set_failed (error, _ ("floe-broker is not on this machine; run this where the broker "
                                   "runs, or give its place with --broker-program PATH"));
  return path;
}

/* The broker's own program takes our place, so that what it says and how it ends are its own. It
 * alone knows its settings, and asks no password of anybody. */
static gboolean
become_broker (const gchar *program, const gchar *config, const gchar *option, const gchar *word,
               GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer)program);
  if (config != NULL)
    {
      g_ptr_array_add (argv, (gpointer) "--config");
      g_ptr_array_add (argv, (gpointer)config);
    }
  g_ptr_array_add (argv, (gpointer)option);
  if (word != NULL)
    g_ptr_array_add (argv, (gpointer)word);
  g_ptr_array_add (argv, NULL);
  execv (program, (char **)argv->pdata);
  floe_ctl_set_failed (error, _ ("\"%s\" cannot be run (%s)"), program, g_strerror (errno));
  return FALSE;
}

/**
 * floe_ctl_test_by_broker:
 * @self: the run
 * @args: the words behind the command: at most one, what is tested, and where the broker is
 * @option: the broker's, such as "--test-directory"
 *
 * Returns: %FALSE, if at all
 */
gboolean
floe_ctl_test_by_broker (FloeCtl *self, GStrv args, const gchar *option, GError **error)
{
  g_autofree gchar *config = NULL;
  g_autofree gchar *program = NULL;
  g_autofree gchar *path = NULL;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &config, NULL, NULL },
    { "broker-program", 0, 0, G_OPTION_ARG_FILENAME, &program, NULL, NULL },
    { NULL },
  };

  if (!floe_ctl_parse (self, &args, entries, 0, 1, error) || !floe_ctl_refuse_json (self, error))
    return FALSE;
  path = floe_ctl_find_broker_program (program, error);
  return path != NULL && become_broker (path, config, option, args[1], error);
}
