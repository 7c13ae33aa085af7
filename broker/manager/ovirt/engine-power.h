/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"
#include "manager/ovirt/engine-client.h"
#include "manager/ovirt/engine-watch.h"

G_BEGIN_DECLS

void floe_engine_power_off_async (const FloeEngineParts *parts, const gchar *vm_id,
                                  guint shut_down_seconds, const gchar *correlation,
                                  GAsyncReadyCallback callback, gpointer user_data);
void floe_engine_power_on_async (const FloeEngineParts *parts, const gchar *vm_id,
                                 const FloeVmHolder *whose, const gchar *correlation,
                                 GAsyncReadyCallback callback, gpointer user_data);
void floe_engine_power_see_on_async (const FloeEngineParts *parts, const gchar *vm_id,
                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_engine_power_finish (GAsyncResult *result, GError **error);

G_END_DECLS
