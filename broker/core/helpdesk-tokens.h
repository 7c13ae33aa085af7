/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/api-token.h"
#include "core/helpdesk.h"

G_BEGIN_DECLS

void floe_helpdesk_list_tokens_async (FloeHelpdesk *self, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *floe_helpdesk_list_tokens_finish (FloeHelpdesk *self, GAsyncResult *result,
                                             GError **error);

void floe_helpdesk_add_token_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                    const FloeApiToken *token, guint days,
                                    GAsyncReadyCallback callback, gpointer user_data);
FloeApiToken *floe_helpdesk_add_token_finish (FloeHelpdesk *self, GAsyncResult *result,
                                              GError **error);

void floe_helpdesk_drop_token_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *name, GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean floe_helpdesk_drop_token_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
