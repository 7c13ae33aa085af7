/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What may be missing from an answer, or be of another type than expected, and is nothing then. */

JsonNode *floe_json_get (JsonNode *node, const gchar *field);
JsonNode *floe_json_get_value (JsonNode *node, const gchar *field, GType type);
const gchar *floe_json_get_text (JsonNode *node, const gchar *field);

G_END_DECLS
