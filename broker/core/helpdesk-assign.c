/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-assign.h"

#include "core/claim.h"
#include "core/error.h"
#include "core/permit.h"

static FloeUser *
find_user (FloeTx *tx, const FloeAdminInput *input, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeUser *user = floe_tx_find_user (tx, input->user, NULL, &local_error);

  if (user != NULL)
    return user;
  if (g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "unknown-user",
                           "user %s was never seen here; they must log in once", input->user);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
check_user (const FloePool *pool, const FloeUser *user, GError **error)
{
  if (pool->kind == FLOE_POOL_FLOATING)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "floating",
                           "pool %s is floating: its desktops are lent, not assigned", pool->name);
  else if (floe_pool_is_engine (pool))
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "engine",
                           "engine %s gives out the desktops of pool %s: whoever connects gets one",
                           pool->manager, pool->name);
  else if (!floe_pool_entitles (pool, user))
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-entitled",
                           "user %s is not entitled to pool %s", user->name, pool->name);
  else
    return TRUE;
  return FALSE;
}

/* Rule 2: whoever had it before must be seen to be out of it. */
static gboolean
check_desktop (const FloeDesktop *desktop, GError **error)
{
  const FloeFacts *facts = &desktop->facts;

  if (desktop->lease != NULL)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "lent",
                           "desktop %s is %s's; release it first", desktop->name,
                           desktop->lease->holder_name);
  else if (facts->intent != FLOE_INTENT_NONE)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-ended",
                           "desktop %s: %s is under way; try again when it was seen to end",
                           desktop->name, floe_intent_name (facts->intent));
  else if (facts->clean == FLOE_CLEAN_RESETTING || facts->clean == FLOE_CLEAN_BROKEN)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-ended",
                           "desktop %s: its last session was not seen to end (%s)", desktop->name,
                           desktop->problem != NULL ? desktop->problem
                                                    : floe_clean_name (facts->clean));
  else if (desktop->maintenance)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "maintenance",
                           "desktop %s is in maintenance; open it first", desktop->name);
  else if (!desktop->present || desktop->refusal != NULL)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "refused", "desktop %s: %s", desktop->name,
                           desktop->refusal != NULL ? desktop->refusal
                                                    : "it is not defined at its host");
  else if (facts->power == FLOE_POWER_UNKNOWN)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "host-down",
                           "host %s of desktop %s does not answer", desktop->host, desktop->name);
  else
    return TRUE;
  return FALSE;
}

static FloeChange *
give (FloeTx *tx, FloeDesktop *desktop, const FloeUser *user, guint slot,
      const FloeAdminInput *input, GError **error)
{
  const FloeCause cause = { .now = input->now, .identity = input->actor, .detail = input->reason };
  g_autofree gchar *detail =
      g_strconcat ("to ", user->name, input->reason != NULL ? ": " : NULL, input->reason, NULL);
  g_autoptr (FloeChange) change = floe_change_new (desktop);
  g_autoptr (FloeAudit) row = floe_cause_audit (&cause, "assign", desktop->name, "done");

  g_free (row->detail);
  row->detail = g_steal_pointer (&detail);
  desktop->lease = floe_lease_new (user->id, user->name, input->now);
  desktop->lease->slot = slot;
  /* A place in its line is answered by this, too. */
  if (!floe_tx_put_audit (tx, row, error)
      || !floe_change_event (change, tx, FLOE_EVENT_CLAIM, &cause, error)
      || !floe_change_save (change, tx, error)
      || !floe_tx_delete_wait (tx, desktop->pool, user->id, error)
      || !floe_tx_put_feed (tx, "served", desktop->id, error)
      || !floe_tx_put_feed (tx, "wait", desktop->pool, error))
    return NULL;
  return g_steal_pointer (&change);
}

static FloeChange *
assign (FloeTx *tx, const FloeAdminInput *input, gchar **object, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->name, error);
  g_autoptr (FloePool) pool = NULL;
  g_autoptr (FloeUser) user = NULL;
  g_autoptr (GPtrArray) held = NULL;
  guint slot;

  if (desktop == NULL)
    return NULL;
  *object = g_strdup (desktop->name);
  if (!floe_admin_permit_help (tx, input, desktop, error))
    return NULL;
  pool = floe_tx_get_pool (tx, desktop->pool, error);
  user = pool != NULL ? find_user (tx, input, error) : NULL;
  if (user == NULL || !floe_permit_person (input->actor, input->groups, pool, user, error)
      || !check_user (pool, user, error) || !check_desktop (desktop, error))
    return NULL;
  held = floe_claim_list_held (tx, pool, user->id, error);
  slot = held != NULL ? floe_claim_find_slot (pool, held, error) : 0;
  return slot > 0 ? give (tx, g_steal_pointer (&desktop), user, slot, input, error) : NULL;
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED)
         || (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT)
             && floe_error_reason (error) != NULL);
}

/**
 * floe_helpdesk_record_assignment:
 * @input: a #FloeAdminInput: its name is the desktop's id, its user is who gets it
 *
 * Gives a desktop of a dedicated or static pool to somebody who is entitled to it, for good. It is
 * taken away again by floe_helpdesk_record_release().
 *
 * Returns: (transfer full): a #FloeDeed, whose refusal is %FLOE_ERROR_DENIED (reason
 *   "not-your-pool" or "higher-role"), %FLOE_ERROR_NOT_FOUND (no such desktop, or with reason
 *   "unknown-user" no such user) or %FLOE_ERROR_CONFLICT with the reason "floating",
 *   "engine", "not-entitled", "lent", "not-ended", "refused", "host-down" or "limit-reached"; or
 *   %NULL with @error, which is %FLOE_ERROR_INVALID without a reason where one is needed
 */
gpointer
floe_helpdesk_record_assignment (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  GError *why = NULL;
  g_autofree gchar *object = NULL;
  FloeChange *change = assign (tx, input, &object, &why);

  if (change != NULL)
    return floe_deed_new (change);
  if (is_refusal (why))
    return floe_deed_new_refused (tx, input, "assign", object != NULL ? object : input->name, why,
                                  error);
  g_propagate_error (error, why);
  return NULL;
}
