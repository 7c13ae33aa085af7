/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/factor-transactions.h"

#include "core/permit.h"
#include "login/factor-call.h"
#include "login/totp.h"

void
floe_factor_input_free (FloeFactorInput *self)
{
  g_clear_pointer (&self->policy, floe_factor_policy_unref);
  g_clear_pointer (&self->groups, floe_role_groups_unref);
  g_free (self->challenge);
  floe_identity_free (self->identity);
  floe_caller_free (self->caller);
  g_clear_pointer (&self->code, floe_secret_unref);
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_strfreev (self->recovery);
  g_free (self->user);
  g_free (self->reason);
  g_free (self->login_id);
  g_free (self->hash);
  g_free (self);
}

void
floe_factor_record_free (FloeFactorRecord *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->grant, floe_grant_record_free);
  g_free (self->name);
  g_free (self);
}

/**
 * floe_factor_demand:
 * @input: a log-in whose password was right
 * @demand: (out): what it needs besides: %FLOE_ERROR_UNAUTHENTICATED with the reason "code-needed"
 *   or "enrolment-needed", and then the challenge is in the store; %NULL when nothing
 *
 * Returns: %FALSE with @error of the store
 */
gboolean
floe_factor_demand (FloeTx *tx, const FloeGrantInput *input, GError **demand, GError **error)
{
  const FloeUser *user = input->identity->user;
  g_autoptr (GError) why = NULL;
  g_autoptr (FloeFactor) factor = floe_tx_get_factor (tx, user->id, &why);
  g_autoptr (FloeAudit) row = NULL;
  FloeChallenge challenge = { .hash = input->challenge,
                              .user = (FloeUser *)user,
                              .address = input->identity->caller->address,
                              .terminal = input->identity->caller->terminal,
                              .ends = input->challenge_ends,
                              .password_expires = user->password_expires };

  if (factor == NULL && !g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  if (factor != NULL && factor->confirmed > 0)
    floe_set_error_reason (demand, FLOE_ERROR_UNAUTHENTICATED, "code-needed",
                           "a code of the second factor is needed");
  else if (floe_factor_policy_requires (input->factors, user, challenge.address))
    floe_set_error_reason (demand, FLOE_ERROR_UNAUTHENTICATED, "enrolment-needed",
                           "a second factor is required, and has to be set up first");
  else
    return TRUE;
  row = floe_audit_new (input->now, "challenge", user->name, "done");
  floe_audit_set_identity (row, input->identity);
  row->detail = input->detail != NULL
                    ? g_strconcat (input->detail, ": ", floe_error_reason (*demand), NULL)
                    : g_strdup (floe_error_reason (*demand));
  return floe_tx_put_user (tx, user, input->now, error)
         && floe_tx_put_challenge (tx, &challenge, error) && floe_tx_put_audit (tx, row, error);
}

/**
 * floe_factor_answer:
 *
 * Logs in with a code. Refusals: %FLOE_ERROR_UNAUTHENTICATED (reason "wrong-code" or
 * "expired-challenge"), %FLOE_ERROR_BUSY ("too-many-tries"), %FLOE_ERROR_CONFLICT ("not-enrolled").
 *
 * Returns: (transfer full): a #FloeFactorRecord
 */
gpointer
floe_factor_answer (FloeTx *tx, gconstpointer input, GError **error)
{
  FloeFactorCall call;
  gboolean ok;

  floe_factor_call_init (&call, tx, input, "login");
  ok = floe_factor_call_check_code (&call, error);
  if (ok && !call.refused)
    ok = floe_factor_call_grant (
        &call, floe_code_is_totp (call.in->code) ? "with a code" : "with a recovery code", error);
  return floe_factor_call_end (&call, ok, error);
}

static void
refuse_enrolled (FloeFactorCall *call)
{
  floe_factor_call_refuse (call, FLOE_ERROR_CONFLICT, "already-enrolled",
                           "%s has a second factor already", call->user->name);
}

/**
 * floe_factor_begin:
 *
 * Keeps a new secret, which is not asked for until it is confirmed. Refusals:
 * %FLOE_ERROR_UNAUTHENTICATED ("expired-challenge"), %FLOE_ERROR_CONFLICT ("already-enrolled").
 *
 * Returns: (transfer full): a #FloeFactorRecord
 */
gpointer
floe_factor_begin (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autofree gchar *sealed = NULL;
  gboolean put = FALSE;
  gboolean ok;
  FloeFactorCall call;

  floe_factor_call_init (&call, tx, input, "second-factor-begin");
  ok = floe_factor_call_open_challenge (&call, error);
  if (!ok || call.refused)
    return floe_factor_call_end (&call, ok, error);
  sealed = floe_seal_keys_seal (floe_factor_policy_get_keys (call.in->policy), call.in->secret,
                                call.user->id, error);
  ok = sealed != NULL && floe_tx_put_factor (tx, call.user->id, sealed, &put, error);
  if (ok && !put)
    refuse_enrolled (&call);
  else if (ok)
    ok = floe_factor_call_put_row (&call, call.user->name, "done", NULL, error);
  return floe_factor_call_end (&call, ok, error);
}

static gboolean
put_recovery_codes (FloeFactorCall *call, GError **error)
{
  for (guint i = 0; call->in->recovery[i] != NULL; i++)
    if (!floe_tx_put_recovery_code (call->tx, call->user->id, call->in->recovery[i], error))
      return FALSE;
  return TRUE;
}

/* confirm: a recovery code shows nothing, and there is none yet */
static gboolean
confirm (FloeFactorCall *call, GError **error)
{
  g_autoptr (FloeFactor) factor = NULL;
  g_autofree gchar *sealed = NULL;
  gboolean done = FALSE;
  gint64 step = 0;

  if (!floe_factor_call_take_try (call, error))
    return FALSE;
  if (!call->refused && !floe_factor_call_get_factor (call, &factor, error))
    return FALSE;
  if (call->refused)
    return TRUE;
  if (factor->confirmed == 0 && !floe_factor_call_find_step (call, factor, &step, &sealed, error))
    return FALSE;
  if (step > 0
      && !floe_tx_confirm_factor (call->tx, call->user->id, factor->sealed, call->in->now, step,
                                  &done, error))
    return FALSE;
  if (done)
    return floe_factor_call_forget_tries (call, error) && put_recovery_codes (call, error)
           && floe_factor_call_put_row (call, call->user->name, "done", NULL, error);
  if (factor->confirmed != 0 || step > 0)
    refuse_enrolled (call);
  else
    floe_factor_call_refuse_code (call);
  return TRUE;
}

/**
 * floe_factor_confirm:
 *
 * From now on the secret that was begun with is asked for, if the code is of it; and the challenge,
 * where there is one, is answered. Refusals as of floe_factor_answer(), and %FLOE_ERROR_CONFLICT
 * ("already-enrolled").
 *
 * Returns: (transfer full): a #FloeFactorRecord
 */
gpointer
floe_factor_confirm (FloeTx *tx, gconstpointer input, GError **error)
{
  gboolean ok;
  FloeFactorCall call;

  floe_factor_call_init (&call, tx, input, "second-factor-confirm");
  ok = confirm (&call, error);
  if (ok && !call.refused && call.challenge != NULL)
    ok = floe_factor_call_grant (&call, "with a new second factor", error);
  return floe_factor_call_end (&call, ok, error);
}

/**
 * floe_factor_end:
 *
 * Ends one's own second factor, with a code of it. Refusals as of floe_factor_answer(), and
 * %FLOE_ERROR_DENIED ("second-factor-required").
 *
 * Returns: (transfer full): a #FloeFactorRecord
 */
gpointer
floe_factor_end (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeFactorInput *in = input;
  const FloeUser *user = in->identity->user;
  gboolean deleted;
  gboolean ok = TRUE;
  FloeFactorCall call;

  floe_factor_call_init (&call, tx, input, "second-factor-end");
  if (floe_factor_policy_requires (in->policy, user, in->caller->address))
    floe_factor_call_refuse (&call, FLOE_ERROR_DENIED, "second-factor-required",
                             "a second factor is required of %s", user->name);
  else
    ok = floe_factor_call_check_code (&call, error);
  if (ok && !call.refused)
    ok = floe_tx_delete_factor (tx, call.user->id, &deleted, error)
         && floe_factor_call_put_row (&call, call.user->name, "done", NULL, error);
  return floe_factor_call_end (&call, ok, error);
}

/* Not a matter of one pool: whoever is the helpdesk of some may not. */
static gboolean
may_reset (const FloeFactorInput *in, const FloeUser *user, GError **error)
{
  if (!(in->identity->roles & floe_permission_get_roles (FLOE_MAY_HELP)))
    {
      floe_set_error_reason (error, FLOE_ERROR_DENIED, "not-your-pool",
                             "%s is of the helpdesk of some pools only", in->identity->user->name);
      return FALSE;
    }
  return floe_permit_rank (in->identity, in->groups, user, error);
}

/**
 * floe_factor_reset:
 *
 * Ends somebody else's second factor, for the staff. Refusals: %FLOE_ERROR_NOT_FOUND
 * ("unknown-user", "not-enrolled"), %FLOE_ERROR_DENIED ("not-your-pool", "higher-role").
 *
 * Returns: (transfer full): a #FloeFactorRecord; or %NULL with %FLOE_ERROR_INVALID
 *   ("reason-needed") or a store's error
 */
gpointer
floe_factor_reset (FloeTx *tx, gconstpointer input, GError **error)
{
  GError *why = NULL;
  g_autoptr (FloeUser) user = NULL;
  gboolean deleted = FALSE;
  gboolean ok;
  FloeFactorCall call;

  floe_factor_call_init (&call, tx, input, "second-factor-reset");
  user = floe_tx_find_user (tx, call.in->user, NULL, &why);
  call.user = user;
  if (user == NULL)
    {
      ok = floe_factor_is_missing (why, error);
      if (ok)
        floe_factor_call_refuse (&call, FLOE_ERROR_NOT_FOUND, "unknown-user",
                                 "nobody of the name %s was ever seen here", call.in->user);
    }
  else if (!may_reset (call.in, user, &call.record->refusal))
    call.refused = ok = TRUE;
  else
    {
      ok = floe_permit_reason (call.in->identity, call.in->reason, error)
           && floe_tx_delete_factor (tx, user->id, &deleted, error);
      if (ok && !deleted)
        floe_factor_call_refuse (&call, FLOE_ERROR_NOT_FOUND, "not-enrolled",
                                 "%s has no second factor", user->name);
      else if (ok)
        ok = floe_factor_call_put_row (&call, user->name, "done", call.in->reason, error);
    }
  return floe_factor_call_end (&call, ok, error);
}
