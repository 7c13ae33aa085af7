/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-maintenance.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"

/* Maintenance of single desktops. That of hosts and pools is with them. */

static gboolean
check_ours (const FloeDesktop *desktop, GError **error)
{
  if (!desktop->engine)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "engine",
                         "desktop %s is given out by its engine; put it into maintenance there",
                         desktop->name);
  return FALSE;
}

static gboolean
plan_end (FloeChange *change, FloeTx *tx, gint64 ends, GError **error)
{
  return ends != 0 ? floe_change_set_timer (change, tx, "maintenance", ends, error)
                   : floe_tx_delete_timer (tx, "maintenance", change->desktop->id, error);
}

static gchar *
describe (const FloeAdminInput *input)
{
  GString *text = g_string_new (NULL);

  if (input->minutes > 0)
    g_string_append_printf (text, "in %u minutes", input->minutes);
  if (input->message != NULL)
    g_string_append_printf (text, "%s\"%s\"", text->len > 0 ? ", " : "", input->message);
  if (input->reason != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ": " : "", input->reason);
  return g_string_free (text, FALSE);
}

static gboolean
begin (FloeChange *change, FloeTx *tx, const FloeAdminInput *input, GError **error)
{
  const FloeDesktop *desktop = change->desktop;
  g_autoptr (FloeMaintenance) maintenance = NULL;
  g_autofree gchar *detail = describe (input);

  if (!floe_tx_find_maintenance (tx, desktop->id, NULL, &maintenance, error))
    return FALSE;
  if (maintenance == NULL)
    {
      maintenance = floe_maintenance_new (desktop->id, NULL);
      maintenance->since = input->now;
    }
  maintenance->ends = input->minutes > 0 ? input->now + input->minutes * G_TIME_SPAN_MINUTE : 0;
  g_free (maintenance->by);
  maintenance->by = g_strdup (input->actor->user->name);
  g_free (maintenance->message);
  maintenance->message = g_strdup (input->message);
  return floe_tx_put_maintenance (tx, maintenance, error)
         && plan_end (change, tx, maintenance->ends, error)
         && floe_tx_put_feed (tx, "desktop", desktop->id, error)
         && floe_admin_put_row (tx, input, "desktop-maintain", desktop->name, detail, error);
}

/**
 * floe_helpdesk_record_maintenance:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloeDeed; or %NULL with %FLOE_ERROR_CONFLICT (reason "engine"),
 *   %FLOE_ERROR_INVALID without a reason where one is needed, or a store's error
 */
gpointer
floe_helpdesk_record_maintenance (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeChange) change = floe_change_new (floe_tx_get_desktop (tx, input->name, error));
  FloeDesktop *desktop = change->desktop;
  GError *why = NULL;

  if (desktop == NULL)
    return NULL;
  if (!floe_admin_permit_help (tx, input, desktop, &why))
    return floe_deed_new_failed (tx, input, "desktop-maintain", desktop->name, why, error);
  if (!check_ours (desktop, error) || !begin (change, tx, input, error))
    return NULL;
  desktop->maintenance = TRUE;
  return floe_deed_new (g_steal_pointer (&change));
}

/**
 * floe_helpdesk_record_desktop_opening:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloeDeed; or %NULL with %FLOE_ERROR_CONFLICT when it is not in
 *   maintenance, %FLOE_ERROR_INVALID without a reason where one is needed, or a store's error
 */
gpointer
floe_helpdesk_record_desktop_opening (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeChange) change = floe_change_new (floe_tx_get_desktop (tx, input->name, error));
  FloeDesktop *desktop = change->desktop;
  GError *why = NULL;

  if (desktop == NULL)
    return NULL;
  if (!floe_admin_permit_help (tx, input, desktop, &why))
    return floe_deed_new_failed (tx, input, "desktop-open", desktop->name, why, error);
  if (!desktop->maintenance)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "desktop %s is not in maintenance",
                   desktop->name);
      return NULL;
    }
  if (!floe_tx_delete_maintenance (tx, desktop->id, NULL, error) || !plan_end (change, tx, 0, error)
      || !floe_tx_put_feed (tx, "desktop", desktop->id, error)
      || !floe_admin_put_row (tx, input, "desktop-open", desktop->name, input->reason, error))
    return NULL;
  desktop->maintenance = FALSE;
  return floe_deed_new (g_steal_pointer (&change));
}

/**
 * floe_helpdesk_maintain_async:
 * @message: (nullable): what whoever sits there is told
 * @minutes: until their session is ended; 0 for never
 * @reason: (nullable): why, for the audit trail
 *
 * Puts a desktop into maintenance: nobody gets it any more, and it is not started. May be said
 * again, with another message or time.
 */
void
floe_helpdesk_maintain_async (FloeHelpdesk *self, const FloeIdentity *actor,
                              const gchar *desktop_id, const gchar *message, guint minutes,
                              const gchar *reason, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, desktop_id);

  input->message = g_strdup (message);
  input->minutes = minutes;
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, floe_helpdesk_record_maintenance, input,
                          (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_deed_free,
                          floe_helpdesk_done_to_desktop,
                          g_task_new (self, NULL, callback, user_data));
}

gboolean
floe_helpdesk_maintain_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_helpdesk_open_desktop_async:
 *
 * Ends a desktop's maintenance, also before its time.
 */
void
floe_helpdesk_open_desktop_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const gchar *desktop_id, const gchar *reason,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, desktop_id);

  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, floe_helpdesk_record_desktop_opening, input,
                          (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_deed_free,
                          floe_helpdesk_done_to_desktop,
                          g_task_new (self, NULL, callback, user_data));
}

gboolean
floe_helpdesk_open_desktop_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
