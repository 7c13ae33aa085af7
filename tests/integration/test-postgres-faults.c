/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "postgres-brokers.h"
#include "postgres-fixture.h"
#include "store/postgres-store.h"

/* A PostgreSQL server that goes away, and what else is wrong with one. */

static PostgresFixture *server;

/* Each answer is true: what was done is there, and what was refused is not. */
static void
assert_truth (PostgresBrokers *f, const PostgresTally *count)
{
  guint n = postgres_brokers_count (f, "SELECT count (*) FROM audit");

  g_test_message ("%u done, %u refused, %u unknown, %u there", count->n_done, count->n_refused,
                  count->n_unknown, n);
  g_assert_cmpuint (count->n_other, ==, 0);
  g_assert_cmpuint (count->n_none, ==, 0);
  g_assert_cmpuint (n, >=, count->n_done);
  g_assert_cmpuint (n, <=, count->n_done + count->n_unknown);
}

#define TERMINATE                                                                                  \
  "SELECT count (pg_terminate_backend (pid)) FROM pg_stat_activity"                                \
  " WHERE application_name = 'floe-broker'"

/* Connections that are cut while nobody uses them are not noticed by anybody. */
static void
test_cut_idle (PostgresBrokers *f, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autofree gchar *n = NULL;
      PostgresTally count = { 0 };

      for (guint j = 0; j < 16; j++)
        postgres_brokers_begin (f, j, postgres_brokers_put_row, "row", &count);
      postgres_brokers_wait (&count);
      g_assert_cmpuint (count.n_done, ==, 16);
      n = postgres_fixture_ask (server, TERMINATE);
      g_assert_cmpstr (n, !=, "0");
      g_usleep (50000); /* until they have said good-bye */
    }
}

static void
test_cut_busy (PostgresBrokers *f, gconstpointer data)
{
  PostgresTally count = { 0 };

  for (guint round = 0; round < 30; round++)
    {
      g_autofree gchar *n = NULL;

      for (guint i = 0; i < 60; i++)
        postgres_brokers_begin (f, i, postgres_brokers_put_row, "row", &count);
      while (count.n_open > 40)
        g_main_context_iteration (NULL, TRUE);
      n = postgres_fixture_ask (server, TERMINATE);
    }
  postgres_brokers_wait (&count);
  assert_truth (f, &count);
  g_assert_cmpuint (count.n_done, >, 1000);
}

static gpointer
cut_myself (FloeTx *tx, gconstpointer input, GError **error)
{
  gint *n_runs = (gint *)input;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, "d1", error);

  CHECK (desktop);
  CHECK (postgres_brokers_audit (tx, "row", "d1", error));
  if ((*n_runs)++ == 0)
    g_free (postgres_fixture_ask (server, TERMINATE));
  g_clear_pointer (&desktop, floe_desktop_free);
  desktop = floe_tx_get_desktop (tx, "d1", error);
  return desktop != NULL ? DONE : NULL;
}

/* Cut in the middle, before the commit: nothing was recorded, so it is run again. */
static void
test_cut_middle (PostgresBrokers *f, gconstpointer data)
{
  gint n_runs = 0;

  postgres_brokers_put_desktops (f, 1);
  postgres_brokers_run (f, 0, cut_myself, &n_runs);
  g_assert_cmpint (n_runs, ==, 2);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT count (*) FROM audit"), ==, 1);
}

/* A server that stops, or dies, under load: every answer is true, and when it is back the brokers
 * find it by themselves. */
static void
test_restart (PostgresBrokers *f, gconstpointer data)
{
  const gchar *signal = data;
  PostgresTally count = { 0 };
  PostgresTally after = { 0 };
  gint64 until;

  for (guint i = 0; i < 3000; i++)
    postgres_brokers_begin (f, i, postgres_brokers_put_row, "row", &count);
  while (count.n_open > 2500)
    g_main_context_iteration (NULL, TRUE);
  postgres_fixture_stop (server, signal);
  postgres_brokers_wait (&count);
  postgres_brokers_begin (f, 0, postgres_brokers_put_row, "row", &count);
  postgres_brokers_wait (&count);
  g_assert_cmpuint (count.n_refused, >, 0);
  postgres_fixture_start (server);
  until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  while (after.n_done < 20 && g_get_monotonic_time () < until)
    {
      postgres_brokers_begin (f, after.n_done, postgres_brokers_put_row, "row", &after);
      postgres_brokers_wait (&after);
    }
  g_assert_cmpuint (after.n_done, ==, 20);
  count.n_done += after.n_done;
  count.n_unknown += after.n_unknown;
  assert_truth (f, &count);
}

static gpointer
open_in_thread (gpointer data)
{
  return postgres_brokers_open (data);
}

/* Brokers that start at once make one schema. */
static void
test_migrate_at_once (void)
{
  for (guint round = 0; round < 5; round++)
    {
      g_autoptr (AnyPlace) place = any_place_new ();
      GThread *threads[6];

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("broker", open_in_thread, place);
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_object_unref (g_thread_join (threads[i]));
    }
}

/* A foreign table that only has the name of ours is left alone. */
static void
test_foreign_schema (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (GError) error = NULL;

  any_place_exec (place, "CREATE TABLE floe_schema (x TEXT)");
  g_assert_null (any_place_open (place, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "floe_schema"));
}

static FloePostgresStore *
open_by_tls (const PostgresFixture *at, const gchar *host, const gchar *ca, GError **error)
{
  g_autofree gchar *uri = g_strdup_printf (
      "postgresql://postgres@%s:5432/postgres?hostaddr=%s&sslrootcert=%s", host, at->address, ca);

  return floe_postgres_store_new (uri, NULL, error);
}

/* By TLS, to the server that its certificate names, and to nobody else. */
static void
test_tls (void)
{
  g_autoptr (PostgresFixture) other = postgres_fixture_new_tls ();
  g_autofree gchar *ca = g_build_filename (server->directory, "tls", "ca.pem", NULL);
  g_autofree gchar *other_ca = g_build_filename (other->directory, "tls", "ca.pem", NULL);
  g_autoptr (FloePostgresStore) store = NULL;
  g_autoptr (GError) good = NULL;
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) misnamed = NULL;

  store = open_by_tls (server, server->address, ca, &good);
  g_assert_no_error (good);
  g_assert_nonnull (store);
  g_assert_null (open_by_tls (server, server->address, other_ca, &unknown));
  g_assert_error (unknown, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (unknown->message, "certificate verify failed"));
  g_assert_null (open_by_tls (server, "db.example", ca, &misnamed));
  g_assert_error (misnamed, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (misnamed->message, "db.example"));
}

static void
test_no_server (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      floe_postgres_store_new ("postgresql:///floe?host=/nonexistent&user=floe", NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (error), ==, "database-down");
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/postgres/" name, PostgresBrokers, data, postgres_brokers_set_up, func,             \
              postgres_brokers_tear_down)

int
main (int argc, char **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  server = postgres_fixture_new_tls ();
  postgres_brokers_use (server->uri);
  ADD ("cut/idle", NULL, test_cut_idle);
  ADD ("cut/busy", NULL, test_cut_busy);
  ADD ("cut/middle", NULL, test_cut_middle);
  ADD ("restart/stopped", "INT", test_restart);
  ADD ("restart/crashed", "QUIT", test_restart);
  g_test_add_func ("/postgres/migrate-at-once", test_migrate_at_once);
  g_test_add_func ("/postgres/foreign-schema", test_foreign_schema);
  g_test_add_func ("/postgres/no-server", test_no_server);
  g_test_add_func ("/postgres/tls", test_tls);
  status = g_test_run ();
  postgres_fixture_free (server);
  return status;
}
