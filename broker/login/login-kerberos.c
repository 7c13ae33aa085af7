/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include "core/error.h"

/* Logging in with a ticket of Kerberos: what it proves is the same as a password, and what follows
 * is the same, too. Nobody can guess one, so wrong ones are not counted: whoever sent a hundred
 * would only keep a whole network from logging in by itself. */

static void
refuse (FloeLogin *self, GTask *task, GError *error)
{
  floe_login_record_failure (self, g_task_get_task_data (task), error);
  floe_login_fail_on_grid (self, task, error);
}

/* A password that they type there later is no stranger's. */
static void
greet (FloeLogin *self, const FloeLoginCall *call, const FloeUser *user)
{
  g_autofree gchar *name = NULL;

  if (self->throttle == NULL)
    return;
  name = floe_directory_fold_name (self->directory, call->name);
  floe_throttle_greet_person (self->throttle, name, call->caller, user->id);
}

static void
vouched (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeUser) user = floe_directory_vouch_finish (FLOE_DIRECTORY (source), result, &error);

  floe_login_tell_phase (self, FLOE_PHASE_DIRECTORY, g_task_get_task_data (task));
  if (user == NULL)
    {
      refuse (self, task, error);
      return;
    }
  floe_login_split_groups (g_task_get_task_data (task), user);
  greet (self, g_task_get_task_data (task), user);
  floe_login_grant (self, task, user);
}

static void
accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (FloePrincipal) principal =
      floe_negotiator_accept_finish (FLOE_NEGOTIATOR (source), result, &error);

  if (principal == NULL)
    {
      refuse (self, task, error);
      return;
    }
  call->name = g_strdup (principal->name);
  floe_directory_vouch_async (self->directory, principal, NULL, vouched, task);
}

static void
accept_ticket (FloeLogin *self, GTask *task)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autoptr (FloeSecret) ticket = g_steal_pointer (&call->ticket);

  floe_negotiator_accept_async (self->negotiator, ticket, NULL, accepted, task);
}

/**
 * floe_login_log_in_with_ticket_async:
 * @self: the log-in
 * @ticket: a client's token for GSSAPI, as bytes
 * @caller: from where
 *
 * Logs in with what a key distribution centre says, to be ended by floe_login_log_in_finish(). Once
 * begun it goes on to its end, whether anybody waits or not. There, the errors of
 * floe_negotiator_accept_finish() and floe_directory_vouch_finish() take the place of those of a
 * password, and %FLOE_ERROR_NOT_FOUND (reason "kerberos-off") means that it is not offered.
 */
void
floe_login_log_in_with_ticket_async (FloeLogin *self, FloeSecret *ticket, const FloeCaller *caller,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_login_call_new (self, "login", caller, NULL, callback, user_data);
  FloeLoginCall *call = g_task_get_task_data (task);
  GError *error = NULL;

  g_task_set_source_tag (task, floe_login_log_in_with_ticket_async);
  if (self->negotiator == NULL)
    {
      floe_set_error_reason (&error, FLOE_ERROR_NOT_FOUND, "kerberos-off",
                             "single sign-on is not offered here");
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  call->detail = call->way = "kerberos";
  call->ticket = floe_secret_ref (ticket);
  accept_ticket (self, task);
}

/**
 * floe_login_set_negotiator:
 * @negotiator: (nullable): knows whose a ticket is
 *
 * Has single sign-on offered.
 */
void
floe_login_set_negotiator (FloeLogin *self, FloeNegotiator *negotiator)
{
  g_set_object (&self->negotiator, negotiator);
}
