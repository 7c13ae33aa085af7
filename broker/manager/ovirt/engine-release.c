/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-release.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-comment.h"
#include "manager/ovirt/engine-holders.h"
#include "manager/ovirt/engine-json.h"

/* Taking a VM of a pool of the type manual from its user, for which the engine has no call. First
 * is looked whether they have it still: it may be somebody else's by now, when this is done again
 * because nobody knows what came of it. Then it is switched off, since an engine gives away one
 * that runs as it is; and then it is taken. */

typedef struct
{
  FloeEngineParts parts;
  gchar *vm_id;
  gchar *person;
  gboolean service; /* the broker's own account has it for them, and its comment says whose it is */
  GPtrArray *holders; /* of whom it is not known yet whether they are meant */
  GPtrArray *left;    /* ids of permissions that are to go */
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
  g_free (release->person);
  g_clear_pointer (&release->holders, g_ptr_array_unref);
  g_ptr_array_unref (release->left);
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

  if (vm != NULL && vm->marked && release->service)
    floe_engine_comment_async (release->parts.client, release->vm_id, NULL, NULL, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

static void take_next (GTask *task);
static void look_at_next (GTask *task);

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

static void
switched_off (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_engine_power_finish (result, &error))
    take_next (task);
  else
    g_task_return_error (task, error);
}

/* Who is being looked at. */
static const FloeEngineHolder *
get_holder (const Release *release)
{
  return release->holders->pdata[release->holders->len - 1];
}

/* Whoever was looked at is decided. */
static void
decide (GTask *task, gboolean meant)
{
  const Release *release = g_task_get_task_data (task);

  if (meant)
    g_ptr_array_add (release->left, g_strdup (get_holder (release)->permission));
  g_ptr_array_remove_index (release->holders, release->holders->len - 1);
  look_at_next (task);
}

/* An engine calls them by their log-in name, "@", and the directory that it knows them from. */
static gboolean
is_person (const Release *release, JsonObject *user)
{
  const gchar *name = floe_engine_json_text (user, "user_name");
  const gchar *at = name != NULL ? strrchr (name, '@') : NULL;
  g_autofree gchar *plain = at != NULL ? g_strndup (name, (gsize)(at - name)) : g_strdup (name);
  g_autofree gchar *theirs = plain != NULL ? g_utf8_casefold (plain, -1) : NULL;
  g_autofree gchar *wanted = g_utf8_casefold (release->person, -1);

  return g_strcmp0 (theirs, wanted) == 0;
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Release *release = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  JsonObject *root = floe_engine_json_root (answer);
  const gchar *own = floe_engine_json_id (floe_engine_json_object (root, "authenticated_user"));

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    decide (task, release->service ? g_strcmp0 (own, get_holder (release)->user) == 0
                                   : is_person (release, root));
}

static void
look_at_next (GTask *task)
{
  const Release *release = g_task_get_task_data (task);
  g_autofree gchar *path = NULL;

  if (release->holders->len == 0)
    {
      if (release->left->len == 0)
        end (task);
      else
        floe_engine_power_off_async (&release->parts, release->vm_id, 0, switched_off,
                                     g_object_ref (task));
      return;
    }
  if (!release->service)
    path = g_strdup_printf ("/users/%s", get_holder (release)->user);
  call (task, "GET", path != NULL ? path : "", looked);
}

static void
got_holders (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Release *release = g_task_get_task_data (task);
  GError *error = NULL;

  release->holders = floe_engine_holders_find_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  if (release->holders != NULL)
    look_at_next (task);
  else
    g_task_return_error (task, error);
}

/* One whose comment could not be written is taken for theirs. */
static void
got_comment (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Release *release = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  const gchar *comment = floe_engine_json_text (floe_engine_json_root (answer), "comment");
  g_autofree gchar *theirs = floe_engine_comment_text (release->person);

  if (answer == NULL)
    g_task_return_error (task, error);
  else if (comment != NULL && g_str_has_prefix (comment, FLOE_ENGINE_COMMENT)
           && !g_str_equal (comment, theirs))
    g_task_return_boolean (task, TRUE); /* it is somebody else's by now */
  else
    floe_engine_holders_find_async (release->parts.client, release->vm_id, got_holders,
                                    g_object_ref (task));
}

/**
 * floe_engine_release_async:
 * @job: of the kind %FLOE_JOB_GIVE_BACK, about a VM of a pool whose VMs stay their users'
 *
 * Switches it off, and takes it from whose it was. One that they do not have is left alone, and a
 * success. It ends with floe_engine_power_finish(), which also has the errors of the client's
 * calls.
 */
void
floe_engine_release_async (const FloeEngineParts *parts, const FloeJob *job,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (parts->client, NULL, callback, user_data);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s", job->domain_id);
  Release *release = g_new0 (Release, 1);

  release->parts = *parts;
  g_object_ref (release->parts.client);
  g_object_ref (release->parts.watch);
  g_object_ref (release->parts.picture);
  g_object_ref (release->parts.clock);
  release->vm_id = g_strdup (job->domain_id);
  release->person = g_strdup (job->person);
  release->service = job->service;
  release->left = g_ptr_array_new_with_free_func (g_free);
  g_task_set_source_tag (task, floe_engine_release_async);
  g_task_set_task_data (task, release, release_free);
  if (release->service)
    call (task, "GET", path, got_comment);
  else
    floe_engine_holders_find_async (parts->client, release->vm_id, got_holders,
                                    g_object_ref (task));
}
