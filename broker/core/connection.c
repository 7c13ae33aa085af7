/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/connection.h"

void
floe_connection_free (FloeConnection *self)
{
  if (self == NULL)
    return;
  floe_display_free (self->display);
  floe_ticket_free (self->ticket);
  floe_desktop_free (self->desktop);
  g_clear_pointer (&self->reconnect_token, floe_secret_unref);
  g_free (self->title);
  g_strfreev (self->actions);
  g_free (self->host_name);
  floe_policy_free (self->policy);
  g_free (self);
}

void
floe_connect_answer_free (FloeConnectAnswer *self)
{
  if (self == NULL)
    return;
  floe_connection_free (self->connection);
  g_clear_object (&self->request);
  g_free (self);
}

static gpointer
record_outcome (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_audit (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
outcome_recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("an outcome was not recorded: %s", error->message);
}

/**
 * floe_connection_audit:
 * @identity: whose
 * @action: "ticket" or "allocate"
 * @object: the desktop's name, or the pool's
 * @now: microseconds since 1970 UTC
 * @error: (nullable): why the manager did not do it
 *
 * Notes in the audit trail what became of something whose intent was recorded.
 */
void
floe_connection_audit (FloeStore *store, const FloeIdentity *identity, const gchar *action,
                       const gchar *object, gint64 now, const GError *error)
{
  FloeAudit *row = floe_audit_new (now, action, object, error == NULL ? "done" : "failed");

  floe_audit_set_identity (row, identity);
  row->detail = error != NULL ? g_strdup (error->message) : NULL;
  floe_store_write_async (store, record_outcome, row, (GDestroyNotify)floe_audit_free, NULL,
                          outcome_recorded, NULL);
}
