/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-release.h"

#include "core/error.h"
#include "manager/ovirt/engine-comment.h"
#include "manager/ovirt/engine-json.h"

/* Taking a VM of a pool of the type manual from its user. The engine has no call for it: whoever
 * has the role UserRole on the VM itself has the VM. It is switched off first: an engine gives
 * away one that runs as it is. */

typedef struct
{
  FloeEngineParts parts;
  gchar *vm_id;
  GPtrArray *left; /* ids of permissions */
} Release;

static void
release_free (gpointer data)
{
  Release *release = data;

  g_object_unref (release->parts.client);
  g_object_unref (release->parts.picture);
  g_free (release->vm_id);
  g_clear_pointer (&release->left, g_ptr_array_unref);
  g_free (release);
}

static void
call (GTask *task, const gchar *method, const gchar *path, GAsyncReadyCallback callback)
{
  const Release *release = g_task_get_task_data (task);
  const FloeEngineCall what = { .method = method, .path = path, .repeatable = TRUE };
  GError *error = NULL;

  if (floe_guard_check (release->parts.guard, release->parts.guard_data, &error))
    floe_engine_client_call_async (release->parts.client, &what, callback, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/* Whose it was stands in its comment, where the broker's own account had it for them. */
static void
end (GTask *task)
{
  const Release *release = g_task_get_task_data (task);
  const FloeEngineVm *vm = floe_engine_picture_find_vm (release->parts.picture, release->vm_id);

  if (vm != NULL && vm->marked)
    floe_engine_comment_async (release->parts.client, release->vm_id, NULL, NULL, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

static void take_next (GTask *task);

/* One that is gone meanwhile is what is wanted. */
static void
taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Release *release = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer == NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  g_ptr_array_remove_index (release->left, release->left->len - 1);
  take_next (task);
}

static void
take_next (GTask *task)
{
  const Release *release = g_task_get_task_data (task);
  g_autofree gchar *path = NULL;

  if (release->left->len == 0)
    {
      end (task);
      return;
    }
  path = g_strdup_printf ("/vms/%s/permissions/%s", release->vm_id,
                          (gchar *)release->left->pdata[release->left->len - 1]);
  call (task, "DELETE", path, taken);
}

/* Not those that come down from the pool or from the engine as a whole. */
static gboolean
gives_the_vm (const Release *release, JsonObject *permission)
{
  const gchar *vm = floe_engine_json_id (floe_engine_json_object (permission, "vm"));
  const gchar *role = floe_engine_json_id (floe_engine_json_object (permission, "role"));

  return g_strcmp0 (vm, release->vm_id) == 0 && g_strcmp0 (role, FLOE_ENGINE_USER_ROLE) == 0
         && floe_engine_json_object (permission, "user") != NULL;
}

static void
got_permissions (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Release *release = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "permission");
  guint n = floe_engine_json_length (list);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  release->left = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *permission = floe_engine_json_item (list, i);
      const gchar *id = floe_engine_json_id (permission);

      if (id != NULL && gives_the_vm (release, permission))
        g_ptr_array_add (release->left, g_strdup (id));
    }
  take_next (task);
}

static void
switched_off (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Release *release = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/permissions", release->vm_id);
  GError *error = NULL;

  if (floe_engine_power_finish (result, &error))
    call (task, "GET", path, got_permissions);
  else
    g_task_return_error (task, error);
}

/**
 * floe_engine_release_async:
 * @vm_id: of a pool whose VMs stay their users'
 *
 * Switches it off, and takes it from whoever has it. One that nobody has is a success.
 */
void
floe_engine_release_async (const FloeEngineParts *parts, const gchar *vm_id,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (parts->client, NULL, callback, user_data);
  Release *release = g_new0 (Release, 1);

  release->parts = *parts;
  g_object_ref (release->parts.client);
  g_object_ref (release->parts.picture);
  release->vm_id = g_strdup (vm_id);
  g_task_set_source_tag (task, floe_engine_release_async);
  g_task_set_task_data (task, release, release_free);
  floe_engine_power_off_async (parts, vm_id, 0, switched_off, task);
}

/**
 * floe_engine_release_finish:
 *
 * Returns: %TRUE once the engine may give it to somebody else; %FALSE with what
 *   floe_engine_power_finish() or floe_engine_client_call_finish() says
 */
gboolean
floe_engine_release_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
