/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-work.h"

#include "core/error.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-tx.h"

#define BATCH_LIMIT 128

typedef struct
{
  FloeSqliteStore *store;
  FloeSqliteDb *db;
  FloeSqliteTx *tx;
  gboolean writes;
  gboolean durable; /* commits wait for the disk, as SQLite is set now */
} Connection;

FloeSqliteCall *
floe_sqlite_call_new (FloeSqliteStore *store, FloeTransaction func, gpointer input,
                      GDestroyNotify input_free, GDestroyNotify result_free)
{
  FloeSqliteCall *call = g_new0 (FloeSqliteCall, 1);

  g_atomic_ref_count_init (&call->refs);
  call->store = store;
  call->func = func;
  call->input = input;
  call->input_free = input_free;
  call->result_free = result_free;
  return call;
}

FloeSqliteCall *
floe_sqlite_call_ref (FloeSqliteCall *call)
{
  g_atomic_ref_count_inc (&call->refs);
  return call;
}

void
floe_sqlite_call_unref (gpointer data)
{
  FloeSqliteCall *call = data;

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

gpointer
floe_sqlite_writer_new (gpointer data)
{
  return connection_new (data, TRUE);
}

gpointer
floe_sqlite_reader_new (gpointer data)
{
  return connection_new (data, FALSE);
}

/* Opened when it is first needed, and if that fails, for want of descriptors say, with the next
 * call again. A rush of log-ins writes the same pages again and again: the log is folded into the
 * file seldom, and the writer keeps up to 16 MiB of them, since each log-in's rows belong to pages
 * anywhere in their trees. */
static gboolean
connection_open (Connection *connection, GError **error)
{
  g_autoptr (FloeSqliteDb) db = NULL;

  if (connection->db != NULL)
    return TRUE;
  db = floe_sqlite_db_open (connection->store->path, connection->writes, error);
  if (db == NULL
      || (connection->writes
          && !floe_sqlite_db_exec (
              db, "PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -16384", error)))
    return FALSE;
  connection->db = g_steal_pointer (&db);
  connection->tx = floe_sqlite_tx_new (connection->db);
  connection->durable = TRUE;
  return TRUE;
}

void
floe_sqlite_connection_free (gpointer data)
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

static void
run_call (Connection *connection, FloeSqliteCall *call)
{
  call->result = call->func (FLOE_TX (connection->tx), call->input, &call->error);
  if (call->error == NULL && !floe_sqlite_db_is_in_transaction (connection->db))
    g_set_error_literal (&call->error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE,
                         "the transaction was undone by the database");
}

/* A call that fails is undone alone; the others of its batch stay. */
static void
run_in_savepoint (Connection *connection, FloeSqliteCall *call)
{
  if (!floe_sqlite_db_run (connection->db, &call->error, "SAVEPOINT call", ""))
    return;
  run_call (connection, call);
  if (call->error != NULL && floe_sqlite_db_is_in_transaction (connection->db))
    floe_sqlite_db_run (connection->db, NULL, "ROLLBACK TO call", "");
  if (floe_sqlite_db_is_in_transaction (connection->db))
    floe_sqlite_db_run (connection->db, NULL, "RELEASE call", "");
}

static void
fail_batch (GPtrArray *batch, const GError *error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      FloeSqliteCall *call = batch->pdata[i];

      if (call->error != NULL)
        continue;
      if (call->result != NULL && call->result_free != NULL)
        call->result_free (call->result);
      call->result = NULL;
      call->error = g_error_copy (error);
    }
}

static gboolean
has_mode (GPtrArray *batch, FloeStoreMode mode)
{
  for (guint i = 0; i < batch->len; i++)
    if (((FloeSqliteCall *)batch->pdata[i])->mode == mode)
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
      const FloeSqliteCall *call = batch->pdata[i];

      if (batch->len == 1 || call->mode == FLOE_STORE_LOOK)
        run_call (connection, batch->pdata[i]); /* undone with its transaction, or leaves nothing */
      else
        run_in_savepoint (connection, batch->pdata[i]);
      if (floe_sqlite_db_is_in_transaction (connection->db)
          && (batch->len > 1 || call->error == NULL))
        continue;
      g_propagate_error (error, g_error_copy (call->error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
commit_batch (Connection *connection, GPtrArray *batch, GError **error)
{
  gboolean durable = has_mode (batch, FLOE_STORE_WRITE);
  gboolean writes = durable || has_mode (batch, FLOE_STORE_NOTE);
  const gchar *begin = writes ? "BEGIN IMMEDIATE" : "BEGIN";
  guint64 before = floe_sqlite_db_get_statements (connection->db);
  gboolean done = (!writes || set_durable (connection, durable, error))
                  && floe_sqlite_db_run (connection->db, error, begin, "")
                  && run_calls (connection, batch, error)
                  && floe_sqlite_db_run (connection->db, error, "COMMIT", "");

  if (!done && floe_sqlite_db_is_in_transaction (connection->db))
    floe_sqlite_db_run (connection->db, NULL, "ROLLBACK", "");
  if (done && writes && !durable)
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
    ((FloeSqliteCall *)batch->pdata[i])->done = TRUE;
}

static GPtrArray *
take_batch (FloeSqliteStore *self)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func (floe_sqlite_call_unref);

  g_mutex_lock (&self->lock);
  while (batch->len < BATCH_LIMIT && self->waiting.length > 0)
    g_ptr_array_add (batch, g_queue_pop_head (&self->waiting));
  g_mutex_unlock (&self->lock);
  return batch;
}

/* Group commit: the first call that the writer reaches takes those that wait behind it along. When
 * the writer reaches theirs, they are done. */
gpointer
floe_sqlite_write_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Connection *connection = context;
  FloeSqliteCall *call = input;

  while (!call->done)
    {
      g_autoptr (GPtrArray) batch = take_batch (call->store);

      run_batch (connection, batch);
    }
  if (call->error != NULL)
    g_propagate_error (error, g_steal_pointer (&call->error));
  return g_steal_pointer (&call->result);
}

gpointer
floe_sqlite_read_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Connection *connection = context;
  FloeSqliteCall *call = input;
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
