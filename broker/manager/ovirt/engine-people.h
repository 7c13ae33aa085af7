/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-watch.h"

G_BEGIN_DECLS

/* People who are logged in at the engine with their own password; the tokens are kept elsewhere. */

void floe_engine_people_log_in (const FloeEngineParts *parts, const gchar *profile,
                                const gchar *person, FloeSecret *password, GTask *task);
void floe_engine_people_renew (const FloeEngineParts *parts, FloeSecret *token, GTask *task);

G_END_DECLS
