/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/error.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-sync.h"
#include "store/sqlite-tx.h"
#include "util/workers.h"

#define READERS     2
#define QUEUE_LIMIT 4096
#define BATCH_LIMIT 128
#define DEADLINE    (10 * G_USEC_PER_SEC)

struct _FloeSqliteStore
{
  GObject parent_instance;

  gchar *path;
  gint lock_fd;
  FloeWorkers *writer;
  FloeWorkers *readers;
  FloeSqliteSync *sync;

  GMutex lock;    /* guards what follows */
  GQueue waiting; /* Call, for the writer */
  guint64 n_statements;
};

typedef struct
{
  gatomicrefcount refs;
  FloeSqliteStore *store; /* not owned: the workers end before it does */
  FloeTransaction func;
  gpointer input;
  GDestroyNotify input_free;
  GDestroyNotify result_free;
  gboolean durable;
  gboolean done; /* these three belong to the writer's thread */
  gpointer result;
  GError *error;
} Call;

typedef struct
{
  FloeSqliteStore *store;
  FloeSqliteDb *db;
  FloeSqliteTx *tx;
  gboolean writes;
  gboolean durable; /* commits wait for the disk, as SQLite is set now */
} Connection;

static void store_iface_init (FloeStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeSqliteStore, floe_sqlite_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, store_iface_init))

static Call *
call_new (FloeSqliteStore *store, FloeTransaction func, gpointer input, GDestroyNotify input_free,
          GDestroyNotify result_free)
{
  Call *call = g_new0 (Call, 1);

  g_atomic_ref_count_init (&call->refs);
  call->store = store;
  call->func = func;
  call->input = input;
  call->input_free = input_free;
  call->result_free = result_free;
  return call;
}

static Call *
call_ref (Call *call)
{
  g_atomic_ref_count_inc (&call->refs);
  return call;
}

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
connection_new (FloeSqliteStore *store, gboolean writes)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->store = store;
  connection->writes = writes;
  return connection;
}

static gpointer
writer_new (gpointer data)
{
  return connection_new (data, TRUE);
}

static gpointer
reader_new (gpointer data)
{
  return connection_new (data, FALSE);
}

/* Opened when it is first needed, and if that fails, for want of descriptors say, with the next
 * call again. A rush of log-ins writes the same pages again and again: the log is folded into the
 * file seldom. */
static gboolean
connection_open (Connection *connection, GError **error)
{
  g_autoptr (FloeSqliteDb) db = NULL;

  if (connection->db != NULL)
    return TRUE;
  db = floe_sqlite_db_open (connection->store->path, connection->writes, error);
  if (db == NULL
      || (connection->writes
          && !floe_sqlite_db_exec (db, "PRAGMA wal_autocheckpoint = 8192", error)))
    return FALSE;
  connection->db = g_steal_pointer (&db);
  connection->tx = floe_sqlite_tx_new (connection->db);
  connection->durable = TRUE;
  return TRUE;
}

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  g_clear_object (&connection->tx);
  floe_sqlite_db_close (connection->db);
  g_free (connection);
}

static void
count_statements (Connection *connection, guint64 before)
{
  g_mutex_lock (&connection->store->lock);
  connection->store->n_statements += floe_sqlite_db_get_statements (connection->db) - before;
  g_mutex_unlock (&connection->store->lock);
}

/* A call that fails is undone alone; the others of its batch stay. */
static void
run_in_savepoint (Connection *connection, Call *call)
{
  if (!floe_sqlite_db_run (connection->db, &call->error, "SAVEPOINT call", ""))
    return;
  call->result = call->func (FLOE_TX (connection->tx), call->input, &call->error);
  if (call->error != NULL && floe_sqlite_db_is_in_transaction (connection->db))
    floe_sqlite_db_run (connection->db, NULL, "ROLLBACK TO call", "");
  if (floe_sqlite_db_is_in_transaction (connection->db))
    floe_sqlite_db_run (connection->db, NULL, "RELEASE call", "");
  else if (call->error == NULL)
    g_set_error_literal (&call->error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE,
                         "the transaction was undone by the database");
}

static void
fail_batch (GPtrArray *batch, const GError *error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      Call *call = batch->pdata[i];

      if (call->error != NULL)
        continue;
      if (call->result != NULL && call->result_free != NULL)
        call->result_free (call->result);
      call->result = NULL;
      call->error = g_error_copy (error);
    }
}

static gboolean
must_be_durable (GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    if (((Call *)batch->pdata[i])->durable)
      return TRUE;
  return FALSE;
}

/* In WAL mode NORMAL leaves out the wait for the disk at a commit; the log is in order, so the next
 * FULL commit makes durable what came before it, and the sync thread does so soon in any case. */
static gboolean
set_durable (Connection *connection, gboolean durable, GError **error)
{
  if (connection->durable == durable)
    return TRUE;
  if (!floe_sqlite_db_exec (connection->db,
                            durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                            error))
    return FALSE;
  connection->durable = durable;
  return TRUE;
}

/* A full disk and the like can make SQLite undo all at once, the calls before included; those that
 * come later must not begin a transaction of their own then, of whose commit nobody hears. */
static gboolean
run_calls (Connection *connection, GPtrArray *batch, GError **error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      const Call *call = batch->pdata[i];

      run_in_savepoint (connection, batch->pdata[i]);
      if (floe_sqlite_db_is_in_transaction (connection->db))
        continue;
      g_propagate_error (error, g_error_copy (call->error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
commit_batch (Connection *connection, GPtrArray *batch, GError **error)
{
  gboolean durable = must_be_durable (batch);
  guint64 before = floe_sqlite_db_get_statements (connection->db);
  gboolean done = set_durable (connection, durable, error)
                  && floe_sqlite_db_run (connection->db, error, "BEGIN IMMEDIATE", "")
                  && run_calls (connection, batch, error)
                  && floe_sqlite_db_run (connection->db, error, "COMMIT", "");

  if (!done && floe_sqlite_db_is_in_transaction (connection->db))
    floe_sqlite_db_run (connection->db, NULL, "ROLLBACK", "");
  if (done && !durable)
    floe_sqlite_sync_mark (connection->store->sync);
  count_statements (connection, before);
  return done;
}

static void
run_batch (Connection *connection, GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;

  if (!connection_open (connection, &error) || !commit_batch (connection, batch, &error))
    fail_batch (batch, error);
  for (guint i = 0; i < batch->len; i++)
    ((Call *)batch->pdata[i])->done = TRUE;
}

static GPtrArray *
take_batch (FloeSqliteStore *self)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func (call_unref);

  g_mutex_lock (&self->lock);
  while (batch->len < BATCH_LIMIT && self->waiting.length > 0)
    g_ptr_array_add (batch, g_queue_pop_head (&self->waiting));
  g_mutex_unlock (&self->lock);
  return batch;
}

/* Group commit: the first call that the writer reaches takes those that wait behind it along. When
 * the writer reaches theirs, they are done. */
static gpointer
write_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Connection *connection = context;
  Call *call = input;

  while (!call->done)
    {
      g_autoptr (GPtrArray) batch = take_batch (call->store);

      run_batch (connection, batch);
    }
  if (call->error != NULL)
    g_propagate_error (error, g_steal_pointer (&call->error));
  return g_steal_pointer (&call->result);
}

static gpointer
read_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Connection *connection = context;
  Call *call = input;
  guint64 before;
  gpointer result = NULL;

  if (!connection_open (connection, error))
    return NULL;
  before = floe_sqlite_db_get_statements (connection->db);
  if (floe_sqlite_db_run (connection->db, error, "BEGIN", ""))
    {
      result = call->func (FLOE_TX (connection->tx), call->input, error);
      floe_sqlite_db_run (connection->db, NULL, "COMMIT", "");
    }
  count_statements (connection, before);
  return result;
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
enqueue_write (FloeSqliteStore *self, Call *call)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = self->waiting.length < QUEUE_LIMIT;
  if (taken)
    g_queue_push_tail (&self->waiting, call_ref (call));
  g_mutex_unlock (&self->lock);
  return taken;
}

static void
run_async (FloeStore *store, FloeStoreMode mode, FloeTransaction func, gpointer input,
           GDestroyNotify input_free, GDestroyNotify result_free, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  FloeSqliteStore *self = FLOE_SQLITE_STORE (store);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = call_new (self, func, input, input_free, result_free);

  gboolean writes = mode != FLOE_STORE_READ;

  call->durable = mode == FLOE_STORE_WRITE;
  g_task_set_source_tag (task, run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer)result_free, NULL);
  if (writes && !enqueue_write (self, call))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_BUSY,
                               "database %s: too many calls are waiting", self->path);
      g_object_unref (task);
      call_unref (call);
      return;
    }
  floe_workers_run_async (writes ? self->writer : self->readers, writes ? write_work : read_work,
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

/* SQLite lets several processes write one file; Floe's broker is alone with its timers and its
 * hosts, so a second one is refused. The kernel drops the lock when the process ends, however it
 * ends. */
static gboolean
lock_file (FloeSqliteStore *self, GError **error)
{
  g_autofree gchar *path = g_strconcat (self->path, ".lock", NULL);

  self->lock_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "database %s: cannot open %s: %s",
                   self->path, path, g_strerror (errno));
      return FALSE;
    }
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
               "database %s: another floe-broker uses it; several brokers need PostgreSQL",
               self->path);
  return FALSE;
}

static gboolean
prepare_file (FloeSqliteStore *self, GError **error)
{
  g_autoptr (FloeSqliteDb) db = NULL;
  mode_t mask = umask (0077);

  db = floe_sqlite_db_open (self->path, TRUE, error);
  umask (mask);
  return db != NULL && floe_sqlite_migrate (db, self->path, error)
         && floe_sqlite_db_exec (db, "PRAGMA journal_mode = WAL", error)
         && floe_sqlite_db_exec (db, "BEGIN IMMEDIATE; CREATE TABLE floe_probe (x); ROLLBACK",
                                 error);
}

static void
floe_sqlite_store_finalize (GObject *object)
{
  FloeSqliteStore *self = FLOE_SQLITE_STORE (object);

  floe_sqlite_store_close (self);
  g_clear_object (&self->writer);
  g_clear_object (&self->readers);
  g_clear_pointer (&self->sync, floe_sqlite_sync_free);
  g_queue_clear_full (&self->waiting, call_unref);
  g_mutex_clear (&self->lock);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self->path);
  G_OBJECT_CLASS (floe_sqlite_store_parent_class)->finalize (object);
}

static void
floe_sqlite_store_class_init (FloeSqliteStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_sqlite_store_finalize;
}

static void
floe_sqlite_store_init (FloeSqliteStore *self)
{
  self->lock_fd = -1;
  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
}

/**
 * floe_sqlite_store_new:
 * @path: the file; made with mode 0600 where it is missing
 *
 * Opens the store, alone, and brings its schema up to date. Blocks: for the start of the program.
 *
 * Returns: (transfer full): the store; or %NULL with %FLOE_ERROR_CONFLICT (another broker uses it,
 * it is not Floe's, or a newer Floe made it) or %FLOE_ERROR_UNAVAILABLE (it cannot be written)
 */
FloeSqliteStore *
floe_sqlite_store_new (const gchar *path, GError **error)
{
  g_autoptr (FloeSqliteStore) self = g_object_new (FLOE_TYPE_SQLITE_STORE, NULL);

  self->path = g_strdup (path);
  if (!lock_file (self, error) || !prepare_file (self, error))
    return NULL;
  self->sync = floe_sqlite_sync_new (path);
  self->writer = floe_workers_new ("store-write", 1, G_MAXUINT, writer_new, self, connection_free);
  self->readers =
      floe_workers_new ("store-read", READERS, QUEUE_LIMIT, reader_new, self, connection_free);
  return g_steal_pointer (&self);
}

/**
 * floe_sqlite_store_close:
 *
 * Commits what waits and ends the threads; later calls answer %FLOE_ERROR_BUSY. Blocks.
 */
void
floe_sqlite_store_close (FloeSqliteStore *self)
{
  if (self->writer != NULL)
    floe_workers_close (self->writer);
  if (self->readers != NULL)
    floe_workers_close (self->readers);
}

/**
 * floe_sqlite_store_get_load:
 * @writes: of the thread that writes, or of those that read
 * @load: (out caller-allocates): how busy they are
 */
void
floe_sqlite_store_get_load (FloeSqliteStore *self, gboolean writes, FloeLoad *load)
{
  floe_workers_get_load (writes ? self->writer : self->readers, load);
  if (!writes)
    return;
  /* The writer commits many calls at a time; what it took already is still in its pool's queue. */
  g_mutex_lock (&self->lock);
  load->queued = self->waiting.length;
  g_mutex_unlock (&self->lock);
}

/**
 * floe_sqlite_store_get_statements:
 *
 * Returns: how many SQL statements were run since the start
 */
guint64
floe_sqlite_store_get_statements (FloeSqliteStore *self)
{
  guint64 n;

  g_mutex_lock (&self->lock);
  n = self->n_statements;
  g_mutex_unlock (&self->lock);
  return n;
}
