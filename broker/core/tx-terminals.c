/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in terminals. */

/**
 * floe_tx_list_terminals:
 *
 * Returns: (transfer full) (element-type FloeTerminal): all of them, by name; or %NULL
 */
GPtrArray *
floe_tx_list_terminals (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_terminals (self, error);
}

/**
 * floe_tx_get_terminal:
 *
 * Returns: (transfer full): it; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeTerminal *
floe_tx_get_terminal (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_terminal (self, name, error);
}

/**
 * floe_tx_find_terminal:
 * @fingerprint: as in #FloeCaller
 *
 * Not locked: whoever claims something there rests on their log-in, which ends with the terminal.
 *
 * Returns: (transfer full): whose certificate it is; or %NULL with %FLOE_ERROR_NOT_FOUND or a
 *   store's error
 */
FloeTerminal *
floe_tx_find_terminal (FloeTx *self, const gchar *fingerprint, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_terminal (self, fingerprint, error);
}

/**
 * floe_tx_find_terminal_of_code:
 * @code: its hash
 *
 * Returns: (transfer full): whose code it is, or was; or %NULL with %FLOE_ERROR_NOT_FOUND or a
 *   store's error
 */
FloeTerminal *
floe_tx_find_terminal_of_code (FloeTx *self, const gchar *code, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_terminal_of_code (self, code, error);
}

/**
 * floe_tx_put_terminal:
 *
 * Makes or changes it, with all that it has. Fails with %FLOE_ERROR_CONFLICT when another one has
 * its certificate.
 */
gboolean
floe_tx_put_terminal (FloeTx *self, const FloeTerminal *terminal, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_terminal (self, terminal, error);
}

gboolean
floe_tx_delete_terminal (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_terminal (self, name, error);
}

/**
 * floe_tx_touch_terminal:
 * @fingerprint: of whichever terminal, or of none
 *
 * Notes that it was heard of; that costs a page once an hour.
 */
gboolean
floe_tx_touch_terminal (FloeTx *self, const gchar *fingerprint, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->touch_terminal (self, fingerprint, now, error);
}

/**
 * floe_tx_list_users_of_terminal:
 *
 * Returns: (transfer full) (element-type FloeUser): who has a token that was given with this
 *   certificate and is good now
 */
GPtrArray *
floe_tx_list_users_of_terminal (FloeTx *self, const gchar *fingerprint, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_users_of_terminal (self, fingerprint, now, error);
}

/**
 * floe_tx_delete_tokens_of_terminal:
 *
 * Ends what was logged in with this certificate, whoever did.
 */
gboolean
floe_tx_delete_tokens_of_terminal (FloeTx *self, const gchar *fingerprint, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tokens_of_terminal (self, fingerprint, error);
}

/**
 * floe_tx_find_caller_of_login:
 *
 * Returns: (transfer full): from where a log-in is; or %NULL with %FLOE_ERROR_NOT_FOUND when it has
 *   ended, or a store's error
 */
FloeCaller *
floe_tx_find_caller_of_login (FloeTx *self, const gchar *login_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_caller_of_login (self, login_id, error);
}
