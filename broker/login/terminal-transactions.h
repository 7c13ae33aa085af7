/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "login/login-transactions.h"

G_BEGIN_DECLS

/**
 * FloeTerminalInput:
 * @caller: from where; with a certificate
 * @code: (nullable): the hash of what it may enrol with
 * @now: microseconds since 1970 UTC
 * @since: wrong codes do not count any more when the newest of them is not after this
 * @login_id: (nullable): of the log-in that is to be
 * @hash: (nullable): of its token
 * @expires: the end of that
 *
 * What the transactions are given that a terminal asks for. An owned copy, see #FloeTransaction.
 */
typedef struct
{
  FloeCaller *caller;
  gchar *code;
  gint64 now;
  gint64 since;
  gchar *login_id;
  gchar *hash;
  gint64 expires;
} FloeTerminalInput;

/**
 * FloeTerminalRecord:
 * @refusal: (nullable): why it was not done; it is recorded, and the rest is unset
 * @terminal: (nullable): what it is now
 * @changes: (nullable) (element-type FloeChange): what became of desktops
 * @grant: (nullable): of the log-in
 */
typedef struct
{
  GError *refusal;
  FloeTerminal *terminal;
  GPtrArray *changes;
  FloeGrantRecord *grant;
} FloeTerminalRecord;

void floe_terminal_input_free (FloeTerminalInput *self);
void floe_terminal_record_free (FloeTerminalRecord *self);

gpointer floe_terminal_look (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_terminal_touch (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_terminal_enrol (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_terminal_log_in (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTerminalRecord, floe_terminal_record_free)

G_END_DECLS
