/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include <string.h>

#include "core/error.h"
#include "login/factor-transactions.h"
#include "login/login-token.h"
#include "login/totp.h"

/* Wrong codes are forgotten after such a pause where passwords have no limit. */
#define PAUSE_SECONDS 1800

#define CONFIRM "second-factor-confirm"

void
floe_factor_offer_free (FloeFactorOffer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_clear_pointer (&self->uri, floe_secret_unref);
  g_free (self);
}

void
floe_factor_receipt_free (FloeFactorReceipt *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->codes, g_ptr_array_unref);
  floe_grant_free (self->grant);
  g_free (self);
}

/* @action: what is counted; or NULL */
static GTask *
task_new (FloeLogin *self, const gchar *action, const FloeCaller *caller,
          GAsyncReadyCallback callback, gpointer user_data)
{
  return floe_login_call_new (self, action, caller, NULL, callback, user_data);
}

static FloeFactorInput *
input_new (FloeLogin *self, const FloeLoginCall *call, FloeSecret *challenge,
           const FloeIdentity *identity, FloeSecret *code)
{
  FloeFactorInput *in = g_new0 (FloeFactorInput, 1);
  guint pause = self->policy.throttle.seconds > 0 ? self->policy.throttle.seconds : PAUSE_SECONDS;

  in->policy = self->policy.factors != NULL ? floe_factor_policy_ref (self->policy.factors) : NULL;
  in->groups = floe_role_groups_ref (self->policy.groups);
  in->challenge = challenge != NULL ? floe_secret_hash (challenge) : NULL;
  in->identity = identity != NULL ? floe_identity_copy (identity) : NULL;
  in->caller = floe_caller_copy (call->caller);
  in->code = code != NULL ? floe_code_normalize (code) : NULL;
  in->now = floe_clock_now (self->clock);
  in->since = in->now - (gint64)pause * G_USEC_PER_SEC;
  return in;
}

/* What a challenge becomes when it is answered. */
static void
promise_grant (FloeLogin *self, FloeLoginCall *call, FloeFactorInput *in)
{
  call->token = floe_login_token_new (in->now);
  in->login_id = floe_login_new_id (in->now);
  in->hash = floe_login_token_key (call->token);
  in->expires = in->now + (gint64)self->policy.absolute_seconds * G_USEC_PER_SEC;
}

/* run: what is decided is durable before it is told, or a power cut would let a code be used twice.
 * Takes @task and @in. */
static void
run (FloeLogin *self, GTask *task, FloeTransaction func, FloeFactorInput *in,
     GAsyncReadyCallback done)
{
  floe_store_write_async (self->store, func, in, (GDestroyNotify)floe_factor_input_free,
                          (GDestroyNotify)floe_factor_record_free, done, task);
}

/* run_finish: takes @task when there is no record. The trail has the refusal already. */
static FloeFactorRecord *
run_finish (GTask *task, GObject *store, GAsyncResult *result)
{
  FloeLogin *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeFactorRecord) record = floe_store_finish (FLOE_STORE (store), result, &error);

  if (record != NULL && record->refusal == NULL)
    return g_steal_pointer (&record);
  if (record != NULL)
    error = g_steal_pointer (&record->refusal);
  /* What a guess may learn from comes on the grid. */
  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED)
      || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_BUSY))
    {
      floe_login_fail_on_grid (self, task, error);
      return NULL;
    }
  if (g_strcmp0 (floe_error_reason (error), "second-factor-key") == 0)
    g_warning ("%s; nothing is lost: put the key that is missing back into it", error->message);
  floe_login_fail_at_once (self, task, error);
  g_object_unref (task);
  return NULL;
}

/* is_off: takes @task when the configuration has no second factor */
static gboolean
is_off (FloeLogin *self, GTask *task, FloeSecret *challenge)
{
  GError *error = NULL;

  if (self->policy.factors != NULL)
    return FALSE;
  if (challenge != NULL)
    floe_set_error_reason (&error, FLOE_ERROR_UNAUTHENTICATED, "expired-challenge",
                           "the log-in begins anew with the password");
  else
    floe_set_error_reason (&error, FLOE_ERROR_CONFLICT, "second-factor-off",
                           "second factors are not configured here");
  floe_login_fail_at_once (self, task, error);
  g_object_unref (task);
  return TRUE;
}

/* A code. */

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  g_autoptr (FloeFactorRecord) record = run_finish (task, source, result);

  if (record == NULL)
    return;
  floe_login_tell_end (self, g_task_get_task_data (task), NULL);
  g_task_return_pointer (task, floe_login_make_grant (self, task, record->grant),
                         (GDestroyNotify)floe_grant_free);
  g_object_unref (task);
}

/**
 * floe_login_answer_async:
 * @challenge: what a log-in with a password got
 * @code: of the app, or one of the recovery codes, as typed
 * @caller: from where; the same as with the password
 *
 * Logs in with a second factor. Once begun it goes on to its end, whether anybody waits or not.
 */
void
floe_login_answer_async (FloeLogin *self, FloeSecret *challenge, FloeSecret *code,
                         const FloeCaller *caller, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = task_new (self, "login", caller, callback, user_data);
  FloeLoginCall *call = g_task_get_task_data (task);
  FloeFactorInput *in;

  g_task_set_source_tag (task, floe_login_answer_async);
  call->way = "code";
  if (is_off (self, task, challenge))
    return;
  in = input_new (self, call, challenge, NULL, code);
  promise_grant (self, call, in);
  run (self, task, floe_factor_answer, in, answered);
}

/**
 * floe_login_answer_finish:
 *
 * Returns: (transfer full): the grant; or %NULL with a refusal of floe_factor_answer(),
 *   %FLOE_ERROR_UNAVAILABLE (reason "second-factor-key") or a store's error
 */
FloeGrant *
floe_login_answer_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Enrolling. */

static void
begun (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autoptr (FloeFactorRecord) record = run_finish (task, source, result);
  FloeFactorOffer *offer;

  if (record == NULL)
    return;
  offer = g_new0 (FloeFactorOffer, 1);
  offer->secret = floe_totp_to_base32 (call->secret);
  offer->uri = floe_totp_to_uri (call->secret, floe_factor_policy_get_issuer (self->policy.factors),
                                 record->name);
  g_task_return_pointer (task, offer, (GDestroyNotify)floe_factor_offer_free);
  g_object_unref (task);
}

/**
 * floe_login_enrol_async:
 * @challenge: (nullable): of a log-in that needs it; or else
 * @identity: (nullable): who is logged in
 * @caller: from where
 *
 * Makes a new secret, which is not asked for until it is confirmed.
 */
void
floe_login_enrol_async (FloeLogin *self, FloeSecret *challenge, const FloeIdentity *identity,
                        const FloeCaller *caller, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = task_new (self, NULL, caller, callback, user_data);
  FloeLoginCall *call = g_task_get_task_data (task);
  FloeFactorInput *in;

  g_task_set_source_tag (task, floe_login_enrol_async);
  if (is_off (self, task, challenge))
    return;
  call->secret = floe_totp_new_secret ();
  in = input_new (self, call, challenge, identity, NULL);
  in->secret = floe_secret_ref (call->secret);
  run (self, task, floe_factor_begin, in, begun);
}

/**
 * floe_login_enrol_finish:
 *
 * Returns: (transfer full): the secret; or %NULL with a refusal of floe_factor_begin() or a store's
 *   error
 */
FloeFactorOffer *
floe_login_enrol_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
confirmed (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autoptr (FloeFactorRecord) record = run_finish (task, source, result);
  FloeFactorReceipt *receipt;

  if (record == NULL)
    return;
  floe_login_tell_end (self, call, NULL);
  receipt = g_new0 (FloeFactorReceipt, 1);
  receipt->codes = g_steal_pointer (&call->codes);
  if (record->grant != NULL)
    receipt->grant = floe_login_make_grant (self, task, record->grant);
  g_task_return_pointer (task, receipt, (GDestroyNotify)floe_factor_receipt_free);
  g_object_unref (task);
}

static void
promise_codes (FloeLoginCall *call, FloeFactorInput *in)
{
  call->codes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_secret_unref);
  in->recovery = g_new0 (gchar *, FLOE_RECOVERY_CODES + 1);
  for (guint i = 0; i < FLOE_RECOVERY_CODES; i++)
    {
      FloeSecret *code = floe_recovery_code_new ();

      in->recovery[i] = floe_recovery_code_hash (code);
      g_ptr_array_add (call->codes, code);
    }
}

/**
 * floe_login_confirm_async:
 * @challenge: (nullable): as for floe_login_enrol_async()
 * @identity: (nullable): likewise
 * @code: of the app that has the new secret
 *
 * From now on the new secret is asked for.
 */
void
floe_login_confirm_async (FloeLogin *self, FloeSecret *challenge, const FloeIdentity *identity,
                          FloeSecret *code, const FloeCaller *caller, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = task_new (self, CONFIRM, caller, callback, user_data);
  FloeLoginCall *call = g_task_get_task_data (task);
  FloeFactorInput *in;

  g_task_set_source_tag (task, floe_login_confirm_async);
  if (challenge != NULL) /* then it is a log-in, too */
    {
      call->besides = "login";
      call->way = "code";
    }
  if (is_off (self, task, challenge))
    return;
  in = input_new (self, call, challenge, identity, code);
  promise_codes (call, in);
  if (challenge != NULL)
    promise_grant (self, call, in);
  run (self, task, floe_factor_confirm, in, confirmed);
}

/**
 * floe_login_confirm_finish:
 *
 * Returns: (transfer full): recovery codes, and the grant of the log-in that the challenge was of;
 *   or %NULL with a refusal of floe_factor_confirm() or a store's error
 */
FloeFactorReceipt *
floe_login_confirm_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Ending it. */

static void
ended (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  g_autoptr (FloeFactorRecord) record = run_finish (task, source, result);

  if (record == NULL)
    return;
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * floe_login_end_factor_async:
 * @identity: whose
 * @code: as for floe_login_answer_async()
 *
 * Ends somebody's own second factor, where none is required of them.
 */
void
floe_login_end_factor_async (FloeLogin *self, const FloeIdentity *identity, FloeSecret *code,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = task_new (self, NULL, identity->caller, callback, user_data);

  g_task_set_source_tag (task, floe_login_end_factor_async);
  if (!is_off (self, task, NULL))
    run (self, task, floe_factor_end,
         input_new (self, g_task_get_task_data (task), NULL, identity, code), ended);
}

/**
 * floe_login_end_factor_finish:
 *
 * Returns: %TRUE; or %FALSE with a refusal of floe_factor_end() or a store's error
 */
gboolean
floe_login_end_factor_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_login_reset_factor_async:
 * @actor: of the staff
 * @user: a log-in name, or an id
 * @reason: (nullable): why
 *
 * Ends somebody's second factor, who has lost it.
 */
void
floe_login_reset_factor_async (FloeLogin *self, const FloeIdentity *actor, const gchar *user,
                               const gchar *reason, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = task_new (self, NULL, actor->caller, callback, user_data);
  FloeFactorInput *in = input_new (self, g_task_get_task_data (task), NULL, actor, NULL);

  g_task_set_source_tag (task, floe_login_reset_factor_async);
  in->user = g_strdup (user);
  in->reason = g_strdup (reason);
  run (self, task, floe_factor_reset, in, ended);
}

/**
 * floe_login_reset_factor_finish:
 *
 * Returns: %TRUE; or %FALSE with a refusal of floe_factor_reset(), its %FLOE_ERROR_INVALID or a
 *   store's error
 */
gboolean
floe_login_reset_factor_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
