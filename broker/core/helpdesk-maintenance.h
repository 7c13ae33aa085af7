/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

void floe_helpdesk_maintain_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                   const gchar *desktop_id, const gchar *message, guint minutes,
                                   const gchar *reason, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean floe_helpdesk_maintain_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);
void floe_helpdesk_open_desktop_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const gchar *desktop_id, const gchar *reason,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_open_desktop_finish (FloeHelpdesk *self, GAsyncResult *result,
                                            GError **error);

G_END_DECLS
