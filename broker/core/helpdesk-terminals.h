/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

/**
 * FloeTerminalCode:
 * @code: shown this once
 * @ends: until when it is good, microseconds since 1970 UTC
 *
 * With what a machine becomes a terminal.
 */
typedef struct
{
  FloeSecret *code;
  gint64 ends;
} FloeTerminalCode;

void floe_terminal_code_free (FloeTerminalCode *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTerminalCode, floe_terminal_code_free)

void floe_helpdesk_list_terminals_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
GPtrArray *floe_helpdesk_list_terminals_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                GError **error);
void floe_helpdesk_get_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const gchar *name, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
FloeTerminal *floe_helpdesk_get_terminal_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                 GError **error);
void floe_helpdesk_put_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const FloeTerminal *terminal, GAsyncReadyCallback callback,
                                       gpointer user_data);
FloeTerminal *floe_helpdesk_put_terminal_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                 GError **error);
void floe_helpdesk_delete_terminal_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                          const gchar *name, GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean floe_helpdesk_delete_terminal_finish (FloeHelpdesk *self, GAsyncResult *result,
                                               GError **error);
void floe_helpdesk_issue_code_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *name, const gchar *reason,
                                     GAsyncReadyCallback callback, gpointer user_data);
FloeTerminalCode *floe_helpdesk_issue_code_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                   GError **error);

G_END_DECLS
