/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-release.h"

#include "core/error.h"
#include "manager/ovirt/engine-comment.h"
#include "manager/ovirt/engine-holders.h"

/* Taking a VM of a pool of the type manual from its user, for which the engine has no call. First
 * is looked whether they have it still: it may be somebody else's by now, when this is done again
 * because nobody knows what came of it. Then it is switched off, since an engine gives away one
 * that runs as it is; and then it is taken. */

typedef struct
{
  FloeEngineParts parts;
  gchar *vm_id;
  gchar *correlation;
  gboolean service; /* the broker's own account has it for them, and its comment says whose it is */
  GStrv left;       /* ids of permissions that are to go */
  guint next;       /* of these */
} Release;

static void
release_free (gpointer data)
{
  Release *release = data;

  g_object_unref (release->parts.client);
  g_object_unref (release->parts.watch);
  g_object_unref (release->parts.picture);
  g_object_unref (release->parts.clock);
  g_free (release->vm_id);
  g_free (release->correlation);
  g_strfreev (release->left);
  g_free (release);
}

static gboolean
may_go_on (GTask *task)
{
  const Release *release = g_task_get_task_data (task);
  GError *error = NULL;

  if (floe_guard_check (release->parts.guard, release->parts.guard_data, &error))
    return TRUE;
  g_task_return_error (task, error);
  return FALSE;
}

static void take_next (GTask *task);

/* One that is gone meanwhile is what is wanted. */
static void
taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Release *release = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer == NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  release->next++;
  take_next (task);
}

static void
take_next (GTask *task)
{
  const Release *release = g_task_get_task_data (task);
  g_autofree gchar *path = NULL;
  FloeEngineCall call = { .method = "DELETE",
                          .correlation = release->correlation,
                          .repeatable = TRUE };

  if (release->left[release->next] == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (!may_go_on (task))
    return;
  path = g_strdup_printf ("/vms/%s/permissions/%s", release->vm_id, release->left[release->next]);
  call.path = path;
  floe_engine_client_call_async (release->parts.client, &call, taken, g_object_ref (task));
}

/* Only then is it taken: whoever gets it next from the broker's own account is to stand there. */
static void
cleared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_engine_comment_finish (FLOE_ENGINE_CLIENT (source), result, &error))
    take_next (task);
  else
    g_task_return_error (task, error);
}

static void
switched_off (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Release *release = g_task_get_task_data (task);
  GError *error = NULL;

  if (!floe_engine_power_finish (result, &error))
    g_task_return_error (task, error);
  else if (!release->service)
    take_next (task);
  else if (may_go_on (task))
    floe_engine_comment_async (release->parts.client, release->vm_id, NULL, release->correlation,
                               cleared, g_object_ref (task));
}

/* What the engine does not have any more is nobody's. */
static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Release *release = g_task_get_task_data (task);
  GError *error = NULL;

  release->left = floe_engine_holders_find_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  if (error != NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  if (release->left == NULL || release->left[0] == NULL)
    g_task_return_boolean (task, TRUE);
  else
    floe_engine_power_off_async (&release->parts, release->vm_id, 0, release->correlation,
                                 switched_off, g_object_ref (task));
}

/**
 * floe_engine_release_async:
 * @vm_id: of a pool whose VMs stay their users'
 * @whose: who is not to have it any more
 * @correlation: what stands in the engine's log beside it
 *
 * Switches it off, and takes it from whose it was. One that they do not have is left alone, and a
 * success. It ends with floe_engine_power_finish(), which also has the errors of the client's
 * calls.
 */
void
floe_engine_release_async (const FloeEngineParts *parts, const gchar *vm_id,
                           const FloeVmHolder *whose, const gchar *correlation,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (parts->client, NULL, callback, user_data);
  Release *release = g_new0 (Release, 1);

  release->parts = *parts;
  g_object_ref (release->parts.client);
  g_object_ref (release->parts.watch);
  g_object_ref (release->parts.picture);
  g_object_ref (release->parts.clock);
  release->vm_id = g_strdup (vm_id);
  release->correlation = g_strdup (correlation);
  release->service = whose->service;
  g_task_set_source_tag (task, floe_engine_release_async);
  g_task_set_task_data (task, release, release_free);
  if (may_go_on (task))
    floe_engine_holders_find_async (parts->client, release->vm_id, whose, correlation, found,
                                    g_object_ref (task));
}
