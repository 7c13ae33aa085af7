/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* What people's log-ins got at engines. */

FloeEngineToken *
floe_engine_token_new (const gchar *user_id, const gchar *manager, const gchar *sealed)
{
  FloeEngineToken *self = g_new0 (FloeEngineToken, 1);

  self->user_id = g_strdup (user_id);
  self->manager = g_strdup (manager);
  self->sealed = g_strdup (sealed);
  return self;
}

void
floe_engine_token_free (FloeEngineToken *self)
{
  if (self == NULL)
    return;
  g_free (self->user_id);
  g_free (self->manager);
  g_free (self->sealed);
  g_free (self);
}

/**
 * floe_tx_put_engine_token:
 * @now: microseconds since 1970 UTC: from when on it is fresh
 *
 * In place of an older one of theirs at that engine.
 */
gboolean
floe_tx_put_engine_token (FloeTx *self, const FloeEngineToken *token, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_engine_token (self, token, now, error);
}

/**
 * floe_tx_get_engine_token:
 *
 * Returns: (transfer full): theirs at that engine; or %NULL, with %FLOE_ERROR_NOT_FOUND when there
 * is none
 */
FloeEngineToken *
floe_tx_get_engine_token (FloeTx *self, const gchar *user_id, const gchar *manager, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_engine_token (self, user_id, manager, error);
}

/**
 * floe_tx_confirm_engine_token:
 * @now: the engine has just taken it
 *
 * It is fresh once more, unless it is theirs no longer: they have logged out, or in again.
 */
gboolean
floe_tx_confirm_engine_token (FloeTx *self, const FloeEngineToken *token, gint64 now,
                              GError **error)
{
  return FLOE_TX_GET_IFACE (self)->confirm_engine_token (self, token, now, error);
}

/**
 * floe_tx_delete_engine_token:
 *
 * Deletes this one: a newer one of theirs stays.
 */
gboolean
floe_tx_delete_engine_token (FloeTx *self, const FloeEngineToken *token, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_engine_token (self, token, error);
}

/**
 * floe_tx_take_idle_engine_tokens:
 * @user_id: (nullable): of them only
 * @before: those that were fresh after it are left: whoever just typed their password may still
 * have to type a code
 *
 * Deletes what nobody needs any more, whose owner is logged in nowhere.
 *
 * Returns: (transfer full) (element-type FloeEngineToken): what was deleted
 */
GPtrArray *
floe_tx_take_idle_engine_tokens (FloeTx *self, const gchar *user_id, gint64 before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_idle_engine_tokens (self, user_id, before, error);
}

/**
 * floe_tx_renew_engine_tokens:
 * @before: those that were fresh after it need no renewal
 * @fresh: from when on the others count as fresh until that is confirmed, so that only one broker
 *   renews each at a time
 * @limit: how many at most
 *
 * Returns: (transfer full) (element-type FloeEngineToken): those whose turn it is
 */
GPtrArray *
floe_tx_renew_engine_tokens (FloeTx *self, gint64 before, gint64 fresh, guint limit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->renew_engine_tokens (self, before, fresh, limit, error);
}
