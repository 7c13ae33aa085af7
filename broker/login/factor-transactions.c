/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/factor-transactions.h"

#include "core/error.h"
#include "core/permit.h"
#include "login/totp.h"

/* So many codes a challenge may be answered with; then the password is needed anew. */
#define CODES_OF_CHALLENGE 5

/* And so many wrong ones somebody may have, of all challenges together, until there was a pause:
 * whoever knows the password gets a new challenge for the asking. */
#define CODES_OF_PERSON 10

/* Whom a code is for, and what for. A refusal that is set is the end. */
typedef struct
{
  FloeTx *tx;
  const FloeFactorInput *in;
  const gchar *action; /* for the trail */
  FloeChallenge *challenge;
  const FloeUser *user;
  FloeFactorRecord *record;
  gboolean refused; /* and the record says why */
} Call;

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

static void
call_init (Call *call, FloeTx *tx, gconstpointer input, const gchar *action)
{
  *call = (Call){ .tx = tx, .in = input, .action = action };
  call->record = g_new0 (FloeFactorRecord, 1);
  if (call->in->identity != NULL)
    call->user = call->in->identity->user;
}

static gboolean
put_row (Call *call, const gchar *object, const gchar *outcome, const gchar *detail, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (call->in->now, call->action, object, outcome);

  if (call->in->identity != NULL)
    floe_audit_set_identity (row, call->in->identity);
  else
    {
      floe_audit_set_caller (row, call->in->caller);
      if (call->user != NULL)
        {
          g_free (row->actor);
          row->actor = g_strdup (call->user->name);
        }
    }
  row->detail = g_strdup (detail);
  return floe_tx_put_audit (call->tx, row, error);
}

/* Ends the call: records a refusal. Returns: (transfer full): the record; or %NULL with @error */
static gpointer
call_end (Call *call, gboolean ok, GError **error)
{
  g_autoptr (FloeChallenge) G_GNUC_UNUSED challenge = call->challenge;
  g_autoptr (FloeFactorRecord) record = call->record;

  if (ok && call->refused)
    ok = put_row (call,
                  call->user != NULL       ? call->user->name
                  : call->in->user != NULL ? call->in->user
                                           : "unknown",
                  "denied", record->refusal->message, error);
  if (!ok)
    return NULL;
  if (call->user != NULL)
    record->name = g_strdup (call->user->name);
  return g_steal_pointer (&record);
}

static void refuse (Call *call, FloeError code, const gchar *reason, const gchar *format, ...)
    G_GNUC_PRINTF (4, 5);

static void
refuse (Call *call, FloeError code, const gchar *reason, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  floe_set_error_reason (&call->record->refusal, code, reason, "%s", text);
  call->refused = TRUE;
}

/* Whether an adapter only says that there is none; any other error stays one. Takes @why. */
static gboolean
is_missing (GError *why, GError **error)
{
  if (!g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, why);
      return FALSE;
    }
  g_error_free (why);
  return TRUE;
}

static void
refuse_challenge (Call *call)
{
  refuse (call, FLOE_ERROR_UNAUTHENTICATED, "expired-challenge",
          "the log-in took too long, or had too many wrong codes: it begins anew "
          "with the password");
}

/* One text for a challenge that never was, one that is over and one of somewhere else. */
static gboolean
open_challenge (Call *call, GError **error)
{
  GError *why = NULL;
  FloeChallenge *challenge;

  if (call->in->challenge == NULL && call->user == NULL)
    refuse_challenge (call);
  if (call->in->challenge == NULL)
    return TRUE;
  challenge = call->challenge = floe_tx_get_challenge (call->tx, call->in->challenge, &why);
  if (challenge == NULL && !is_missing (why, error))
    return FALSE;
  if (challenge == NULL || challenge->ends <= call->in->now
      || g_strcmp0 (challenge->address, call->in->caller->address) != 0
      || g_strcmp0 (challenge->terminal, call->in->caller->terminal) != 0)
    refuse_challenge (call);
  else
    call->user = challenge->user;
  return TRUE;
}

static gchar *
key_of (const FloeUser *user)
{
  return g_strconcat ("code:", user->id, NULL);
}

/* A code counts as a wrong one before it is looked at, so that of many at once no more are looked
 * at than may be. */
static gboolean
take_try (Call *call, GError **error)
{
  const FloeFactorInput *in = call->in;
  g_autofree gchar *key = NULL;
  FloeTry one = { .at = in->now, .since = in->since, .most = CODES_OF_PERSON };
  gboolean taken = TRUE;

  if (in->challenge != NULL
      && !floe_tx_take_code_try (call->tx, in->challenge, in->now, CODES_OF_CHALLENGE, &taken,
                                 error))
    return FALSE;
  if (!open_challenge (call, error))
    return FALSE;
  if (!taken && !call->refused)
    refuse_challenge (call);
  if (call->refused)
    return TRUE;
  one.person = key = key_of (call->user);
  if (!floe_tx_take_try (call->tx, &one, &taken, error))
    return FALSE;
  if (!taken)
    refuse (call, FLOE_ERROR_BUSY, "too-many-tries",
            "too many wrong codes; there may be another try after a pause");
  return TRUE;
}

/* The code was right: nothing counts any more. */
static gboolean
forget_tries (Call *call, GError **error)
{
  g_autofree gchar *key = key_of (call->user);

  return floe_tx_delete_tries_of (call->tx, key, error)
         && (call->challenge == NULL
             || floe_tx_delete_challenge (call->tx, call->challenge->hash, error));
}

static gboolean
get_factor (Call *call, FloeFactor **factor, GError **error)
{
  GError *why = NULL;

  *factor = floe_tx_get_factor (call->tx, call->user->id, &why);
  if (*factor != NULL)
    return TRUE;
  if (!is_missing (why, error))
    return FALSE;
  refuse (call, FLOE_ERROR_CONFLICT, "not-enrolled", "%s has no second factor", call->user->name);
  return TRUE;
}

/* find_step: of which step the code is, or 0; and how the secret is kept with the newest key */
static gboolean
find_step (Call *call, const FloeFactor *factor, gint64 *step, gchar **sealed, GError **error)
{
  const FloeSealKeys *keys = floe_factor_policy_get_keys (call->in->policy);
  gboolean old;
  g_autoptr (FloeSecret) secret =
      floe_seal_keys_open (keys, factor->sealed, call->user->id, &old, error);

  if (secret == NULL)
    {
      g_prefix_error (error, "the second factor of %s: ", call->user->name);
      return FALSE;
    }
  *step = floe_totp_find_step (secret, floe_secret_get (call->in->code, NULL), call->in->now);
  *sealed =
      old ? floe_seal_keys_seal (keys, secret, call->user->id, error) : g_strdup (factor->sealed);
  return *sealed != NULL;
}

static gboolean
use_code (Call *call, const FloeFactor *factor, gboolean *right, GError **error)
{
  g_autofree gchar *sealed = NULL;
  g_autofree gchar *hash = NULL;
  gint64 step;

  *right = FALSE;
  if (!floe_code_is_totp (call->in->code))
    {
      hash = floe_recovery_code_hash (call->in->code);
      return floe_tx_take_recovery_code (call->tx, call->user->id, hash, right, error);
    }
  if (!find_step (call, factor, &step, &sealed, error))
    return FALSE;
  return step == 0 || floe_tx_use_step (call->tx, call->user->id, step, sealed, right, error);
}

static void
refuse_code (Call *call)
{
  refuse (call, FLOE_ERROR_UNAUTHENTICATED, "wrong-code", "the code is wrong, or was used before");
}

/* check_code: whether it was right, else there is a refusal */
static gboolean
check_code (Call *call, GError **error)
{
  g_autoptr (FloeFactor) factor = NULL;
  gboolean right;

  if (!take_try (call, error))
    return FALSE;
  if (call->refused)
    return TRUE;
  if (!get_factor (call, &factor, error))
    return FALSE;
  if (factor != NULL && factor->confirmed == 0)
    refuse (call, FLOE_ERROR_CONFLICT, "not-enrolled", "the second factor of %s is not confirmed",
            call->user->name);
  if (call->refused)
    return TRUE;
  if (!use_code (call, factor, &right, error))
    return FALSE;
  if (right)
    return forget_tries (call, error);
  refuse_code (call);
  return TRUE;
}

static gboolean
grant (Call *call, const gchar *detail, GError **error)
{
  const FloeFactorInput *in = call->in;
  g_autoptr (FloeIdentity) identity = floe_identity_new (
      call->user, floe_role_groups_find (in->groups, call->user), in->login_id, in->caller);
  FloeGrantInput input = { .identity = identity,
                           .hash = in->hash,
                           .now = in->now,
                           .expires = in->expires,
                           .action = "login",
                           .detail = detail };

  call->record->grant = floe_login_record_grant (call->tx, &input, error);
  return call->record->grant != NULL;
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
  else if (floe_factor_policy_requires (input->factors, user))
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
  Call call;
  gboolean ok;

  call_init (&call, tx, input, "login");
  ok = check_code (&call, error);
  if (ok && !call.refused)
    ok = grant (&call, floe_code_is_totp (call.in->code) ? "with a code" : "with a recovery code",
                error);
  return call_end (&call, ok, error);
}

static void
refuse_enrolled (Call *call)
{
  refuse (call, FLOE_ERROR_CONFLICT, "already-enrolled", "%s has a second factor already",
          call->user->name);
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
  Call call;

  call_init (&call, tx, input, "second-factor-begin");
  ok = open_challenge (&call, error);
  if (!ok || call.refused)
    return call_end (&call, ok, error);
  sealed = floe_seal_keys_seal (floe_factor_policy_get_keys (call.in->policy), call.in->secret,
                                call.user->id, error);
  ok = sealed != NULL && floe_tx_put_factor (tx, call.user->id, sealed, &put, error);
  if (ok && !put)
    refuse_enrolled (&call);
  else if (ok)
    ok = put_row (&call, call.user->name, "done", NULL, error);
  return call_end (&call, ok, error);
}

static gboolean
put_recovery_codes (Call *call, GError **error)
{
  for (guint i = 0; call->in->recovery[i] != NULL; i++)
    if (!floe_tx_put_recovery_code (call->tx, call->user->id, call->in->recovery[i], error))
      return FALSE;
  return TRUE;
}

/* confirm: a recovery code shows nothing, and there is none yet */
static gboolean
confirm (Call *call, GError **error)
{
  g_autoptr (FloeFactor) factor = NULL;
  g_autofree gchar *sealed = NULL;
  gboolean done = FALSE;
  gint64 step = 0;

  if (!take_try (call, error))
    return FALSE;
  if (!call->refused && !get_factor (call, &factor, error))
    return FALSE;
  if (call->refused)
    return TRUE;
  if (factor->confirmed == 0 && !find_step (call, factor, &step, &sealed, error))
    return FALSE;
  if (step > 0
      && !floe_tx_confirm_factor (call->tx, call->user->id, factor->sealed, call->in->now, step,
                                  &done, error))
    return FALSE;
  if (done)
    return forget_tries (call, error) && put_recovery_codes (call, error)
           && put_row (call, call->user->name, "done", NULL, error);
  if (factor->confirmed != 0 || step > 0)
    refuse_enrolled (call);
  else
    refuse_code (call);
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
  Call call;

  call_init (&call, tx, input, "second-factor-confirm");
  ok = confirm (&call, error);
  if (ok && !call.refused && call.challenge != NULL)
    ok = grant (&call, "with a new second factor", error);
  return call_end (&call, ok, error);
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
  Call call;

  call_init (&call, tx, input, "second-factor-end");
  if (floe_factor_policy_requires (in->policy, user))
    refuse (&call, FLOE_ERROR_DENIED, "second-factor-required", "a second factor is required of %s",
            user->name);
  else
    ok = check_code (&call, error);
  if (ok && !call.refused)
    ok = floe_tx_delete_factor (tx, call.user->id, &deleted, error)
         && put_row (&call, call.user->name, "done", NULL, error);
  return call_end (&call, ok, error);
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
  Call call;

  call_init (&call, tx, input, "second-factor-reset");
  user = floe_tx_find_user (tx, call.in->user, NULL, &why);
  call.user = user;
  if (user == NULL)
    {
      ok = is_missing (why, error);
      if (ok)
        refuse (&call, FLOE_ERROR_NOT_FOUND, "unknown-user",
                "nobody of the name %s was ever seen here", call.in->user);
    }
  else if (!may_reset (call.in, user, &call.record->refusal))
    call.refused = ok = TRUE;
  else
    {
      ok = floe_permit_reason (call.in->identity, call.in->reason, error)
           && floe_tx_delete_factor (tx, user->id, &deleted, error);
      if (ok && !deleted)
        refuse (&call, FLOE_ERROR_NOT_FOUND, "not-enrolled", "%s has no second factor", user->name);
      else if (ok)
        ok = put_row (&call, user->name, "done", call.in->reason, error);
    }
  return call_end (&call, ok, error);
}
