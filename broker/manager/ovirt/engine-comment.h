/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"
#include "manager/ovirt/engine-client.h"

G_BEGIN_DECLS

/* What stands in a VM's comment at the engine before the name and the id of who has it. */
#define FLOE_ENGINE_COMMENT "floe:"

gboolean floe_engine_comment_is_of (const gchar *comment, const gchar *person_id);
gboolean floe_engine_comment_is_of_another (const gchar *comment, const gchar *person_id);
void floe_engine_comment_async (FloeEngineClient *client, const gchar *vm_id,
                                const FloeVmHolder *whose, const gchar *correlation,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_engine_comment_finish (FloeEngineClient *client, GAsyncResult *result,
                                     GError **error);

G_END_DECLS
