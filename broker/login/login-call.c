/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/error.h"

/* What every call without a token has in common: how it begins, and how it is refused. */

/* A failed log-in is answered at the next multiple of this since it began. */
#define GRID (250 * 1000)

static void
login_call_free (gpointer data)
{
  FloeLoginCall *call = data;

  floe_caller_free (call->caller);
  g_free (call->name);
  g_free (call->domain);
  g_clear_pointer (&call->token, floe_secret_unref);
  g_free (call->hash);
  floe_token_free (call->right);
  g_clear_pointer (&call->password, floe_secret_unref);
  g_clear_pointer (&call->for_engines, floe_secret_unref);
  floe_user_free (call->user);
  g_clear_pointer (&call->ticket, floe_secret_unref);
  g_clear_pointer (&call->new_password, floe_secret_unref);
  g_clear_pointer (&call->challenge, floe_secret_unref);
  g_clear_pointer (&call->secret, floe_secret_unref);
  g_clear_pointer (&call->codes, g_ptr_array_unref);
  g_clear_error (&call->error);
  g_free (call);
}

GTask *
floe_login_call_new (FloeLogin *self, const gchar *action, const FloeCaller *caller,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  FloeLoginCall *call = g_new0 (FloeLoginCall, 1);

  call->action = action;
  call->caller = floe_caller_copy (caller);
  call->began = floe_clock_elapsed (self->clock);
  g_task_set_task_data (task, call, login_call_free);
  return task;
}

/* Takes @error. */
void
floe_login_fail_at_once (FloeLogin *self, GTask *task, GError *error)
{
  floe_login_tell_end (self, g_task_get_task_data (task), error);
  g_task_return_error (task, error);
}

static gboolean
failure_due (gpointer data)
{
  GTask *task = data;
  FloeLoginCall *call = g_task_get_task_data (task);

  g_task_return_error (task, g_steal_pointer (&call->error));
  return G_SOURCE_REMOVE;
}

/* Holds no worker and no thread while it waits; takes @task and @error. */
void
floe_login_fail_on_grid (FloeLogin *self, GTask *task, GError *error)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  gint64 spent = floe_clock_elapsed (self->clock) - call->began;

  floe_login_tell_end (self, call, error);
  call->error = error;
  floe_clock_add_timeout (self->clock, GRID - spent % GRID, failure_due, task, g_object_unref);
}

static void
failure_recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("a refused log-in was not recorded: %s", error->message);
}

/* Nobody refused it. */
static gboolean
is_failure (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT);
}

/* What the directory said besides stands in the trail, and nowhere else. */
static gchar *
words_of (const GError *error)
{
  const gchar *cause = floe_error_cause (error);

  return cause != NULL ? g_strdup_printf ("%s (%s)", error->message, cause)
                       : g_strdup (error->message);
}

void
floe_login_record_failure (FloeLogin *self, const FloeLoginCall *call, const GError *error)
{
  FloeAudit *row = floe_audit_new (floe_clock_now (self->clock), call->action, call->name,
                                   is_failure (error) ? "failed" : "denied");
  g_autofree gchar *words = words_of (error);

  floe_audit_set_caller (row, call->caller);
  row->detail = call->detail != NULL ? g_strconcat (call->detail, ": ", words, NULL)
                                     : g_steal_pointer (&words);
  floe_store_note_async (self->store, floe_login_put_audit, row, (GDestroyNotify)floe_audit_free,
                         NULL, failure_recorded, NULL);
}
