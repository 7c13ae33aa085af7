/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The thin wrappers of the transaction's port; what each does stands beside #FloeTx in store.h. */

G_DEFINE_INTERFACE (FloeTx, floe_tx, G_TYPE_OBJECT)

static void
floe_tx_default_init (FloeTxInterface *iface)
{
}

gboolean
floe_tx_put_user (FloeTx *self, const FloeUser *user, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_user (self, user, now, error);
}

FloeUser *
floe_tx_get_user (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_user (self, id, error);
}

GPtrArray *
floe_tx_list_active_users (FloeTx *self, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_active_users (self, now, error);
}

gboolean
floe_tx_put_token (FloeTx *self, const FloeToken *token, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_token (self, token, error);
}

FloeToken *
floe_tx_get_token (FloeTx *self, const gchar *hash, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_token (self, hash, error);
}

gboolean
floe_tx_touch_login (FloeTx *self, const gchar *login_id, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->touch_login (self, login_id, now, error);
}

/**
 * floe_tx_has_login:
 * @has: (out): whether an access token of this log-in is left: nobody logged it out, and its
 *   account was not ended
 */
gboolean
floe_tx_has_login (FloeTx *self, const gchar *login_id, gint64 now, gboolean *has, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->has_login (self, login_id, now, has, error);
}

gboolean
floe_tx_delete_tokens_of_login (FloeTx *self, const gchar *login_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tokens_of_login (self, login_id, error);
}

gboolean
floe_tx_delete_tokens_of_user (FloeTx *self, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tokens_of_user (self, user_id, error);
}

gboolean
floe_tx_delete_tokens_of_desktop (FloeTx *self, const gchar *desktop_id, const gchar *except_login,
                                  GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tokens_of_desktop (self, desktop_id, except_login, error);
}

gboolean
floe_tx_delete_ended_tokens (FloeTx *self, gint64 now, gint64 idle, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_ended_tokens (self, now, idle, error);
}

GPtrArray *
floe_tx_list_pools (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_pools (self, error);
}

GPtrArray *
floe_tx_list_pools_of_user (FloeTx *self, const FloeUser *user, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_pools_of_user (self, user, error);
}

FloePool *
floe_tx_get_pool (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_pool (self, name, error);
}

gboolean
floe_tx_put_pool (FloeTx *self, const FloePool *pool, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_pool (self, pool, error);
}

gboolean
floe_tx_delete_pool (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_pool (self, name, error);
}

FloeDesktop *
floe_tx_get_desktop (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_desktop (self, id, error);
}

GPtrArray *
floe_tx_list_desktops_of_pool (FloeTx *self, const gchar *pool, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_desktops_of_pool (self, pool, error);
}

GPtrArray *
floe_tx_list_desktops_of_host (FloeTx *self, const gchar *host, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_desktops_of_host (self, host, error);
}

GPtrArray *
floe_tx_list_desktops_of_user (FloeTx *self, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_desktops_of_user (self, user_id, error);
}

FloeDesktop *
floe_tx_find_free_desktop (FloeTx *self, const FloePool *pool, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_free_desktop (self, pool, now, error);
}

FloeDesktop *
floe_tx_find_held_desktop (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_held_desktop (self, pool, user_id, error);
}

gboolean
floe_tx_put_desktop (FloeTx *self, const FloeDesktop *desktop, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_desktop (self, desktop, error);
}

gboolean
floe_tx_delete_desktop (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_desktop (self, id, error);
}

gboolean
floe_tx_put_timer (FloeTx *self, const FloeTimer *timer, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_timer (self, timer, error);
}

gboolean
floe_tx_delete_timer (FloeTx *self, const gchar *kind, const gchar *subject, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_timer (self, kind, subject, error);
}

/**
 * floe_tx_take_timer:
 * @due_before: a row that is due later than this was set anew meanwhile and stays
 * @taken: (out): whether there was a row, which is gone now
 */
gboolean
floe_tx_take_timer (FloeTx *self, const gchar *kind, const gchar *subject, gint64 due_before,
                    gboolean *taken, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_timer (self, kind, subject, due_before, taken, error);
}

GPtrArray *
floe_tx_list_timers (FloeTx *self, gint64 due_before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_timers (self, due_before, error);
}

gboolean
floe_tx_get_next_due (FloeTx *self, gint64 after, gint64 *due, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_next_due (self, after, due, error);
}

gboolean
floe_tx_put_audit (FloeTx *self, const FloeAudit *row, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_audit (self, row, error);
}

GPtrArray *
floe_tx_list_audit (FloeTx *self, const FloeAuditFilter *filter, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_audit (self, filter, error);
}
