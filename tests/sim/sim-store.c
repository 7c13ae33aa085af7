/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-tx.h"

/* Of so many transactions one is run twice, as a database may ask for. */
#define TWICE_OF 16
/* So much of the audit trail is kept. */
#define AUDIT_ROWS 5000

struct _SimStore
{
  Sim *sim;
  FloeSqliteDb *db;
  FloeTx *tx;
  GQueue writes; /* Call: done in their order */
  GQueue reads;
  GObject *face; /* of this life of the broker */
};

typedef struct
{
  GTask *task;
  FloeStoreMode mode;
  FloeTransaction func;
  gpointer input;
  GDestroyNotify input_free;
  GDestroyNotify result_free;
} Call;

/* The port, as one life of the broker sees it. */
#define SIM_TYPE_STORE_FACE (sim_store_face_get_type ())
G_DECLARE_FINAL_TYPE (SimStoreFace, sim_store_face, SIM, STORE_FACE, GObject)

struct _SimStoreFace
{
  GObject parent_instance;

  SimStore *store; /* NULL once it is closed */
};

static void
call_free (Call *call)
{
  if (call->input_free != NULL)
    call->input_free (call->input);
  g_object_unref (call->task);
  g_free (call);
}

static void
run_async (FloeStore *face, FloeStoreMode mode, FloeTransaction func, gpointer input,
           GDestroyNotify input_free, GDestroyNotify result_free, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  SimStore *self = SIM_STORE_FACE (face)->store;
  Call *call = g_new0 (Call, 1);

  call->task = g_task_new (face, cancellable, callback, user_data);
  g_task_set_check_cancellable (call->task, FALSE);
  call->mode = mode;
  call->func = func;
  call->input = input;
  call->input_free = input_free;
  call->result_free = result_free;
  if (self == NULL || self->sim->doomed)
    {
      g_task_return_new_error (call->task, FLOE_ERROR, FLOE_ERROR_BUSY, "the broker is gone");
      call_free (call);
    }
  else
    g_queue_push_tail (floe_store_mode_writes (mode) ? &self->writes : &self->reads, call);
}

static gpointer
run_finish (FloeStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_iface_init (FloeStoreInterface *iface)
{
  iface->run_async = run_async;
  iface->run_finish = run_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SimStoreFace, sim_store_face, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, store_iface_init))

static void
sim_store_face_class_init (SimStoreFaceClass *klass)
{
}

static void
sim_store_face_init (SimStoreFace *self)
{
}

static void
run_sql (SimStore *self, const gchar *sql)
{
  g_autoptr (GError) error = NULL;

  if (!floe_sqlite_db_run (self->db, &error, sql, ""))
    g_error ("%s: %s", sql, error->message);
}

SimStore *
sim_store_new (Sim *sim)
{
  SimStore *self = g_new0 (SimStore, 1);
  g_autoptr (GError) error = NULL;

  self->sim = sim;
  /* There is one thread, and nobody asks how much memory it takes. */
  sqlite3_config (SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  g_queue_init (&self->writes);
  g_queue_init (&self->reads);
  self->db = floe_sqlite_db_open (":memory:", TRUE, &error);
  if (self->db == NULL || !floe_sqlite_migrate (self->db, ":memory:", &error))
    g_error ("the store cannot be made: %s", error->message);
  run_sql (self, "PRAGMA synchronous = OFF");
  self->tx = FLOE_TX (floe_sqlite_tx_new (self->db));
  sim_book_spy_on (sim->book, self->tx);
  return self;
}

void
sim_store_free (SimStore *self)
{
  g_object_unref (self->tx);
  floe_sqlite_db_close (self->db);
  g_free (self);
}

FloeStore *
sim_store_open (SimStore *self)
{
  SimStoreFace *face = g_object_new (SIM_TYPE_STORE_FACE, NULL);

  face->store = self;
  self->face = G_OBJECT (face);
  return FLOE_STORE (face);
}

static void
abandon (GQueue *calls)
{
  Call *call;

  while ((call = g_queue_pop_head (calls)) != NULL)
    {
      g_task_return_new_error (call->task, FLOE_ERROR, FLOE_ERROR_BUSY, "the broker is gone");
      call_free (call);
    }
}

/* What waits is never run, as after kill -9. */
void
sim_store_close (SimStore *self)
{
  if (self->face != NULL)
    SIM_STORE_FACE (self->face)->store = NULL;
  self->face = NULL;
  abandon (&self->writes);
  abandon (&self->reads);
}

static gpointer
run_once (SimStore *self, FloeTransaction func, gconstpointer input, GError **error)
{
  gpointer result;

  run_sql (self, "BEGIN");
  sim_book_begin (self->sim->book);
  result = func (self->tx, input, error);
  return result;
}

static void
undo (SimStore *self)
{
  run_sql (self, "ROLLBACK");
  sim_book_undo (self->sim->book);
}

/* A first run whose work is thrown away: the second must not see any of it. */
static void
run_in_vain (SimStore *self, const Call *call)
{
  g_autoptr (GError) error = NULL;
  gpointer result = run_once (self, call->func, call->input, &error);

  undo (self);
  if (result != NULL && error == NULL && call->result_free != NULL)
    call->result_free (result);
}

static void
answer (Call *call, gpointer result, GError *error)
{
  if (error != NULL)
    g_task_return_error (call->task, error);
  else
    g_task_return_pointer (call->task, result, call->result_free);
  call_free (call);
}

static void
run_call (SimStore *self, Call *call)
{
  Sim *sim = self->sim;
  GError *error = NULL;
  gpointer result;

  sim->operations++;
  if (floe_store_mode_writes (call->mode) && sim_below (sim, TWICE_OF) == 0)
    run_in_vain (self, call);
  result = run_once (self, call->func, call->input, &error);
  if (error != NULL)
    {
      undo (self);
      answer (call, result, error);
      return;
    }
  run_sql (self, "COMMIT");
  if (!floe_store_mode_writes (call->mode))
    sim_book_undo (sim->book);
  else
    {
      sim_book_commit (sim->book);
      if (sim->doom.commits > 0 && --sim->doom.commits == 0)
        sim_doom (sim);
    }
  answer (call, result, NULL);
}

gboolean
sim_store_is_busy (SimStore *self)
{
  return self->writes.length + self->reads.length > 0;
}

/* Runs one transaction: writes in their order, reads on threads of their own. */
gboolean
sim_store_step (SimStore *self)
{
  gboolean reads =
      self->reads.length > 0 && (self->writes.length == 0 || sim_below (self->sim, 2) == 0);
  Call *call;

  if (self->sim->doomed)
    {
      abandon (&self->writes);
      abandon (&self->reads);
      return FALSE;
    }
  call = g_queue_pop_head (reads ? &self->reads : &self->writes);
  if (call == NULL)
    return FALSE;
  run_call (self, call);
  return TRUE;
}

/* A transaction of the simulation's own, past the broker. */
gpointer
sim_store_run (SimStore *self, FloeTransaction func, gconstpointer input, GError **error)
{
  GError *local_error = NULL;
  gpointer result = run_once (self, func, input, &local_error);

  if (local_error != NULL)
    {
      undo (self);
      g_propagate_error (error, local_error);
      return result;
    }
  run_sql (self, "COMMIT");
  sim_book_commit (self->sim->book);
  return result;
}

/* A year's audit trail needs no memory here: the book checks each row when it is written. */
void
sim_store_prune (SimStore *self)
{
  run_sql (self,
           "DELETE FROM audit WHERE id < (SELECT max (id) FROM audit) - " G_STRINGIFY (AUDIT_ROWS));
}
