/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-screenshot.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/permit.h"

/* Whoever has it is not asked: their pool must allow that. */
static gboolean
permit (FloeTx *tx, const FloeAdminInput *input, const FloeDesktop *desktop, GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, desktop->pool, error);

  if (pool == NULL || !floe_permit_pool (input->actor, FLOE_MAY_SHADOW, pool, error)
      || !floe_permit_reason (input->actor, input->reason, error)
      || !floe_permit_holder (tx, input->actor, input->groups, pool, desktop, error))
    return FALSE;
  if (desktop->lease == NULL || pool->screenshots)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "screenshots-off",
                         "somebody has desktop %s, and its pool allows no pictures then",
                         desktop->name);
  return FALSE;
}

static gpointer
record (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->name, error);
  g_autofree gchar *detail = NULL;
  GError *why = NULL;

  if (desktop == NULL)
    return NULL;
  if (!permit (tx, input, desktop, &why))
    return floe_deed_new_failed (tx, input, "screenshot", desktop->name, why, error);
  if (desktop->facts.power != FLOE_POWER_ON)
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-running", "desktop %s does not run",
                             desktop->name);
      return NULL;
    }
  detail = g_strdup_printf (
      "of %s%s%s", desktop->lease != NULL ? desktop->lease->holder_name : "nobody",
      input->reason != NULL ? ": " : "", input->reason != NULL ? input->reason : "");
  return floe_admin_put_row (tx, input, "screenshot", desktop->name, detail, error)
             ? floe_deed_new (floe_change_new (g_steal_pointer (&desktop)))
             : NULL;
}

static void
taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeSecret *png = floe_manager_screenshot_finish (FLOE_MANAGER (source), result, &error);

  if (png == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, png, (GDestroyNotify)floe_secret_unref);
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeDeed) deed = floe_store_finish (FLOE_STORE (source), result, &error);

  if (deed == NULL || deed->refusal != NULL)
    {
      g_task_return_error (task, deed == NULL ? error : g_steal_pointer (&deed->refusal));
      return;
    }
  floe_manager_screenshot_async (floe_keeper_get_manager (self->keeper),
                                 deed->change->desktop->host, deed->change->desktop->id, NULL,
                                 taken, g_steal_pointer (&task));
}

/**
 * floe_helpdesk_screenshot_async:
 * @desktop_id: whose screen
 * @reason: (nullable): why, for the audit trail
 *
 * A picture of the screen as its manager has it, which nobody who sits there is asked about.
 */
void
floe_helpdesk_screenshot_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                const gchar *desktop_id, const gchar *reason,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, desktop_id);

  g_task_set_source_tag (task, floe_helpdesk_screenshot_async);
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, record, input, (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)floe_deed_free, recorded, task);
}

/**
 * floe_helpdesk_screenshot_finish:
 *
 * Returns: (transfer full): a PNG; or %NULL with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_DENIED (reason
 *   "screenshots-off" among others), %FLOE_ERROR_CONFLICT (reasons "not-running", "engine"),
 *   %FLOE_ERROR_INVALID without a reason where one is needed, or a manager's or store's error
 */
FloeSecret *
floe_helpdesk_screenshot_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
