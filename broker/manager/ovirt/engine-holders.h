/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-client.h"

G_BEGIN_DECLS

/**
 * FloeEngineHolder:
 * @permission: the id of the permission by which somebody has a VM
 * @user: the id of that user at the engine
 */
typedef struct
{
  gchar *permission;
  gchar *user;
} FloeEngineHolder;

void floe_engine_holders_find_async (FloeEngineClient *client, const gchar *vm_id,
                                     GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *floe_engine_holders_find_finish (FloeEngineClient *client, GAsyncResult *result,
                                            GError **error);

G_END_DECLS
