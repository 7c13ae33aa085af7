/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/fenced-store.h"

struct _FloeFencedStore
{
  GObject parent_instance;

  FloeStore *inner;
  FloeGuard guard;
  gpointer guard_data;
};

/* What runs in place of a transaction. */
typedef struct
{
  FloeFencedStore *store;
  FloeTransaction func;
  gpointer input;
  GDestroyNotify input_free;
  GDestroyNotify result_free;
} Fence;

static void store_iface_init (FloeStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeFencedStore, floe_fenced_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, store_iface_init))

static void
fence_free (gpointer data)
{
  Fence *fence = data;

  if (fence->input_free != NULL)
    fence->input_free (fence->input);
  g_object_unref (fence->store);
  g_free (fence);
}

static gpointer
run_fenced (FloeTx *tx, gconstpointer input, GError **error)
{
  const Fence *fence = input;
  gpointer result = fence->func (tx, fence->input, error);

  if (result == NULL || floe_guard_check (fence->store->guard, fence->store->guard_data, error))
    return result;
  if (fence->result_free != NULL)
    fence->result_free (result);
  return NULL;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_store_finish (FLOE_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, (GDestroyNotify)g_task_get_task_data (task));
}

static void
run_async (FloeStore *store, FloeStoreMode mode, FloeTransaction func, gpointer input,
           GDestroyNotify input_free, GDestroyNotify result_free, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  FloeFencedStore *self = FLOE_FENCED_STORE (store);
  FloeStoreInterface *inner = FLOE_STORE_GET_IFACE (self->inner);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Fence *fence;

  g_task_set_source_tag (task, run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer)result_free, NULL);
  if (!floe_store_mode_writes (mode))
    {
      inner->run_async (self->inner, mode, func, input, input_free, result_free, cancellable,
                        answered, task);
      return;
    }
  fence = g_new0 (Fence, 1);
  fence->store = g_object_ref (self);
  fence->func = func;
  fence->input = input;
  fence->input_free = input_free;
  fence->result_free = result_free;
  inner->run_async (self->inner, mode, run_fenced, fence, fence_free, result_free, cancellable,
                    answered, task);
}

static gpointer
run_finish (FloeStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_iface_init (FloeStoreInterface *iface)
{
  iface->run_async = run_async;
  iface->run_finish = run_finish;
}

static void
floe_fenced_store_finalize (GObject *object)
{
  g_object_unref (FLOE_FENCED_STORE (object)->inner);
  G_OBJECT_CLASS (floe_fenced_store_parent_class)->finalize (object);
}

static void
floe_fenced_store_class_init (FloeFencedStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_fenced_store_finalize;
}

static void
floe_fenced_store_init (FloeFencedStore *self)
{
}

/**
 * floe_fenced_store_new:
 * @inner: where everything is kept
 * @guard: asked on the store's threads
 * @guard_data: must outlive the store
 *
 * Returns: (transfer full): the fenced one
 */
FloeStore *
floe_fenced_store_new (FloeStore *inner, FloeGuard guard, gpointer guard_data)
{
  FloeFencedStore *self = g_object_new (FLOE_TYPE_FENCED_STORE, NULL);

  self->inner = g_object_ref (inner);
  self->guard = guard;
  self->guard_data = guard_data;
  return FLOE_STORE (self);
}
