/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slapd-fixture.h"

#include "fixture-script.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static GStrv
environment_with (const gchar *more)
{
  g_auto (GStrv) words = g_strsplit (more != NULL ? more : "", " ", -1);
  g_autofree gchar *owner = g_strdup_printf ("%d", (gint)getpid ());
  GStrv environment = g_environ_setenv (g_get_environ (), "LDAP_OWNER", owner, TRUE);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);

      if (pair[0] != NULL && pair[1] != NULL)
        environment = g_environ_setenv (environment, pair[0], pair[1], TRUE);
    }
  return environment;
}

static void
start (SlapdFixture *self, const gchar *more, guint n_users, gchar **output)
{
  g_auto (GStrv) environment = environment_with (more);
  g_autofree gchar *up = fixture_script ("slapd-up.sh");
  g_autofree gchar *n = g_strdup_printf ("%u", n_users);
  const gchar *argv[] = { up, self->directory, n, NULL };
  g_autofree gchar *pid = NULL;

  *output = fixture_run (environment, argv);
  pid = fixture_exported (*output, "SLAPD_PID");
  self->pid = (GPid)g_ascii_strtoll (pid, NULL, 10);
}

/**
 * slapd_fixture_new:
 * @environment: (nullable): "NAME=value NAME=value..." for slapd-up.sh
 * @n_users: how many of u00001 and on
 *
 * Returns: (transfer full): a running server
 */
SlapdFixture *
slapd_fixture_new (const gchar *environment, guint n_users)
{
  SlapdFixture *self = g_new0 (SlapdFixture, 1);
  g_autofree gchar *output = NULL;
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("floe-slapd-XXXXXX", &error);
  g_assert_no_error (error);
  start (self, environment, n_users, &output);
  self->uri = fixture_exported (output, "LDAP_URI");
  self->tls_uri = fixture_exported (output, "LDAPS_URI");
  self->ca = fixture_exported (output, "LDAP_CA");
  self->base = fixture_exported (output, "LDAP_BASE");
  self->people = fixture_exported (output, "LDAP_PEOPLE");
  self->groups = fixture_exported (output, "LDAP_GROUPS");
  self->service_dn = fixture_exported (output, "LDAP_SVC_DN");
  self->address =
      g_strndup (self->uri + strlen ("ldap://"), strcspn (self->uri + strlen ("ldap://"), ":"));
  return self;
}

/**
 * slapd_fixture_stop:
 *
 * Ends the server and keeps its data; also one that is stopped by SIGSTOP.
 */
void
slapd_fixture_stop (SlapdFixture *self)
{
  g_autofree gchar *stop = fixture_script ("stop.sh");
  const gchar *argv[] = { stop, self->directory, NULL };

  fixture_run_quietly (NULL, argv);
  self->pid = 0;
}

/**
 * slapd_fixture_start:
 *
 * Starts it again where it was, with the data it had.
 */
void
slapd_fixture_start (SlapdFixture *self)
{
  g_autofree gchar *output = NULL;

  start (self, NULL, 0, &output);
}

void
slapd_fixture_free (SlapdFixture *self)
{
  const gchar *argv[] = { "rm", "-rf", NULL, NULL };

  if (self == NULL)
    return;
  slapd_fixture_stop (self);
  argv[2] = self->directory;
  fixture_run_quietly (NULL, argv);
  g_free (self->directory);
  g_free (self->uri);
  g_free (self->tls_uri);
  g_free (self->address);
  g_free (self->ca);
  g_free (self->base);
  g_free (self->people);
  g_free (self->groups);
  g_free (self->service_dn);
  g_free (self);
}

/* All of its threads: on a busy machine one may go on for a while after the signal was sent. */
static gboolean
is_stopped (GPid pid)
{
  g_autofree gchar *tasks = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr (GDir) dir = g_dir_open (tasks, 0, NULL);
  const gchar *task;

  g_assert_nonnull (dir);
  while ((task = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (tasks, task, "stat", NULL);
      g_autofree gchar *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL) && strstr (text, ") T ") == NULL)
        return FALSE;
    }
  return TRUE;
}

/**
 * slapd_fixture_signal:
 * @number: such as SIGSTOP, after which it has stopped when this returns
 */
void
slapd_fixture_signal (SlapdFixture *self, gint number)
{
  g_assert_cmpint (kill (self->pid, number), ==, 0);
  while (number == SIGSTOP && !is_stopped (self->pid))
    g_usleep (1000);
}

/**
 * slapd_fixture_modify:
 * @ldif: changes, applied as the directory's administrator
 */
void
slapd_fixture_modify (SlapdFixture *self, const gchar *ldif)
{
  g_autofree gchar *file = g_build_filename (self->directory, "change.ldif", NULL);
  g_autofree gchar *ca = g_strdup_printf ("LDAPTLS_CACERT=%s", self->ca);
  g_autofree gchar *admin = g_strdup_printf ("cn=admin,%s", self->base);
  const gchar *argv[] = { "env", "-u",    "LDAPNOINIT",  ca,   "ldapmodify",
                          "-x",  "-H",    self->tls_uri, "-D", admin,
                          "-w",  "admin", "-f",          file, NULL };
  g_autoptr (GError) error = NULL;

  g_file_set_contents (file, ldif, -1, &error);
  g_assert_no_error (error);
  fixture_run_quietly (NULL, argv);
}

/**
 * slapd_fixture_read:
 *
 * Returns: (transfer full): the lines that ldapsearch prints of one attribute, as the directory's
 *   administrator sees it
 */
gchar *
slapd_fixture_read (SlapdFixture *self, const gchar *dn, const gchar *attribute)
{
  g_autofree gchar *ca = g_strdup_printf ("LDAPTLS_CACERT=%s", self->ca);
  g_autofree gchar *admin = g_strdup_printf ("cn=admin,%s", self->base);
  const gchar *argv[] = {
    "env", "-u", "LDAPNOINIT", ca,   "ldapsearch", "-LLL", "-x",   "-H",      self->tls_uri, "-D",
    admin, "-w", "admin",      "-b", dn,           "-s",   "base", attribute, NULL
  };
  g_autofree gchar *output = fixture_run (NULL, argv);
  g_autoptr (GString) found = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  g_autofree gchar *prefix = g_strconcat (attribute, ": ", NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], prefix))
      g_string_append_printf (found, "%s\n", lines[i] + strlen (prefix));
  return g_string_free (g_steal_pointer (&found), FALSE);
}
