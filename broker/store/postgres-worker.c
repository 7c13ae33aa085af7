/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-worker.h"

#include "core/error.h"
#include "store/postgres-tx.h"

/* A transaction that others are in the way of is run so often. What a unique index refused is
 * likelier a mistake than a race. */
#define RETRIES 10
#define RACES   3

/* How long a server that cannot be reached is left alone, growing with each failure. */
#define FIRST_PAUSE (50 * 1000)
#define LAST_PAUSE  (2 * G_USEC_PER_SEC)

struct _FloePostgresWorker
{
  const FloePostgresConninfo *info;
  gboolean writes;
  FloePostgresDb *db; /* nullable */
  FloeTx *tx; /* of the connection: it keeps what it knows from one transaction to the next */
  gint64 pause;
  gint64 not_before;     /* by the monotonic clock */
  GError *down;          /* why it could not be reached last */
  guint64 n_round_trips; /* on connections that are closed */
};

typedef enum
{
  DONE,
  FAILED,
  AGAIN,   /* others were in the way */
  RACE,    /* maybe somebody was faster */
  LOST,    /* the connection, before anything was recorded */
  UNKNOWN, /* the connection, and nobody knows */
} Outcome;

/**
 * floe_postgres_worker_new:
 * @info: outlives it
 * @writes: whether its transactions may write; those of one that may not read only
 *
 * Returns: (transfer full): a worker without a connection
 */
FloePostgresWorker *
floe_postgres_worker_new (const FloePostgresConninfo *info, gboolean writes)
{
  FloePostgresWorker *self = g_new0 (FloePostgresWorker, 1);

  self->info = info;
  self->writes = writes;
  return self;
}

static void
disconnect (FloePostgresWorker *self)
{
  if (self->db != NULL)
    self->n_round_trips += floe_postgres_db_get_round_trips (self->db);
  g_clear_object (&self->tx);
  g_clear_pointer (&self->db, floe_postgres_db_close);
}

void
floe_postgres_worker_free (FloePostgresWorker *self)
{
  disconnect (self);
  g_clear_error (&self->down);
  g_free (self);
}

/* The pauses differ a little, so that all threads of all brokers do not come back at once. */
static gboolean
pause_after (FloePostgresWorker *self, GError *error)
{
  self->pause = CLAMP (2 * self->pause, FIRST_PAUSE, LAST_PAUSE);
  self->not_before =
      g_get_monotonic_time () + self->pause / 2 + g_random_int_range (0, (gint32)(self->pause / 2));
  g_clear_error (&self->down);
  self->down = error;
  return FALSE;
}

static gboolean
is_connected (FloePostgresWorker *self, GError **error)
{
  GError *problem = NULL;

  if (self->db != NULL && floe_postgres_db_is_alive (self->db))
    return TRUE;
  disconnect (self);
  if (g_get_monotonic_time () >= self->not_before)
    {
      self->db = floe_postgres_db_open (self->info, &problem);
      if (self->db != NULL)
        {
          self->tx = FLOE_TX (floe_postgres_tx_new (self->db, self->writes));
          self->pause = 0;
          return TRUE;
        }
      pause_after (self, problem);
    }
  g_propagate_error (error, g_error_copy (self->down));
  return FALSE;
}

/* Several at once lock what two brokers may want in another order, so they do not wait for long. */
static void
begin_together (FloePostgresDb *db, FloeStoreMode mode)
{
  floe_postgres_db_begin (db, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
                          mode == FLOE_STORE_NOTE
                              ? "SELECT set_config ('lock_timeout', '100ms', true),"
                                " set_config ('synchronous_commit', 'off', true)"
                              : "SET LOCAL lock_timeout = '100ms'");
}

static void
begin (FloePostgresDb *db, FloeStoreMode mode)
{
  if (mode == FLOE_STORE_READ)
    floe_postgres_db_begin (db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL);
  else
    floe_postgres_db_begin (db, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
                            mode == FLOE_STORE_NOTE ? "SET LOCAL synchronous_commit = off" : NULL);
}

static Outcome
judge (FloePostgresDb *db, gboolean unknown)
{
  switch (floe_postgres_db_get_failure (db))
    {
    case FLOE_POSTGRES_RETRY:
      return AGAIN;
    case FLOE_POSTGRES_RACE:
      return RACE;
    case FLOE_POSTGRES_LOST:
      return unknown ? UNKNOWN : LOST;
    case FLOE_POSTGRES_OK:
    case FLOE_POSTGRES_FAILED:
    default:
      return FAILED;
    }
}

/* What the database said first is the cause, whatever the function made of it. */
static Outcome
run_once (FloePostgresWorker *self, FloeStoreMode mode, FloeTransaction func, gconstpointer input,
          FloePostgresTurn turn, gpointer turn_data, gpointer *result, GError **error)
{
  g_autoptr (GError) refused = NULL;
  gboolean unknown = FALSE;
  gboolean committed = FALSE;
  Outcome outcome;

  begin (self->db, mode);
  *result = func (self->tx, input, &refused);
  if (turn != NULL)
    turn (turn_data, FALSE);
  if (refused == NULL)
    committed = mode == FLOE_STORE_READ ? floe_postgres_db_leave (self->db, error)
                                        : floe_postgres_db_commit (self->db, &unknown, error);
  if (committed)
    return DONE;
  outcome = judge (self->db, unknown);
  if (refused != NULL)
    g_propagate_error (error, g_steal_pointer (&refused));
  floe_postgres_db_rollback (self->db);
  return outcome;
}

static gboolean
may_run_again (Outcome outcome, guint n_run, gboolean *was_lost)
{
  if (outcome == LOST)
    {
      gboolean first = !*was_lost;

      *was_lost = TRUE;
      return first;
    }
  if ((outcome == AGAIN && n_run < RETRIES) || (outcome == RACE && n_run < RACES))
    {
      g_usleep ((gulong)g_random_int_range (0, 2000 << MIN (n_run, 5)));
      return TRUE;
    }
  return FALSE;
}

/* Whether it was recorded is unknown, which says something else than that the server is away. */
static void
set_unknown (GError **error)
{
  g_autofree gchar *text = g_strdup ((*error)->message);

  g_clear_error (error);
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT, "%s: whether it was recorded is unknown",
               text);
}

/**
 * floe_postgres_worker_run:
 * @turn: (nullable): told about the order of transactions; after the call it is not this one's
 *
 * Runs a transaction, as often as it takes.
 *
 * Returns: (transfer full): what @func returned, when it was committed; or %NULL with @error
 */
gpointer
floe_postgres_worker_run (FloePostgresWorker *self, FloeStoreMode mode, FloeTransaction func,
                          gconstpointer input, GDestroyNotify result_free, FloePostgresTurn turn,
                          gpointer turn_data, GError **error)
{
  gboolean was_lost = FALSE;

  for (guint n_run = 1;; n_run++)
    {
      g_autoptr (GError) problem = NULL;
      gpointer result = NULL;
      Outcome outcome;

      if (!is_connected (self, error))
        {
          if (turn != NULL)
            turn (turn_data, FALSE);
          return NULL;
        }
      outcome = run_once (self, mode, func, input, turn, turn_data, &result, &problem);
      if (outcome == DONE)
        return result;
      if (result != NULL && result_free != NULL)
        result_free (result);
      if (outcome == LOST || outcome == UNKNOWN)
        disconnect (self);
      if (!may_run_again (outcome, n_run, &was_lost))
        {
          if (outcome == UNKNOWN)
            set_unknown (&problem);
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      if (turn != NULL)
        turn (turn_data, TRUE);
    }
}

static gboolean
run_all (FloeTx *tx, FloePostgresJob *jobs, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      jobs[i].result = jobs[i].func (tx, jobs[i].input, &jobs[i].error);
      if (jobs[i].error != NULL)
        return FALSE;
    }
  return TRUE;
}

static void
forget_all (FloePostgresJob *jobs, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (jobs[i].result != NULL && jobs[i].result_free != NULL)
        jobs[i].result_free (jobs[i].result);
      jobs[i].result = NULL;
      g_clear_error (&jobs[i].error);
    }
}

/**
 * floe_postgres_worker_run_together:
 * @jobs: (array length=n): in the order in which they happen; none of them has run
 * @turn: as for floe_postgres_worker_run()
 * @has_turn: (out): whether it is still theirs, since none of them was committed
 *
 * Runs several transactions as one, so that they share the way there and back, and the wait for the
 * disk. Either all of them are done then, or nobody can say, which is each one's error; or nothing
 * happened, since one of them failed or waited for too long.
 *
 * Returns: %FALSE when nothing happened: each has to be run by itself, which tells what is wrong
 *   with which
 */
gboolean
floe_postgres_worker_run_together (FloePostgresWorker *self, FloeStoreMode mode,
                                   FloePostgresJob *jobs, guint n, FloePostgresTurn turn,
                                   gpointer turn_data, gboolean *has_turn)
{
  g_autoptr (GError) error = NULL;
  gboolean unknown = FALSE;
  gboolean ran;

  *has_turn = TRUE;
  if (!is_connected (self, NULL))
    return FALSE;
  begin_together (self->db, mode);
  ran = run_all (self->tx, jobs, n);
  if (ran)
    {
      turn (turn_data, FALSE);
      *has_turn = FALSE;
    }
  if (ran && floe_postgres_db_commit (self->db, &unknown, &error))
    return TRUE;
  forget_all (jobs, n);
  floe_postgres_db_rollback (self->db);
  if (!unknown)
    return FALSE;
  set_unknown (&error);
  for (guint i = 0; i < n; i++)
    jobs[i].error = g_error_copy (error);
  return TRUE;
}

/**
 * floe_postgres_worker_get_round_trips:
 *
 * Returns: how often it waited for the server
 */
guint64
floe_postgres_worker_get_round_trips (FloePostgresWorker *self)
{
  return self->n_round_trips + (self->db != NULL ? floe_postgres_db_get_round_trips (self->db) : 0);
}
