/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-bulk.h"

#include "core/error.h"
#include "core/helpdesk-transactions.h"
#include "core/names.h"
#include "core/permit.h"

static const gchar *const how_names[] = { "keep", "log-off", "release" };

gboolean
floe_log_off_from_name (const gchar *name, FloeLogOff *how)
{
  gint found = floe_names_find (how_names, G_N_ELEMENTS (how_names), name);

  if (found >= 0)
    *how = (FloeLogOff)found;
  return found >= 0;
}

/* Log-ins are no matter of one pool: whoever is the helpdesk of some may log people off single
 * desktops. */
static gboolean
may_log_off (const FloeAdminInput *input, const FloeUser *user, GError **error)
{
  if (!(input->actor->roles & floe_permission_get_roles (FLOE_MAY_HELP)))
    {
      floe_set_error_reason (error, FLOE_ERROR_DENIED, "not-your-pool",
                             "%s is of the helpdesk of some pools only", input->actor->user->name);
      return FALSE;
    }
  return floe_permit_rank (input->actor, input->groups, user, error);
}

static gboolean
end_use (FloeTx *tx, const FloeAdminInput *input, FloeBulkItem *item, GError **error)
{
  gboolean release = input->how == FLOE_LOG_OFF_RELEASE;
  const FloeCause cause = {
    .now = input->now, .identity = input->actor, .detail = input->reason, .end_reason = "admin"
  };
  FloeChange *change = item->change;

  if (release)
    return floe_admin_put_row (tx, input, "release", change->desktop->name, input->reason, error)
           && floe_change_event (change, tx, FLOE_EVENT_RELEASE, &cause, error)
           && floe_change_save (change, tx, error);
  if (!floe_desktop_act_run (change, tx, FLOE_DESKTOP_LOG_OFF, &cause, &item->refusal))
    {
      floe_change_free (g_steal_pointer (&item->change));
      if (g_error_matches (item->refusal, FLOE_ERROR, FLOE_ERROR_CONFLICT))
        return TRUE; /* there is nobody in its guest */
      g_propagate_error (error, g_steal_pointer (&item->refusal));
      return FALSE;
    }
  return floe_change_save (change, tx, error)
         && floe_admin_put_row (tx, input, "desktop-log-off", change->desktop->name, input->reason,
                                error);
}

static GPtrArray *
end_desktops (FloeTx *tx, const FloeAdminInput *input, const FloeUser *user, GError **error)
{
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_bulk_item_free);
  g_autoptr (GPtrArray) desktops = NULL;

  if (input->how == FLOE_LOG_OFF_KEEP)
    return g_steal_pointer (&items);
  desktops = floe_tx_list_desktops_of_user (tx, user->id, error);
  for (guint i = 0; desktops != NULL && i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];
      FloeBulkItem *item = floe_bulk_item_new (desktop->id);

      g_ptr_array_add (items, item);
      item->name = g_strdup (desktop->name);
      item->holder = g_strdup (user->name);
      item->change = floe_change_new (floe_desktop_copy (desktop));
      if (!end_use (tx, input, item, error))
        return NULL;
    }
  return desktops != NULL ? g_steal_pointer (&items) : NULL;
}

static FloeUser *
find_user (FloeTx *tx, const FloeAdminInput *input, GError **error)
{
  g_autoptr (GError) why = NULL;
  FloeUser *user = floe_tx_find_user (tx, input->name, NULL, &why);

  if (user != NULL)
    return user;
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "unknown-user",
                           "nobody of the name %s was ever seen here", input->name);
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

/**
 * floe_helpdesk_record_log_off:
 * @input: a #FloeAdminInput: its name is somebody's, and it says how far they are logged off
 *
 * Their log-ins end first: a claim that rests on one of them is then either seen here or refused.
 *
 * Returns: (transfer full): a #FloeBulkItem, whose refusal is %FLOE_ERROR_DENIED (reason
 *   "not-your-pool" or "higher-role") and recorded; or %NULL with %FLOE_ERROR_NOT_FOUND,
 *   %FLOE_ERROR_INVALID without a reason where one is needed, or a store's error
 */
gpointer
floe_helpdesk_record_log_off (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeUser) user = find_user (tx, input, error);
  g_autoptr (FloeBulkItem) item = floe_bulk_item_new (input->name);
  g_autoptr (FloeDeed) refused = NULL;
  GError *why = NULL;

  if (user == NULL || !floe_permit_reason (input->actor, input->reason, error))
    return NULL;
  item->name = g_strdup (user->name);
  if (!may_log_off (input, user, &why))
    {
      refused = floe_deed_new_refused (tx, input, "log-off", user->name, why, error);
      if (refused == NULL)
        return NULL;
      item->refusal = g_steal_pointer (&refused->refusal);
      return g_steal_pointer (&item);
    }
  if (!floe_admin_put_row (tx, input, "log-off", user->name, input->reason, error)
      || !floe_tx_delete_tokens_of_user (tx, user->id, error))
    return NULL;
  item->desktops = end_desktops (tx, input, user, error);
  return item->desktops != NULL ? g_steal_pointer (&item) : NULL;
}
