/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-pools.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/service.h"

/* Pools. */

/* note_end: when sessions are ended, if ever; @told: who has to hear of it */
static gboolean
note_end (FloeTx *tx, const FloeAdminInput *input, const FloePool *pool, gboolean had,
          GPtrArray **told, GError **error)
{
  g_autoptr (FloeMaintenance) maintenance = floe_maintenance_new (NULL, pool->name);
  g_autoptr (FloeTimer) timer = NULL;

  if (!had && input->minutes == 0)
    return (*told = g_ptr_array_new ()) != NULL;
  maintenance->since = input->now;
  maintenance->by = g_strdup (input->actor->user->name);
  maintenance->message = g_strdup (pool->message);
  maintenance->ends = input->now + input->minutes * G_TIME_SPAN_MINUTE;
  timer = floe_timer_new ("close", pool->name, maintenance->ends);
  if (input->minutes > 0 ? !floe_tx_put_maintenance (tx, maintenance, error)
                               || !floe_tx_put_timer (tx, timer, error)
                         : !floe_tx_delete_maintenance (tx, NULL, pool->name, error)
                               || !floe_tx_delete_timer (tx, "close", pool->name, error))
    return FALSE;
  *told = floe_service_list_held (tx, pool->name, error);
  return *told != NULL && floe_service_tell_held (tx, *told, error);
}

static gchar *
describe (const FloeAdminInput *input, const gchar *message)
{
  if (input->minutes == 0)
    return g_strdup (message);
  return g_strdup_printf ("sessions end in %u minutes%s%s", input->minutes,
                          message != NULL ? ": " : "", message != NULL ? message : "");
}

/* What is so already is no decision, and no row.
 * Returns: (transfer full) (element-type FloeChange): those who sit there are told */
static gpointer
set_open (FloeTx *tx, const FloeAdminInput *input, gboolean closed, const gchar *action,
          GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);
  const gchar *message = closed ? input->message : NULL;
  gboolean drain = closed && (input->drain || input->minutes > 0);
  g_autofree gchar *detail = describe (input, message);
  g_autoptr (FloeMaintenance) before = NULL;
  g_autoptr (GPtrArray) told = NULL;

  if (pool == NULL || !floe_tx_find_maintenance (tx, NULL, pool->name, &before, error))
    return NULL;
  if (pool->closed == closed && pool->drain == drain && g_strcmp0 (pool->message, message) == 0
      && before == NULL && input->minutes == 0)
    return g_ptr_array_new ();
  pool->closed = closed;
  pool->drain = drain;
  g_free (pool->message);
  pool->message = g_strdup (message);
  return floe_pool_validate (pool, error) && floe_tx_put_pool (tx, pool, error)
                 && note_end (tx, input, pool, before != NULL, &told, error)
                 && floe_tx_put_feed (tx, "pool", pool->name, error)
                 && floe_admin_put_row (tx, input, action, pool->name, detail, error)
             ? g_steal_pointer (&told)
             : NULL;
}

static gpointer
record_closing (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;

  return set_open (tx, input, TRUE,
                   input->drain || input->minutes > 0 ? "pool-drain" : "pool-close", error);
}

static gpointer
record_opening (FloeTx *tx, gconstpointer data, GError **error)
{
  return set_open (tx, data, FALSE, "pool-open", error);
}

static gpointer
record_renewal (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);
  g_autoptr (FloePoolState) state = NULL;

  if (pool == NULL)
    return NULL;
  if (pool->template == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "pool %s has no template: its desktops are domains that you made", pool->name);
      return NULL;
    }
  state = floe_tx_get_pool_state (tx, pool->name, error);
  if (state == NULL)
    return NULL;
  state->renew = TRUE;
  return floe_tx_put_pool_state (tx, state, error)
                 && floe_admin_put_row (tx, input, "pool-renew", pool->name, NULL, error)
             ? g_ptr_array_new ()
             : NULL;
}

static void
pool_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  guint minutes = GPOINTER_TO_UINT (g_task_get_task_data (task));
  GError *error = NULL;
  g_autoptr (GPtrArray) told = floe_store_finish (FLOE_STORE (source), result, &error);

  if (told == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < told->len; i++)
    floe_keeper_handle (self->keeper, told->pdata[i]);
  if (minutes > 0)
    floe_keeper_note_timer (self->keeper,
                            floe_clock_now (self->clock) + minutes * G_TIME_SPAN_MINUTE);
  floe_keeper_refresh_pools (self->keeper);
  g_task_return_boolean (task, TRUE);
}

/* Takes @input. */
static void
change_pool (FloeHelpdesk *self, FloeTransaction func, FloeAdminInput *input,
             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_task_data (task, GUINT_TO_POINTER (input->minutes), NULL);
  floe_store_write_async (self->store, func, input, (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)g_ptr_array_unref, pool_changed, task);
}

/**
 * floe_helpdesk_close_pool_async:
 * @message: (nullable): what people are told meanwhile
 * @drain: desktops that nobody has are switched off, too
 * @minutes: until sessions in it are ended, and it is drained; 0 for never
 *
 * Nobody gets a desktop of the pool any more; who has one may come back to it, until that time.
 */
void
floe_helpdesk_close_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                const gchar *message, gboolean drain, guint minutes,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, name);

  input->minutes = minutes;
  input->message = g_strdup (message);
  input->drain = drain;
  change_pool (self, record_closing, input, callback, user_data);
}

void
floe_helpdesk_open_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  change_pool (self, record_opening, floe_helpdesk_input_new (self, actor, name), callback,
               user_data);
}

/**
 * floe_helpdesk_renew_async:
 *
 * Makes a new revision of a pool's template as it is now, and renews the desktops with it.
 */
void
floe_helpdesk_renew_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  change_pool (self, record_renewal, floe_helpdesk_input_new (self, actor, name), callback,
               user_data);
}

/**
 * floe_helpdesk_pool_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_INVALID (a message that is too long),
 *   %FLOE_ERROR_CONFLICT (no template to renew) or a store's error
 */
gboolean
floe_helpdesk_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* One desktop. */

/**
 * floe_helpdesk_record_act:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloeDeed; or %NULL with %FLOE_ERROR_CONFLICT when it does not fit
 *   what the desktop is doing, %FLOE_ERROR_INVALID without a reason where one is needed, or a
 *   store's error
 */
gpointer
floe_helpdesk_record_act (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  const FloeCause cause = {
    .now = input->now, .identity = input->actor, .detail = input->reason, .end_reason = "admin"
  };
  g_autoptr (FloeChange) change = floe_change_new (floe_tx_get_desktop (tx, input->name, error));
  g_autofree gchar *action = g_strconcat ("desktop-", floe_desktop_act_name (input->act), NULL);
  GError *why = NULL;

  if (change->desktop == NULL)
    return NULL;
  if (!floe_admin_permit_help (tx, input, change->desktop, &why))
    return floe_deed_new_failed (tx, input, action, change->desktop->name, why, error);
  return floe_desktop_act_run (change, tx, input->act, &cause, error)
                 && floe_change_save (change, tx, error)
                 && floe_admin_put_row (tx, input, action, change->desktop->name, input->reason,
                                        error)
             ? floe_deed_new (g_steal_pointer (&change))
             : NULL;
}

/**
 * floe_helpdesk_act_async:
 * @desktop_id: with which desktop
 * @act: what is done
 * @reason: (nullable): why, for the audit trail
 *
 * Begins it; what comes of it shows in the desktop.
 */
void
floe_helpdesk_act_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                         FloeDesktopAct act, const gchar *reason, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, desktop_id);

  input->reason = g_strdup (reason);
  input->act = act;
  floe_store_write_async (self->store, floe_helpdesk_record_act, input,
                          (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_deed_free,
                          floe_helpdesk_done_to_desktop,
                          g_task_new (self, NULL, callback, user_data));
}

/**
 * floe_helpdesk_act_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT when it does not fit what the
 *   desktop is doing, %FLOE_ERROR_DENIED, %FLOE_ERROR_INVALID without a reason where one is needed,
 *   or a store's error
 */
gboolean
floe_helpdesk_act_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
