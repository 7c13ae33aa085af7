/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/claim.h"

#include <string.h>

#include "core/claim-parts.h"
#include "core/error.h"
#include "core/line.h"
#include "core/seat.h"
#include "core/service.h"

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

/* The groups of this moment, not those of the moment when the token was read, and of this seat. */
static FloeUser *
get_user (FloeTx *tx, const FloeClaimInput *input, const FloeSeat *seat, GError **error)
{
  g_autoptr (FloeUser) user = floe_tx_get_user (tx, input->identity->user->id, error);

  return user != NULL ? floe_seat_fill (seat, user) : NULL;
}

/* A pool that somebody is not entitled to does not exist for them. */
static FloePool *
check_entitlement (FloeTx *tx, const FloeClaimInput *input, GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->pool, error);
  g_autoptr (FloeSeat) seat =
      pool != NULL ? floe_seat_find (tx, input->identity->caller, error) : NULL;
  g_autoptr (FloeUser) user = seat != NULL ? get_user (tx, input, seat, error) : NULL;

  if (user == NULL)
    return NULL;
  if (floe_pool_entitles (pool, user) && floe_seat_opens (seat, pool))
    return g_steal_pointer (&pool);
  if (floe_pool_entitles (pool, user))
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "not-from-here",
                           "desktops of pool %s are not opened from here", pool->name);
  else
    floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "not-entitled",
                           "%s is not entitled to pool %s", user->name, pool->name);
  return NULL;
}

/**
 * floe_claim_check:
 *
 * Returns: (transfer full): the pool, if whoever asks is still logged in and may have a desktop of
 *   it here; or %NULL
 */
FloePool *
floe_claim_check (FloeTx *tx, const FloeClaimInput *input, GError **error)
{
  return check_login (tx, input, error) ? check_entitlement (tx, input, error) : NULL;
}

static void
set_none_free (GError **error, const FloePool *pool)
{
  if (pool->closed)
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "pool-closed", "%s",
                           pool->message != NULL ? pool->message : "the pool is closed");
  else if (pool->kind == FLOE_POOL_STATIC)
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "not-assigned",
                           "an administrator gives out the desktops of pool %s", pool->name);
  else
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "no-desktop-free",
                           "pool %s has no free desktop", pool->name);
}

/* gives: whether it lends anything by itself to people who ask */
static gboolean
gives (const FloePool *pool)
{
  return !pool->closed && pool->kind != FLOE_POOL_STATIC && !floe_pool_is_engine (pool);
}

/* Whose data is on one host's own storage must be there, too: others are no use to them. */
static FloeDesktop *
find_free (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *desktop = NULL;

  if (gives (pool))
    desktop = floe_tx_find_free_desktop (
        tx, pool, floe_pool_binds_data (pool) ? input->identity->user->id : NULL, input->now,
        &local_error);
  if (desktop != NULL)
    return desktop;
  if (!gives (pool) || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    set_none_free (error, pool);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static FloeChange *
take_free (FloeTx *tx, const FloePool *pool, guint slot, const FloeClaimInput *input,
           const FloeCause *cause, GError **error)
{
  FloeDesktop *desktop = find_free (tx, pool, input, error);
  g_autoptr (FloeChange) change = NULL;
  g_autoptr (FloeAudit) row = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  floe_desktop_set_lease (desktop, input->identity, input->now);
  desktop->lease->slot = slot;
  row = floe_cause_audit (cause, "assign", desktop->name, "done");
  if (!floe_tx_put_audit (tx, row, error)
      || !floe_change_event (change, tx, FLOE_EVENT_CLAIM, cause, error))
    return NULL;
  return g_steal_pointer (&change);
}

/* The desktop comes along to where its holder sits now; the terminal that had it is told where: by
 * the name of the terminal there, which people know, or else by the address. */
static gboolean
note_take_over (FloeTx *tx, FloeDesktop *desktop, const FloeIdentity *identity, gint64 now,
                GError **error)
{
  const FloeLease *lease = desktop->lease;
  g_autoptr (FloeSeat) seat = NULL;

  if (desktop->facts.console != FLOE_CONSOLE_CONNECTED || lease->login_id == NULL
      || g_strcmp0 (lease->login_id, identity->login_id) == 0)
    return TRUE;
  seat = floe_seat_find (tx, identity->caller, error);
  if (seat == NULL)
    return FALSE;
  floe_desktop_set_end (desktop, "taken-over", now, identity->user->name,
                        seat->terminal != NULL ? seat->terminal->name : seat->address);
  return TRUE;
}

/**
 * floe_claim_take_held:
 * @desktop: (transfer full): one that they have
 *
 * Returns: (transfer full): what becomes of it when they come back to it
 */
FloeChange *
floe_claim_take_held (FloeTx *tx, FloeDesktop *desktop, const FloeClaimInput *input,
                      const FloeCause *cause, GError **error)
{
  g_autoptr (FloeChange) change = floe_change_new (desktop);

  if (!desktop->present)
    {
      floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "desktop-gone",
                             "desktop %s is not defined at host %s any more", desktop->name,
                             desktop->host);
      return NULL;
    }
  if (!note_take_over (tx, desktop, input->identity, input->now, error))
    return NULL;
  floe_desktop_set_lease (desktop, input->identity, input->now);
  /* Whoever logged in again has an account again. */
  if (!floe_tx_delete_timer (tx, "account", desktop->id, error)
      || !floe_change_event (change, tx, FLOE_EVENT_CONNECT, cause, error))
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
                      .staff = floe_identity_is_staff (identity),
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

/* Which of theirs somebody gets who has no wish: one that is there, nobody works on and runs, and
 * of these the one that they have had longest. */
static gint
compare_held (gconstpointer a, gconstpointer b)
{
  const FloeDesktop *x = *(FloeDesktop *const *)a;
  const FloeDesktop *y = *(FloeDesktop *const *)b;
  const gint order[] = { y->present - x->present, x->maintenance - y->maintenance,
                         (x->facts.power == FLOE_POWER_UNKNOWN)
                             - (y->facts.power == FLOE_POWER_UNKNOWN),
                         (y->facts.power == FLOE_POWER_ON) - (x->facts.power == FLOE_POWER_ON),
                         (gint)x->lease->slot - (gint)y->lease->slot };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (order[i] != 0)
      return order[i];
  return 0;
}

/* find_held: which one of theirs is meant; -1 for a further one, or with an error */
static gint
find_held (GPtrArray *held, const FloeClaimInput *input, GError **error)
{
  g_ptr_array_sort (held, compare_held);
  if (input->desktop_id == NULL)
    return input->another || held->len == 0 ? -1 : 0;
  for (guint i = 0; i < held->len; i++)
    if (strcmp (((FloeDesktop *)held->pdata[i])->id, input->desktop_id) == 0)
      return (gint)i;
  floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "not-held",
                         "they have no such desktop in pool %s", input->pool);
  return -1;
}

/* take_new: one that they do not have yet; %NULL with %FLOE_ERROR_EXHAUSTED when there is none */
static FloeChange *
take_new (FloeTx *tx, const FloePool *pool, GPtrArray *held, const FloeClaimInput *input,
          const FloeCause *cause, GError **error)
{
  guint slot = floe_claim_find_slot (pool, held, error);

  return slot > 0 ? take_free (tx, pool, slot, input, cause, error) : NULL;
}

/* Where an administrator's own desktops are all refused for the pool's policy, waiting would not
 * end, and what has to be changed is told. */
static gboolean
any_enforces (FloeTx *tx, const FloePool *pool, GError **error)
{
  FloeDesktopFilter filter = { .pool = pool->name, .usable = TRUE, .limit = 1 };
  g_autoptr (GPtrArray) fit = NULL;
  g_autoptr (GPtrArray) all = NULL;
  const FloeDesktop *first;

  if (pool->template != NULL)
    return TRUE;
  fit = floe_tx_list_desktops (tx, &filter, error);
  if (fit == NULL || fit->len > 0)
    return fit != NULL;
  filter.usable = FALSE;
  all = floe_tx_list_desktops (tx, &filter, error);
  if (all == NULL)
    return FALSE;
  first = all->len > 0 ? all->pdata[0] : NULL;
  if (first == NULL || !floe_policy_is_refusal (first->refusal))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "policy-not-enforced", "desktop %s: %s",
                         first->name, first->refusal);
  return FALSE;
}

/* Whoever came first is served first, also when something is free at this moment; and who finds
 * nothing joins them. */
static gboolean
take_new_or_queue (FloeTx *tx, const FloePool *pool, GPtrArray *held, const FloeClaimInput *input,
                   const FloeCause *cause, FloeClaim *claim, GError **error)
{
  const gchar *user_id = input->identity->user->id;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeAudit) row = NULL;
  gboolean must = FALSE;
  gboolean in_line = TRUE;

  if (gives (pool)
      && !floe_line_must_wait (tx, pool->name, user_id, input->now, &must, &in_line, error))
    return FALSE;
  /* Who has as many as they may have need not wait to hear it. */
  if (must && floe_claim_find_slot (pool, held, error) == 0)
    return FALSE;
  if (!must)
    claim->change = take_new (tx, pool, held, input, cause, &local_error);
  claim->taken = claim->change != NULL;
  if (claim->taken)
    return !in_line || floe_tx_delete_wait (tx, pool->name, user_id, error);
  if (local_error != NULL && g_strcmp0 (floe_error_reason (local_error), "no-desktop-free") != 0)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!any_enforces (tx, pool, error))
    return FALSE;
  claim->queued = TRUE;
  row = floe_cause_audit (cause, "connect", pool->name, "queued");
  return floe_tx_put_audit (tx, row, error)
         && floe_line_join (tx, pool->name, input->identity, input->now, error);
}

/* What their log-in got at the engine, where it is asked by themselves. */
static gboolean
read_engine_token (FloeTx *tx, const FloePool *pool, const FloeUser *user, FloeClaim *claim,
                   GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (FloeEngineToken) token = NULL;

  if (pool->assign != FLOE_ASSIGN_USER)
    return TRUE;
  token = floe_tx_get_engine_token (tx, user->id, pool->manager, &why);
  if (token != NULL)
    claim->engine_token = g_steal_pointer (&token->sealed);
  else if (!g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  return TRUE;
}

/* list_known: those that they have, or that are still to be taken from them */
static gboolean
list_known (FloeTx *tx, const FloePool *pool, const gchar *user_id, FloeClaim *claim,
            GError **error)
{
  g_autoptr (GPtrArray) desktops = floe_tx_list_desktops_of_pool (tx, pool->name, error);
  g_autoptr (GStrvBuilder) known = g_strv_builder_new ();

  if (desktops == NULL)
    return FALSE;
  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];
      gboolean owed = floe_desktop_is_owed (desktop) && desktop->end != NULL
                      && g_strcmp0 (desktop->end->user, user_id) == 0;

      if (owed || floe_desktop_is_held_by (desktop, user_id))
        g_strv_builder_add (known, desktop->id);
    }
  claim->held = g_strv_builder_end (known);
  return TRUE;
}

/* An engine gives out its desktops by itself, which takes a while: it is asked when this is
 * committed. */
static gboolean
ask_engine (FloeTx *tx, const FloePool *pool, GPtrArray *held, const FloeCause *cause,
            FloeClaim *claim, GError **error)
{
  g_autoptr (FloeAudit) row = floe_cause_audit (cause, "allocate", pool->name, "intent");

  if (pool->closed)
    {
      set_none_free (error, pool);
      return FALSE;
    }
  if (floe_claim_find_slot (pool, held, error) == 0 || !floe_tx_put_audit (tx, row, error)
      || !read_engine_token (tx, pool, cause->identity->user, claim, error))
    return FALSE;
  claim->asks_engine = floe_pool_copy (pool);
  return pool->kind == FLOE_POOL_FLOATING || pool->assign != FLOE_ASSIGN_SERVICE
         || list_known (tx, pool, cause->identity->user->id, claim, error);
}

static gboolean
take (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input, const FloeCause *cause,
      FloeClaim *claim, GError **error)
{
  g_autoptr (GPtrArray) held = floe_claim_list_held (tx, pool, input->identity->user->id, error);
  g_autoptr (GError) local_error = NULL;
  gint i = held != NULL ? find_held (held, input, &local_error) : -1;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (i >= 0)
    {
      if (!floe_service_check (tx, pool, held->pdata[i], input->now, error))
        return FALSE;
      claim->change =
          floe_claim_take_held (tx, floe_desktop_copy (held->pdata[i]), input, cause, error);
    }
  else if (held != NULL && floe_pool_is_engine (pool))
    return ask_engine (tx, pool, held, cause, claim, error);
  else if (held != NULL)
    return take_new_or_queue (tx, pool, held, input, cause, claim, error);
  return claim->change != NULL;
}

/**
 * floe_claim_record_given:
 * @claim: with the change of the desktop that they have now
 *
 * Records what goes along with it: the ticket, if it is ready.
 */
gboolean
floe_claim_record_given (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input,
                         const FloeCause *cause, FloeClaim *claim, GError **error)
{
  g_return_val_if_fail (claim->change != NULL, FALSE);

  claim->keeps_data = floe_pool_keeps_data (pool);
  claim->actions = g_strdupv (pool->actions);
  claim->policy = floe_policy_copy (pool->policy);
  claim->by_service = floe_pool_is_engine (pool) && pool->assign == FLOE_ASSIGN_SERVICE;
  claim->ready = floe_desktop_is_ready (claim->change->desktop, input->now);
  return (!claim->ready || record_ticket (tx, input, claim, cause, error))
         && floe_change_save (claim->change, tx, error);
}

static gboolean
claim_and_record (FloeTx *tx, const FloeClaimInput *input, const FloeCause *cause, FloeClaim *claim,
                  GError **error)
{
  const FloeClaimReads reads = { .login_id = input->identity->login_id,
                                 .pool = input->pool,
                                 .user_id = input->identity->user->id,
                                 .n_waits = FLOE_LINE_CLAIM_LOOKS_AT,
                                 .now = input->now };
  g_autoptr (FloePool) pool = NULL;

  floe_tx_expect_claim (tx, &reads);
  pool = floe_claim_check (tx, input, error);
  if (pool == NULL || !take (tx, pool, input, cause, claim, error))
    return FALSE;
  return claim->queued || claim->asks_engine != NULL
         || floe_claim_record_given (tx, pool, input, cause, claim, error);
}

/**
 * floe_claim_for_line:
 * @wait: who is first in line
 * @error: %FLOE_ERROR_NOT_FOUND (not entitled, or not logged in, any more), %FLOE_ERROR_DENIED (not
 *   from where they are), %FLOE_ERROR_CONFLICT (reason
 *   "limit-reached"), %FLOE_ERROR_EXHAUSTED (nothing is free, or the pool is closed) or a store's
 *
 * Takes a free desktop for somebody who waits, as their connect would have. Whether they are still
 * logged in is the caller's business, and so is floe_change_save().
 *
 * Returns: (transfer full): what became of the desktop
 */
FloeChange *
floe_claim_for_line (FloeTx *tx, const FloeWait *wait, gint64 now, GError **error)
{
  g_autoptr (FloeUser) user = floe_tx_get_user (tx, wait->user_id, error);
  /* They are still where they logged in. */
  g_autoptr (FloeCaller) caller =
      user != NULL ? floe_tx_find_caller_of_login (tx, wait->login_id, error) : NULL;
  g_autoptr (FloeIdentity) identity =
      caller != NULL ? floe_identity_new (user, FLOE_ROLE_USER, wait->login_id, caller) : NULL;
  const FloeClaimInput input = { .identity = identity, .pool = wait->pool, .now = now };
  const FloeCause cause = { .now = now, .identity = identity, .detail = "from the line" };
  g_autoptr (FloePool) pool = NULL;
  g_autoptr (GPtrArray) held = NULL;

  if (identity == NULL)
    return NULL;
  pool = check_entitlement (tx, &input, error);
  if (pool != NULL)
    held = floe_claim_list_held (tx, pool, user->id, error);
  return held != NULL ? take_new (tx, pool, held, &input, &cause, error) : NULL;
}

/**
 * floe_claim_fresh:
 * @desktop: a floating one that they hold
 * @identity: who
 * @released: (out): what became of it
 * @taken: (out) (nullable): what became of the one that they have instead; %NULL when they stand in
 *   the pool's line for it
 * @error: as for floe_claim(), %FLOE_ERROR_EXHAUSTED also when others stand in line: whoever has
 * one keeps it then, rather than lose it to them
 *
 * Gives a desktop back and takes another one of its pool.
 */
gboolean
floe_claim_fresh (FloeTx *tx, const FloeDesktop *desktop, FloeIdentity *identity, gint64 now,
                  FloeChange **released, FloeChange **taken, GError **error)
{
  const FloeClaimInput input = { .identity = identity, .pool = desktop->pool, .now = now };
  const FloeCause giving = {
    .now = now, .identity = identity, .detail = "for a fresh one", .end_reason = "released"
  };
  const FloeCause taking = { .now = now, .identity = identity, .detail = "a fresh one" };
  g_autoptr (FloePool) pool = floe_claim_check (tx, &input, error);
  g_autoptr (GPtrArray) held = NULL;
  gboolean must = FALSE;
  gboolean in_line;
  FloeClaim claim = { 0 };

  if (pool == NULL
      || !floe_line_must_wait (tx, pool->name, identity->user->id, now, &must, &in_line, error))
    return FALSE;
  if (must || !gives (pool))
    {
      set_none_free (error, pool);
      return FALSE;
    }
  *released = floe_change_one (tx, desktop->id, FLOE_EVENT_RELEASE, &giving, error);
  held = *released != NULL ? floe_claim_list_held (tx, pool, identity->user->id, error) : NULL;
  if (held == NULL || !take_new_or_queue (tx, pool, held, &input, &taking, &claim, error))
    return FALSE;
  *taken = claim.change;
  return *taken == NULL || floe_change_save (*taken, tx, error);
}

/* A refusal is a decision: it is an audit row, so its transaction must be committed. Everything
 * that can refuse does so before it writes. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED)
         || g_strcmp0 (floe_error_reason (error), "limit-reached") == 0;
}

/**
 * floe_claim_refuse:
 * @refusal: (transfer full): why nothing was given, or what went wrong
 * @claim: (transfer full): as far as it came
 *
 * Returns: (transfer full): the claim, with the refusal, which is recorded; or %NULL with @error
 * when it was none
 */
FloeClaim *
floe_claim_refuse (FloeTx *tx, const FloeClaimInput *input, GError *refusal, FloeClaim *claim,
                   GError **error)
{
  const FloeCause cause = { .now = input->now, .identity = input->identity };
  g_autoptr (FloeClaim) made = claim;
  g_autoptr (FloeAudit) row = NULL;

  if (!is_refusal (refusal))
    {
      g_propagate_error (error, refusal);
      return NULL;
    }
  made->refusal = refusal;
  row = floe_cause_audit (&cause, "connect", input->pool, "denied");
  row->detail = g_strdup (refusal->message);
  return floe_tx_put_audit (tx, row, error) ? g_steal_pointer (&made) : NULL;
}

/**
 * floe_claim:
 * @tx: the transaction
 * @input: a #FloeClaimInput
 * @error: %FLOE_ERROR_UNAVAILABLE (reason "desktop-gone"), or a store's error
 *
 * Gives a person their desktop of a pool: one that they have, else a free one, or a further one
 * when they want that. Entitlement, claim, intent, ticket and audit are one transaction, in which
 * nothing slow happens.
 *
 * Returns: (transfer full): a #FloeClaim, whose refusal is %FLOE_ERROR_UNAUTHENTICATED (the log-in
 *   has ended meanwhile), %FLOE_ERROR_NOT_FOUND (no such pool, or
 *   not entitled to it, or with reason "not-held" no such desktop of theirs), %FLOE_ERROR_DENIED
 *   (reason "not-from-here" or "policy-not-enforced"), %FLOE_ERROR_CONFLICT
 *   (reason "limit-reached") or %FLOE_ERROR_EXHAUSTED (reason "pool-closed" or "not-assigned"); or
 *   %NULL with @error
 */
gpointer
floe_claim (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeClaimInput *in = input;
  const FloeCause cause = { .now = in->now, .identity = in->identity };
  g_autoptr (FloeClaim) claim = g_new0 (FloeClaim, 1);
  GError *refusal = NULL;

  if (claim_and_record (tx, in, &cause, claim, &refusal))
    return g_steal_pointer (&claim);
  return floe_claim_refuse (tx, in, refusal, g_steal_pointer (&claim), error);
}
