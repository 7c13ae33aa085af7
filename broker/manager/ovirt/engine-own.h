/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-watch.h"

G_BEGIN_DECLS

void floe_engine_own_find_async (FloeEngineClient *client, FloeSecret *token,
                                 const gchar *correlation, GAsyncReadyCallback callback,
                                 gpointer user_data);
GStrv floe_engine_own_find_finish (FloeEngineClient *client, GAsyncResult *result, GError **error);

/**
 * FloeEngineOwn:
 *
 * Looks now and then what the engine has given to the service account, and tells the picture: what
 * a broker that fell in the middle of a connect left behind is among that.
 */
#define FLOE_TYPE_ENGINE_OWN (floe_engine_own_get_type ())
G_DECLARE_FINAL_TYPE (FloeEngineOwn, floe_engine_own, FLOE, ENGINE_OWN, GObject)

FloeEngineOwn *floe_engine_own_new (const FloeEngineParts *parts);
void floe_engine_own_start (FloeEngineOwn *self);
void floe_engine_own_stop (FloeEngineOwn *self);

G_END_DECLS
