/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "any-store.h"
#include "core/error.h"
#include "core/feed.h"
#include "postgres-fixture.h"
#include "store/postgres-store.h"

/* Several brokers on one PostgreSQL database, and a server that goes away. */

static PostgresFixture *server;

typedef struct
{
  AnyPlace *place;
  FloeStore *stores[2]; /* two brokers */
} Fixture;

typedef struct
{
  guint n_open;
  guint n_done;
  guint n_none;    /* NOT_FOUND */
  guint n_refused; /* UNAVAILABLE or BUSY: it was not recorded */
  guint n_unknown; /* TIMED_OUT */
  guint n_other;
} Tally;

static FloeStore *
open_store (const AnyPlace *place)
{
  g_autoptr (GError) error = NULL;
  FloeStore *store = any_place_open (place, &error);

  g_assert_no_error (error);
  return store;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->place = any_place_new ();
  for (guint i = 0; i < 2; i++)
    f->stores[i] = open_store (f->place);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    g_object_unref (f->stores[i]);
  any_place_free (f->place);
}

static void
tally (GObject *source, GAsyncResult *result, gpointer data)
{
  Tally *count = data;
  g_autoptr (GError) error = NULL;

  floe_store_finish (FLOE_STORE (source), result, &error);
  count->n_open--;
  if (error == NULL)
    count->n_done++;
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    count->n_none++;
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE)
           || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_BUSY))
    count->n_refused++;
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT))
    count->n_unknown++;
  else
    {
      g_test_message ("%s", error->message);
      count->n_other++;
    }
}

static void
begin (Fixture *f, guint broker, FloeTransaction func, gconstpointer input, Tally *count)
{
  count->n_open++;
  floe_store_write_async (f->stores[broker % 2], func, (gpointer)input, NULL, NULL, tally, count);
}

static void
wait_for (Tally *count)
{
  while (count->n_open > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
run (Fixture *f, guint broker, FloeTransaction func, gconstpointer input)
{
  Tally count = { 0 };

  begin (f, broker, func, input, &count);
  wait_for (&count);
  g_assert_cmpuint (count.n_done, ==, 1);
}

static guint
count_rows (Fixture *f, const gchar *sql)
{
  g_autofree gchar *n = any_place_get (f->place, sql);

  return (guint)g_ascii_strtoull (n, NULL, 10);
}

#define DONE GINT_TO_POINTER (TRUE)
#define CHECK(call)                                                                                \
  if (!(call))                                                                                     \
  return NULL

static gpointer
put_pool (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloePool) pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  return floe_tx_put_pool (tx, pool, error) ? DONE : NULL;
}

static gpointer
put_desktop (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_desktop_new (input, input, "office");

  desktop->host = g_strdup ("host1");
  desktop->present = TRUE;
  desktop->facts.power = FLOE_POWER_ON;
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

static void
put_desktops (Fixture *f, guint n)
{
  static const gchar *const names[] = { "d1", "d2", "d3", "d4" };

  run (f, 0, put_pool, NULL);
  for (guint i = 0; i < n; i++)
    run (f, 0, put_desktop, names[i]);
}

static gboolean
audit (FloeTx *tx, const gchar *action, const gchar *object, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (1, action, object, "done");

  return floe_tx_put_audit (tx, row, error);
}

static gpointer
put_row (FloeTx *tx, gconstpointer input, GError **error)
{
  return audit (tx, "row", input, error) ? DONE : NULL;
}

/* What a claim does with the store: the desktop that somebody has, else a free one. */
static gpointer
claim (FloeTx *tx, gconstpointer input, GError **error)
{
  const gchar *user = input;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, "office", error);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  CHECK (pool);
  desktop = floe_tx_find_held_desktop (tx, "office", user, &local_error);
  if (desktop != NULL)
    return DONE;
  if (!g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  desktop = floe_tx_find_free_desktop (tx, pool, 1000, error);
  CHECK (desktop);
  g_assert_null (desktop->lease);
  desktop->facts.lease = FLOE_LEASE_HELD;
  desktop->facts.clean = FLOE_CLEAN_DIRTY;
  desktop->lease = floe_lease_new (user, user, 5);
  desktop->lease->slot = 1;
  CHECK (audit (tx, "assign", desktop->name, error));
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

static gpointer
release_all (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) list = floe_tx_list_desktops_of_pool (tx, "office", error);

  CHECK (list);
  for (guint i = 0; i < list->len; i++)
    {
      FloeDesktop *desktop = list->pdata[i];

      desktop->facts.lease = FLOE_LEASE_NONE;
      desktop->facts.clean = FLOE_CLEAN_CLEAN;
      g_clear_pointer (&desktop->lease, floe_lease_free);
      CHECK (floe_tx_put_desktop (tx, desktop, error));
    }
  return DONE;
}

static const gchar *const people[] = { "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8" };

/* Rule 1: eight people, two brokers, and fewer desktops, again and again. Each round lends what
 * there is, all of it, and nothing twice. */
static void
test_race (Fixture *f, gconstpointer data)
{
  guint n_desktops = GPOINTER_TO_UINT (data);
  guint n_assigned = 0;

  put_desktops (f, n_desktops);
  for (guint round = 0; round < 250; round++)
    {
      Tally count = { 0 };

      for (guint i = 0; i < G_N_ELEMENTS (people); i++)
        begin (f, i + round, claim, people[(i * 5 + round) % G_N_ELEMENTS (people)], &count);
      wait_for (&count);
      g_assert_cmpuint (count.n_done, ==, n_desktops);
      g_assert_cmpuint (count.n_none, ==, G_N_ELEMENTS (people) - n_desktops);
      if (round % 50 == 0)
        {
          g_assert_cmpuint (count_rows (f, "SELECT count (*) FROM leases"), ==, n_desktops);
          g_assert_cmpuint (count_rows (f, "SELECT count (*) FROM desktops WHERE held = 1"), ==,
                            n_desktops);
        }
      n_assigned += count.n_done;
      run (f, round, release_all, NULL);
    }
  g_assert_cmpuint (count_rows (f, "SELECT count (*) FROM audit WHERE action = 'assign'"), ==,
                    n_assigned);
}

/* One person at two brokers at once gets one desktop, and is told so by both. */
static void
test_same_holder (Fixture *f, gconstpointer data)
{
  put_desktops (f, 4);
  for (guint round = 0; round < 100; round++)
    {
      Tally count = { 0 };

      for (guint i = 0; i < 6; i++)
        begin (f, i, claim, "u1", &count);
      wait_for (&count);
      g_assert_cmpuint (count.n_done, ==, 6);
      g_assert_cmpuint (count_rows (f, "SELECT count (*) FROM leases"), ==, 1);
      run (f, round, release_all, NULL);
    }
}

static gpointer
hold_all (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) list = floe_tx_list_desktops_of_pool (tx, "office", error);

  CHECK (list);
  g_atomic_int_set ((gint *)input, TRUE);
  g_usleep (300000);
  return DONE;
}

/* Rule 3: that somebody looks at all desktops does not make the pool empty. */
static void
test_not_empty (Fixture *f, gconstpointer data)
{
  Tally count = { 0 };
  gint held = FALSE;

  put_desktops (f, 2);
  begin (f, 0, hold_all, &held, &count);
  while (!g_atomic_int_get (&held))
    g_thread_yield ();
  begin (f, 1, claim, "u1", &count);
  begin (f, 1, claim, "u2", &count);
  wait_for (&count);
  g_assert_cmpuint (count.n_done, ==, 3);
}

static gpointer
lend_slowly (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, "d1", error);

  CHECK (desktop);
  desktop->facts.lease = FLOE_LEASE_HELD;
  desktop->lease = floe_lease_new ("u1", "u1", 5);
  CHECK (floe_tx_put_desktop (tx, desktop, error));
  g_atomic_int_set ((gint *)input, TRUE);
  g_usleep (200000);
  return DONE;
}

static gpointer
expect_lent (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, "d1", error);

  CHECK (desktop);
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
  g_assert_cmpstr (desktop->lease->holder, ==, "u1");
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

/* Whoever waited for a desktop sees who has it now, not who had it when the wait began. */
static void
test_waited (Fixture *f, gconstpointer data)
{
  Tally count = { 0 };
  gint lent = FALSE;

  put_desktops (f, 1);
  begin (f, 0, lend_slowly, &lent, &count);
  while (!g_atomic_int_get (&lent))
    g_thread_yield ();
  begin (f, 1, expect_lent, NULL, &count);
  wait_for (&count);
  g_assert_cmpuint (count.n_done, ==, 2);
}

static gpointer
note_number (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, "d1", error);

  CHECK (desktop);
  g_assert_cmpint (desktop->not_before, ==, GPOINTER_TO_INT (input) - 1);
  desktop->not_before = GPOINTER_TO_INT (input);
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

/* What one broker asks for happens in that order, though several threads do it. */
static void
test_order (Fixture *f, gconstpointer data)
{
  Tally count = { 0 };

  put_desktops (f, 1);
  for (gint i = 1; i <= 1000; i++)
    begin (f, 0, note_number, GINT_TO_POINTER (i), &count);
  wait_for (&count);
  g_assert_cmpuint (count.n_done, ==, 1000);
}

typedef struct
{
  const gchar *first;
  const gchar *second;
  gint *n_holding;
  gint n_runs;
} Crossing;

static gpointer
cross (FloeTx *tx, gconstpointer input, GError **error)
{
  Crossing *crossing = (Crossing *)input;
  g_autoptr (FloeDesktop) first = floe_tx_get_desktop (tx, crossing->first, error);
  g_autoptr (FloeDesktop) second = NULL;

  CHECK (first);
  if (crossing->n_runs++ == 0)
    {
      g_atomic_int_inc (crossing->n_holding);
      while (g_atomic_int_get (crossing->n_holding) < 2)
        g_thread_yield ();
    }
  second = floe_tx_get_desktop (tx, crossing->second, error);
  CHECK (second);
  first->not_before++;
  return floe_tx_put_desktop (tx, first, error) ? DONE : NULL;
}

/* Two that wait for each other: the database ends one, which is run again, and nobody hears. */
static void
test_deadlock (Fixture *f, gconstpointer data)
{
  gint n_holding = 0;
  Crossing one = { "d1", "d2", &n_holding, 0 };
  Crossing other = { "d2", "d1", &n_holding, 0 };
  Tally count = { 0 };

  put_desktops (f, 2);
  begin (f, 0, cross, &one, &count);
  begin (f, 1, cross, &other, &count);
  wait_for (&count);
  g_assert_cmpuint (count.n_done, ==, 2);
  g_assert_cmpint (one.n_runs + other.n_runs, ==, 3);
  g_assert_cmpuint (count_rows (f, "SELECT sum (not_before) FROM desktops"), ==, 2);
}

/* Each answer is true: what was done is there, and what was refused is not. */
static void
assert_truth (Fixture *f, const Tally *count)
{
  guint n = count_rows (f, "SELECT count (*) FROM audit");

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
test_cut_idle (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autofree gchar *n = NULL;
      Tally count = { 0 };

      for (guint j = 0; j < 16; j++)
        begin (f, j, put_row, "row", &count);
      wait_for (&count);
      g_assert_cmpuint (count.n_done, ==, 16);
      n = postgres_fixture_ask (server, TERMINATE);
      g_assert_cmpstr (n, !=, "0");
      g_usleep (50000); /* until they have said good-bye */
    }
}

static void
test_cut_busy (Fixture *f, gconstpointer data)
{
  Tally count = { 0 };

  for (guint round = 0; round < 30; round++)
    {
      g_autofree gchar *n = NULL;

      for (guint i = 0; i < 60; i++)
        begin (f, i, put_row, "row", &count);
      while (count.n_open > 40)
        g_main_context_iteration (NULL, TRUE);
      n = postgres_fixture_ask (server, TERMINATE);
    }
  wait_for (&count);
  assert_truth (f, &count);
  g_assert_cmpuint (count.n_done, >, 1000);
}

static gpointer
cut_myself (FloeTx *tx, gconstpointer input, GError **error)
{
  gint *n_runs = (gint *)input;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, "d1", error);

  CHECK (desktop);
  CHECK (audit (tx, "row", "d1", error));
  if ((*n_runs)++ == 0)
    g_free (postgres_fixture_ask (server, TERMINATE));
  g_clear_pointer (&desktop, floe_desktop_free);
  desktop = floe_tx_get_desktop (tx, "d1", error);
  return desktop != NULL ? DONE : NULL;
}

/* Cut in the middle, before the commit: nothing was recorded, so it is run again. */
static void
test_cut_middle (Fixture *f, gconstpointer data)
{
  gint n_runs = 0;

  put_desktops (f, 1);
  run (f, 0, cut_myself, &n_runs);
  g_assert_cmpint (n_runs, ==, 2);
  g_assert_cmpuint (count_rows (f, "SELECT count (*) FROM audit"), ==, 1);
}

/* A server that stops, or dies, under load: every answer is true, and when it is back the brokers
 * find it by themselves. */
static void
test_restart (Fixture *f, gconstpointer data)
{
  const gchar *signal = data;
  Tally count = { 0 };
  Tally after = { 0 };
  gint64 until;

  for (guint i = 0; i < 3000; i++)
    begin (f, i, put_row, "row", &count);
  while (count.n_open > 2500)
    g_main_context_iteration (NULL, TRUE);
  postgres_fixture_stop (server, signal);
  wait_for (&count);
  begin (f, 0, put_row, "row", &count);
  wait_for (&count);
  g_assert_cmpuint (count.n_refused, >, 0);
  postgres_fixture_start (server);
  until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  while (after.n_done < 20 && g_get_monotonic_time () < until)
    {
      begin (f, after.n_done, put_row, "row", &after);
      wait_for (&after);
    }
  g_assert_cmpuint (after.n_done, ==, 20);
  count.n_done += after.n_done;
  count.n_unknown += after.n_unknown;
  assert_truth (f, &count);
}

static gpointer
open_in_thread (gpointer data)
{
  return open_store (data);
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

static void
test_no_server (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      floe_postgres_store_new ("postgresql:///floe?host=/nonexistent&user=floe", NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (error), ==, "database-down");
}

#define N_CHANGES 400

/* Every 50th is slow to commit what it got a place for early, and every 30th is undone. */
static gpointer
change (FloeTx *tx, gconstpointer input, GError **error)
{
  guint number = GPOINTER_TO_UINT (input);
  g_autofree gchar *subject = g_strdup_printf ("d%u", number);

  CHECK (floe_tx_put_feed (tx, "desktop", subject, error));
  if (number % 50 == 1)
    g_usleep (100000);
  if (number % 30 != 1)
    return DONE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "as told");
  return NULL;
}

static void
on_told (FloeFeed *feed, const FloeFeedEntry *entry, GHashTable *told)
{
  g_assert_true (g_hash_table_add (told, g_strdup (entry->subject)));
}

static gboolean
end_wait (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Whoever follows the feed while others write is told of each change once, soon, and of none of its
 * own: also of what was given a place early and committed late. */
static void
test_feed (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeClock) clock = floe_system_clock_new ();
  g_autoptr (FloeFeed) feed = floe_feed_new (f->stores[0], clock);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean ended = FALSE;
  Tally count = { 0 };

  g_signal_connect (feed, "told", G_CALLBACK (on_told), told);
  floe_feed_start (feed);
  g_timeout_add (300, end_wait, &ended);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < N_CHANGES; i++)
    begin (f, i, change, GUINT_TO_POINTER (i), &count);
  wait_for (&count);
  g_assert_cmpuint (count.n_none, ==, 14);
  g_assert_cmpuint (count.n_done, ==, N_CHANGES - 14);
  ended = FALSE;
  g_timeout_add (1000, end_wait, &ended);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autofree gchar *subject = g_strdup_printf ("d%u", i);

      g_assert_cmpint (g_hash_table_contains (told, subject), ==, i % 2 == 1 && i % 30 != 1);
    }
  floe_feed_stop (feed);
  run (f, 0, put_pool, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

typedef struct
{
  const gchar *broker;
  gint64 microseconds;
  gint64 epoch;
} Lead;

static gpointer
take_lead (FloeTx *tx, gconstpointer input, GError **error)
{
  Lead *lead = (Lead *)input;

  return floe_tx_take_lead (tx, lead->broker, lead->microseconds, &lead->epoch, error) ? DONE
                                                                                       : NULL;
}

/* One leads, until it has not prolonged its lead for too long by the database's clock. */
static void
test_lead (Fixture *f, gconstpointer data)
{
  Lead one = { "one", 300000, -1 };
  Lead other = { "other", 10000000, -1 };

  run (f, 0, take_lead, &one);
  run (f, 1, take_lead, &other);
  g_assert_cmpint (one.epoch, ==, 1);
  g_assert_cmpint (other.epoch, ==, 0);
  run (f, 0, take_lead, &one);
  g_assert_cmpint (one.epoch, ==, 1);
  g_usleep (350000);
  run (f, 1, take_lead, &other);
  g_assert_cmpint (other.epoch, ==, 2);
  run (f, 0, take_lead, &one);
  g_assert_cmpint (one.epoch, ==, 0);
}

/* A claim goes few ways to the server and back. */
static void
test_round_trips (Fixture *f, gconstpointer data)
{
  guint64 before;

  put_desktops (f, 1);
  run (f, 0, release_all, NULL);
  before = any_store_get_cost (f->stores[0]);
  run (f, 0, claim, "u1"); /* pool, held, free, commit */
  g_assert_cmpuint (any_store_get_cost (f->stores[0]) - before, <=, 4);
  before = any_store_get_cost (f->stores[0]);
  run (f, 0, put_row, "row");
  g_assert_cmpuint (any_store_get_cost (f->stores[0]) - before, ==, 1);
}

#define ADD(name, data, func) g_test_add ("/postgres/" name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  server = postgres_fixture_new ();
  g_setenv ("FLOE_TEST_STORE", "postgres", TRUE);
  g_setenv ("FLOE_TEST_POSTGRES", server->uri, TRUE);
  ADD ("race/last-desktop", GUINT_TO_POINTER (1), test_race);
  ADD ("race/several", GUINT_TO_POINTER (3), test_race);
  ADD ("race/same-holder", NULL, test_same_holder);
  ADD ("race/not-empty", NULL, test_not_empty);
  ADD ("race/waited", NULL, test_waited);
  ADD ("race/deadlock", NULL, test_deadlock);
  ADD ("order", NULL, test_order);
  ADD ("feed", NULL, test_feed);
  ADD ("lead", NULL, test_lead);
  ADD ("round-trips", NULL, test_round_trips);
  ADD ("cut/idle", NULL, test_cut_idle);
  ADD ("cut/busy", NULL, test_cut_busy);
  ADD ("cut/middle", NULL, test_cut_middle);
  ADD ("restart/stopped", "INT", test_restart);
  ADD ("restart/crashed", "QUIT", test_restart);
  g_test_add_func ("/postgres/migrate-at-once", test_migrate_at_once);
  g_test_add_func ("/postgres/foreign-schema", test_foreign_schema);
  g_test_add_func ("/postgres/no-server", test_no_server);
  status = g_test_run ();
  postgres_fixture_free (server);
  return status;
}
