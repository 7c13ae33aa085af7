/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-holders.h"

#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-values.h"

/* Who has a VM at its engine: whoever has the role UserRole on the VM itself. */

static void
holder_free (gpointer data)
{
  FloeEngineHolder *holder = data;

  g_free (holder->permission);
  g_free (holder->user);
  g_free (holder);
}

/* Not those that come down from the pool or from the engine as a whole. */
static FloeEngineHolder *
read_holder (JsonObject *permission, const gchar *vm_id)
{
  const gchar *id = floe_engine_json_id (permission);
  const gchar *vm = floe_engine_json_id (floe_engine_json_object (permission, "vm"));
  const gchar *role = floe_engine_json_id (floe_engine_json_object (permission, "role"));
  const gchar *user = floe_engine_json_id (floe_engine_json_object (permission, "user"));
  FloeEngineHolder *holder;

  if (id == NULL || user == NULL || g_strcmp0 (vm, vm_id) != 0
      || g_strcmp0 (role, FLOE_ENGINE_USER_ROLE) != 0)
    return NULL;
  holder = g_new0 (FloeEngineHolder, 1);
  holder->permission = g_strdup (id);
  holder->user = g_strdup (user);
  return holder;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const gchar *vm_id = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "permission");
  guint n = floe_engine_json_length (list);
  GPtrArray *holders;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  holders = g_ptr_array_new_with_free_func (holder_free);
  for (guint i = 0; i < n; i++)
    {
      FloeEngineHolder *holder = read_holder (floe_engine_json_item (list, i), vm_id);

      if (holder != NULL)
        g_ptr_array_add (holders, holder);
    }
  g_task_return_pointer (task, holders, (GDestroyNotify)g_ptr_array_unref);
}

void
floe_engine_holders_find_async (FloeEngineClient *client, const gchar *vm_id,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (client, NULL, callback, user_data);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/permissions", vm_id);
  const FloeEngineCall call = { .method = "GET", .path = path, .repeatable = TRUE };

  g_task_set_source_tag (task, floe_engine_holders_find_async);
  g_task_set_task_data (task, g_strdup (vm_id), g_free);
  floe_engine_client_call_async (client, &call, answered, task);
}

/**
 * floe_engine_holders_find_finish:
 *
 * Returns: (transfer full) (element-type FloeEngineHolder): usually one, or none; or %NULL with the
 *   client's errors
 */
GPtrArray *
floe_engine_holders_find_finish (FloeEngineClient *client, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
