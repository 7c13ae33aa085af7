/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/error.h"

/* What comes between a log-in, or a change of a password, and the directory: which of them, and the
 * throttle. */

/**
 * floe_login_set_directories:
 * @directories: among which a domain chooses
 * @shown: whether everybody is told which domains there are
 *
 * Lets a domain be chosen beside a name.
 */
void
floe_login_set_directories (FloeLogin *self, FloeDirectories *directories, gboolean shown)
{
  g_set_object (&self->directories, directories);
  self->shows_domains = shown;
}

/**
 * floe_login_list_domains:
 * @usual: (out) (nullable): the one that a name without a domain is of; the log-in's
 *
 * Returns: (transfer full): which domains there are to choose from; none where there is no choice,
 *   or nobody is told
 */
GStrv
floe_login_list_domains (FloeLogin *self, const gchar **usual)
{
  g_auto (GStrv) domains = NULL;

  *usual = NULL;
  if (self->directories != NULL && self->shows_domains)
    domains = floe_directories_list_domains (self->directories);
  if (domains == NULL || g_strv_length (domains) < 2)
    return g_new0 (gchar *, 1);
  *usual = floe_directories_get_usual (self->directories);
  return g_steal_pointer (&domains);
}

void
floe_login_take_name (FloeLoginCall *call, const FloeTypedName *who)
{
  call->name = g_strdup (who->name);
  call->domain = g_strdup (who->domain);
}

/* place_name: has the name say of which directory it is, so that the throttle and the audit trail
 * know one name for one person, however it was chosen */
static gboolean
place_name (FloeLogin *self, FloeLoginCall *call, GError **error)
{
  gchar *placed;

  if (call->domain == NULL)
    return TRUE;
  if (self->directories != NULL)
    placed = floe_directories_place (self->directories, call->name, call->domain, error);
  else
    {
      floe_set_error_reason (error, FLOE_ERROR_INVALID, "unknown-domain",
                             "no domain can be chosen here");
      return FALSE;
    }
  if (placed == NULL)
    return FALSE;
  g_free (call->name);
  call->name = placed;
  return TRUE;
}

static void
refuse (FloeLogin *self, GTask *task, GError *error)
{
  floe_login_record_failure (self, g_task_get_task_data (task), error);
  floe_login_fail_on_grid (self, task, error);
}

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
  refuse (self, task, error);
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
 * Goes on unless nobody has the domain that was chosen, which says nothing about any person and
 * counts for none, or there were too many wrong passwords; else it fails as if one were wrong.
 */
void
floe_login_admit (FloeLogin *self, GTask *task, FloeLoginStep step)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autofree gchar *key = NULL;
  GError *error = NULL;

  if (!place_name (self, call, &error))
    {
      refuse (self, task, error);
      return;
    }
  call->step = step;
  if (self->throttle == NULL)
    {
      step (self, task);
      return;
    }
  floe_login_heed_lockout (self);
  key = floe_directory_fold_name (self->directory, call->name);
  floe_throttle_admit_async (self->throttle, key, call->caller, NULL, admitted, task);
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
