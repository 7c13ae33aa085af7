/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/claim.h"

#include <string.h>

#include "core/error.h"

/* The reconnect right ends with its lease; this is only its last resort. */
#define RECONNECT_SECONDS (7 * 24 * 3600)

/**
 * floe_claim_new_reconnect_token:
 *
 * Returns: (transfer full): 256 bits, marked as what they are
 */
FloeSecret *
floe_claim_new_reconnect_token (void)
{
  g_autoptr (FloeSecret) random = floe_secret_new_random (32);
  gchar *text = g_strconcat ("flr_", floe_secret_get (random, NULL), NULL);

  return floe_secret_new_take (text, strlen (text));
}

FloeClaimInput *
floe_claim_input_new (const FloeIdentity *identity, const gchar *pool, gint64 now,
                      const FloeTicket *ticket, const FloeSecret *reconnect)
{
  FloeClaimInput *input = g_new0 (FloeClaimInput, 1);

  input->identity = floe_identity_copy (identity);
  input->pool = g_strdup (pool);
  input->now = now;
  input->ticket_until = ticket->valid_until;
  input->reconnect_hash = floe_secret_hash (reconnect);
  input->reconnect_ends = now + (gint64)RECONNECT_SECONDS * G_USEC_PER_SEC;
  return input;
}

void
floe_claim_input_free (FloeClaimInput *self)
{
  floe_identity_free (self->identity);
  g_free (self->pool);
  g_free (self->reconnect_hash);
  g_free (self);
}

void
floe_claim_free (FloeClaim *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->refusal);
  floe_change_free (self->change);
  g_free (self);
}

/* Whoever asked may have logged out since their request was let in, or their account was ended: no
 * lease and no right to reconnect is made for them any more. */
static gboolean
check_login (FloeTx *tx, const FloeClaimInput *input, GError **error)
{
  gboolean has;

  if (!floe_tx_has_login (tx, input->identity->login_id, input->now, &has, error))
    return FALSE;
  if (!has)
    floe_set_error_reason (error, FLOE_ERROR_UNAUTHENTICATED, "expired-token",
                           "the log-in has ended");
  return has;
}

/* A pool that somebody is not entitled to does not exist for them. */
static FloePool *
check_entitlement (FloeTx *tx, const FloeClaimInput *input, GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->pool, error);
  g_autoptr (FloeUser) user = NULL;

  if (pool == NULL)
    return NULL;
  /* The groups of this moment, not those of the moment when the token was read. */
  user = floe_tx_get_user (tx, input->identity->user->id, error);
  if (user == NULL)
    return NULL;
  if (!floe_pool_entitles (pool, user))
    {
      floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "not-entitled",
                             "%s is not entitled to pool %s", user->name, pool->name);
      return NULL;
    }
  return g_steal_pointer (&pool);
}

static void
set_none_free (GError **error, const FloePool *pool)
{
  if (pool->closed)
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "pool-closed", "pool %s is closed",
                           pool->name);
  else
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "no-desktop-free",
                           "pool %s has no free desktop", pool->name);
}

static FloeDesktop *
find_free (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *desktop = NULL;

  if (!pool->closed)
    desktop = floe_tx_find_free_desktop (tx, pool, input->now, &local_error);
  if (desktop != NULL)
    return desktop;
  if (pool->closed || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    set_none_free (error, pool);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static FloeChange *
take_free (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input, const FloeCause *cause,
           GError **error)
{
  FloeDesktop *desktop = find_free (tx, pool, input, error);
  g_autoptr (FloeChange) change = NULL;
  g_autoptr (FloeAudit) row = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  floe_desktop_set_lease (desktop, input->identity, input->now);
  row = floe_cause_audit (cause, "assign", desktop->name, "done");
  if (!floe_tx_put_audit (tx, row, error)
      || !floe_change_event (change, tx, FLOE_EVENT_CLAIM, cause, error))
    return NULL;
  return g_steal_pointer (&change);
}

/* The desktop comes along to where its holder sits now; the terminal that had it is told where. */
static void
note_take_over (FloeDesktop *desktop, const FloeIdentity *identity, gint64 now)
{
  const FloeLease *lease = desktop->lease;

  if (desktop->facts.console == FLOE_CONSOLE_CONNECTED && lease->login_id != NULL
      && g_strcmp0 (lease->login_id, identity->login_id) != 0)
    floe_desktop_set_end (desktop, "taken-over", now, identity->user->name,
                          identity->caller->address);
}

static FloeChange *
take_held (FloeTx *tx, FloeDesktop *desktop, const FloeClaimInput *input, const FloeCause *cause,
           GError **error)
{
  g_autoptr (FloeChange) change = floe_change_new (desktop);

  if (!desktop->present)
    {
      floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "desktop-gone",
                             "desktop %s is not defined at host %s any more", desktop->name,
                             desktop->host);
      return NULL;
    }
  note_take_over (desktop, input->identity, input->now);
  floe_desktop_set_lease (desktop, input->identity, input->now);
  if (!floe_change_event (change, tx, FLOE_EVENT_CONNECT, cause, error))
    return NULL;
  return g_steal_pointer (&change);
}

static gboolean
put_reconnect_token (FloeTx *tx, const FloeClaimInput *input, const FloeDesktop *desktop,
                     GError **error)
{
  const FloeIdentity *identity = input->identity;
  FloeToken token = { .hash = input->reconnect_hash,
                      .kind = FLOE_TOKEN_RECONNECT,
                      .login_id = identity->login_id,
                      .user = identity->user,
                      .role = identity->role,
                      .desktop_id = desktop->id,
                      .address = identity->caller->address,
                      .terminal = identity->caller->terminal,
                      .issued = input->now,
                      .last_used = input->now,
                      .ends = input->reconnect_ends };

  /* The right of terminals that it was taken from ends; this one's older tokens live on, because
   * the answer that carries the new one may be lost in the network drop that it is meant for. */
  return floe_tx_delete_tokens_of_desktop (tx, desktop->id, identity->login_id, error)
         && floe_tx_put_token (tx, &token, error);
}

static gboolean
record_ticket (FloeTx *tx, const FloeClaimInput *input, FloeClaim *claim, const FloeCause *cause,
               GError **error)
{
  FloeDesktop *desktop = claim->change->desktop;
  g_autoptr (FloeAudit) row = floe_cause_audit (cause, "ticket", desktop->name, "intent");

  claim->was_connected = desktop->facts.console == FLOE_CONSOLE_CONNECTED;
  return floe_tx_put_audit (tx, row, error)
         && floe_change_event (claim->change, tx, FLOE_EVENT_TICKET_SET, cause, error)
         && floe_change_set_timer (claim->change, tx, "ticket", input->ticket_until, error)
         && put_reconnect_token (tx, input, desktop, error);
}

static FloeChange *
take (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input, const FloeCause *cause,
      GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *held =
      floe_tx_find_held_desktop (tx, pool->name, input->identity->user->id, &local_error);

  if (held != NULL)
    return take_held (tx, held, input, cause, error);
  if (g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return take_free (tx, pool, input, cause, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
claim_and_record (FloeTx *tx, const FloeClaimInput *input, const FloeCause *cause, FloeClaim *claim,
                  GError **error)
{
  g_autoptr (FloePool) pool =
      check_login (tx, input, error) ? check_entitlement (tx, input, error) : NULL;

  if (pool == NULL)
    return FALSE;
  claim->change = take (tx, pool, input, cause, error);
  if (claim->change == NULL)
    return FALSE;
  claim->keeps_data = floe_pool_keeps_data (pool);
  claim->ready = floe_desktop_is_ready (claim->change->desktop, input->now);
  return (!claim->ready || record_ticket (tx, input, claim, cause, error))
         && floe_change_save (claim->change, tx, error);
}

/* A refusal is a decision: it is an audit row, so its transaction must be committed. Everything
 * that can refuse does so before it writes. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
}

/**
 * floe_claim:
 * @tx: the transaction
 * @input: a #FloeClaimInput
 * @error: %FLOE_ERROR_UNAVAILABLE (reason "desktop-gone"), or a store's error
 *
 * Gives a person their desktop of a pool: the one that they have, else a free one. Entitlement,
 * claim, intent, ticket and audit are one transaction, in which nothing slow happens.
 *
 * Returns: (transfer full): a #FloeClaim, whose refusal is %FLOE_ERROR_UNAUTHENTICATED (the log-in
 *   has ended meanwhile), %FLOE_ERROR_NOT_FOUND (no such pool, or
 *   not entitled to it) or %FLOE_ERROR_EXHAUSTED (reason "no-desktop-free" or "pool-closed"); or
 *   %NULL with @error
 */
gpointer
floe_claim (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeClaimInput *in = input;
  const FloeCause cause = { .now = in->now, .identity = in->identity };
  g_autoptr (FloeClaim) claim = g_new0 (FloeClaim, 1);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeAudit) row = NULL;

  if (claim_and_record (tx, in, &cause, claim, &local_error))
    return g_steal_pointer (&claim);
  if (!is_refusal (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  row = floe_cause_audit (&cause, "connect", in->pool, "denied");
  row->detail = g_strdup (local_error->message);
  if (!floe_tx_put_audit (tx, row, error))
    return NULL;
  claim->refusal = g_steal_pointer (&local_error);
  return g_steal_pointer (&claim);
}
