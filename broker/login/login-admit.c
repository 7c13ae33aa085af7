/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/error.h"

/* What comes between a log-in, or a change of a password, and the directory: the throttle. */

static void
admitted (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->admission = floe_throttle_admit_finish (FLOE_THROTTLE (source), result, &error);
  if (call->admission != NULL)
    {
      call->step (self, task);
      return;
    }
  floe_login_record_failure (self, call, error);
  floe_login_fail_on_grid (self, task, error);
}

/**
 * floe_login_heed_lockout:
 *
 * Goes by what directories say now of when they lock accounts.
 */
void
floe_login_heed_lockout (FloeLogin *self)
{
  FloeLockout lockout;

  floe_directory_get_lockout (self->directory, &lockout);
  floe_throttle_set_lockout (self->throttle, &lockout);
}

/**
 * floe_login_admit:
 * @task: (transfer full): of a call with a name
 * @step: asks the directory, and has floe_login_settle() called with what it said
 *
 * Goes on unless there were too many wrong passwords; else it fails as if one were wrong.
 */
void
floe_login_admit (FloeLogin *self, GTask *task, FloeLoginStep step)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autofree gchar *key = NULL;

  call->step = step;
  if (self->throttle == NULL)
    {
      step (self, task);
      return;
    }
  floe_login_heed_lockout (self);
  key = floe_directory_fold_name (self->directory, call->name);
  floe_throttle_admit_async (self->throttle, key, call->caller->address, NULL, admitted, task);
}

/* A refusal with a reason is only told to whoever knows the password. */
static FloeTryOutcome
judge (const GError *error)
{
  if (error == NULL || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED))
    return FLOE_TRY_RIGHT;
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED) ? FLOE_TRY_WRONG
                                                                         : FLOE_TRY_UNASKED;
}

/**
 * floe_login_settle:
 * @call: that was let through
 * @user_id: (nullable): whose password it was, if it was right
 * @error: (nullable): what the directory said, if it was not
 *
 * Counts what came of it.
 */
void
floe_login_settle (FloeLogin *self, FloeLoginCall *call, const gchar *user_id, const GError *error)
{
  if (call->admission == NULL)
    return;
  floe_throttle_settle (self->throttle, g_steal_pointer (&call->admission), judge (error),
                        error != NULL ? floe_error_subject (error) : user_id);
}
