/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-power.h"

G_BEGIN_DECLS

void floe_engine_release_async (const FloeEngineParts *parts, const gchar *vm_id,
                                const FloeVmHolder *whose, const gchar *correlation,
                                GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
