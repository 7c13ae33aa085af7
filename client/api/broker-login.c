/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker.h"

#include "api/broker-private.h"
#include "api/decode.h"
#include "api/encode.h"
#include "api/error.h"
#include "api/exchange.h"

/* Who is logged in: the calls that make, renew, show and end a log-in. */

gpointer
floe_broker_decode_fresh_login (FloeBroker *self, FloeReply *reply, JsonNode *root,
                                FloeJsonSecrets *secrets, GError **error)
{
  FloeLogin *login = root != NULL ? floe_decode_login (root, TRUE, error) : NULL;

  if (login != NULL && secrets->token != NULL && !floe_secret_is_empty (secrets->token))
    {
      floe_broker_take_log_in (self, secrets->token);
      return login;
    }
  if (root == NULL || login != NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                           "the answer's field \"token\" is missing");
  g_clear_pointer (&login, floe_login_free);
  return NULL;
}

static gpointer
decode_me (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
           GError **error)
{
  return floe_exchange_has_root (root, error) ? floe_decode_login (root, FALSE, error) : NULL;
}

static const FloeCallKind log_in = { "POST",
                                     TRUE,
                                     FALSE,
                                     floe_broker_decode_fresh_login,
                                     (GDestroyNotify)floe_login_free,
                                     .challenged = TRUE,
                                     .again = TRUE };
static const FloeCallKind reconnect = { "POST", TRUE, FALSE, floe_broker_decode_fresh_login,
                                        (GDestroyNotify)floe_login_free };
static const FloeCallKind change_password = { "POST", TRUE, FALSE, floe_exchange_decode_done,
                                              NULL };
static const FloeCallKind log_out = { "POST", FALSE, FALSE, floe_exchange_decode_done, NULL };
static const FloeCallKind me = { "GET", FALSE, FALSE, decode_me, (GDestroyNotify)floe_login_free };

/**
 * floe_broker_log_in_async:
 * @self: a broker
 * @username: the name
 * @password: the password; it is held no longer than until it was sent
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Logs in. The token of an earlier log-in is replaced, not revoked; a challenge is forgotten.
 */
void
floe_broker_log_in_async (FloeBroker *self, const gchar *username, FloeSecret *password,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&log_in);

  x->path = g_strdup ("login");
  x->body = floe_encode_log_in (username, floe_broker_get_domain (self), password, &x->refused);
  floe_broker_drop_challenge (self);
  floe_broker_run (self, x, floe_broker_log_in_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_log_in_with_ticket_async:
 * @self: a broker
 * @token: of a ticket of Kerberos for it, in base64
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * As floe_broker_log_in_async(), and to be ended likewise.
 */
void
floe_broker_log_in_with_ticket_async (FloeBroker *self, FloeSecret *token,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&log_in);

  x->path = g_strdup ("login/kerberos");
  x->body = floe_encode_ticket (token, &x->refused);
  floe_broker_drop_challenge (self);
  floe_broker_run (self, x, floe_broker_log_in_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_log_in_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED, reason "wrong-credentials", for a wrong name or
 *   password; reason "code-needed" or "enrolment-needed" when the log-in goes on with
 *   floe_broker_send_code_async() or floe_broker_enrol_async()
 *
 * Returns: (transfer full) (nullable): who it is, and their pools
 */
FloeLogin *
floe_broker_log_in_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_log_in_async, error);
}

/**
 * floe_broker_log_in_terminal_async:
 * @self: a broker that knows the terminal's key
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Logs in a public terminal, without a person.
 */
void
floe_broker_log_in_terminal_async (FloeBroker *self, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&log_in);

  x->path = g_strdup ("terminal/login");
  floe_broker_run (self, x, floe_broker_log_in_terminal_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_log_in_terminal_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_NOT_FOUND, reason "no-certificate" or "unknown-terminal";
 *   %FLOE_CLIENT_ERROR_DENIED, reason "not-public"
 *
 * Returns: (transfer full) (nullable): what it is, and its pools
 */
FloeLogin *
floe_broker_log_in_terminal_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_log_in_terminal_async, error);
}

/**
 * floe_broker_change_password_async:
 * @self: a broker
 * @username: the name
 * @old: the password as it is; held, as the other one, no longer than until it was sent
 * @new: what it shall be
 * @cancellable: (nullable): ends the waiting; the broker goes on with what it has begun
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Changes somebody's password in the directory. It needs no log-in and changes none.
 */
void
floe_broker_change_password_async (FloeBroker *self, const gchar *username, FloeSecret *old,
                                   FloeSecret *new, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&change_password);

  x->path = g_strdup ("password");
  x->body = floe_encode_password (username, floe_broker_get_domain (self), old, new, &x->refused);
  floe_broker_run (self, x, floe_broker_change_password_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_change_password_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED, reason "wrong-credentials", for a wrong name or old
 *   password; %FLOE_CLIENT_ERROR_DENIED, reason "password-refused", when the directory does not
 * take the new one, with its own reason as the message; %FLOE_CLIENT_ERROR_TIMED_OUT when it is
 * unknown which of the two counts now
 *
 * Returns: whether it was changed
 */
gboolean
floe_broker_change_password_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_change_password_async, error) != NULL;
}

/**
 * floe_broker_log_out_async:
 * @self: a broker
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Revokes the token, which also ends the use of floating desktops.
 */
void
floe_broker_log_out_async (FloeBroker *self, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&log_out);

  x->path = g_strdup ("logout");
  floe_broker_run (self, x, floe_broker_log_out_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_log_out_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes
 *
 * Returns: %TRUE if nobody is logged in any more, be it because the log-in had ended before. After
 * a failure the token is still there, so that it can be tried again
 */
gboolean
floe_broker_log_out_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) why = NULL;

  floe_exchange_finish (self, result, floe_broker_log_out_async, &why);
  if (why != NULL && !floe_client_error_is_log_in (why))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  floe_broker_set_token (self, NULL);
  return TRUE;
}

/**
 * floe_broker_reconnect_async:
 * @self: a broker
 * @reconnect_token: what came with a #FloeConnection
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Gets a fresh token for a running session's log-in, without a password.
 */
void
floe_broker_reconnect_async (FloeBroker *self, FloeSecret *reconnect_token,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&reconnect);

  x->path = g_strdup ("reconnect");
  x->body = floe_encode_reconnect (reconnect_token, &x->refused);
  floe_broker_run (self, x, floe_broker_reconnect_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_reconnect_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: floe_client_error_is_log_in() when the right to reconnect has ended
 *
 * Returns: (transfer full) (nullable): who it is, and their pools
 */
FloeLogin *
floe_broker_reconnect_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_reconnect_async, error);
}

/**
 * floe_broker_get_me_async:
 * @self: a broker
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Asks whose token it is.
 */
void
floe_broker_get_me_async (FloeBroker *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&me);

  x->path = g_strdup ("me");
  floe_broker_run (self, x, floe_broker_get_me_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_get_me_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes
 *
 * Returns: (transfer full) (nullable): who it is, and their pools; without times
 */
FloeLogin *
floe_broker_get_me_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_get_me_async, error);
}
