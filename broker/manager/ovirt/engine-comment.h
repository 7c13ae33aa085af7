/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-client.h"

G_BEGIN_DECLS

/* What stands in a VM's comment at the engine before the name of who has it. */
#define FLOE_ENGINE_COMMENT "floe:"

gchar *floe_engine_comment_text (const gchar *person);
void floe_engine_comment_async (FloeEngineClient *client, const gchar *vm_id, const gchar *person,
                                const gchar *correlation, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean floe_engine_comment_finish (FloeEngineClient *client, GAsyncResult *result,
                                     GError **error);

G_END_DECLS
