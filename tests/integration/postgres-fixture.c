/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postgres-fixture.h"

#include <libpq-fe.h>
#include <string.h>
#include <unistd.h>

static gchar *
run (const gchar *const *argv)
{
  g_autofree gchar *owner = g_strdup_printf ("%d", (gint)getpid ());
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "PG_OWNER", owner, TRUE);
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

static gchar *
script (const gchar *name)
{
  return g_test_build_filename (G_TEST_DIST, "tests", "fixtures", name, NULL);
}

/**
 * postgres_fixture_start:
 *
 * Starts it, also again after postgres_fixture_stop(), with the data it had.
 */
void
postgres_fixture_start (PostgresFixture *self)
{
  g_autofree gchar *up = script ("postgres-up.sh");
  const gchar *argv[] = { up, self->directory, NULL };
  g_autofree gchar *output = run (argv);
  const gchar *uri = strstr (output, "export PG_URI='");
  const gchar *address = strstr (output, "export PG_ADDRESS=");

  g_assert_nonnull (uri);
  g_clear_pointer (&self->address, g_free);
  if (address != NULL)
    {
      address += strlen ("export PG_ADDRESS=");
      self->address = g_strndup (address, strcspn (address, "\n"));
    }
  uri += strlen ("export PG_URI='");
  g_free (self->uri);
  self->uri = g_strndup (uri, strcspn (uri, "'"));
}

/**
 * postgres_fixture_new:
 *
 * Returns: (transfer full): a running server
 */
PostgresFixture *
postgres_fixture_new (void)
{
  PostgresFixture *self = g_new0 (PostgresFixture, 1);
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("floe-pg-XXXXXX", &error);
  g_assert_no_error (error);
  postgres_fixture_start (self);
  return self;
}

/**
 * postgres_fixture_new_tls:
 *
 * Returns: (transfer full): a running server, which a loopback address has, too, with TLS; its CA
 * is the file tls/ca.pem of its directory
 */
PostgresFixture *
postgres_fixture_new_tls (void)
{
  PostgresFixture *self;

  g_setenv ("PG_TLS", "yes", TRUE);
  self = postgres_fixture_new ();
  g_unsetenv ("PG_TLS");
  return self;
}

/**
 * postgres_fixture_stop:
 * @signal: "INT" ends sessions, "QUIT" is a crash
 */
void
postgres_fixture_stop (PostgresFixture *self, const gchar *signal)
{
  g_autofree gchar *stop = script ("postgres-stop.sh");
  const gchar *argv[] = { stop, self->directory, signal, NULL };

  g_free (run (argv));
}

void
postgres_fixture_free (PostgresFixture *self)
{
  const gchar *argv[] = { "rm", "-rf", self->directory, NULL };

  postgres_fixture_stop (self, "INT");
  g_free (run (argv));
  g_free (self->directory);
  g_free (self->address);
  g_free (self->uri);
  g_free (self);
}

/**
 * postgres_fixture_ask:
 *
 * Returns: (transfer full) (nullable): the first column of the first row
 */
gchar *
postgres_fixture_ask (PostgresFixture *self, const gchar *sql)
{
  PGconn *conn = PQconnectdb (self->uri);
  PGresult *result = PQexec (conn, sql);
  ExecStatusType status = PQresultStatus (result);
  gchar *found = NULL;

  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (conn));
  if (PQntuples (result) > 0)
    found = g_strdup (PQgetvalue (result, 0, 0));
  PQclear (result);
  PQfinish (conn);
  return found;
}
