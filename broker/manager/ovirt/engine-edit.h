/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-watch.h"

G_BEGIN_DECLS

void floe_engine_edit_run (const FloeEngineParts *parts, const FloeEngineEdit *edit, GTask *task);

G_END_DECLS
