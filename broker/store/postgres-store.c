/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-store.h"

#include "core/error.h"
#include "store/postgres-migrations.h"
#include "store/postgres-worker.h"

#define WRITERS     4
#define READERS     2
#define QUEUE_LIMIT 4096
#define DEADLINE    (10 * G_USEC_PER_SEC)
/* So many transactions that wait are run as one: they keep what they lock until all are done. */
#define TOGETHER 8

struct _FloePostgresStore
{
  GObject parent_instance;

  FloePostgresConninfo *info;
  FloeWorkers *writers;
  FloeWorkers *readers;

  GMutex lock; /* guards what follows */
  GCond moved;
  GQueue waiting;        /* Call, for the writers, in the order of their coming */
  gboolean turn_taken;   /* a transaction is being run, up to its commit */
  guint64 n_round_trips; /* of what is done */
};

typedef struct
{
  gatomicrefcount refs;
  FloePostgresStore *store; /* not owned: the workers end before it does */
  FloeStoreMode mode;
  FloeTransaction func;
  gpointer input;
  GDestroyNotify input_free;
  GDestroyNotify result_free;
  gint64 until;  /* by the monotonic clock: nobody waits any more */
  gboolean done; /* guarded by the store's lock; then these two are whose job it is */
  gpointer result;
  GError *error;
} Call;

static void store_iface_init (FloeStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloePostgresStore, floe_postgres_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, store_iface_init))

static void
call_unref (gpointer data)
{
  Call *call = data;

  if (!g_atomic_ref_count_dec (&call->refs))
    return;
  if (call->input_free != NULL)
    call->input_free (call->input);
  if (call->result != NULL && call->result_free != NULL)
    call->result_free (call->result);
  g_clear_error (&call->error);
  g_free (call);
}

static gpointer
writer_new (gpointer data)
{
  return floe_postgres_worker_new (((FloePostgresStore *)data)->info, TRUE);
}

static gpointer
reader_new (gpointer data)
{
  return floe_postgres_worker_new (((FloePostgresStore *)data)->info, FALSE);
}

static void
worker_free (gpointer data)
{
  floe_postgres_worker_free (data);
}

/* One transaction of this broker at a time does what it does, so that two that were asked for one
 * after the other, such as what a host told of a domain, happen in that order. Its commit, which
 * takes the longest, does not count: what it changed stays locked until then. */
static void
pass_turn (gpointer data, gboolean mine)
{
  FloePostgresStore *self = data;

  g_mutex_lock (&self->lock);
  while (mine && self->turn_taken)
    g_cond_wait (&self->moved, &self->lock);
  self->turn_taken = mine;
  if (!mine)
    g_cond_broadcast (&self->moved);
  g_mutex_unlock (&self->lock);
}

/* @turn: (nullable): passed on when the call is about to be committed */
static void
run_one (FloePostgresWorker *worker, Call *call, FloePostgresTurn turn)
{
  if (g_get_monotonic_time () < call->until)
    call->result = floe_postgres_worker_run (worker, call->mode, call->func, call->input,
                                             call->result_free, turn, call->store, &call->error);
  else
    {
      g_set_error_literal (&call->error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                           "not begun before the deadline");
      if (turn != NULL)
        turn (call->store, FALSE);
    }
}

static gboolean
run_together (FloePostgresWorker *worker, GPtrArray *calls, gboolean *has_turn)
{
  FloePostgresJob jobs[TOGETHER] = { 0 };
  FloeStoreMode mode = FLOE_STORE_NOTE;

  for (guint i = 0; i < calls->len; i++)
    {
      const Call *call = calls->pdata[i];

      jobs[i] = (FloePostgresJob){ call->func, call->input, call->result_free, NULL, NULL };
      if (call->mode == FLOE_STORE_WRITE)
        mode = FLOE_STORE_WRITE;
    }
  if (!floe_postgres_worker_run_together (worker, mode, jobs, calls->len, pass_turn,
                                          ((Call *)calls->pdata[0])->store, has_turn))
    return FALSE;
  for (guint i = 0; i < calls->len; i++)
    {
      Call *call = calls->pdata[i];

      call->result = jobs[i].result;
      call->error = jobs[i].error;
    }
  return TRUE;
}

/* Nobody comes between them. */
static void
run_one_by_one (FloePostgresWorker *worker, GPtrArray *calls, gboolean has_turn)
{
  if (!has_turn)
    pass_turn (((Call *)calls->pdata[0])->store, TRUE);
  for (guint i = 0; i < calls->len; i++)
    run_one (worker, calls->pdata[i], i + 1 == calls->len ? pass_turn : NULL);
}

static void
count_round_trips (FloePostgresStore *self, FloePostgresWorker *worker, guint64 before)
{
  g_mutex_lock (&self->lock);
  self->n_round_trips += floe_postgres_worker_get_round_trips (worker) - before;
  g_mutex_unlock (&self->lock);
}

/* Whoever runs them has the turn. */
static void
run_calls (FloePostgresWorker *worker, GPtrArray *calls)
{
  Call *first = calls->pdata[0];
  FloePostgresStore *self = first->store;
  guint64 before = floe_postgres_worker_get_round_trips (worker);
  gboolean has_turn;

  if (calls->len == 1)
    run_one (worker, first, pass_turn);
  else if (!run_together (worker, calls, &has_turn))
    run_one_by_one (worker, calls, has_turn);
  count_round_trips (self, worker, before);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < calls->len; i++)
    ((Call *)calls->pdata[i])->done = TRUE;
  g_cond_broadcast (&self->moved);
  g_mutex_unlock (&self->lock);
}

static gpointer
take_result (Call *call, GError **error)
{
  if (call->error != NULL)
    g_propagate_error (error, g_steal_pointer (&call->error));
  return g_steal_pointer (&call->result);
}

/* Takes the oldest calls that wait, if it is their turn; or waits until something moved. One whose
 * time is up goes by itself: it will not run. */
static GPtrArray *
next_calls (FloePostgresStore *self)
{
  gint64 now = g_get_monotonic_time ();
  GPtrArray *calls;

  if (self->turn_taken || self->waiting.length == 0)
    {
      g_cond_wait (&self->moved, &self->lock);
      return NULL;
    }
  self->turn_taken = TRUE;
  calls = g_ptr_array_new_with_free_func (call_unref);
  do
    g_ptr_array_add (calls, g_queue_pop_head (&self->waiting));
  while (calls->len < TOGETHER && ((Call *)calls->pdata[calls->len - 1])->until > now
         && self->waiting.length > 0 && ((Call *)g_queue_peek_head (&self->waiting))->until > now);
  return calls;
}

/* Whoever is free runs what is the oldest, until its own is done. */
static gpointer
write_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Call *call = input;
  FloePostgresStore *self = call->store;

  g_mutex_lock (&self->lock);
  while (!call->done)
    {
      GPtrArray *next = next_calls (self);

      if (next == NULL)
        continue;
      g_mutex_unlock (&self->lock);
      run_calls (context, next);
      g_ptr_array_unref (next);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
  return take_result (call, error);
}

static gpointer
read_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Call *call = input;
  guint64 before = floe_postgres_worker_get_round_trips (context);

  run_one (context, call, NULL);
  count_round_trips (call->store, context, before);
  return take_result (call, error);
}

static void
run_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_workers_run_finish (FLOE_WORKERS (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_task_get_task_data (task));
}

/* The limit is kept here and not by the workers, so that a call that is answered "busy" never runs.
 */
static gboolean
enqueue_write (FloePostgresStore *self, Call *call)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = self->waiting.length < QUEUE_LIMIT;
  if (taken)
    {
      g_atomic_ref_count_inc (&call->refs);
      g_queue_push_tail (&self->waiting, call);
    }
  g_mutex_unlock (&self->lock);
  return taken;
}

static void
run_async (FloeStore *store, FloeStoreMode mode, FloeTransaction func, gpointer input,
           GDestroyNotify input_free, GDestroyNotify result_free, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  FloePostgresStore *self = FLOE_POSTGRES_STORE (store);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);
  gboolean writes = floe_store_mode_writes (mode);

  g_atomic_ref_count_init (&call->refs);
  call->store = self;
  call->mode = writes ? mode : FLOE_STORE_READ;
  call->func = func;
  call->input = input;
  call->input_free = input_free;
  call->result_free = result_free;
  call->until = g_get_monotonic_time () + DEADLINE;
  g_task_set_source_tag (task, run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer)result_free, NULL);
  if (writes && !enqueue_write (self, call))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_BUSY,
                               "database %s: too many calls are waiting",
                               floe_postgres_conninfo_get_name (self->info));
      g_object_unref (task);
      call_unref (call);
      return;
    }
  floe_workers_run_async (writes ? self->writers : self->readers, writes ? write_work : read_work,
                          call, call_unref, result_free, DEADLINE, cancellable, run_answered, task);
}

static gpointer
run_finish (FloeStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_iface_init (FloeStoreInterface *iface)
{
  iface->run_async = run_async;
  iface->run_finish = run_finish;
}

static gboolean
prepare_database (FloePostgresStore *self, GError **error)
{
  g_autoptr (FloePostgresDb) db = floe_postgres_db_open (self->info, error);

  return db != NULL
         && floe_postgres_migrate (db, floe_postgres_conninfo_get_name (self->info), error);
}

static void
floe_postgres_store_finalize (GObject *object)
{
  FloePostgresStore *self = FLOE_POSTGRES_STORE (object);

  floe_postgres_store_close (self);
  g_clear_object (&self->writers);
  g_clear_object (&self->readers);
  g_queue_clear_full (&self->waiting, call_unref);
  g_clear_pointer (&self->info, floe_postgres_conninfo_free);
  g_cond_clear (&self->moved);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (floe_postgres_store_parent_class)->finalize (object);
}

static void
floe_postgres_store_class_init (FloePostgresStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_postgres_store_finalize;
}

static void
floe_postgres_store_init (FloePostgresStore *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->moved);
  g_queue_init (&self->waiting);
}

/**
 * floe_postgres_store_new:
 * @conninfo: libpq's URI, without a password
 * @password: (nullable): the password
 *
 * Opens the store and brings its schema up to date. Blocks: for the start of the program.
 *
 * Returns: (transfer full): the store; or %NULL with %FLOE_ERROR_INVALID (@conninfo),
 *   %FLOE_ERROR_CONFLICT (the database is not Floe's, or a newer Floe made it) or
 *   %FLOE_ERROR_UNAVAILABLE
 */
FloePostgresStore *
floe_postgres_store_new (const gchar *conninfo, FloeSecret *password, GError **error)
{
  g_autoptr (FloePostgresStore) self = g_object_new (FLOE_TYPE_POSTGRES_STORE, NULL);

  self->info = floe_postgres_conninfo_new (conninfo, password, error);
  if (self->info == NULL || !prepare_database (self, error))
    return NULL;
  self->writers =
      floe_workers_new ("store-write", WRITERS, G_MAXUINT, writer_new, self, worker_free);
  self->readers =
      floe_workers_new ("store-read", READERS, QUEUE_LIMIT, reader_new, self, worker_free);
  return g_steal_pointer (&self);
}

/**
 * floe_postgres_store_close:
 *
 * Commits what waits and ends the threads; later calls answer %FLOE_ERROR_BUSY. Blocks.
 */
void
floe_postgres_store_close (FloePostgresStore *self)
{
  if (self->writers != NULL)
    floe_workers_close (self->writers);
  if (self->readers != NULL)
    floe_workers_close (self->readers);
}

/**
 * floe_postgres_store_get_load:
 * @writes: of the threads that write, or of those that read
 * @load: (out caller-allocates): how busy they are
 */
void
floe_postgres_store_get_load (FloePostgresStore *self, gboolean writes, FloeLoad *load)
{
  floe_workers_get_load (writes ? self->writers : self->readers, load);
  if (!writes)
    return;
  /* A thread runs what is the oldest, which may not be what it was given. */
  g_mutex_lock (&self->lock);
  load->queued = self->waiting.length;
  g_mutex_unlock (&self->lock);
}

/**
 * floe_postgres_store_get_round_trips:
 *
 * Returns: how often a transaction waited for the server since the start
 */
guint64
floe_postgres_store_get_round_trips (FloePostgresStore *self)
{
  guint64 n;

  g_mutex_lock (&self->lock);
  n = self->n_round_trips;
  g_mutex_unlock (&self->lock);
  return n;
}
