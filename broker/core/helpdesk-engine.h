/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"
#include "core/manager.h"

G_BEGIN_DECLS

void floe_helpdesk_edit_engine_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                      const gchar *name, const FloeEngineEdit *edit,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_edit_engine_finish (FloeHelpdesk *self, GAsyncResult *result,
                                           GError **error);

G_END_DECLS
