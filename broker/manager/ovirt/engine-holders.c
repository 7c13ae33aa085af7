/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-holders.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-comment.h"
#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-values.h"

/* Who has a VM at its engine: whoever has the role UserRole on the VM itself. Of what the broker's
 * own account has, the VM's comment tells for whom. */

typedef struct
{
  gchar *permission;
  gchar *user;
} Holder;

typedef struct
{
  gchar *vm_id;
  gchar *person;
  gchar *person_id;
  gchar *engine_user;
  gchar *correlation;
  gboolean service;
  gboolean marked; /* the comment has to name them */
  GPtrArray *open; /* Holder: of whom it is not known yet whether they are meant */
  GStrvBuilder *found;
} Look;

static void
holder_free (gpointer data)
{
  Holder *holder = data;

  g_free (holder->permission);
  g_free (holder->user);
  g_free (holder);
}

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->vm_id);
  g_free (look->person);
  g_free (look->person_id);
  g_free (look->engine_user);
  g_free (look->correlation);
  g_ptr_array_unref (look->open);
  g_strv_builder_unref (look->found);
  g_free (look);
}

static void
get (GTask *task, const gchar *path, const gchar *correlation, GAsyncReadyCallback callback)
{
  const FloeEngineCall call = {
    .method = "GET", .path = path, .correlation = correlation, .repeatable = TRUE
  };

  floe_engine_client_call_async (g_task_get_source_object (task), &call, callback,
                                 g_object_ref (task));
}

static void look_at_next (GTask *task);

/* Who is being looked at. */
static const Holder *
get_holder (const Look *look)
{
  return look->open->pdata[look->open->len - 1];
}

/* Whoever was looked at is decided. */
static void
decide (GTask *task, gboolean meant)
{
  const Look *look = g_task_get_task_data (task);

  if (meant)
    g_strv_builder_add (look->found, get_holder (look)->permission);
  g_ptr_array_remove_index (look->open, look->open->len - 1);
  look_at_next (task);
}

static gboolean
is_start (const gchar *name, const gchar *end, const gchar *wanted)
{
  g_autofree gchar *start = g_strndup (name, (gsize)(end - name));
  g_autofree gchar *folded = g_utf8_casefold (start, -1);

  return g_str_equal (folded, wanted);
}

/* An engine calls them by their log-in name, "@", and the directory that it knows them from. In an
 * Active Directory, that name has an "@" of its own, which is not typed here. */
static gboolean
is_person (const Look *look, JsonObject *user)
{
  const gchar *name = floe_engine_json_text (user, "user_name");
  const gchar *last = name != NULL ? strrchr (name, '@') : NULL;
  g_autofree gchar *wanted = g_utf8_casefold (look->person, -1);

  if (name == NULL)
    return FALSE;
  return is_start (name, last != NULL ? last : name + strlen (name), wanted)
         || (last != NULL && is_start (name, strchr (name, '@'), wanted));
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Look *look = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  JsonObject *root = floe_engine_json_root (answer);
  const gchar *own = floe_engine_json_id (floe_engine_json_object (root, "authenticated_user"));

  if (answer != NULL)
    decide (task,
            look->service ? g_strcmp0 (own, get_holder (look)->user) == 0 : is_person (look, root));
  else if (!look->service && g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_error_free (error);
      decide (task, FALSE); /* who is not there any more is nobody that we know */
    }
  else
    g_task_return_error (task, error);
}

static void
look_at_next (GTask *task)
{
  const Look *look = g_task_get_task_data (task);
  g_autofree gchar *path = NULL;

  if (look->open->len == 0)
    {
      g_task_return_pointer (task, g_strv_builder_end (look->found), (GDestroyNotify)g_strfreev);
      return;
    }
  if (look->engine_user != NULL)
    {
      decide (task, g_str_equal (get_holder (look)->user, look->engine_user));
      return;
    }
  if (!look->service)
    path = g_strdup_printf ("/users/%s", get_holder (look)->user);
  get (task, path != NULL ? path : "", look->correlation, looked);
}

/* Not those that come down from the pool or from the engine as a whole. */
static Holder *
read_holder (JsonObject *permission, const gchar *vm_id)
{
  const gchar *id = floe_engine_json_id (permission);
  const gchar *vm = floe_engine_json_id (floe_engine_json_object (permission, "vm"));
  const gchar *role = floe_engine_json_id (floe_engine_json_object (permission, "role"));
  const gchar *user = floe_engine_json_id (floe_engine_json_object (permission, "user"));
  Holder *holder;

  if (id == NULL || user == NULL || g_strcmp0 (vm, vm_id) != 0
      || g_strcmp0 (role, FLOE_ENGINE_USER_ROLE) != 0)
    return NULL;
  holder = g_new0 (Holder, 1);
  holder->permission = g_strdup (id);
  holder->user = g_strdup (user);
  return holder;
}

static void
read_permissions (JsonNode *answer, const gchar *vm_id, GPtrArray *holders)
{
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "permission");
  guint n = floe_engine_json_length (list);

  for (guint i = 0; i < n; i++)
    {
      Holder *holder = read_holder (floe_engine_json_item (list, i), vm_id);

      if (holder != NULL)
        g_ptr_array_add (holders, holder);
    }
}

static void
got_permissions (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Look *look = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  read_permissions (answer, look->vm_id, look->open);
  look_at_next (task);
}

static void
get_permissions (GTask *task)
{
  const Look *look = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/permissions", look->vm_id);

  get (task, path, look->correlation, got_permissions);
}

static void
got_comment (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Look *look = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  const gchar *comment = floe_engine_json_text (floe_engine_json_root (answer), "comment");

  if (answer == NULL)
    g_task_return_error (task, error);
  else if (look->marked ? !floe_engine_comment_is_of (comment, look->person_id)
                        : floe_engine_comment_is_of_another (comment, look->person_id))
    g_task_return_pointer (task, g_strv_builder_end (look->found), (GDestroyNotify)g_strfreev);
  else
    get_permissions (task);
}

static void
got_users (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const gchar *vm_id = g_task_get_task_data (task);
  g_autoptr (GPtrArray) holders = g_ptr_array_new_with_free_func (holder_free);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  read_permissions (answer, vm_id, holders);
  if (holders->len == 1)
    g_task_return_pointer (task, g_strdup (((Holder *)holders->pdata[0])->user), g_free);
  else
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                             "its engine has %u users for it, and not one", holders->len);
}

/**
 * floe_engine_holders_find_user_async:
 * @correlation: what stands in the engine's log beside it
 *
 * Asks whose a VM is that was just given to somebody.
 */
void
floe_engine_holders_find_user_async (FloeEngineClient *client, const gchar *vm_id,
                                     const gchar *correlation, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, NULL, callback, user_data);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/permissions", vm_id);

  g_task_set_source_tag (task, floe_engine_holders_find_user_async);
  g_task_set_task_data (task, g_strdup (vm_id), g_free);
  get (task, path, correlation, got_users);
}

/**
 * floe_engine_holders_find_user_finish:
 *
 * Returns: (transfer full): the id of its only user at the engine; or %NULL with
 *   %FLOE_ERROR_CONFLICT or the client's errors
 */
gchar *
floe_engine_holders_find_user_finish (FloeEngineClient *client, GAsyncResult *result,
                                      GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
find (GTask *task, const gchar *vm_id, const FloeVmHolder *whose, const gchar *correlation,
      gboolean marked)
{
  g_autofree gchar *path = g_strdup_printf ("/vms/%s", vm_id);
  Look *look = g_new0 (Look, 1);

  look->vm_id = g_strdup (vm_id);
  look->person = g_strdup (whose->person);
  look->person_id = g_strdup (whose->person_id);
  look->engine_user = g_strdup (whose->engine_user);
  look->correlation = g_strdup (correlation);
  look->service = whose->service;
  look->marked = marked;
  look->open = g_ptr_array_new_with_free_func (holder_free);
  look->found = g_strv_builder_new ();
  g_task_set_source_tag (task, floe_engine_holders_find_async);
  g_task_set_task_data (task, look, look_free);
  if (look->service)
    get (task, path, correlation, got_comment);
  else
    get_permissions (task);
}

/**
 * floe_engine_holders_find_async:
 * @whose: who is looked for
 * @correlation: what stands in the engine's log beside it
 *
 * Finds out by which permissions a VM that stays its user's is theirs at its engine.
 */
void
floe_engine_holders_find_async (FloeEngineClient *client, const gchar *vm_id,
                                const FloeVmHolder *whose, const gchar *correlation,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, NULL, callback, user_data);

  find (task, vm_id, whose, correlation, FALSE);
}

/**
 * floe_engine_holders_find_marked_async:
 * @whose: for whom the broker's own account may have it
 * @correlation: what stands in the engine's log beside it
 *
 * As floe_engine_holders_find_async(), and finds nothing where the VM's comment does not name them.
 */
void
floe_engine_holders_find_marked_async (FloeEngineClient *client, const gchar *vm_id,
                                       const FloeVmHolder *whose, const gchar *correlation,
                                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, NULL, callback, user_data);

  find (task, vm_id, whose, correlation, TRUE);
}

/**
 * floe_engine_holders_find_finish:
 *
 * Returns: (transfer full): ids of permissions: usually one, or none; or %NULL with the client's
 *   errors, %FLOE_ERROR_NOT_FOUND among them: the engine has no such VM
 */
GStrv
floe_engine_holders_find_finish (FloeEngineClient *client, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_engine_holders_check_finish:
 *
 * Returns: whether it is theirs; or %FALSE with %FLOE_ERROR_CONFLICT, reason "taken-away" and their
 *   id its subject, or with the client's errors
 */
gboolean
floe_engine_holders_check_finish (FloeEngineClient *client, GAsyncResult *result, GError **error)
{
  const Look *look = g_task_get_task_data (G_TASK (result));
  GError *why = NULL;
  g_auto (GStrv) found = floe_engine_holders_find_finish (client, result, &why);

  if (found != NULL && found[0] != NULL)
    return TRUE;
  if (why == NULL)
    {
      floe_set_error_reason (&why, FLOE_ERROR_CONFLICT, "taken-away",
                             "its engine says that it is not %s's any more", look->person);
      floe_error_set_subject (why, look->person_id);
    }
  g_propagate_error (error, why);
  return FALSE;
}
