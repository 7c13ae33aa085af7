/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"
#include "manager/ovirt/engine-client.h"

G_BEGIN_DECLS

void floe_engine_holders_find_async (FloeEngineClient *client, const gchar *vm_id,
                                     const FloeVmHolder *whose, const gchar *correlation,
                                     GAsyncReadyCallback callback, gpointer user_data);
void floe_engine_holders_find_marked_async (FloeEngineClient *client, const gchar *vm_id,
                                            const FloeVmHolder *whose, const gchar *correlation,
                                            GAsyncReadyCallback callback, gpointer user_data);
GStrv floe_engine_holders_find_finish (FloeEngineClient *client, GAsyncResult *result,
                                       GError **error);
void floe_engine_holders_find_user_async (FloeEngineClient *client, const gchar *vm_id,
                                          const gchar *correlation, GAsyncReadyCallback callback,
                                          gpointer user_data);
gchar *floe_engine_holders_find_user_finish (FloeEngineClient *client, GAsyncResult *result,
                                             GError **error);
gboolean floe_engine_holders_check_finish (FloeEngineClient *client, GAsyncResult *result,
                                           GError **error);

G_END_DECLS
