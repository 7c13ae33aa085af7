/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

gchar *floe_hook_body (GPtrArray *rows, const FloeWebhook *hook);
gchar *floe_hook_signature (const FloeSecret *secret, gint64 now, const gchar *body);

G_END_DECLS
