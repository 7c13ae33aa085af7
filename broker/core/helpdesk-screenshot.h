/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

void floe_helpdesk_screenshot_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *desktop_id, const gchar *reason,
                                     GAsyncReadyCallback callback, gpointer user_data);
FloeSecret *floe_helpdesk_screenshot_finish (FloeHelpdesk *self, GAsyncResult *result,
                                             GError **error);

G_END_DECLS
