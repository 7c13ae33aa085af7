/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postgres-brokers.h"

#include "core/error.h"

/* All databases of this program are on that server. */
void
postgres_brokers_use (const gchar *uri)
{
  g_setenv ("FLOE_TEST_STORE", "postgres", TRUE);
  g_setenv ("FLOE_TEST_POSTGRES", uri, TRUE);
}

/* In the transaction. */
void
postgres_gate_pass (PostgresGate *gate)
{
  g_atomic_int_set (&gate->begun, TRUE);
  while (!g_atomic_int_get (&gate->go))
    g_usleep (1000);
}

/* Until the transaction is there. */
void
postgres_gate_wait (PostgresGate *gate)
{
  while (!g_atomic_int_get (&gate->begun))
    g_usleep (1000);
}

FloeStore *
postgres_brokers_open (const AnyPlace *place)
{
  g_autoptr (GError) error = NULL;
  FloeStore *store = any_place_open (place, &error);

  g_assert_no_error (error);
  return store;
}

void
postgres_brokers_set_up (PostgresBrokers *f, gconstpointer data)
{
  f->place = any_place_new ();
  for (guint i = 0; i < 2; i++)
    f->stores[i] = postgres_brokers_open (f->place);
}

void
postgres_brokers_tear_down (PostgresBrokers *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    g_object_unref (f->stores[i]);
  any_place_free (f->place);
}

static void
tally (GObject *source, GAsyncResult *result, gpointer data)
{
  PostgresTally *count = data;
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

void
postgres_brokers_begin (PostgresBrokers *f, guint broker, FloeTransaction func, gconstpointer input,
                        PostgresTally *count)
{
  count->n_open++;
  floe_store_write_async (f->stores[broker % 2], func, (gpointer)input, NULL, NULL, tally, count);
}

void
postgres_brokers_wait (PostgresTally *count)
{
  while (count->n_open > 0)
    g_main_context_iteration (NULL, TRUE);
}

void
postgres_brokers_run (PostgresBrokers *f, guint broker, FloeTransaction func, gconstpointer input)
{
  PostgresTally count = { 0 };

  postgres_brokers_begin (f, broker, func, input, &count);
  postgres_brokers_wait (&count);
  g_assert_cmpuint (count.n_done, ==, 1);
}

guint
postgres_brokers_count (PostgresBrokers *f, const gchar *sql)
{
  g_autofree gchar *n = any_place_get (f->place, sql);

  return (guint)g_ascii_strtoull (n, NULL, 10);
}

gpointer
postgres_brokers_put_pool (FloeTx *tx, gconstpointer input, GError **error)
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
  desktop->facts.guest = FLOE_GUEST_READY;
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

void
postgres_brokers_put_desktops (PostgresBrokers *f, guint n)
{
  static const gchar *const names[] = { "d1", "d2", "d3", "d4" };

  postgres_brokers_run (f, 0, postgres_brokers_put_pool, NULL);
  for (guint i = 0; i < n; i++)
    postgres_brokers_run (f, 0, put_desktop, names[i]);
}

gboolean
postgres_brokers_audit (FloeTx *tx, const gchar *action, const gchar *object, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (1, action, object, "done");

  return floe_tx_put_audit (tx, row, error);
}

gpointer
postgres_brokers_put_row (FloeTx *tx, gconstpointer input, GError **error)
{
  return postgres_brokers_audit (tx, "row", input, error) ? DONE : NULL;
}

/* What a claim does with the store: the desktop that somebody has, else a free one. */
gpointer
postgres_brokers_claim (FloeTx *tx, gconstpointer input, GError **error)
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
  desktop = floe_tx_find_free_desktop (tx, pool, NULL, 1000, error);
  CHECK (desktop);
  g_assert_null (desktop->lease);
  desktop->facts.lease = FLOE_LEASE_HELD;
  desktop->facts.clean = FLOE_CLEAN_DIRTY;
  desktop->lease = floe_lease_new (user, user, 5);
  desktop->lease->slot = 1;
  CHECK (postgres_brokers_audit (tx, "assign", desktop->name, error));
  return floe_tx_put_desktop (tx, desktop, error) ? DONE : NULL;
}

gpointer
postgres_brokers_release_all (FloeTx *tx, gconstpointer input, GError **error)
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
