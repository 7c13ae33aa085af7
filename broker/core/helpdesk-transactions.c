/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-transactions.h"

#include "core/error.h"
#include "core/transition.h"

void
floe_pool_applied_free (FloePoolApplied *self)
{
  if (self == NULL)
    return;
  floe_pool_report_free (self->report);
  g_strfreev (self->changes);
  g_free (self);
}

void
floe_admin_input_free (FloeAdminInput *self)
{
  floe_identity_free (self->actor);
  floe_pool_free (self->pool);
  g_free (self->name);
  g_free (self->reason);
  g_free (self->message);
  g_free (self);
}

/* Reports. */

/**
 * floe_helpdesk_read_pools:
 *
 * Returns: (transfer full) (element-type FloePoolReport): all pools by name, without their desktops
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
      FloePoolReport *report =
          floe_pool_report_read (tx, pools->pdata[i], input->now, FALSE, error);

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

  return pool != NULL ? floe_pool_report_read (tx, pool, input->now, TRUE, error) : NULL;
}

/* Changes. */

/**
 * floe_admin_put_row:
 *
 * Writes to the audit trail that an administrator did something.
 */
gboolean
floe_admin_put_row (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                    const gchar *object, const gchar *detail, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (input->now, action, object, "done");

  floe_audit_set_identity (row, input->actor);
  row->detail = g_strdup (detail);
  return floe_tx_put_audit (tx, row, error);
}

static gboolean
check_kind (const FloePool *before, const FloePool *after, guint held, GError **error)
{
  if (before == NULL || before->kind == after->kind || held == 0)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
               "kind: %u desktops of pool %s are lent; release them before its kind changes", held,
               after->name);
  return FALSE;
}

static guint
count_held (GPtrArray *desktops)
{
  guint n = 0;

  for (guint i = 0; i < desktops->len; i++)
    n += ((const FloeDesktop *)desktops->pdata[i])->facts.lease == FLOE_LEASE_HELD;
  return n;
}

/* Before the hosts are asked again nobody knows whether these desktops fit their new kind. */
static gboolean
change_kind (FloeTx *tx, const FloePool *before, const FloePool *after, GError **error)
{
  g_autoptr (GPtrArray) desktops = NULL;

  if (before == NULL || before->kind == after->kind)
    return TRUE;
  desktops = floe_tx_list_desktops_of_pool (tx, after->name, error);
  if (desktops == NULL || !check_kind (before, after, count_held (desktops), error))
    return FALSE;
  for (guint i = 0; i < desktops->len; i++)
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
  g_autoptr (FloePoolApplied) planned = g_new0 (FloePoolApplied, 1);

  if (!ok
      || (planned->report = floe_pool_report_read (tx, input->pool, input->now, FALSE, error))
             == NULL
      || !check_kind (before, input->pool, planned->report->held, error))
    return NULL;
  planned->changes = floe_pool_diff (before, input->pool);
  if (before == NULL)
    g_clear_pointer (&planned->report->problem, g_free); /* the hosts were not asked yet */
  return g_steal_pointer (&planned);
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
  gboolean ok;
  g_autoptr (FloePool) before = get_before (tx, input->pool->name, &ok, error);
  g_auto (GStrv) changes = NULL;
  g_autofree gchar *detail = NULL;

  if (!ok)
    return NULL;
  changes = floe_pool_diff (before, input->pool);
  if (changes[0] == NULL)
    return g_steal_pointer (&changes);
  detail = g_strjoinv ("; ", changes);
  return floe_tx_put_pool (tx, input->pool, error) && change_kind (tx, before, input->pool, error)
                 && floe_tx_put_feed (tx, "pool", input->pool->name, error)
                 && floe_admin_put_row (tx, input, before == NULL ? "pool-create" : "pool-change",
                                        input->pool->name, detail, error)
             ? g_steal_pointer (&changes)
             : NULL;
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
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);
  g_autoptr (GPtrArray) desktops =
      pool != NULL ? floe_tx_list_desktops_of_pool (tx, pool->name, error) : NULL;

  if (desktops == NULL)
    return NULL;
  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];

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
 * Returns: (transfer full): the #FloeChange that ended the lease; %NULL with %FLOE_ERROR_CONFLICT
 * when there is none
 */
gpointer
floe_helpdesk_record_release (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  const FloeCause cause = {
    .now = input->now, .identity = input->actor, .detail = input->reason, .end_reason = "admin"
  };
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->name, error);

  if (desktop == NULL)
    return NULL;
  if (desktop->lease == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "desktop %s is lent to nobody",
                   desktop->name);
      return NULL;
    }
  return floe_admin_put_row (tx, input, "release", desktop->name, input->reason, error)
             ? floe_change_one (tx, desktop->id, FLOE_EVENT_RELEASE, &cause, error)
             : NULL;
}

/**
 * floe_helpdesk_read_audit:
 * @input: a #FloeAuditFilter
 *
 * Returns: (transfer full) (element-type FloeAudit): the newest first
 */
gpointer
floe_helpdesk_read_audit (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_list_audit (tx, input, error);
}
