/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/error.h"
#include "login/login-token.h"
#include "login/terminal-transactions.h"

/* Wrong codes are forgotten after such a pause where passwords have no limit. */
#define PAUSE_SECONDS 1800

/* A terminal is heard of by the hour. */
#define HOUR (3600 * (gint64)G_USEC_PER_SEC)

static FloeTerminalInput *
input_new (FloeLogin *self, const FloeCaller *caller)
{
  FloeTerminalInput *in = g_new0 (FloeTerminalInput, 1);
  guint pause = self->policy.throttle.seconds > 0 ? self->policy.throttle.seconds : PAUSE_SECONDS;

  in->caller = floe_caller_copy (caller);
  in->now = floe_clock_now (self->clock);
  in->since = in->now - (gint64)pause * G_USEC_PER_SEC;
  return in;
}

/* has_certificate: takes @task when the caller has none */
static gboolean
has_certificate (FloeLogin *self, GTask *task, const FloeCaller *caller)
{
  GError *error = NULL;

  if (caller->terminal != NULL)
    return TRUE;
  floe_set_error_reason (&error, FLOE_ERROR_NOT_FOUND, "no-certificate",
                         "this needs a terminal's certificate on the connection");
  floe_login_fail_at_once (self, task, error);
  g_object_unref (task);
  return FALSE;
}

/* Takes @task and @in. */
static void
run (FloeLogin *self, GTask *task, FloeTransaction func, FloeTerminalInput *in,
     GAsyncReadyCallback done)
{
  floe_store_write_async (self->store, func, in, (GDestroyNotify)floe_terminal_input_free,
                          (GDestroyNotify)floe_terminal_record_free, done, task);
}

/* run_finish: takes @task when there is no record. The trail has the refusal already. */
static FloeTerminalRecord *
run_finish (GTask *task, GObject *store, GAsyncResult *result)
{
  FloeLogin *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeTerminalRecord) record = floe_store_finish (FLOE_STORE (store), result, &error);

  if (record != NULL && record->refusal == NULL)
    return g_steal_pointer (&record);
  if (record == NULL)
    {
      floe_login_fail_at_once (self, task, error);
      g_object_unref (task);
    }
  else
    floe_login_fail_on_grid (self, task, g_steal_pointer (&record->refusal));
  return NULL;
}

/* What it is. */

static void
touched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("that a terminal was heard of was not recorded: %s", error->message);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeLogin *self = g_task_get_source_object (task);
  const FloeLoginCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  FloeTerminal *terminal = floe_store_finish (FLOE_STORE (source), result, &error);

  if (terminal == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (terminal->seen < floe_clock_now (self->clock) - HOUR)
    floe_store_note_async (self->store, floe_terminal_touch, input_new (self, call->caller),
                           (GDestroyNotify)floe_terminal_input_free, NULL, touched, NULL);
  g_task_return_pointer (task, terminal, (GDestroyNotify)floe_terminal_free);
}

/**
 * floe_login_look_at_terminal_async:
 * @caller: from where
 *
 * Tells a terminal what it is.
 */
void
floe_login_look_at_terminal_async (FloeLogin *self, const FloeCaller *caller,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = floe_login_call_new (self, NULL, caller, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_login_look_at_terminal_async);
  if (has_certificate (self, task, caller))
    floe_store_read_async (self->store, floe_terminal_look, input_new (self, caller),
                           (GDestroyNotify)floe_terminal_input_free,
                           (GDestroyNotify)floe_terminal_free, cancellable, looked, task);
}

/**
 * floe_login_look_at_terminal_finish:
 *
 * Returns: (transfer full): it; or %NULL with %FLOE_ERROR_NOT_FOUND (reason "no-certificate" or
 *   "unknown-terminal") or a store's error
 */
FloeTerminal *
floe_login_look_at_terminal_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Enrolling. */

static void
enrolled (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  g_autoptr (FloeTerminalRecord) record = run_finish (task, source, result);

  if (record == NULL)
    return;
  floe_login_tell_end (self, g_task_get_task_data (task), NULL);
  for (guint i = 0; i < record->changes->len; i++)
    floe_keeper_handle (self->keeper, record->changes->pdata[i]);
  g_task_return_pointer (task, g_steal_pointer (&record->terminal),
                         (GDestroyNotify)floe_terminal_free);
  g_object_unref (task);
}

/**
 * floe_login_enrol_terminal_async:
 * @code: as typed
 * @caller: from where, with the certificate that is to be a terminal's
 *
 * Makes the caller a terminal. Once begun it goes on to its end, whether anybody waits or not.
 */
void
floe_login_enrol_terminal_async (FloeLogin *self, const FloeSecret *code, const FloeCaller *caller,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_login_call_new (self, "terminal-enrol", caller, NULL, callback, user_data);
  FloeTerminalInput *in;

  g_task_set_source_tag (task, floe_login_enrol_terminal_async);
  if (!has_certificate (self, task, caller))
    return;
  in = input_new (self, caller);
  in->code = floe_terminal_code_hash (code);
  run (self, task, floe_terminal_enrol, in, enrolled);
}

/**
 * floe_login_enrol_terminal_finish:
 *
 * Returns: (transfer full): what it is now; or %NULL with %FLOE_ERROR_NOT_FOUND (reason
 *   "no-certificate"), a refusal of floe_terminal_enrol() or a store's error
 */
FloeTerminal *
floe_login_enrol_terminal_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Logging in. */

static void
logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  g_autoptr (FloeTerminalRecord) record = run_finish (task, source, result);

  if (record == NULL)
    return;
  floe_login_tell_end (self, g_task_get_task_data (task), NULL);
  g_task_return_pointer (task, floe_login_make_grant (self, task, record->grant),
                         (GDestroyNotify)floe_grant_free);
  g_object_unref (task);
}

/**
 * floe_login_log_in_terminal_async:
 * @caller: from where
 *
 * Logs in a public terminal as itself, without a person.
 */
void
floe_login_log_in_terminal_async (FloeLogin *self, const FloeCaller *caller,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_login_call_new (self, "login", caller, NULL, callback, user_data);
  FloeLoginCall *call = g_task_get_task_data (task);
  FloeTerminalInput *in;

  g_task_set_source_tag (task, floe_login_log_in_terminal_async);
  if (!has_certificate (self, task, caller))
    return;
  call->way = "terminal";
  in = input_new (self, caller);
  call->token = floe_login_token_new (in->now);
  in->login_id = floe_login_new_id (in->now);
  in->hash = floe_login_token_key (call->token);
  in->expires = in->now + (gint64)self->policy.absolute_seconds * G_USEC_PER_SEC;
  run (self, task, floe_terminal_log_in, in, logged_in);
}

/**
 * floe_login_log_in_terminal_finish:
 *
 * Returns: (transfer full): the grant; or %NULL with %FLOE_ERROR_NOT_FOUND (reason
 * "no-certificate"), a refusal of floe_terminal_log_in() or a store's error
 */
FloeGrant *
floe_login_log_in_terminal_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
