/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/error.h"

/* What was done in the directory is done, whatever becomes of the row. */
static void
change_recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("a changed password was not recorded: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
changed (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree gchar *name =
      floe_directory_change_password_finish (FLOE_DIRECTORY (source), result, &error);
  FloeAudit *row;

  floe_login_settle (self, call, NULL, error);
  if (name == NULL)
    {
      floe_login_record_failure (self, call, error);
      floe_login_fail_on_grid (self, task, error);
      return;
    }
  floe_login_tell_end (self, call, NULL);
  row = floe_audit_new (floe_clock_now (self->clock), call->action, name, "done");
  g_free (row->actor);
  row->actor = g_strdup (name);
  floe_audit_set_caller (row, call->caller);
  floe_store_write_async (self->store, floe_login_put_audit, row, (GDestroyNotify)floe_audit_free,
                          NULL, change_recorded, task);
}

static void
change (FloeLogin *self, GTask *task)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autoptr (FloeSecret) old = g_steal_pointer (&call->password);
  g_autoptr (FloeSecret) new = g_steal_pointer (&call->new_password);

  floe_directory_change_password_async (self->directory, call->name, old, new, NULL, changed, task);
}

/**
 * floe_login_change_password_async:
 * @self: the log-in
 * @who: as typed
 * @old: the password as it is
 * @new: what it shall be; both are dropped as soon as the directory answered
 * @caller: from where
 * @callback: called once
 * @user_data: for @callback
 *
 * Changes somebody's password in the directory. Nobody is logged in or out by that. Once begun it
 * goes on to its end, and is recorded, whether anybody waits or not.
 */
void
floe_login_change_password_async (FloeLogin *self, const FloeTypedName *who, FloeSecret *old,
                                  FloeSecret *new, const FloeCaller *caller,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_login_call_new (self, "password", caller, NULL, callback, user_data);
  FloeLoginCall *call = g_task_get_task_data (task);

  g_task_set_source_tag (task, floe_login_change_password_async);
  floe_login_take_name (call, who);
  call->password = floe_secret_ref (old);
  call->new_password = floe_secret_ref (new);
  floe_login_admit (self, task, change);
}

/**
 * floe_login_change_password_finish:
 *
 * Returns: %TRUE; or %FALSE with the errors of floe_directory_change_password_finish(),
 *   %FLOE_ERROR_BUSY (reason "too-many-tries") or %FLOE_ERROR_INVALID (reason "unknown-domain")
 */
gboolean
floe_login_change_password_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
