/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/error.h"

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeUser) user =
      floe_directory_look_up_finish (FLOE_DIRECTORY (source), result, &error);
  GError *refusal = NULL;

  if (user != NULL)
    floe_login_grant (self, task, user);
  else if (!floe_account_watch_is_over (error) || floe_account_watch_is_in_doubt (self->accounts))
    /* Nothing that counts is said: the right stands, as the store has the person. */
    floe_login_grant (self, task, call->right->user);
  else
    {
      floe_login_record_failure (self, call, error);
      /* Which ends them, unless it is too many. */
      floe_account_watch_pass (self->accounts);
      floe_login_set_no_token (&refusal);
      floe_login_fail_on_grid (self, task, refusal);
    }
}

static void
right_found (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  FloeToken *token = floe_store_finish (FLOE_STORE (source), result, &error);

  if (token == NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      floe_login_fail_at_once (self, task, error);
      g_object_unref (task);
      return;
    }
  g_clear_error (&error);
  if (token == NULL || token->kind != FLOE_TOKEN_RECONNECT
      || token->ends <= floe_clock_now (self->clock)
      || (token->terminal != NULL && g_strcmp0 (token->terminal, call->caller->terminal) != 0))
    {
      floe_token_free (token);
      floe_login_set_no_token (&error);
      floe_login_fail_on_grid (self, task, error);
      return;
    }
  call->right = token;
  call->name = g_strdup (token->user->name);
  if (floe_user_is_terminal (token->user)) /* it ends with its tokens, and no directory knows it */
    {
      floe_login_grant (self, task, token->user);
      return;
    }
  floe_directory_look_up_async (self->directory, token->user->id, g_task_get_cancellable (task),
                                looked_up, task);
}

/**
 * floe_login_reconnect_async:
 * @reconnect_token: from a connection
 *
 * Gives the terminal of a running session a fresh access token without a password, while its lease
 * lasts, its grace is not over and the account is usable.
 */
void
floe_login_reconnect_async (FloeLogin *self, FloeSecret *reconnect_token, const FloeCaller *caller,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = floe_login_call_new (self, "reconnect", caller, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_login_reconnect_async);
  floe_store_read_async (self->store, floe_login_find_token, floe_secret_hash (reconnect_token),
                         g_free, (GDestroyNotify)floe_token_free, cancellable, right_found, task);
}

/**
 * floe_login_reconnect_finish:
 *
 * Returns: (transfer full): a grant of the same log-in; or %NULL with %FLOE_ERROR_UNAUTHENTICATED
 *   (reason "expired-token") or a store's error
 */
FloeGrant *
floe_login_reconnect_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
