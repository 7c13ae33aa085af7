/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-engine.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"

/* Each row has this action: that it was begun, and, if so, that it failed. */
#define ACTION "pool-engine"

/* An edit that is under way. */
typedef struct
{
  FloeIdentity *actor;
  gchar *name;
  gchar *group;
  FloeEngineEdit edit;
  GError *failure; /* what the engine said, while that is written down */
} Editing;

static void
editing_free (gpointer data)
{
  Editing *editing = data;

  floe_identity_free (editing->actor);
  g_free (editing->name);
  g_free (editing->group);
  g_clear_error (&editing->failure);
  g_free (editing);
}

static gchar *
describe (const FloeEngineEdit *edit)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (edit->prestarted >= 0)
    g_ptr_array_add (parts, g_strdup_printf ("prestarted %d", edit->prestarted));
  if (edit->per_user >= 0)
    g_ptr_array_add (parts, g_strdup_printf ("%d for each user", edit->per_user));
  if (edit->group != NULL)
    g_ptr_array_add (parts, g_strdup_printf ("group %s %s", edit->group,
                                             edit->entitled ? "entitled" : "not entitled"));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv ("; ", (gchar **)parts->pdata);
}

/* What is to be done is written down before it is. */
static gpointer
record_begin (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);

  if (pool == NULL)
    return NULL;
  if (!floe_pool_is_engine (pool))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "pool %s is no engine's: its own definition says what it is", pool->name);
      return NULL;
    }
  return floe_admin_put_row (tx, input, ACTION, pool->name, input->message, error)
             ? g_steal_pointer (&pool)
             : NULL;
}

static gpointer
record_failure (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;

  return floe_admin_put_outcome (tx, input, ACTION, input->name, "failed", input->message, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static void
failure_recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Editing *editing = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_message ("pool %s: that its engine refused something is not recorded: %s", editing->name,
               error->message);
  g_task_return_error (task, g_steal_pointer (&editing->failure));
}

static void
edited (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  Editing *editing = g_task_get_task_data (task);
  FloeAdminInput *input;

  if (floe_manager_edit_pool_finish (FLOE_MANAGER (source), result, &editing->failure))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_prefix_error (&editing->failure, "pool %s: ", editing->name);
  input = floe_helpdesk_input_new (self, editing->actor, editing->name);
  input->message = g_strdup (editing->failure->message);
  floe_store_write_async (self->store, record_failure, input, (GDestroyNotify)floe_admin_input_free,
                          NULL, failure_recorded, g_steal_pointer (&task));
}

static void
begun (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  Editing *editing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (FloePool) pool = floe_store_finish (FLOE_STORE (source), result, &error);

  if (pool == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  editing->edit.host = pool->manager;
  editing->edit.pool = pool->engine_pool;
  floe_manager_edit_pool_async (floe_keeper_get_manager (self->keeper), &editing->edit, edited,
                                g_steal_pointer (&task));
}

/**
 * floe_helpdesk_edit_engine_async:
 * @name: the pool's, here
 * @edit: what is to change; its host, pool and request are not looked at
 *
 * Has the engine of a pool change what it decides of it.
 */
void
floe_helpdesk_edit_engine_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                 const FloeEngineEdit *edit, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, name);
  Editing *editing = g_new0 (Editing, 1);

  g_task_set_source_tag (task, floe_helpdesk_edit_engine_async);
  editing->actor = floe_identity_copy (actor);
  editing->name = g_strdup (name);
  editing->group = g_strdup (edit->group);
  editing->edit = *edit;
  editing->edit.group = editing->group;
  editing->edit.request = editing->actor->caller->request;
  g_task_set_task_data (task, editing, editing_free);
  input->message = describe (edit);
  floe_store_write_async (self->store, record_begin, input, (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)floe_pool_free, begun, task);
}

/**
 * floe_helpdesk_edit_engine_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT (it is no engine's), the errors
 *   of floe_manager_edit_pool_finish() or a store's error
 */
gboolean
floe_helpdesk_edit_engine_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
