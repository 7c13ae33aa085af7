/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/factor-call.h"

#include "core/date.h"
#include "login/totp.h"

/* So many codes a challenge may be answered with; then the password is needed anew. */
#define CODES_OF_CHALLENGE 5

/* And so many wrong ones somebody may have, of all challenges together, until there was a pause:
 * whoever knows the password gets a new challenge for the asking. */
#define CODES_OF_PERSON 10

void
floe_factor_call_init (FloeFactorCall *call, FloeTx *tx, gconstpointer input, const gchar *action)
{
  *call = (FloeFactorCall){ .tx = tx, .in = input, .action = action };
  call->record = g_new0 (FloeFactorRecord, 1);
  if (call->in->identity != NULL)
    call->user = call->in->identity->user;
}

gboolean
floe_factor_call_put_row (FloeFactorCall *call, const gchar *object, const gchar *outcome,
                          const gchar *detail, GError **error)
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
gpointer
floe_factor_call_end (FloeFactorCall *call, gboolean ok, GError **error)
{
  g_autoptr (FloeChallenge) G_GNUC_UNUSED challenge = call->challenge;
  g_autoptr (FloeFactorRecord) record = call->record;

  if (ok && call->refused)
    ok = floe_factor_call_put_row (call,
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

void
floe_factor_call_refuse (FloeFactorCall *call, FloeError code, const gchar *reason,
                         const gchar *format, ...)
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
gboolean
floe_factor_is_missing (GError *why, GError **error)
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
refuse_challenge (FloeFactorCall *call)
{
  floe_factor_call_refuse (call, FLOE_ERROR_UNAUTHENTICATED, "expired-challenge",
                           "the log-in took too long, or had too many wrong codes: it begins anew "
                           "with the password");
}

/* One text for a challenge that never was, one that is over and one of somewhere else. */
gboolean
floe_factor_call_open_challenge (FloeFactorCall *call, GError **error)
{
  GError *why = NULL;
  FloeChallenge *challenge;

  if (call->in->challenge == NULL && call->user == NULL)
    refuse_challenge (call);
  if (call->in->challenge == NULL)
    return TRUE;
  challenge = call->challenge = floe_tx_get_challenge (call->tx, call->in->challenge, &why);
  if (challenge == NULL && !floe_factor_is_missing (why, error))
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
gboolean
floe_factor_call_take_try (FloeFactorCall *call, GError **error)
{
  const FloeFactorInput *in = call->in;
  g_autofree gchar *key = NULL;
  FloeTry one = { .at = in->now, .since = in->since, .most = CODES_OF_PERSON };
  gboolean taken = TRUE;

  if (in->challenge != NULL
      && !floe_tx_take_code_try (call->tx, in->challenge, in->now, CODES_OF_CHALLENGE, &taken,
                                 error))
    return FALSE;
  if (!floe_factor_call_open_challenge (call, error))
    return FALSE;
  if (!taken && !call->refused)
    refuse_challenge (call);
  if (call->refused)
    return TRUE;
  one.person = key = key_of (call->user);
  if (!floe_tx_take_try (call->tx, &one, &taken, error))
    return FALSE;
  if (!taken)
    floe_factor_call_refuse (call, FLOE_ERROR_BUSY, "too-many-tries",
                             "too many wrong codes; there may be another try after a pause");
  return TRUE;
}

/* The code was right: nothing counts any more. */
gboolean
floe_factor_call_forget_tries (FloeFactorCall *call, GError **error)
{
  g_autofree gchar *key = key_of (call->user);

  return floe_tx_delete_tries_of (call->tx, key, error)
         && (call->challenge == NULL
             || floe_tx_delete_challenge (call->tx, call->challenge->hash, error));
}

gboolean
floe_factor_call_get_factor (FloeFactorCall *call, FloeFactor **factor, GError **error)
{
  GError *why = NULL;

  *factor = floe_tx_get_factor (call->tx, call->user->id, &why);
  if (*factor != NULL)
    return TRUE;
  if (!floe_factor_is_missing (why, error))
    return FALSE;
  floe_factor_call_refuse (call, FLOE_ERROR_CONFLICT, "not-enrolled", "%s has no second factor",
                           call->user->name);
  return TRUE;
}

/* find_step: of which step the code is, or 0; and how the secret is kept with the newest key */
gboolean
floe_factor_call_find_step (FloeFactorCall *call, const FloeFactor *factor, gint64 *step,
                            gchar **sealed, GError **error)
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
  *step = floe_totp_find_step (secret, floe_secret_get (call->in->code, NULL),
                               floe_date_of (call->in->now));
  *sealed =
      old ? floe_seal_keys_seal (keys, secret, call->user->id, error) : g_strdup (factor->sealed);
  return *sealed != NULL;
}

static gboolean
use_code (FloeFactorCall *call, const FloeFactor *factor, gboolean *right, GError **error)
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
  if (!floe_factor_call_find_step (call, factor, &step, &sealed, error))
    return FALSE;
  return step == 0 || floe_tx_use_step (call->tx, call->user->id, step, sealed, right, error);
}

void
floe_factor_call_refuse_code (FloeFactorCall *call)
{
  floe_factor_call_refuse (call, FLOE_ERROR_UNAUTHENTICATED, "wrong-code",
                           "the code is wrong, or was used before");
}

/* check_code: whether it was right, else there is a refusal */
gboolean
floe_factor_call_check_code (FloeFactorCall *call, GError **error)
{
  g_autoptr (FloeFactor) factor = NULL;
  gboolean right;

  if (!floe_factor_call_take_try (call, error))
    return FALSE;
  if (call->refused)
    return TRUE;
  if (!floe_factor_call_get_factor (call, &factor, error))
    return FALSE;
  if (factor != NULL && factor->confirmed == 0)
    floe_factor_call_refuse (call, FLOE_ERROR_CONFLICT, "not-enrolled",
                             "the second factor of %s is not confirmed", call->user->name);
  if (call->refused)
    return TRUE;
  if (!use_code (call, factor, &right, error))
    return FALSE;
  if (right)
    return floe_factor_call_forget_tries (call, error);
  floe_factor_call_refuse_code (call);
  return TRUE;
}

gboolean
floe_factor_call_grant (FloeFactorCall *call, const gchar *detail, GError **error)
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
