/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-edit.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-correlation.h"
#include "manager/ovirt/engine-json.h"

#define MAX_GROUP_NAME 256

/* An edit of a pool at its engine: its numbers first, then who may have VMs of it. */

typedef struct
{
  FloeEngineClient *client;
  FloeEnginePicture *picture;
  gchar *pool_id;
  gchar *group;
  gchar *group_id;
  gchar *correlation;
  gint prestarted;
  gint per_user;
  gboolean entitled;
} Edit;

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  g_object_unref (edit->client);
  g_object_unref (edit->picture);
  g_free (edit->pool_id);
  g_free (edit->group);
  g_free (edit->group_id);
  g_free (edit->correlation);
  g_free (edit);
}

/* Each of them may be done twice. */
static void
call (GTask *task, const gchar *method, const gchar *path, const gchar *body,
      GAsyncReadyCallback callback)
{
  const Edit *edit = g_task_get_task_data (task);
  const FloeEngineCall what = { .method = method,
                                .path = path,
                                .body = body,
                                .correlation = edit->correlation,
                                .repeatable = TRUE };

  floe_engine_client_call_async (edit->client, &what, callback, g_object_ref (task));
}

/* Returns: (nullable): what was answered; else @task has the error */
static JsonNode *
take_answer (GObject *source, GAsyncResult *result, GTask *task)
{
  GError *error = NULL;
  JsonNode *answer = floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  return answer;
}

/* Groups. */

static void
done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (JsonNode) answer = take_answer (source, result, task);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
}

static gchar *
write_permission (const Edit *edit)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "role");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, "UserRole");
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "group");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, edit->group_id);
  json_builder_end_object (builder);
  return floe_engine_json_end (builder);
}

static const gchar *
find_permission (const Edit *edit, JsonObject *root)
{
  JsonArray *list = floe_engine_json_list (root, "permission");
  guint n = floe_engine_json_length (list);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *permission = floe_engine_json_item (list, i);
      const gchar *group = floe_engine_json_id (floe_engine_json_object (permission, "group"));
      const gchar *role = floe_engine_json_id (floe_engine_json_object (permission, "role"));

      if (g_strcmp0 (group, edit->group_id) == 0 && g_strcmp0 (role, FLOE_ENGINE_USER_ROLE) == 0)
        return floe_engine_json_id (permission);
    }
  return NULL;
}

static void
got_permissions (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Edit *edit = g_task_get_task_data (task);
  g_autoptr (JsonNode) answer = take_answer (source, result, task);
  const gchar *id;
  g_autofree gchar *path = NULL;

  if (answer == NULL)
    return;
  id = find_permission (edit, floe_engine_json_root (answer));
  if (id == NULL)
    {
      g_task_return_boolean (task, TRUE); /* they have none */
      return;
    }
  path = g_strdup_printf ("/vmpools/%s/permissions/%s", edit->pool_id, id);
  call (task, "DELETE", path, NULL, done);
}

static void
set_entitled (GTask *task)
{
  const Edit *edit = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vmpools/%s/permissions", edit->pool_id);
  g_autofree gchar *body = edit->entitled ? write_permission (edit) : NULL;

  if (edit->entitled)
    call (task, "POST", path, body, done);
  else
    call (task, "GET", path, NULL, got_permissions);
}

/* A search finds what is like it. */
static const gchar *
find_group (const Edit *edit, JsonObject *root)
{
  JsonArray *list = floe_engine_json_list (root, "group");
  guint n = floe_engine_json_length (list);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *group = floe_engine_json_item (list, i);

      if (g_strcmp0 (floe_engine_json_text (group, "name"), edit->group) == 0)
        return floe_engine_json_id (group);
    }
  return NULL;
}

static void
got_groups (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Edit *edit = g_task_get_task_data (task);
  g_autoptr (JsonNode) answer = take_answer (source, result, task);

  if (answer == NULL)
    return;
  edit->group_id = g_strdup (find_group (edit, floe_engine_json_root (answer)));
  if (edit->group_id != NULL)
    set_entitled (task);
  else
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_NOT_FOUND,
                             "the engine knows no group \"%s\": add it there first, under "
                             "Administration, Users",
                             edit->group);
}

/* What a search would not take for a part of the name. */
static gboolean
check_group (const gchar *name, GError **error)
{
  if (*name != '\0' && strlen (name) <= MAX_GROUP_NAME && strpbrk (name, "\"*\\") == NULL)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
               "\"%s\": expected a group's name as the engine has it, of 1 to %d bytes without "
               "quotes, asterisks and backslashes",
               name, MAX_GROUP_NAME);
  return FALSE;
}

static void
edit_group (GTask *task)
{
  const Edit *edit = g_task_get_task_data (task);
  g_autofree gchar *search = g_strdup_printf ("name=\"%s\"", edit->group);
  g_autofree gchar *escaped = g_uri_escape_string (search, NULL, FALSE);
  g_autofree gchar *path = g_strconcat ("/groups?search=", escaped, NULL);

  call (task, "GET", path, NULL, got_groups);
}

/* Numbers. */

static void
add_number (JsonBuilder *builder, const gchar *name, gint value)
{
  g_autofree gchar *text = g_strdup_printf ("%d", value);

  if (value < 0)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
got_pool (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Edit *edit = g_task_get_task_data (task);
  g_autoptr (JsonNode) answer = take_answer (source, result, task);

  if (answer == NULL)
    return;
  floe_engine_picture_take_pool (edit->picture, floe_engine_json_root (answer));
  if (edit->group != NULL)
    edit_group (task);
  else
    g_task_return_boolean (task, TRUE);
}

static void
edit_numbers (GTask *task)
{
  const Edit *edit = g_task_get_task_data (task);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree gchar *path = g_strdup_printf ("/vmpools/%s", edit->pool_id);
  g_autofree gchar *body = NULL;

  json_builder_begin_object (builder);
  add_number (builder, "prestarted_vms", edit->prestarted);
  add_number (builder, "max_user_vms", edit->per_user);
  body = floe_engine_json_end (builder);
  call (task, "PUT", path, body, got_pool);
}

/**
 * floe_engine_edit_run:
 * @edit: copied
 * @task: (transfer full): gives a truth value
 *
 * Changes a pool at its engine. What was done before something is refused stays.
 */
void
floe_engine_edit_run (const FloeEngineParts *parts, const FloeEngineEdit *edit, GTask *task)
{
  g_autoptr (GTask) owned G_GNUC_UNUSED = task;
  const FloeEnginePool *pool = floe_engine_picture_find_pool (parts->picture, edit->pool);
  Edit *copy = g_new0 (Edit, 1);
  GError *error = NULL;

  copy->client = g_object_ref (parts->client);
  copy->picture = g_object_ref (parts->picture);
  copy->pool_id = pool != NULL ? g_strdup (pool->id) : NULL;
  copy->group = g_strdup (edit->group);
  copy->correlation = floe_engine_correlation_new (edit->request, "edit", edit->pool);
  copy->prestarted = edit->prestarted;
  copy->per_user = edit->per_user;
  copy->entitled = edit->entitled;
  g_task_set_task_data (task, copy, edit_free);
  if (pool == NULL || !floe_engine_picture_is_up (parts->picture))
    floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "host-down", "%s",
                           floe_engine_picture_is_up (parts->picture)
                               ? "the engine has no such pool, or hides it from us"
                               : "the engine does not answer");
  if (error != NULL || (copy->group != NULL && !check_group (copy->group, &error)))
    g_task_return_error (task, error);
  else if (copy->prestarted >= 0 || copy->per_user >= 0)
    edit_numbers (task);
  else
    edit_group (task);
}
