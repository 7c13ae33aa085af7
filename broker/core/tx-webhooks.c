/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in telling others what happens. */

/**
 * floe_tx_put_webhook:
 * @hook: a new one, whose name nobody has; it has heard all that happened so far
 */
gboolean
floe_tx_put_webhook (FloeTx *self, const FloeWebhook *hook, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_webhook (self, hook, error);
}

/**
 * floe_tx_list_webhooks:
 *
 * Returns: (transfer full) (element-type FloeWebhook): all, by name; or %NULL
 */
GPtrArray *
floe_tx_list_webhooks (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_webhooks (self, error);
}

/**
 * floe_tx_note_webhook:
 * @hook: what came of telling it; nothing when it is another one by now
 */
gboolean
floe_tx_note_webhook (FloeTx *self, const FloeWebhook *hook, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->note_webhook (self, hook, error);
}

gboolean
floe_tx_drop_webhook (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->drop_webhook (self, name, error);
}

/**
 * floe_tx_put_happening:
 * @row: what happened and is in no audit trail; its actor, action, object, detail and time
 * @before: what is older is forgotten
 */
gboolean
floe_tx_put_happening (FloeTx *self, const FloeAudit *row, gint64 before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_happening (self, row, before, error);
}

/**
 * floe_tx_list_happenings:
 * @after: behind which one
 *
 * Returns: (transfer full) (element-type FloeAudit): the next ones, in their order; or %NULL
 */
GPtrArray *
floe_tx_list_happenings (FloeTx *self, gint64 after, guint limit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_happenings (self, after, limit, error);
}

/**
 * floe_webhook_tell:
 * @action: what was seen, and nobody decided
 * @object: of what
 * @actor: whom it is about
 * @why: (nullable): a word
 *
 * Keeps it for those who want to be told of such things.
 */
gboolean
floe_webhook_tell (FloeTx *tx, const gchar *action, const gchar *object, const gchar *actor,
                   const gchar *why, gint64 now, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (now, action, object, "done");

  g_free (row->actor);
  row->actor = g_strdup (actor);
  row->detail = g_strdup (why);
  return floe_tx_put_happening (tx, row, row->at - FLOE_HOOK_TOO_LATE, error);
}
