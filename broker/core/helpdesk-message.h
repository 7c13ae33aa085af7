/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

void floe_helpdesk_message_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const gchar *desktop_id, const gchar *text, const gchar *reason,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_message_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
