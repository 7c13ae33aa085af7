/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/claim.h"

#include <string.h>

#include "core/error.h"

/* The reconnect right ends with its lease; this is only its last resort. */
#define RECONNECT_SECONDS (7 * 24 * 3600)
/* Two connects of one person at two brokers may meet at a unique index: who loses looks again. */
#define MAX_TRIES 3

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

/**
 * floe_claim_input_new:
 * @wish: (nullable): %NULL for no particular one
 *
 * Returns: (transfer full): what floe_claim() wants
 */
FloeClaimInput *
floe_claim_input_new (const FloeIdentity *identity, const gchar *pool, const FloeConnectWish *wish,
                      gint64 now, const FloeTicket *ticket, const FloeSecret *reconnect)
{
  FloeClaimInput *input = g_new0 (FloeClaimInput, 1);

  if (wish != NULL)
    {
      input->another = wish->another;
      input->desktop_id = g_strdup (wish->desktop_id);
    }
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
  g_free (self->desktop_id);
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
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "pool-closed", "%s",
                           pool->message != NULL ? pool->message : "the pool is closed");
  else if (pool->kind == FLOE_POOL_STATIC)
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "not-assigned",
                           "an administrator gives out the desktops of pool %s", pool->name);
  else
    floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "no-desktop-free",
                           "pool %s has no free desktop", pool->name);
}

static FloeDesktop *
find_free (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *desktop = NULL;

  gboolean gives = !pool->closed && pool->kind != FLOE_POOL_STATIC;

  if (gives)
    desktop = floe_tx_find_free_desktop (tx, pool, input->now, &local_error);
  if (desktop != NULL)
    return desktop;
  if (!gives || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
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

/**
 * floe_claim_list_held:
 *
 * Returns: (transfer full) (element-type FloeDesktop): those that somebody has in this pool: as
 *   many as it allows one person, a handful; or %NULL
 */
GPtrArray *
floe_claim_list_held (FloeTx *tx, const FloePool *pool, const gchar *user_id, GError **error)
{
  GPtrArray *desktops = floe_tx_list_desktops_of_user (tx, user_id, error);

  for (guint i = desktops != NULL ? desktops->len : 0; i > 0; i--)
    if (strcmp (((FloeDesktop *)desktops->pdata[i - 1])->pool, pool->name) != 0)
      g_ptr_array_remove_index (desktops, i - 1);
  return desktops;
}

/* Which of theirs somebody gets who has no wish: one that is there and runs, and of these the one
 * that they have had longest. */
static gint
compare_held (gconstpointer a, gconstpointer b)
{
  const FloeDesktop *x = *(FloeDesktop *const *)a;
  const FloeDesktop *y = *(FloeDesktop *const *)b;
  const gint order[] = { y->present - x->present,
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

static gboolean
has_slot (GPtrArray *held, guint slot)
{
  for (guint i = 0; i < held->len; i++)
    if (((FloeDesktop *)held->pdata[i])->lease->slot == slot)
      return TRUE;
  return FALSE;
}

/**
 * floe_claim_find_slot:
 * @held: (element-type FloeDesktop): what they have of it
 * @error: %FLOE_ERROR_CONFLICT (reason "limit-reached")
 *
 * Returns: the first of their slots that is free; 0 when they have as many as the pool allows
 */
guint
floe_claim_find_slot (const FloePool *pool, GPtrArray *held, GError **error)
{
  guint slot = 1;

  if (held->len >= MAX (pool->per_user, 1))
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "limit-reached",
                             "pool %s allows a user %u desktops, and they have %u", pool->name,
                             MAX (pool->per_user, 1), held->len);
      return 0;
    }
  while (has_slot (held, slot))
    slot++;
  return slot;
}

static FloeChange *
take (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input, const FloeCause *cause,
      GError **error)
{
  g_autoptr (GPtrArray) held = floe_claim_list_held (tx, pool, input->identity->user->id, error);
  g_autoptr (GError) local_error = NULL;
  gint i = held != NULL ? find_held (held, input, &local_error) : -1;
  guint slot;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (i >= 0)
    return take_held (tx, floe_desktop_copy (held->pdata[i]), input, cause, error);
  else if (held != NULL)
    {
      slot = floe_claim_find_slot (pool, held, error);
      return slot > 0 ? take_free (tx, pool, slot, input, cause, error) : NULL;
    }
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
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED)
         || g_strcmp0 (floe_error_reason (error), "limit-reached") == 0;
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
 *   not entitled to it, or with reason "not-held" no such desktop of theirs), %FLOE_ERROR_CONFLICT
 *   (reason "limit-reached") or %FLOE_ERROR_EXHAUSTED (reason "no-desktop-free", "pool-closed" or
 *   "not-assigned"); or %NULL with @error
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

typedef struct
{
  FloeClaimInput *input;
  guint tries;
} Claiming;

static void
claiming_free (gpointer data)
{
  Claiming *claiming = data;

  floe_claim_input_free (claiming->input);
  g_free (claiming);
}

static void claim_once (FloeStore *store, GTask *task);

static void
claimed_once (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Claiming *claiming = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  FloeClaim *claim = floe_store_finish (FLOE_STORE (source), result, &error);

  if (claim != NULL)
    g_task_return_pointer (task, claim, (GDestroyNotify)floe_claim_free);
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT)
           && ++claiming->tries < MAX_TRIES)
    claim_once (FLOE_STORE (source), task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
claim_once (FloeStore *store, GTask *task)
{
  Claiming *claiming = g_task_get_task_data (task);

  /* The task keeps the input until the store has answered. */
  floe_store_write_async (store, floe_claim, claiming->input, NULL, (GDestroyNotify)floe_claim_free,
                          claimed_once, g_object_ref (task));
}

/**
 * floe_claim_async:
 * @store: where
 * @input: (transfer full): who asks for what
 *
 * Runs floe_claim(), again when another claim was faster: it then sees what that one took.
 */
void
floe_claim_async (FloeStore *store, FloeClaimInput *input, GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);
  Claiming *claiming = g_new0 (Claiming, 1);

  claiming->input = input;
  g_task_set_source_tag (task, floe_claim_async);
  g_task_set_task_data (task, claiming, claiming_free);
  claim_once (store, task);
}

/**
 * floe_claim_finish:
 *
 * Returns: (transfer full): as floe_claim() does
 */
FloeClaim *
floe_claim_finish (FloeStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
