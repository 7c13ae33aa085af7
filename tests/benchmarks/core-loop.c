/* SPDX-License-Identifier: GPL-3.0-or-later */

/* core-loop: the broker's own part, without network, directory and manager.
 *
 *   core-loop assign STORE DESKTOPS SECONDS   a claim as a connect makes it, then the desktop is
 *                                             given back clean; 32 at a time
 *   core-loop keeper STORE DESKTOPS SECONDS   passes over a pool, by themselves; and claims with
 * and without them, so long each core-loop rush STORE USERS SECONDS        so many people connect
 * within that time, to as many desktops on a manager that answers at once
 *
 *   core-loop fill STORE DESKTOPS PEOPLE      a company's, for a broker that is started on it
 *
 * STORE is the path of an SQLite file that does not exist yet, or the URI of an empty PostgreSQL
 * database. Prints one JSON object.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core-loop.h"
#include "core/assigner.h"
#include "core/claim.h"
#include "fake-manager.h"
#include "store/postgres-store.h"
#include "store/sqlite-store.h"

#define IN_FLIGHT  32
#define N_USERS    1000
#define FILL_BATCH 500

void
bench_die (const gchar *what, const GError *error)
{
  fprintf (stderr, "core-loop: %s: %s\n", what, error != NULL ? error->message : "?");
  exit (1);
}

/* Filling. */

typedef struct
{
  guint first;
  guint n;
  gint64 now;
  guint running_from; /* those from this one on run */
  gboolean made;
} Part;

static gpointer
put_desktops (FloeTx *tx, gconstpointer data, GError **error)
{
  const Part *part = data;

  for (guint i = part->first; i < part->first + part->n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%06u", i);
      g_autofree gchar *id = g_strdup_printf ("id-%s", name);
      g_autoptr (FloeDesktop) desktop = floe_desktop_new (id, name, "office");

      desktop->host = g_strdup (i % 2 ? "host1" : "host2");
      desktop->present = TRUE;
      desktop->facts.power = i >= part->running_from ? FLOE_POWER_ON : FLOE_POWER_OFF;
      desktop->facts.guest = i >= part->running_from ? FLOE_GUEST_READY : FLOE_GUEST_UNKNOWN;
      desktop->facts.clean = FLOE_CLEAN_CLEAN;
      desktop->made = part->made;
      desktop->number = part->made ? i + 1 : 0;
      desktop->revision = part->made ? 1 : 0;
      desktop->memory_mib = 2048;
      desktop->prepared = TRUE;
      if (!floe_tx_put_desktop (tx, desktop, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static FloeIdentity *
new_identity (guint number)
{
  static gchar staff[] = "staff";
  gchar *groups[] = { staff, NULL };
  g_autofree gchar *id = g_strdup_printf ("uuid-%05u", number);
  g_autofree gchar *name = g_strdup_printf ("u%05u", number);
  g_autofree gchar *login = g_strdup_printf ("login-%05u", number);
  g_autoptr (FloeUser) user = floe_user_new (id, name, name, (const gchar *const *)groups);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);

  return floe_identity_new (user, FLOE_ROLE_USER, login, caller);
}

static gpointer
put_users (FloeTx *tx, gconstpointer data, GError **error)
{
  const Part *part = data;

  for (guint i = part->first; i < part->first + part->n; i++)
    {
      g_autoptr (FloeIdentity) identity = new_identity (i);
      g_autofree gchar *hash = g_strdup_printf ("%064u", i);
      FloeToken token = { .hash = hash,
                          .kind = FLOE_TOKEN_ACCESS,
                          .login_id = identity->login_id,
                          .user = identity->user,
                          .address = identity->caller->address,
                          .issued = part->now,
                          .last_used = part->now,
                          .ends = part->now + 3600 * (gint64)G_USEC_PER_SEC };

      if (!floe_tx_put_user (tx, identity->user, part->now, error)
          || !floe_tx_put_token (tx, &token, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static gpointer
put_pool (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloePool *pool = *(const FloePool *const *)data;

  return floe_tx_put_pool (tx, pool, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* Of the group that everybody is in. */
FloePool *
bench_new_pool (void)
{
  FloePool *pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  g_strfreev (pool->groups);
  pool->groups = g_strsplit ("staff", ",", -1);
  return pool;
}

static void
written (GObject *source, GAsyncResult *result, gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    bench_die ("cannot fill the store", error);
  g_main_loop_quit (bench->loop);
}

void
bench_write (Bench *bench, FloeTransaction func, gpointer input)
{
  floe_store_write_async (bench->store, func, input, NULL, NULL, written, bench);
  g_main_loop_run (bench->loop);
}

static void
fill (Bench *bench, FloeTransaction func, Part part, guint n)
{
  for (part.first = 0; part.first < n; part.first += FILL_BATCH)
    {
      part.n = MIN (FILL_BATCH, n - part.first);
      part.now = floe_clock_now (bench->clock);
      bench_write (bench, func, &part);
    }
}

/* The last of them run. */
void
bench_fill_desktops (Bench *bench, guint n, guint n_running, gboolean made)
{
  fill (bench, put_desktops, (Part){ .running_from = n - n_running, .made = made }, n);
}

void
bench_fill_users (Bench *bench, guint n)
{
  bench->n_users = n;
  fill (bench, put_users, (Part){ 0 }, n);
}

/* Claims. */

static void claim_next (Bench *bench);

static gpointer
give_back (FloeTx *tx, gconstpointer data, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, data, error);

  if (desktop == NULL)
    return NULL;
  desktop->facts.lease = FLOE_LEASE_NONE;
  desktop->facts.console = FLOE_CONSOLE_NONE;
  desktop->facts.clean = FLOE_CLEAN_CLEAN;
  g_clear_pointer (&desktop->lease, floe_lease_free);
  return floe_tx_put_desktop (tx, desktop, error)
                 && floe_tx_delete_tokens_of_desktop (tx, desktop->id, NULL, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static void
given_back (GObject *source, GAsyncResult *result, gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    bench_die ("cannot give back", error);
  bench->open--;
  claim_next (bench);
}

typedef struct
{
  Bench *bench;
  gint64 begun;
} One;

static void
claimed (GObject *source, GAsyncResult *result, gpointer data)
{
  One *one = data;
  Bench *bench = one->bench;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeClaim) claim = floe_claim_finish (FLOE_STORE (source), result, &error);

  if (claim == NULL || claim->refusal != NULL)
    bench_die ("cannot claim", claim != NULL ? claim->refusal : error);
  floe_samples_add (&bench->samples, g_get_monotonic_time () - one->begun);
  bench->done++;
  floe_store_write_async (bench->store, give_back, g_strdup (claim->change->desktop->id), g_free,
                          NULL, given_back, bench);
  g_free (one);
}

static void
claim_next (Bench *bench)
{
  gint64 now = floe_clock_now (bench->clock);
  g_autoptr (FloeIdentity) identity = NULL;
  g_autoptr (FloeTicket) ticket = NULL;
  g_autoptr (FloeSecret) reconnect = NULL;
  One *one;

  if (g_get_monotonic_time () >= bench->ends)
    {
      if (bench->open == 0)
        g_main_loop_quit (bench->loop);
      return;
    }
  identity = new_identity (bench->next_user++ % bench->n_users);
  ticket = floe_ticket_new (now);
  reconnect = floe_claim_new_reconnect_token ();
  one = g_new0 (One, 1);
  one->bench = bench;
  one->begun = g_get_monotonic_time ();
  bench->open++;
  floe_claim_async (bench->store,
                    floe_claim_input_new (identity, "office", NULL, now, ticket, reconnect),
                    claimed, one);
}

/* So many at a time, for so long. */
void
bench_claim (Bench *bench, guint at_once, gdouble seconds)
{
  floe_samples_init (&bench->samples);
  bench->began = g_get_monotonic_time ();
  bench->ends = bench->began + (gint64)(seconds * G_USEC_PER_SEC);
  for (guint i = 0; i < at_once; i++)
    claim_next (bench);
  g_main_loop_run (bench->loop);
}

void
bench_open (Bench *bench, const gchar *path, const FloePool *pool)
{
  g_autoptr (GError) error = NULL;

  if (g_str_has_prefix (path, "postgresql:"))
    bench->store = (FloeStore *)floe_postgres_store_new (path, NULL, &error);
  else
    bench->store = (FloeStore *)floe_sqlite_store_new (path, &error);
  if (bench->store == NULL)
    bench_die (path, error);
  bench->clock = floe_system_clock_new ();
  bench->loop = g_main_loop_new (NULL, FALSE);
  bench_write (bench, put_pool, &pool);
}

/* Whose desktops an administrator made. */
static void
open_store (Bench *bench, const gchar *path)
{
  g_autoptr (FloePool) pool = bench_new_pool ();

  pool->pattern = g_strdup ("office-*");
  bench_open (bench, path, pool);
}

static void
assign (const gchar *path, guint n, gdouble seconds)
{
  Bench bench = { 0 };

  open_store (&bench, path);
  bench_fill_users (&bench, N_USERS);
  bench_fill_desktops (&bench, n, n, FALSE);
  bench_claim (&bench, MIN (IN_FLIGHT, n / 2), seconds);
  floe_samples_print (&bench.samples, g_get_monotonic_time () - bench.began, bench.done, 0, 0);
}

/* A rush. */

typedef struct
{
  Bench *bench;
  FloeAssigner *assigner;
  GHashTable *given; /* ids of desktops */
  guint twice;
  guint lost;
  guint users;
} Rush;

typedef struct
{
  Rush *rush;
  gint64 begun;
} Guest;

static void
connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Guest *guest = data;
  Rush *rush = guest->rush;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer =
      floe_assigner_connect_finish (FLOE_ASSIGNER (source), result, &error);

  floe_samples_add (&rush->bench->samples, g_get_monotonic_time () - guest->begun);
  if (answer == NULL || answer->connection == NULL)
    {
      rush->lost++;
      fprintf (stderr, "core-loop: lost: %s\n", error != NULL ? error->message : "has to wait");
    }
  else if (!g_hash_table_add (rush->given, g_strdup (answer->connection->desktop->id)))
    rush->twice++;
  if (++rush->bench->done == rush->users)
    g_main_loop_quit (rush->bench->loop);
  g_free (guest);
}

static gboolean
come_in (gpointer data)
{
  Rush *rush = data;
  Bench *bench = rush->bench;
  gint64 now = g_get_monotonic_time ();
  guint due = (guint)MIN (rush->users, (gdouble)rush->users * (gdouble)(now - bench->began)
                                           / (gdouble)(bench->ends - bench->began));

  for (; bench->next_user < due; bench->next_user++)
    {
      g_autoptr (FloeIdentity) identity = new_identity (bench->next_user);
      Guest *guest = g_new0 (Guest, 1);

      guest->rush = rush;
      guest->begun = g_get_monotonic_time ();
      floe_assigner_connect_async (rush->assigner, identity, "office", NULL, NULL, connected,
                                   guest);
    }
  return bench->next_user < rush->users ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gdouble
resident_mib (void)
{
  g_autofree gchar *text = NULL;
  gulong pages = 0;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  sscanf (text, "%*u %lu", &pages);
  return (gdouble)pages * (gdouble)sysconf (_SC_PAGESIZE) / 1048576;
}

/* The manager's own domains are part of the fake, so what they take is not the broker's. */
static void
rush (const gchar *path, guint n, gdouble seconds)
{
  Bench bench = { 0 };
  Rush all = { .bench = &bench, .users = n };
  FakeManager *manager = fake_manager_new ("host1");
  FloeKeeper *keeper_object;
  gdouble fakes;

  fakes = resident_mib ();
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%06u", i);

      fake_manager_add (manager, name, FLOE_POWER_ON);
    }
  fakes = resident_mib () - fakes;
  open_store (&bench, path);
  bench_fill_users (&bench, n);
  bench_fill_desktops (&bench, n, n, FALSE);
  keeper_object = floe_keeper_new (bench.store, FLOE_MANAGER (manager), bench.clock);
  floe_keeper_start (keeper_object);
  all.assigner = floe_assigner_new (bench.store, keeper_object, bench.clock);
  all.given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  floe_samples_init (&bench.samples);
  bench.began = g_get_monotonic_time ();
  bench.ends = bench.began + (gint64)(seconds * G_USEC_PER_SEC);
  g_timeout_add (2, come_in, &all);
  g_main_loop_run (bench.loop);
  printf (
      "{\"done\":%u,\"failed\":0,\"lost\":%u,\"twice\":%u,\"p99_ms\":%.1f,\"memory_mib\":%.1f}\n",
      bench.done, all.lost, all.twice, floe_samples_percentile_ms (&bench.samples, 0.99),
      resident_mib () - fakes);
}

int
main (int argc, char **argv)
{
  const gchar *what = argc > 3 ? argv[1] : "";
  guint n = argc > 3 ? (guint)g_ascii_strtoull (argv[3], NULL, 10) : 0;
  gdouble seconds = argc > 4 ? g_ascii_strtod (argv[4], NULL) : 0;

  if (strcmp (what, "assign") == 0 && seconds > 0)
    assign (argv[2], n, seconds);
  else if (strcmp (what, "keeper") == 0 && seconds > 0)
    bench_keeper (argv[2], n, seconds);
  else if (strcmp (what, "rush") == 0 && seconds > 0)
    rush (argv[2], n, seconds);
  else if (strcmp (what, "fill") == 0 && seconds > 0)
    bench_fill (argv[2], n, (guint)seconds);
  else
    {
      fprintf (stderr, "usage: core-loop assign|keeper|rush STORE NUMBER SECONDS\n"
                       "       core-loop fill STORE DESKTOPS PEOPLE\n");
      return 2;
    }
  return 0;
}
