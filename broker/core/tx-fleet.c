/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in what terminals are told, and tell. */

/**
 * floe_tx_put_terminal_report:
 * @report: of whichever terminal has that certificate, or of none
 *
 * A report that is not newer than the one that is there is forgotten.
 */
gboolean
floe_tx_put_terminal_report (FloeTx *self, const FloeTerminalReport *report, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_terminal_report (self, report, error);
}

/**
 * floe_tx_count_terminals:
 * @counts: (out caller-allocates) (array fixed-size=3): how many there are of each
 *   #FloeTerminalState
 */
gboolean
floe_tx_count_terminals (FloeTx *self, gint64 now, gint64 *counts, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->count_terminals (self, now, counts, error);
}

/**
 * floe_tx_put_unlock_secret:
 * @sealed: (nullable): what this terminal's codes of one use are made from; the store cannot read
 *   it
 */
gboolean
floe_tx_put_unlock_secret (FloeTx *self, const gchar *name, const gchar *sealed, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_unlock_secret (self, name, sealed, error);
}

/**
 * floe_tx_get_unlock_secret:
 *
 * Returns: (transfer full): it; or %NULL with %FLOE_ERROR_NOT_FOUND, also when it never got one, or
 *   a store's error
 */
gchar *
floe_tx_get_unlock_secret (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_unlock_secret (self, name, error);
}

/**
 * floe_tx_take_settings_revision:
 * @now: microseconds since 1970 UTC
 * @revision: (out): greater than any before, at whichever broker
 *
 * Whoever takes one at the same moment waits until this transaction ends: so what has a greater
 * revision is seen later. Revisions are times, so that those that are given out after a backup was
 * restored are greater than those that it does not know of.
 */
gboolean
floe_tx_take_settings_revision (FloeTx *self, gint64 now, gint64 *revision, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_settings_revision (self, now, revision, error);
}

/**
 * floe_tx_lock_edits:
 *
 * To be called first by whoever changes a definition, before they look at what it was: they wait
 * for each other, so that nobody decides by what somebody else is just changing.
 */
gboolean
floe_tx_lock_edits (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->lock_edits (self, error);
}

/**
 * floe_tx_list_terminal_settings:
 *
 * Returns: (transfer full) (element-type FloeTerminalSettings): those of groups, by name; or %NULL
 */
GPtrArray *
floe_tx_list_terminal_settings (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_terminal_settings (self, error);
}

/**
 * floe_tx_get_terminal_settings:
 *
 * Returns: (transfer full): them, empty and of revision 0 where none were set; or %NULL
 */
FloeTerminalSettings *
floe_tx_get_terminal_settings (FloeTx *self, gboolean of_group, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_terminal_settings (self, of_group, name, error);
}

gboolean
floe_tx_put_terminal_settings (FloeTx *self, const FloeTerminalSettings *settings, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_terminal_settings (self, settings, error);
}

gboolean
floe_tx_delete_terminal_settings (FloeTx *self, gboolean of_group, const gchar *name,
                                  GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_terminal_settings (self, of_group, name, error);
}

/**
 * floe_tx_keep_sealed:
 * @name: what it is
 * @sealed: (nullable): what is kept unless there is something
 *
 * Returns: (transfer full) (nullable): what is kept now; or %NULL, with %FLOE_ERROR_NOT_FOUND when
 *   that is nothing, or a store's error
 */
gchar *
floe_tx_keep_sealed (FloeTx *self, const gchar *name, const gchar *sealed, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->keep_sealed (self, name, sealed, error);
}
