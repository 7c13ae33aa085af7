/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/feed.h"
#include "postgres-brokers.h"
#include "postgres-fixture.h"

/* Several brokers on one PostgreSQL database. */

static const gchar *const people[] = { "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8" };

/* Rule 1: eight people, two brokers, and fewer desktops, again and again. Each round lends what
 * there is, all of it, and nothing twice. */
static void
test_race (PostgresBrokers *f, gconstpointer data)
{
  guint n_desktops = GPOINTER_TO_UINT (data);
  guint n_assigned = 0;

  postgres_brokers_put_desktops (f, n_desktops);
  for (guint round = 0; round < 250; round++)
    {
      PostgresTally count = { 0 };

      for (guint i = 0; i < G_N_ELEMENTS (people); i++)
        postgres_brokers_begin (f, i + round, postgres_brokers_claim,
                                people[(i * 5 + round) % G_N_ELEMENTS (people)], &count);
      postgres_brokers_wait (&count);
      g_assert_cmpuint (count.n_done, ==, n_desktops);
      g_assert_cmpuint (count.n_none, ==, G_N_ELEMENTS (people) - n_desktops);
      if (round % 50 == 0)
        {
          g_assert_cmpuint (postgres_brokers_count (f, "SELECT count (*) FROM leases"), ==,
                            n_desktops);
          g_assert_cmpuint (
              postgres_brokers_count (f, "SELECT count (*) FROM desktops WHERE held = 1"), ==,
              n_desktops);
        }
      n_assigned += count.n_done;
      postgres_brokers_run (f, round, postgres_brokers_release_all, NULL);
    }
  g_assert_cmpuint (
      postgres_brokers_count (f, "SELECT count (*) FROM audit WHERE action = 'assign'"), ==,
      n_assigned);
}

/* One person at two brokers at once gets one desktop, and is told so by both. */
static void
test_same_holder (PostgresBrokers *f, gconstpointer data)
{
  postgres_brokers_put_desktops (f, 4);
  for (guint round = 0; round < 100; round++)
    {
      PostgresTally count = { 0 };

      for (guint i = 0; i < 6; i++)
        postgres_brokers_begin (f, i, postgres_brokers_claim, "u1", &count);
      postgres_brokers_wait (&count);
      g_assert_cmpuint (count.n_done, ==, 6);
      g_assert_cmpuint (postgres_brokers_count (f, "SELECT count (*) FROM leases"), ==, 1);
      postgres_brokers_run (f, round, postgres_brokers_release_all, NULL);
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
test_not_empty (PostgresBrokers *f, gconstpointer data)
{
  PostgresTally count = { 0 };
  gint held = FALSE;

  postgres_brokers_put_desktops (f, 2);
  postgres_brokers_begin (f, 0, hold_all, &held, &count);
  while (!g_atomic_int_get (&held))
    g_thread_yield ();
  postgres_brokers_begin (f, 1, postgres_brokers_claim, "u1", &count);
  postgres_brokers_begin (f, 1, postgres_brokers_claim, "u2", &count);
  postgres_brokers_wait (&count);
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
test_waited (PostgresBrokers *f, gconstpointer data)
{
  PostgresTally count = { 0 };
  gint lent = FALSE;

  postgres_brokers_put_desktops (f, 1);
  postgres_brokers_begin (f, 0, lend_slowly, &lent, &count);
  while (!g_atomic_int_get (&lent))
    g_thread_yield ();
  postgres_brokers_begin (f, 1, expect_lent, NULL, &count);
  postgres_brokers_wait (&count);
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
test_order (PostgresBrokers *f, gconstpointer data)
{
  PostgresTally count = { 0 };

  postgres_brokers_put_desktops (f, 1);
  for (gint i = 1; i <= 1000; i++)
    postgres_brokers_begin (f, 0, note_number, GINT_TO_POINTER (i), &count);
  postgres_brokers_wait (&count);
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
test_deadlock (PostgresBrokers *f, gconstpointer data)
{
  gint n_holding = 0;
  Crossing one = { "d1", "d2", &n_holding, 0 };
  Crossing other = { "d2", "d1", &n_holding, 0 };
  PostgresTally count = { 0 };

  postgres_brokers_put_desktops (f, 2);
  postgres_brokers_begin (f, 0, cross, &one, &count);
  postgres_brokers_begin (f, 1, cross, &other, &count);
  postgres_brokers_wait (&count);
  g_assert_cmpuint (count.n_done, ==, 2);
  /* Once more each time that the one that was ended is back before the other one woke up. */
  g_assert_cmpint (one.n_runs + other.n_runs, >=, 3);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT sum (not_before) FROM desktops"), ==, 2);
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
test_feed (PostgresBrokers *f, gconstpointer data)
{
  g_autoptr (FloeClock) clock = floe_system_clock_new ();
  g_autoptr (FloeFeed) feed = floe_feed_new (f->stores[0], clock);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean ended = FALSE;
  PostgresTally count = { 0 };

  g_signal_connect (feed, "told", G_CALLBACK (on_told), told);
  floe_feed_start (feed);
  g_timeout_add (300, end_wait, &ended);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < N_CHANGES; i++)
    postgres_brokers_begin (f, i, change, GUINT_TO_POINTER (i), &count);
  postgres_brokers_wait (&count);
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
  postgres_brokers_run (f, 0, postgres_brokers_put_pool, NULL);
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

/* As if the server's clock were. */
static gpointer
set_back (FloeTx *tx, gconstpointer input, GError **error)
{
  return any_tx_exec (tx, "UPDATE lead SET until = until + 86400000000", error) ? DONE : NULL;
}

/* One leads, until it has not prolonged its lead for too long by the database's clock. */
static void
test_lead (PostgresBrokers *f, gconstpointer data)
{
  Lead one = { "one", 300000, -1 };
  Lead other = { "other", 10000000, -1 };

  postgres_brokers_run (f, 0, take_lead, &one);
  postgres_brokers_run (f, 1, take_lead, &other);
  g_assert_cmpint (one.epoch, ==, 1);
  g_assert_cmpint (other.epoch, ==, 0);
  postgres_brokers_run (f, 0, take_lead, &one);
  g_assert_cmpint (one.epoch, ==, 1);
  g_usleep (350000);
  postgres_brokers_run (f, 1, take_lead, &other);
  g_assert_cmpint (other.epoch, ==, 2);
  one.microseconds = other.microseconds;
  postgres_brokers_run (f, 0, take_lead, &one);
  g_assert_cmpint (one.epoch, ==, 0);
  postgres_brokers_run (f, 1, set_back, NULL); /* and nobody waits a day for it to end */
  one.microseconds = 300000;
  postgres_brokers_run (f, 0, take_lead, &one);
  g_assert_cmpint (one.epoch, ==, 0); /* who leads may be there */
  g_usleep (350000);
  postgres_brokers_run (f, 0, take_lead, &one);
  g_assert_cmpint (one.epoch, ==, 3);
}

/* Several at once. */

static gpointer
wait_at_gate (FloeTx *tx, gconstpointer input, GError **error)
{
  PostgresGate *gate = (PostgresGate *)input;

  postgres_gate_pass (gate);
  return postgres_brokers_audit (tx, "gate", NULL, error) ? DONE : NULL;
}

/* Lets what is asked for meanwhile queue up. */
static void
close_gate (PostgresBrokers *f, PostgresGate *gate, PostgresTally *count)
{
  postgres_brokers_begin (f, 0, wait_at_gate, gate, count);
  postgres_gate_wait (gate);
}

/* What waits shares the way to the server and back, and the wait for its disk. */
static void
test_together (PostgresBrokers *f, gconstpointer data)
{
  PostgresGate gate = { 0 };
  PostgresTally count = { 0 };
  guint64 before;

  postgres_brokers_run (f, 0, postgres_brokers_put_pool, NULL);
  before = any_store_get_cost (f->stores[0]);
  close_gate (f, &gate, &count);
  for (guint i = 0; i < 64; i++)
    postgres_brokers_begin (f, 0, postgres_brokers_put_row, "row", &count);
  g_atomic_int_set (&gate.go, TRUE);
  postgres_brokers_wait (&count);
  g_assert_cmpuint (count.n_done, ==, 65);
  g_assert_cmpuint (any_store_get_cost (f->stores[0]) - before, <=, 10);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT count (*) FROM audit"), ==, 65);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT count (DISTINCT xmin::text) FROM audit"), <=,
                    10);
}

static gpointer
fail (FloeTx *tx, gconstpointer input, GError **error)
{
  CHECK (postgres_brokers_audit (tx, "row", "never", error));
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "as told");
  return NULL;
}

/* The database refuses it at the commit's way there, since nobody waits for its answer. */
static gpointer
break_rule (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeWait) wait = floe_wait_new ("no-such-pool", "u1", "u1", "login", 1);

  return floe_tx_put_wait (tx, wait, error) ? DONE : NULL;
}

/* One that fails takes nobody with it, whether it says so itself or the database does. */
static void
test_together_one_fails (PostgresBrokers *f, gconstpointer data)
{
  PostgresGate gate = { 0 };
  PostgresTally count = { 0 };

  close_gate (f, &gate, &count);
  for (guint i = 0; i < 40; i++)
    postgres_brokers_begin (f, 0,
                            i == 11   ? fail
                            : i == 26 ? break_rule
                                      : postgres_brokers_put_row,
                            "row", &count);
  g_atomic_int_set (&gate.go, TRUE);
  postgres_brokers_wait (&count);
  g_assert_cmpuint (count.n_done, ==, 39);
  g_assert_cmpuint (count.n_none, ==, 1);
  g_assert_cmpuint (count.n_other, ==, 1);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT count (*) FROM audit"), ==, 39);
  g_assert_cmpuint (
      postgres_brokers_count (f, "SELECT count (*) FROM audit WHERE object = 'never'"), ==, 0);
}

static gpointer
touch (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input, error);

  CHECK (desktop);
  desktop->not_before++;
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

/* Another broker is slow with a desktop: whoever waits for it lets the others go. */
static void
test_together_locked (PostgresBrokers *f, gconstpointer data)
{
  PostgresGate gate = { 0 };
  PostgresTally slow = { 0 };
  PostgresTally count = { 0 };
  PostgresTally late = { 0 };
  gint held = FALSE;

  postgres_brokers_put_desktops (f, 2);
  close_gate (f, &gate, &count);
  postgres_brokers_begin (f, 0, touch, "d2", &count);
  postgres_brokers_begin (f, 0, touch, "d1", &late);
  postgres_brokers_begin (f, 0, touch, "d2", &count);
  postgres_brokers_begin (f, 1, lend_slowly, &held, &slow);
  while (!g_atomic_int_get (&held))
    g_thread_yield ();
  g_atomic_int_set (&gate.go, TRUE);
  postgres_brokers_wait (&count);
  postgres_brokers_wait (&late);
  postgres_brokers_wait (&slow);
  g_assert_cmpuint (count.n_done, ==, 3);
  g_assert_cmpuint (late.n_done, ==, 1);
  g_assert_cmpuint (slow.n_done, ==, 1);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT not_before FROM desktops WHERE id = 'd2'"),
                    ==, 2);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT not_before FROM desktops WHERE id = 'd1'"),
                    ==, 1);
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/postgres/" name, PostgresBrokers, data, postgres_brokers_set_up, func,             \
              postgres_brokers_tear_down)

int
main (int argc, char **argv)
{
  PostgresFixture *server;
  gint status;

  g_test_init (&argc, &argv, NULL);
  server = postgres_fixture_new ();
  postgres_brokers_use (server->uri);
  ADD ("race/last-desktop", GUINT_TO_POINTER (1), test_race);
  ADD ("race/several", GUINT_TO_POINTER (3), test_race);
  ADD ("race/same-holder", NULL, test_same_holder);
  ADD ("race/not-empty", NULL, test_not_empty);
  ADD ("race/waited", NULL, test_waited);
  ADD ("race/deadlock", NULL, test_deadlock);
  ADD ("order", NULL, test_order);
  ADD ("feed", NULL, test_feed);
  ADD ("lead", NULL, test_lead);
  ADD ("together/shared", NULL, test_together);
  ADD ("together/one-fails", NULL, test_together_one_fails);
  ADD ("together/locked", NULL, test_together_locked);
  status = g_test_run ();
  postgres_fixture_free (server);
  return status;
}
