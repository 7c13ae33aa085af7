/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture-script.h"

#include <string.h>

/**
 * fixture_run:
 * @environment: (nullable): instead of our own
 * @argv: a program of PATH and its arguments; it has to succeed
 *
 * Returns: (transfer full): what it printed
 */
gchar *
fixture_run (GStrv environment, const gchar *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *errors = NULL;
  gchar *output = NULL;
  gint status = -1;

  g_spawn_sync (NULL, (gchar **)argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &output,
                &errors, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s: %s", argv[0], error->message, errors);
  return output;
}

void
fixture_run_quietly (GStrv environment, const gchar *const *argv)
{
  g_free (fixture_run (environment, argv));
}

/**
 * fixture_script:
 *
 * Returns: (transfer full): the path of a script of tests/fixtures
 */
gchar *
fixture_script (const gchar *name)
{
  return g_test_build_filename (G_TEST_DIST, "tests", "fixtures", name, NULL);
}

/**
 * fixture_exported:
 * @output: what a script printed
 * @name: a variable
 *
 * Returns: (transfer full): the value of "export NAME=value" in it
 */
gchar *
fixture_exported (const gchar *output, const gchar *name)
{
  g_autofree gchar *start = g_strdup_printf ("export %s=", name);
  const gchar *found = strstr (output, start);
  g_autofree gchar *quoted = NULL;
  g_autoptr (GError) error = NULL;
  gchar *value;

  g_assert_nonnull (found);
  found += strlen (start);
  quoted = g_strndup (found, strcspn (found, "\n"));
  value = g_shell_unquote (quoted, &error);
  g_assert_no_error (error);
  return value;
}
