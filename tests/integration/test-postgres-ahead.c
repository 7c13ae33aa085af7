/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked for ahead, so that a claim goes few ways to the server and back. */
#include "config.h"

#include "core/error.h"
#include "postgres-brokers.h"
#include "postgres-fixture.h"

/* A claim goes few ways to the server and back. */
static void
test_round_trips (PostgresBrokers *f, gconstpointer data)
{
  guint64 before;

  postgres_brokers_put_desktops (f, 1);
  postgres_brokers_run (f, 0, postgres_brokers_release_all, NULL);
  before = any_store_get_cost (f->stores[0]);
  postgres_brokers_run (f, 0, postgres_brokers_claim, "u1"); /* pool, held, free, commit */
  g_assert_cmpuint (any_store_get_cost (f->stores[0]) - before, <=, 4);
  before = any_store_get_cost (f->stores[0]);
  postgres_brokers_run (f, 0, postgres_brokers_put_row, "row");
  g_assert_cmpuint (any_store_get_cost (f->stores[0]) - before, ==, 1);
}

static gpointer
read_ahead (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeClaimReads reads = {
    .login_id = "login", .pool = "office", .user_id = "u1", .n_waits = 4, .now = 1
  };
  g_autoptr (FloePool) pool = NULL;
  g_autoptr (FloePool) changed = NULL;
  gboolean has = TRUE;

  floe_tx_expect_claim (tx, &reads);
  CHECK (floe_tx_has_login (tx, "login", 1, &has, error));
  g_assert_false (has);
  pool = floe_tx_get_pool (tx, "office", error);
  CHECK (pool);
  floe_tx_expect_claim (tx, &reads);
  pool->closed = TRUE;
  CHECK (floe_tx_put_pool (tx, pool, error));
  changed = floe_tx_get_pool (tx, "office", error);
  CHECK (changed);
  g_assert_true (changed->closed);
  return DONE;
}

/* What was asked for ahead is not what it became when the transaction itself changed it. */
static void
test_ahead (PostgresBrokers *f, gconstpointer data)
{
  guint64 before;

  postgres_brokers_run (f, 0, postgres_brokers_put_pool, NULL);
  before = any_store_get_cost (f->stores[0]);
  postgres_brokers_run (f, 0, read_ahead, NULL);
  /* The first reads, what its groups' names stand for, the pool as it is then, the commit. */
  g_assert_cmpuint (any_store_get_cost (f->stores[0]) - before, ==, 4);
}

/* A claim as the assigner makes it, which may be held up between what it asked for ahead and what
 * it takes. */
typedef struct
{
  const gchar *user;
  PostgresGate gate;
  guint n_runs; /* what is in the way of others for too long is ended, and runs again */
} Newcomer;

static gpointer
come_in (FloeTx *tx, gconstpointer input, GError **error)
{
  Newcomer *one = (Newcomer *)input;
  const FloeClaimReads reads = {
    .login_id = "login", .pool = "office", .user_id = one->user, .n_waits = 4, .now = 1
  };
  g_autoptr (FloePool) pool = NULL;
  g_autoptr (GPtrArray) held = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  one->n_runs++;
  floe_tx_expect_claim (tx, &reads);
  pool = floe_tx_get_pool (tx, "office", error);
  CHECK (pool);
  postgres_gate_pass (&one->gate);
  held = floe_tx_list_desktops_of_user (tx, one->user, error);
  CHECK (held);
  desktop = floe_tx_find_free_desktop (tx, pool, NULL, 1, error);
  CHECK (desktop);
  desktop->facts.lease = FLOE_LEASE_HELD;
  desktop->lease = floe_lease_new (one->user, one->user, 1);
  desktop->lease->slot = held->len + 1;
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

/* Somebody who has nothing is kept a desktop on the first way to the server. */
static void
test_newcomer (PostgresBrokers *f, gconstpointer data)
{
  Newcomer first = { .user = "u1", .gate.go = TRUE };
  Newcomer second = { .user = "u2" };
  PostgresTally count = { 0 };
  guint64 before;

  postgres_brokers_put_desktops (f, 3);
  postgres_brokers_run (f, 0, postgres_brokers_release_all, NULL);
  before = any_store_get_cost (f->stores[0]);
  postgres_brokers_run (f, 0, come_in, &first);
  g_assert_cmpuint (any_store_get_cost (f->stores[0]) - before, ==, 2);
  postgres_brokers_begin (f, 0, come_in, &second, &count);
  postgres_gate_wait (&second.gate);
  postgres_brokers_run (f, 1, postgres_brokers_claim, "u3");
  g_atomic_int_set (&second.gate.go, TRUE);
  postgres_brokers_wait (&count);
  g_assert_cmpuint (count.n_done, ==, 1);
  g_assert_cmpuint (postgres_brokers_count (f, "SELECT count (DISTINCT holder) FROM leases"), ==,
                    3);
  g_assert_cmpuint (second.n_runs, ==, 1);
}

/* Nothing is kept for somebody who has one already: the last one is there for the next. */
static void
test_holder (PostgresBrokers *f, gconstpointer data)
{
  Newcomer first = { .user = "u1", .gate.go = TRUE };
  Newcomer again = { .user = "u1" };
  PostgresTally count = { 0 };

  postgres_brokers_put_desktops (f, 2);
  postgres_brokers_run (f, 0, postgres_brokers_release_all, NULL);
  postgres_brokers_run (f, 0, come_in, &first);
  postgres_brokers_begin (f, 0, come_in, &again, &count);
  postgres_gate_wait (&again.gate);
  postgres_brokers_run (f, 1, postgres_brokers_claim, "u2");
  g_atomic_int_set (&again.gate.go, TRUE);
  postgres_brokers_wait (&count);
  g_assert_cmpuint (count.n_none, ==, 1);
  g_assert_cmpuint (again.n_runs, ==, 1);
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/postgres-ahead/" name, PostgresBrokers, data, postgres_brokers_set_up, func,       \
              postgres_brokers_tear_down)

int
main (int argc, char **argv)
{
  PostgresFixture *server;
  gint status;

  g_test_init (&argc, &argv, NULL);
  server = postgres_fixture_new ();
  postgres_brokers_use (server->uri);
  ADD ("round-trips", NULL, test_round_trips);
  ADD ("newcomer", NULL, test_newcomer);
  ADD ("holder", NULL, test_holder);
  ADD ("changed", NULL, test_ahead);
  status = g_test_run ();
  postgres_fixture_free (server);
  return status;
}
