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
#include "store/sqlite-work.h"

#define READERS     2
#define QUEUE_LIMIT 4096
#define DEADLINE    (10 * G_USEC_PER_SEC)

static void store_iface_init (FloeStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeSqliteStore, floe_sqlite_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, store_iface_init))

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
enqueue_write (FloeSqliteStore *self, FloeSqliteCall *call)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = self->waiting.length < QUEUE_LIMIT;
  if (taken)
    g_queue_push_tail (&self->waiting, floe_sqlite_call_ref (call));
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
  FloeSqliteCall *call = floe_sqlite_call_new (self, func, input, input_free, result_free);
  gboolean by_writer = mode != FLOE_STORE_READ;

  call->mode = mode;
  g_task_set_source_tag (task, run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer)result_free, NULL);
  if (by_writer && !enqueue_write (self, call))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_BUSY,
                               "database %s: too many calls are waiting", self->path);
      g_object_unref (task);
      floe_sqlite_call_unref (call);
      return;
    }
  floe_workers_run_async (by_writer ? self->writer : self->readers,
                          by_writer ? floe_sqlite_write_work : floe_sqlite_read_work, call,
                          floe_sqlite_call_unref, result_free, DEADLINE, cancellable, run_answered,
                          task);
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
  g_queue_clear_full (&self->waiting, floe_sqlite_call_unref);
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
  self->writer = floe_workers_new ("store-write", 1, G_MAXUINT, floe_sqlite_writer_new, self,
                                   floe_sqlite_connection_free);
  self->readers = floe_workers_new ("store-read", READERS, QUEUE_LIMIT, floe_sqlite_reader_new,
                                    self, floe_sqlite_connection_free);
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
