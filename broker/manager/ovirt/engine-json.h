/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How an engine writes JSON: numbers and truth values are strings, dates are milliseconds, what is
 * not set is absent, and a list lies in an object under its singular name. An empty list is an
 * empty object. Older and newer ones may write native values: both are read. */

JsonNode *floe_engine_json_parse (const gchar *text, gsize length, GError **error);
JsonObject *floe_engine_json_root (JsonNode *node);
const gchar *floe_engine_json_text (JsonObject *object, const gchar *name);
const gchar *floe_engine_json_text_in (JsonObject *object, const gchar *outer, const gchar *name);
gint64 floe_engine_json_number (JsonObject *object, const gchar *name, gint64 fallback);
gboolean floe_engine_json_flag (JsonObject *object, const gchar *name);
JsonObject *floe_engine_json_object (JsonObject *object, const gchar *name);
const gchar *floe_engine_json_id (JsonObject *object);
JsonArray *floe_engine_json_list (JsonObject *object, const gchar *name);
guint floe_engine_json_length (JsonArray *list);
JsonObject *floe_engine_json_item (JsonArray *list, guint i);
gchar *floe_engine_json_end (JsonBuilder *builder);

G_END_DECLS
