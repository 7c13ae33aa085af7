/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "counting-store.h"

#include "core/error.h"

struct _CountingStore
{
  GObject parent_instance;

  FloeStore *inner;
  guint open;
  guint conflicts;
};

/* As when another broker's transaction met this one at a unique index: undone. */
static gpointer
lose (FloeTx *tx, gconstpointer input, GError **error)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "UNIQUE constraint failed");
  return NULL;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CountingStore *self = g_task_get_source_object (task);
  GError *error = NULL;
  gpointer value = FLOE_STORE_GET_IFACE (source)->run_finish (FLOE_STORE (source), result, &error);

  self->open--;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_task_get_task_data (task));
}

static void
run_async (FloeStore *store, FloeStoreMode mode, FloeTransaction func, gpointer input,
           GDestroyNotify input_free, GDestroyNotify result_free, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  CountingStore *self = COUNTING_STORE (store);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer)result_free, NULL);
  self->open++;
  if (floe_store_mode_writes (mode) && self->conflicts > 0)
    {
      self->conflicts--;
      func = lose;
    }
  FLOE_STORE_GET_IFACE (self->inner)
      ->run_async (self->inner, mode, func, input, input_free, result_free, cancellable, answered,
                   task);
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

G_DEFINE_FINAL_TYPE_WITH_CODE (CountingStore, counting_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, store_iface_init))

static void
counting_store_finalize (GObject *object)
{
  g_object_unref (COUNTING_STORE (object)->inner);
  G_OBJECT_CLASS (counting_store_parent_class)->finalize (object);
}

static void
counting_store_class_init (CountingStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = counting_store_finalize;
}

static void
counting_store_init (CountingStore *self)
{
}

FloeStore *
counting_store_new (FloeStore *inner)
{
  CountingStore *self = g_object_new (COUNTING_TYPE_STORE, NULL);

  self->inner = g_object_ref (inner);
  return FLOE_STORE (self);
}

guint
counting_store_get_open (CountingStore *self)
{
  return self->open;
}

/* The next @n writes lose. */
void
counting_store_conflict (CountingStore *self, guint n)
{
  self->conflicts = n;
}
