/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker-factor.h"

#include "api/broker-private.h"
#include "api/decode.h"
#include "api/encode.h"
#include "api/error.h"

/* The second factor: the calls that go on with a log-in which was answered with a challenge, and
 * those of somebody who is logged in. Which of the two it is, the broker object knows. */

/* The texts are only "x" by now: what is there is in the secrets. */
static gboolean
is_there (const FloeSecret *secret, const gchar *field, GError **error)
{
  if (secret != NULL && !floe_secret_is_empty (secret))
    return TRUE;
  floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                         "the answer's field \"%s\" is missing", field);
  return FALSE;
}

static gpointer
decode_offer (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
              GError **error)
{
  FloeFactorOffer *offer;

  if (!is_there (secrets->secret, "secret", error) || !is_there (secrets->uri, "uri", error))
    return NULL;
  offer = g_new0 (FloeFactorOffer, 1);
  offer->secret = g_steal_pointer (&secrets->secret);
  offer->uri = g_steal_pointer (&secrets->uri);
  return offer;
}

static gpointer
decode_receipt (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
                GError **error)
{
  g_autoptr (FloeFactorReceipt) receipt = g_new0 (FloeFactorReceipt, 1);
  JsonNode *login = NULL;

  receipt->recovery_codes = g_steal_pointer (&secrets->recovery_codes);
  if (!is_there (receipt->recovery_codes != NULL ? receipt->recovery_codes->pdata[0] : NULL,
                 "recovery_codes", error))
    return NULL;
  login = json_object_get_member (json_node_get_object (root), "login");
  if (login == NULL)
    return g_steal_pointer (&receipt);
  if (!is_there (secrets->login_token, "login.token", error))
    return NULL;
  receipt->login = floe_decode_login (login, TRUE, error);
  if (receipt->login == NULL)
    return NULL;
  floe_broker_take_log_in (self, secrets->login_token);
  return g_steal_pointer (&receipt);
}

static const FloeCallKind send_code = { "POST", TRUE, FALSE, floe_broker_decode_fresh_login,
                                        (GDestroyNotify)floe_login_free };
static const FloeCallKind enrol = { "POST", FALSE, FALSE, decode_offer,
                                    (GDestroyNotify)floe_factor_offer_free };
static const FloeCallKind enrol_to_log_in = { "POST", TRUE, FALSE, decode_offer,
                                              (GDestroyNotify)floe_factor_offer_free };
static const FloeCallKind confirm = { "POST", FALSE, FALSE, decode_receipt,
                                      (GDestroyNotify)floe_factor_receipt_free };
static const FloeCallKind confirm_to_log_in = { "POST", TRUE, FALSE, decode_receipt,
                                                (GDestroyNotify)floe_factor_receipt_free };
static const FloeCallKind end = { "POST", FALSE, FALSE, floe_exchange_decode_done, NULL };

/* @challenge, @code: (nullable) */
static void
run (FloeBroker *self, FloeExchange *x, const gchar *path, FloeSecret *challenge, FloeSecret *code,
     gpointer tag, GTask *task)
{
  x->path = g_strdup (path);
  if (challenge != NULL || code != NULL)
    x->body = floe_encode_code (challenge, code, &x->refused);
  floe_broker_run (self, x, tag, task);
}

/**
 * floe_broker_send_code_async:
 * @self: a broker whose challenge asks for a code
 * @code: see floe_code_tidy()
 * @cancellable: (nullable): ends the waiting; the broker goes on with what it has begun
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Goes on with a log-in. A code is good once.
 */
void
floe_broker_send_code_async (FloeBroker *self, FloeSecret *code, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&send_code);
  FloeSecret *challenge = floe_broker_get_challenge (self);

  if (challenge == NULL)
    x->refused = floe_client_error_new (FLOE_CLIENT_ERROR_UNAUTHENTICATED, "expired-challenge",
                                        "no log-in waits for a code");
  run (self, x, "login/code", challenge, code, floe_broker_send_code_async,
       g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_send_code_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED, reason "wrong-code", and another one may be tried, or
 *   "expired-challenge", and the log-in begins anew; %FLOE_CLIENT_ERROR_BUSY, "too-many-tries"
 *
 * Returns: (transfer full) (nullable): who it is, and their pools
 */
FloeLogin *
floe_broker_send_code_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_send_code_async, error);
}

/**
 * floe_broker_enrol_async:
 * @self: a broker whose challenge needs it, or with a log-in
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Makes a second factor, which counts when it is confirmed.
 */
void
floe_broker_enrol_async (FloeBroker *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  FloeSecret *challenge = floe_broker_get_challenge (self);

  if (challenge != NULL)
    run (self, floe_exchange_new (&enrol_to_log_in), "login/enrol", challenge, NULL,
         floe_broker_enrol_async, task);
  else
    run (self, floe_exchange_new (&enrol), "second-factor/begin", NULL, NULL,
         floe_broker_enrol_async, task);
}

/**
 * floe_broker_enrol_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: as for floe_broker_send_code_finish(); %FLOE_CLIENT_ERROR_CONFLICT, reason
 *   "already-enrolled" or "second-factor-off"
 *
 * Returns: (transfer full) (nullable): what is shown once
 */
FloeFactorOffer *
floe_broker_enrol_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_enrol_async, error);
}

/**
 * floe_broker_confirm_async:
 * @self: a broker that made an offer
 * @code: of the app that has its secret
 * @cancellable: (nullable): ends the waiting; the broker goes on with what it has begun
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * From now on a code is asked for; and a log-in that waited for that is done.
 */
void
floe_broker_confirm_async (FloeBroker *self, FloeSecret *code, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  FloeSecret *challenge = floe_broker_get_challenge (self);

  if (challenge != NULL)
    run (self, floe_exchange_new (&confirm_to_log_in), "login/enrol/confirm", challenge, code,
         floe_broker_confirm_async, task);
  else
    run (self, floe_exchange_new (&confirm), "second-factor/confirm", NULL, code,
         floe_broker_confirm_async, task);
}

/**
 * floe_broker_confirm_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: as for floe_broker_send_code_finish(); %FLOE_CLIENT_ERROR_CONFLICT, reason
 *   "already-enrolled"
 *
 * Returns: (transfer full) (nullable): what is shown once
 */
FloeFactorReceipt *
floe_broker_confirm_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_confirm_async, error);
}

/**
 * floe_broker_end_factor_async:
 * @self: a broker with a log-in
 * @code: of the factor
 * @cancellable: (nullable): ends the waiting; the broker goes on with what it has begun
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Ends one's own second factor.
 */
void
floe_broker_end_factor_async (FloeBroker *self, FloeSecret *code, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  run (self, floe_exchange_new (&end), "second-factor/end", NULL, code,
       floe_broker_end_factor_async, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_end_factor_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_DENIED, reason "second-factor-required"; "wrong-code" and
 *   "too-many-tries" as for floe_broker_send_code_finish(); %FLOE_CLIENT_ERROR_CONFLICT, reason
 *   "not-enrolled"
 *
 * Returns: whether it was ended
 */
gboolean
floe_broker_end_factor_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_end_factor_async, error) != NULL;
}
