/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/claim-parts.h"

#include <string.h>

#include "core/error.h"
#include "core/sync.h"

/* What an engine gave to somebody, recorded: the engine has decided, and whatever the store says of
 * that desktop is older. */

static FloeDesktop *
find (FloeTx *tx, const FloePool *pool, const FloeDomain *domain, gint64 now, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *desktop = floe_tx_get_desktop (tx, domain->id, &local_error);

  if (desktop == NULL && g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return floe_sync_adopt (pool, domain, FLOE_POWER_OFF, now);
  if (desktop == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return desktop;
}

/* Whoever had it before, and was not yet seen to have lost it, has it no more. */
static gboolean
end_before (FloeTx *tx, FloeChange *change, gint64 now, GError **error)
{
  gboolean kept = floe_desktop_get_nature (change->desktop) == FLOE_NATURE_ENGINE_KEPT;
  const FloeCause taken = { .now = now, .detail = "its engine has given it to somebody else" };
  const FloeCause off = { .now = now, .end_reason = "powered-off" };

  if (change->desktop->facts.lease == FLOE_LEASE_NONE)
    return TRUE;
  change->desktop->facts.intent = FLOE_INTENT_NONE;
  return floe_change_event (change, tx, kept ? FLOE_EVENT_TAKEN_AWAY : FLOE_EVENT_POWERED_OFF,
                            kept ? &taken : &off, error)
         && floe_change_save (change, tx, error); /* its row ends before another one begins */
}

static void
describe (FloeDesktop *desktop, const FloePool *pool, const FloeDomain *domain)
{
  g_free (desktop->name);
  desktop->name = g_strdup (domain->name);
  desktop->present = TRUE;
  desktop->prepared = TRUE;
  desktop->has_agent = domain->has_agent;
  desktop->memory_mib = domain->memory_mib;
  g_free (desktop->engine_user);
  desktop->engine_user = g_strdup (domain->engine_user);
  g_free (desktop->refusal);
  desktop->refusal =
      g_strdup (domain->refusal != NULL || pool->vnc ? domain->refusal : domain->vnc_refusal);
}

/* As the engine says now, before anybody has it: what is off is started for them. */
static gboolean
note_power (FloeTx *tx, FloeChange *change, const FloeDomain *domain, const FloeCause *cause,
            GError **error)
{
  FloeFacts *facts = &change->desktop->facts;

  facts->intent = FLOE_INTENT_NONE;
  if (domain->power != FLOE_POWER_ON)
    {
      facts->power = FLOE_POWER_OFF;
      return TRUE;
    }
  return facts->power == FLOE_POWER_ON
         || floe_change_event (change, tx, FLOE_EVENT_POWERED_ON, cause, error);
}

/* give_new: one that they do not have yet; takes @desktop */
static gboolean
give_new (FloeTx *tx, const FloePool *pool, FloeDesktop *desktop, const FloeClaimInput *in,
          const FloeCause *cause, FloeClaim *claim, GError **error)
{
  g_autoptr (GPtrArray) held = floe_claim_list_held (tx, pool, in->identity->user->id, error);
  guint slot = held != NULL ? floe_claim_find_slot (pool, held, error) : 0;
  const FloeCause own = { .now = in->now };
  g_autoptr (FloeAudit) row = NULL;

  claim->change = floe_change_new (desktop);
  claim->taken = TRUE;
  /* What is being taken from somebody at the engine is not theirs again in between. */
  if (floe_desktop_get_nature (desktop) == FLOE_NATURE_ENGINE_KEPT
      && desktop->facts.intent == FLOE_INTENT_RESET)
    {
      floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "engine-busy",
                             "desktop %s is being taken back; try again in a minute",
                             desktop->name);
      return FALSE;
    }
  if (slot == 0 || !end_before (tx, claim->change, in->now, error))
    return FALSE;
  describe (desktop, pool, in->domain);
  row = floe_cause_audit (cause, "assign", desktop->name, "done");
  if (!note_power (tx, claim->change, in->domain, &own, error))
    return FALSE;
  floe_desktop_set_lease (desktop, in->identity, in->now);
  desktop->lease->slot = slot;
  return floe_tx_put_audit (tx, row, error)
         && floe_change_event (claim->change, tx, FLOE_EVENT_CLAIM, cause, error)
         && (!in->domain->agent_connected
             || floe_change_event (claim->change, tx, FLOE_EVENT_GUEST_READY, &own, error));
}

/* Another broker may have written it down just before, or the engine found that it is theirs. */
static gboolean
give (FloeTx *tx, const FloePool *pool, const FloeClaimInput *in, const FloeCause *cause,
      FloeClaim *claim, GError **error)
{
  FloeDesktop *desktop = find (tx, pool, in->domain, in->now, error);

  if (desktop == NULL)
    return FALSE;
  if (!floe_desktop_is_held_by (desktop, in->identity->user->id))
    return give_new (tx, pool, desktop, in, cause, claim, error);
  if (in->domain->engine_user != NULL)
    {
      g_free (desktop->engine_user);
      desktop->engine_user = g_strdup (in->domain->engine_user);
    }
  claim->change = floe_claim_take_held (tx, desktop, in, cause, error);
  return claim->change != NULL;
}

/* claim_allocated: a #FloeTransaction */
static gpointer
claim_allocated (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeClaimInput *in = input;
  const FloeCause cause = { .now = in->now, .identity = in->identity, .detail = "by its engine" };
  g_autoptr (FloeClaim) claim = g_new0 (FloeClaim, 1);
  GError *refusal = NULL;
  g_autoptr (FloePool) pool = floe_claim_check (tx, in, &refusal);

  if (pool != NULL && give (tx, pool, in, &cause, claim, &refusal)
      && floe_claim_record_given (tx, pool, in, &cause, claim, &refusal))
    return g_steal_pointer (&claim);
  g_clear_pointer (&claim->change, floe_change_free);
  return floe_claim_refuse (tx, in, refusal, g_steal_pointer (&claim), error);
}

/**
 * floe_claim_allocated_async:
 * @input: (transfer full): who asked for what
 * @domain: what the engine gave for them
 *
 * Records it, and the rest as floe_claim() does. Of whom it turns out that they may not have it, or
 * have as many as they may, the caller gives it back.
 */
void
floe_claim_allocated_async (FloeStore *store, FloeClaimInput *input, const FloeDomain *domain,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  input->domain = floe_domain_copy (domain);
  floe_claim_run_async (store, claim_allocated, input, callback, user_data);
}

/* owe: it is nobody's here, and theirs at the engine until that has taken it back */
static gpointer
owe (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeClaimInput *in = input;
  const FloeCause cause = { .now = in->now, .detail = "its engine gave it for nothing" };
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, in->pool, error);
  FloeDesktop *desktop = pool != NULL ? find (tx, pool, in->domain, in->now, error) : NULL;
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  change->request = g_strdup (in->identity->caller->request);
  if (desktop->lease != NULL || desktop->facts.intent != FLOE_INTENT_NONE)
    return g_steal_pointer (&change);
  describe (desktop, pool, in->domain);
  floe_end_free (desktop->end);
  desktop->end = floe_end_new ("released", in->now, "broker", NULL, in->identity->user->id);
  return floe_change_event (change, tx, FLOE_EVENT_RESET_DUE, &cause, error)
                 && floe_change_save (change, tx, error)
             ? g_steal_pointer (&change)
             : NULL;
}

/**
 * floe_claim_give_back_async:
 * @domain: what an engine gave for them, where it stays with its user, and they are not to have
 *
 * Records that it has to be taken from them there, which whoever leads does. It ends with
 * floe_store_finish(), whose value is (transfer full) a #FloeChange.
 */
void
floe_claim_give_back_async (FloeStore *store, const FloeIdentity *identity, const gchar *pool,
                            const FloeDomain *domain, gint64 now, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FloeClaimInput *input = g_new0 (FloeClaimInput, 1);

  input->identity = floe_identity_copy (identity);
  input->pool = g_strdup (pool);
  input->now = now;
  input->domain = floe_domain_copy (domain);
  floe_store_write_async (store, owe, input, (GDestroyNotify)floe_claim_input_free,
                          (GDestroyNotify)floe_change_free, callback, user_data);
}
