/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-message.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"

/* Long after the stream of whoever it was for would have brought it. */
#define KEEP_FOR G_TIME_SPAN_DAY

static gboolean
check_seen (const FloeDesktop *desktop, GError **error)
{
  if (desktop->lease != NULL && desktop->facts.console == FLOE_CONSOLE_CONNECTED)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "nobody-there",
                         "nobody sits at desktop %s now", desktop->name);
  return FALSE;
}

/* The trail has the words that somebody was told, and why. */
static gboolean
put_row (FloeTx *tx, const FloeAdminInput *input, const FloeDesktop *desktop, GError **error)
{
  g_autofree gchar *detail = g_strdup_printf ("to %s: \"%s\"%s%s", desktop->lease->holder_name,
                                              input->message, input->reason != NULL ? ": " : "",
                                              input->reason != NULL ? input->reason : "");

  return floe_admin_put_row (tx, input, "message", desktop->name, detail, error);
}

static gboolean
put_message (FloeTx *tx, const FloeAdminInput *input, const FloeDesktop *desktop, GError **error)
{
  const FloeUser *user = input->actor->user;
  g_autoptr (FloeMessage) message =
      floe_message_new (desktop->id, desktop->lease->holder, input->message, input->now);

  message->sender = g_strdup (user->display_name != NULL ? user->display_name : user->name);
  /* Streams hear of it as of every change of the desktop, here and at other brokers. */
  return floe_tx_prune_messages (tx, input->now - KEEP_FOR, error)
         && floe_tx_put_message (tx, message, error)
         && floe_tx_put_feed (tx, "desktop", desktop->id, error);
}

/**
 * floe_helpdesk_record_message:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloeDeed, whose change is of nothing
 */
gpointer
floe_helpdesk_record_message (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->name, error);
  GError *why = NULL;

  if (desktop == NULL)
    return NULL;
  if (!floe_admin_permit_help (tx, input, desktop, &why))
    return floe_deed_new_failed (tx, input, "message", desktop->name, why, error);
  if (!check_seen (desktop, error) || !put_row (tx, input, desktop, error)
      || !put_message (tx, input, desktop, error))
    return NULL;
  return floe_deed_new (floe_change_new (g_steal_pointer (&desktop)));
}

/**
 * floe_helpdesk_message_async:
 * @desktop_id: whoever sits at it is told
 * @text: what
 * @reason: (nullable): why, for the audit trail
 *
 * Tells somebody something.
 */
void
floe_helpdesk_message_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                             const gchar *text, const gchar *reason, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, desktop_id);

  g_task_set_source_tag (task, floe_helpdesk_message_async);
  input->message = g_strdup (text);
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, floe_helpdesk_record_message, input,
                          (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_deed_free,
                          floe_helpdesk_done_to_desktop, task);
}

/**
 * floe_helpdesk_message_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT (reason "nobody-there"),
 *   %FLOE_ERROR_DENIED, %FLOE_ERROR_INVALID without a reason where one is needed, or a store's
 *   error
 */
gboolean
floe_helpdesk_message_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
