/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-transactions.h"

#include <string.h>

#include "core/error.h"
#include "core/permit.h"

/* How often an engine may refuse to take back a desktop before its pool may be deleted. */
#define PATIENCE 4

void
floe_pool_applied_free (FloePoolApplied *self)
{
  if (self == NULL)
    return;
  floe_pool_report_free (self->report);
  g_strfreev (self->changes);
  g_free (self->before);
  g_free (self);
}

void
floe_admin_input_free (FloeAdminInput *self)
{
  floe_identity_free (self->actor);
  g_clear_pointer (&self->groups, floe_role_groups_unref);
  floe_pool_free (self->pool);
  floe_terminal_free (self->terminal);
  floe_terminal_settings_free (self->settings);
  floe_announcement_free (self->announcement);
  floe_api_token_free (self->token);
  g_free (self->name);
  g_free (self->user);
  g_free (self->reason);
  g_free (self->message);
  g_free (self->source);
  g_free (self->target);
  g_free (self);
}

/**
 * floe_deed_new:
 * @change: (transfer full) (nullable): what was done
 *
 * Returns: (transfer full) (nullable): what came of it; %NULL when nothing was done
 */
FloeDeed *
floe_deed_new (FloeChange *change)
{
  FloeDeed *self;

  if (change == NULL)
    return NULL;
  self = g_new0 (FloeDeed, 1);
  self->change = change;
  return self;
}

/**
 * floe_deed_new_refused:
 * @object: what it was to be done to
 * @refusal: (transfer full): why it is not
 *
 * Returns: (transfer full): the refusal, which the audit trail has now; or %NULL with @error of the
 *   store
 */
FloeDeed *
floe_deed_new_refused (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                       const gchar *object, GError *refusal, GError **error)
{
  g_autoptr (FloeDeed) self = g_new0 (FloeDeed, 1);

  self->refusal = refusal;
  return floe_admin_put_outcome (tx, input, action, object, "denied", refusal->message, error)
             ? g_steal_pointer (&self)
             : NULL;
}

/**
 * floe_deed_new_failed:
 * @why: (transfer full): what stood in the way
 *
 * Returns: (transfer full): the refusal when @why is one of permission; or %NULL with @error, which
 *   is @why otherwise
 */
FloeDeed *
floe_deed_new_failed (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                      const gchar *object, GError *why, GError **error)
{
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_DENIED))
    return floe_deed_new_refused (tx, input, action, object, why, error);
  g_propagate_error (error, why);
  return NULL;
}

void
floe_deed_free (FloeDeed *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->refusal);
  floe_change_free (self->change);
  g_free (self);
}

/**
 * floe_admin_permit_help:
 *
 * Returns: whether the actor may do something to the desktop: it is of a pool that they help in,
 * and nobody of a higher role has it; or %FALSE with %FLOE_ERROR_DENIED or a store's error
 */
gboolean
floe_admin_permit_help (FloeTx *tx, const FloeAdminInput *input, const FloeDesktop *desktop,
                        GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, desktop->pool, error);

  return pool != NULL && floe_permit_pool (input->actor, FLOE_MAY_HELP, pool, error)
         && floe_permit_reason (input->actor, input->reason, error)
         && floe_permit_holder (tx, input->actor, input->groups, pool, desktop, error);
}

/* Reports. */

/**
 * floe_helpdesk_read_pools:
 *
 * Returns: (transfer full) (element-type FloePoolReport): the pools that the actor may see, by
 * name, without their desktops
 */
gpointer
floe_helpdesk_read_pools (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (GPtrArray) reports =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_report_free);
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);

  if (pools == NULL)
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    {
      FloePoolReport *report;

      if (!floe_permit_pool (input->actor, FLOE_MAY_SEE_POOLS, pools->pdata[i], NULL))
        continue;
      report = floe_pool_report_read (tx, pools->pdata[i], input->now, FALSE, error);
      if (report == NULL)
        return NULL;
      g_ptr_array_add (reports, report);
    }
  return g_steal_pointer (&reports);
}

/**
 * floe_helpdesk_read_pool:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloePoolReport with its desktops
 */
gpointer
floe_helpdesk_read_pool (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);

  return pool != NULL && floe_permit_pool (input->actor, FLOE_MAY_SEE_POOLS, pool, error)
             ? floe_pool_report_read (tx, pool, input->now, TRUE, error)
             : NULL;
}

/**
 * floe_helpdesk_explain:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloeExplanation, see floe_explain()
 */
gpointer
floe_helpdesk_explain (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);
  const FloeExplainInput question = { .user = input->user, .pool = input->name, .now = input->now };

  return pool != NULL && floe_permit_pool (input->actor, FLOE_MAY_SEE_POOLS, pool, error)
             ? floe_explain (tx, &question, error)
             : NULL;
}

/* Changes. */

/**
 * floe_admin_put_outcome:
 * @outcome: "done", "denied" or "failed"
 *
 * Writes to the audit trail what came of something that an administrator wanted.
 */
gboolean
floe_admin_put_outcome (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                        const gchar *object, const gchar *outcome, const gchar *detail,
                        GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (input->now, action, object, outcome);

  floe_audit_set_identity (row, input->actor);
  row->detail = g_strdup (detail);
  return floe_tx_put_audit (tx, row, error);
}

/**
 * floe_admin_put_row:
 *
 * Writes to the audit trail that an administrator did something.
 */
gboolean
floe_admin_put_row (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                    const gchar *object, const gchar *detail, GError **error)
{
  return floe_admin_put_outcome (tx, input, action, object, "done", detail, error);
}

/* Whose desktops they are, and how they are taken back, is another manager's to know. */
static gboolean
changes_nature (const FloePool *before, const FloePool *after)
{
  if (before->kind != after->kind || floe_pool_is_engine (before) != floe_pool_is_engine (after))
    return TRUE;
  return floe_pool_is_engine (after)
         && (strcmp (before->manager, after->manager) != 0
             || (after->kind != FLOE_POOL_FLOATING && before->assign != after->assign));
}

static const gchar *
name_change (const FloePool *before, const FloePool *after)
{
  if (before->kind != after->kind)
    return "kind";
  return strcmp (before->manager, after->manager) != 0 ? "manager" : "assign";
}

/* What is still to be given back to an engine counts with what is lent. */
static guint
count_busy (GPtrArray *desktops)
{
  guint n = 0;

  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];

      n += desktop->facts.lease == FLOE_LEASE_HELD || floe_desktop_is_owed (desktop);
    }
  return n;
}

/* desktops: of the pool */
static gboolean
check_kind (const FloePool *before, const FloePool *after, GPtrArray *desktops, GError **error)
{
  guint busy = count_busy (desktops);

  if (busy == 0)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
               "%s: %u desktops of pool %s are lent, or something is under way with them; release "
               "them before it changes",
               name_change (before, after), busy, after->name);
  return FALSE;
}

/* list_to_change: its desktops, if they change with it, which they may not while one is busy */
static gboolean
list_to_change (FloeTx *tx, const FloePool *before, const FloePool *after, GPtrArray **desktops,
                GError **error)
{
  *desktops = NULL;
  if (before == NULL || !changes_nature (before, after))
    return TRUE;
  *desktops = floe_tx_list_desktops_of_pool (tx, after->name, error);
  return *desktops != NULL && check_kind (before, after, *desktops, error);
}

/* Before the hosts are asked again nobody knows whether these desktops fit their new kind. */
static gboolean
change_kind (FloeTx *tx, const FloePool *before, const FloePool *after, GError **error)
{
  g_autoptr (GPtrArray) desktops = NULL;

  if (!list_to_change (tx, before, after, &desktops, error))
    return FALSE;
  for (guint i = 0; desktops != NULL && i < desktops->len; i++)
    {
      FloeDesktop *desktop = desktops->pdata[i];

      floe_lifecycle_change_kind (after->kind, &desktop->facts);
      desktop->kind = after->kind;
      if (!floe_tx_put_desktop (tx, desktop, error))
        return FALSE;
    }
  return TRUE;
}

static FloePool *
get_before (FloeTx *tx, const gchar *name, gboolean *ok, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloePool *pool = floe_tx_get_pool (tx, name, &local_error);

  *ok = pool != NULL || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  if (!*ok)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return pool;
}

/**
 * floe_helpdesk_plan_pool:
 * @input: a #FloeAdminInput
 *
 * Tells what making or changing a pool would come to. Counts its desktops, for as long as that
 * takes: not to be done where others wait to write.
 *
 * Returns: (transfer full): a #FloePoolApplied
 */
gpointer
floe_helpdesk_plan_pool (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  gboolean ok;
  g_autoptr (FloePool) before = get_before (tx, input->pool->name, &ok, error);
  g_autofree gchar *tag = before != NULL ? floe_pool_tag (before) : NULL;
  g_autoptr (FloePoolApplied) planned = g_new0 (FloePoolApplied, 1);
  g_autoptr (GPtrArray) desktops = NULL;

  if (!ok || !floe_permit_change (input->actor, tag, FALSE, error)
      || (planned->report = floe_pool_report_read (tx, input->pool, input->now, FALSE, error))
             == NULL
      || !list_to_change (tx, before, input->pool, &desktops, error))
    return NULL;
  planned->changes = floe_pool_diff (before, input->pool);
  planned->before = g_steal_pointer (&tag);
  if (before == NULL)
    g_clear_pointer (&planned->report->problem, g_free); /* the hosts were not asked yet */
  return g_steal_pointer (&planned);
}

/* What opens a pool calls off the end that was planned for its sessions. */
static gboolean
call_off (FloeTx *tx, const FloePool *pool, GError **error)
{
  return pool->closed
         || (floe_tx_delete_maintenance (tx, NULL, pool->name, error)
             && floe_tx_delete_timer (tx, "close", pool->name, error));
}

/**
 * floe_helpdesk_record_pool:
 * @input: a #FloeAdminInput
 *
 * Makes or changes a pool.
 *
 * Returns: (transfer full): a #GStrv of what changed, in words
 */
gpointer
floe_helpdesk_record_pool (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  gboolean ok = floe_tx_lock_edits (tx, error);
  g_autoptr (FloePool) before = ok ? get_before (tx, input->pool->name, &ok, error) : NULL;
  g_auto (GStrv) changes = NULL;
  g_autofree gchar *detail = NULL;
  g_autofree gchar *tag = NULL;

  if (!ok)
    return NULL;
  changes = floe_pool_diff (before, input->pool);
  if (changes[0] == NULL)
    return g_steal_pointer (&changes);
  tag = before != NULL ? floe_pool_tag (before) : NULL;
  if (!floe_permit_change (input->actor, tag, TRUE, error))
    return NULL;
  detail = g_strjoinv ("; ", changes);
  return floe_tx_put_pool (tx, input->pool, error) && call_off (tx, input->pool, error)
                 && change_kind (tx, before, input->pool, error)
                 && floe_tx_put_feed (tx, "pool", input->pool->name, error)
                 && floe_admin_put_row (tx, input, before == NULL ? "pool-create" : "pool-change",
                                        input->pool->name, detail, error)
             ? g_steal_pointer (&changes)
             : NULL;
}

/* An engine that does not answer, or has refused it for several times, may do so for ever: its
 * pools may be deleted. */
static gboolean
is_soon_given_back (const FloeDesktop *desktop)
{
  return floe_desktop_is_owed (desktop) && desktop->facts.intent == FLOE_INTENT_NONE
         && desktop->facts.power != FLOE_POWER_UNKNOWN && desktop->failures < PATIENCE;
}

/**
 * floe_helpdesk_record_deletion:
 * @input: a #FloeAdminInput
 *
 * Returns: something, once the pool and its desktops are forgotten; %NULL with %FLOE_ERROR_CONFLICT
 *   while one is lent or has something under way
 */
gpointer
floe_helpdesk_record_deletion (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloePool) pool =
      floe_tx_lock_edits (tx, error) ? floe_tx_get_pool (tx, input->name, error) : NULL;
  g_autofree gchar *tag = pool != NULL ? floe_pool_tag (pool) : NULL;
  g_autoptr (GPtrArray) desktops =
      pool != NULL && floe_permit_change (input->actor, tag, FALSE, error)
          ? floe_tx_list_desktops_of_pool (tx, pool->name, error)
          : NULL;

  if (desktops == NULL)
    return NULL;
  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];

      if (is_soon_given_back (desktop))
        {
          g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                       "pool %s: desktop %s still is its last user's at its engine (%s); that is "
                       "tried again by itself, or take it from them there first",
                       pool->name, desktop->name,
                       desktop->problem != NULL ? desktop->problem : "which has not answered");
          return NULL;
        }
      if (desktop->lease == NULL && desktop->facts.intent == FLOE_INTENT_NONE)
        continue;
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "pool %s: desktop %s is lent or being reset; release it first", pool->name,
                   desktop->name);
      return NULL;
    }
  return floe_tx_delete_pool (tx, pool->name, error)
                 && floe_tx_put_feed (tx, "pool", pool->name, error)
                 && floe_admin_put_row (tx, input, "pool-delete", pool->name, NULL, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

/**
 * floe_helpdesk_record_release:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloeDeed: the end of the lease, or a refusal with
 *   %FLOE_ERROR_DENIED; %NULL with %FLOE_ERROR_CONFLICT when there is none, or
 *   %FLOE_ERROR_INVALID
 */
gpointer
floe_helpdesk_record_release (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  const FloeCause cause = {
    .now = input->now, .identity = input->actor, .detail = input->reason, .end_reason = "admin"
  };
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->name, error);
  GError *why = NULL;

  if (desktop == NULL)
    return NULL;
  if (!floe_admin_permit_help (tx, input, desktop, &why))
    return floe_deed_new_failed (tx, input, "release", desktop->name, why, error);
  if (desktop->lease == NULL)
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-held", "desktop %s is lent to nobody",
                             desktop->name);
      return NULL;
    }
  return floe_admin_put_row (tx, input, "release", desktop->name, input->reason, error)
             ? floe_deed_new (floe_change_one (tx, desktop->id, FLOE_EVENT_RELEASE, &cause, error))
             : NULL;
}
