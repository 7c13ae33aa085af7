/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/terminal-ends.h"

#include "core/own-desktops.h"

/**
 * floe_terminal_end_session:
 * @terminal: one that may be logged in by itself
 * @changes: (element-type FloeChange): what became of its desktops is added
 *
 * Ends what a terminal has without a person. Its log-ins end first: a claim that rests on one of
 * them is then either seen here or refused.
 */
gboolean
floe_terminal_end_session (FloeTx *tx, const FloeTerminal *terminal, const FloeCause *cause,
                           GPtrArray *changes, GError **error)
{
  g_autoptr (FloeUser) user = floe_terminal_new_user (terminal);

  return floe_tx_delete_tokens_of_user (tx, user->id, error)
         && floe_own_release_all (tx, user->id, NULL, cause, changes, error);
}

/**
 * floe_terminal_end_certificate:
 * @terminal: as it is until now
 * @changes: (element-type FloeChange): what became of its desktops is added
 *
 * Ends what was begun with a terminal's certificate: its own session, and log-ins of people, who
 * keep their desktops.
 */
gboolean
floe_terminal_end_certificate (FloeTx *tx, const FloeTerminal *terminal, const FloeCause *cause,
                               GPtrArray *changes, GError **error)
{
  return terminal->fingerprint == NULL
         || (floe_tx_delete_tokens_of_terminal (tx, terminal->fingerprint, error)
             && floe_terminal_end_session (tx, terminal, cause, changes, error));
}
