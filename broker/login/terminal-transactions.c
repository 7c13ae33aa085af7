/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/terminal-transactions.h"

#include "core/error.h"
#include "core/network.h"
#include "core/terminal-ends.h"

/* So many wrong codes one network may send until there was a pause. */
#define CODES_OF_NETWORK 10

void
floe_terminal_input_free (FloeTerminalInput *self)
{
  floe_caller_free (self->caller);
  g_free (self->code);
  g_free (self->login_id);
  g_free (self->hash);
  g_free (self);
}

void
floe_terminal_record_free (FloeTerminalRecord *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->refusal);
  floe_terminal_free (self->terminal);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_pointer (&self->grant, floe_grant_record_free);
  g_free (self);
}

static gboolean
put_row (FloeTx *tx, const FloeTerminalInput *in, const FloeTerminal *terminal, const gchar *action,
         const gchar *outcome, const gchar *detail, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (
      in->now, action, terminal != NULL ? terminal->name : in->caller->terminal, outcome);

  floe_audit_set_caller (row, in->caller);
  if (terminal != NULL)
    {
      g_free (row->actor);
      row->actor = g_strconcat (FLOE_TERMINAL_USER, terminal->name, NULL);
    }
  row->detail = g_strdup (detail);
  return floe_tx_put_audit (tx, row, error);
}

/* Returns: (transfer full): the record of a refusal, which is in the trail now */
static gpointer
record_refusal (FloeTx *tx, const FloeTerminalInput *in, const gchar *action, GError *refusal,
                GError **error)
{
  g_autoptr (FloeTerminalRecord) record = g_new0 (FloeTerminalRecord, 1);

  record->refusal = refusal;
  return put_row (tx, in, NULL, action, "denied", refusal->message, error)
             ? g_steal_pointer (&record)
             : NULL;
}

/* found: passes on what @lookup found; that there is none is no error */
static gboolean
found (FloeTerminal *lookup, FloeTerminal **terminal, GError *why, GError **error)
{
  *terminal = lookup;
  if (lookup != NULL)
    return TRUE;
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_error_free (why);
      return TRUE;
    }
  g_propagate_error (error, why);
  return FALSE;
}

static gboolean
find_by_certificate (FloeTx *tx, const FloeTerminalInput *in, FloeTerminal **terminal,
                     GError **error)
{
  GError *why = NULL;
  FloeTerminal *lookup = floe_tx_find_terminal (tx, in->caller->terminal, &why);

  return found (lookup, terminal, why, error);
}

static void
set_unknown (GError **error)
{
  floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "unknown-terminal",
                         "no terminal has this certificate");
}

/**
 * floe_terminal_look:
 * @input: a #FloeTerminalInput
 *
 * Returns: (transfer full): the #FloeTerminal that asks; or %NULL with %FLOE_ERROR_NOT_FOUND
 * (reason "unknown-terminal")
 */
gpointer
floe_terminal_look (FloeTx *tx, gconstpointer input, GError **error)
{
  FloeTerminal *terminal = NULL;

  if (find_by_certificate (tx, input, &terminal, error) && terminal == NULL)
    set_unknown (error);
  return terminal;
}

/**
 * floe_terminal_touch:
 * @input: a #FloeTerminalInput
 *
 * Returns: not %NULL once it is noted that the terminal was heard of
 */
gpointer
floe_terminal_touch (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTerminalInput *in = input;

  return floe_tx_touch_terminal (tx, in->caller->terminal, in->now, error) ? GINT_TO_POINTER (TRUE)
                                                                           : NULL;
}

/* Enrolling. */

/* A code counts as a wrong one before it is looked at, so that of many at once no more are looked
 * at than may be. */
static gboolean
check_code (FloeTx *tx, const FloeTerminalInput *in, const gchar *key, FloeTerminal **terminal,
            GError **refusal, GError **error)
{
  const FloeTry one = {
    .person = key, .at = in->now, .since = in->since, .most = CODES_OF_NETWORK
  };
  GError *why = NULL;
  FloeTerminal *lookup;
  gboolean taken;

  if (!floe_tx_take_try (tx, &one, &taken, error))
    return FALSE;
  if (!taken)
    {
      floe_set_error_reason (refusal, FLOE_ERROR_BUSY, "too-many-tries",
                             "too many wrong codes; there may be another try after a pause");
      return TRUE;
    }
  lookup = floe_tx_find_terminal_of_code (tx, in->code, &why);
  if (!found (lookup, terminal, why, error))
    return FALSE;
  if (*terminal == NULL || (*terminal)->code_ends <= in->now)
    floe_set_error_reason (refusal, FLOE_ERROR_UNAUTHENTICATED, "wrong-terminal-code",
                           "the code is wrong, too old, or was used already");
  return TRUE;
}

static gboolean
check_certificate (FloeTx *tx, const FloeTerminalInput *in, const FloeTerminal *terminal,
                   GError **refusal, GError **error)
{
  g_autoptr (FloeTerminal) owner = NULL;

  g_return_val_if_fail (terminal != NULL, FALSE); /* or its code would have been refused */
  if (!find_by_certificate (tx, in, &owner, error))
    return FALSE;
  if (owner != NULL && !g_str_equal (owner->name, terminal->name))
    floe_set_error_reason (refusal, FLOE_ERROR_CONFLICT, "certificate-in-use",
                           "this certificate is terminal %s's; remove that one, or make a new key",
                           owner->name);
  return TRUE;
}

/* The certificate that it had before ends with this. */
static gboolean
bind_certificate (FloeTx *tx, const FloeTerminalInput *in, FloeTerminal *terminal,
                  GPtrArray *changes, GError **error)
{
  g_autoptr (FloeUser) user = floe_terminal_new_user (terminal);
  g_autoptr (FloeIdentity) identity = floe_identity_new (user, FLOE_ROLE_USER, NULL, in->caller);
  const FloeCause cause = { .now = in->now,
                            .identity = identity,
                            .detail = "the terminal has a new certificate",
                            .end_reason = "admin" };

  if (g_strcmp0 (terminal->fingerprint, in->caller->terminal) != 0
      && !floe_terminal_end_certificate (tx, terminal, &cause, changes, error))
    return FALSE;
  g_free (terminal->fingerprint);
  terminal->fingerprint = g_strdup (in->caller->terminal);
  terminal->enrolled = terminal->seen = in->now;
  g_clear_pointer (&terminal->code, g_free);
  terminal->code_ends = 0;
  return floe_tx_put_terminal (tx, terminal, error)
         && put_row (tx, in, terminal, "terminal-enrol", "done", terminal->fingerprint, error);
}

/**
 * floe_terminal_enrol:
 * @input: a #FloeTerminalInput
 *
 * Binds a terminal to the caller's certificate. Refusals: %FLOE_ERROR_UNAUTHENTICATED (reason
 * "wrong-terminal-code"), %FLOE_ERROR_BUSY ("too-many-tries"), %FLOE_ERROR_CONFLICT
 * ("certificate-in-use").
 *
 * Returns: (transfer full): a #FloeTerminalRecord
 */
gpointer
floe_terminal_enrol (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTerminalInput *in = input;
  g_autofree gchar *network = floe_network_of (in->caller->address);
  g_autofree gchar *key = g_strconcat ("terminal-code:", network, NULL);
  g_autoptr (FloeTerminalRecord) record = g_new0 (FloeTerminalRecord, 1);
  GError *refusal = NULL;

  if (!check_code (tx, in, key, &record->terminal, &refusal, error)
      || (refusal == NULL && !check_certificate (tx, in, record->terminal, &refusal, error)))
    return NULL;
  if (refusal != NULL)
    return record_refusal (tx, in, "terminal-enrol", refusal, error);
  record->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  return floe_tx_delete_tries_of (tx, key, error)
                 && bind_certificate (tx, in, record->terminal, record->changes, error)
             ? g_steal_pointer (&record)
             : NULL;
}

/* Logging in. */

/* keep_still: locks it, so that it cannot end while it logs in; what was not locked may have ended
 * meanwhile */
static gboolean
keep_still (FloeTx *tx, const FloeTerminalInput *in, FloeTerminal **terminal, GError **error)
{
  g_autoptr (FloeTerminal) before = g_steal_pointer (terminal);
  GError *why = NULL;
  FloeTerminal *lookup;

  if (before == NULL)
    return TRUE;
  lookup = floe_tx_get_terminal (tx, before->name, &why);
  if (!found (lookup, terminal, why, error))
    return FALSE;
  if (*terminal != NULL && g_strcmp0 ((*terminal)->fingerprint, in->caller->terminal) != 0)
    g_clear_pointer (terminal, floe_terminal_free);
  return TRUE;
}

static void
check_public (const FloeTerminal *terminal, GError **refusal)
{
  if (terminal == NULL)
    set_unknown (refusal);
  else if (!terminal->is_public)
    floe_set_error_reason (refusal, FLOE_ERROR_DENIED, "not-public",
                           "terminal %s is for people who log in", terminal->name);
}

/**
 * floe_terminal_log_in:
 * @input: a #FloeTerminalInput
 *
 * Logs in a public terminal as itself. Refusals: %FLOE_ERROR_NOT_FOUND ("unknown-terminal"),
 * %FLOE_ERROR_DENIED ("not-public").
 *
 * Returns: (transfer full): a #FloeTerminalRecord
 */
gpointer
floe_terminal_log_in (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTerminalInput *in = input;
  g_autoptr (FloeTerminalRecord) record = g_new0 (FloeTerminalRecord, 1);
  g_autoptr (FloeUser) user = NULL;
  g_autoptr (FloeIdentity) identity = NULL;
  FloeGrantInput grant = { .hash = in->hash,
                           .now = in->now,
                           .expires = in->expires,
                           .action = "login",
                           .detail = "without a person" };
  GError *refusal = NULL;

  if (!find_by_certificate (tx, in, &record->terminal, error)
      || !keep_still (tx, in, &record->terminal, error))
    return NULL;
  check_public (record->terminal, &refusal);
  if (refusal != NULL)
    return record_refusal (tx, in, "login", refusal, error);
  user = floe_terminal_new_user (record->terminal);
  identity = floe_identity_new (user, FLOE_ROLE_USER, in->login_id, in->caller);
  grant.identity = identity;
  record->grant = floe_login_record_grant (tx, &grant, error);
  return record->grant != NULL ? g_steal_pointer (&record) : NULL;
}
