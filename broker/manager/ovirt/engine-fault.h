/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

GError *floe_engine_fault_new (guint status, JsonNode *answer, gboolean is_page);
GError *floe_engine_fault_of_login (guint status, JsonNode *answer);

G_END_DECLS
