/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "api/json-get.h"

G_BEGIN_DECLS

/* The broker's answers are read without trust: what is missing or of another type is shown as "-",
 * never asserted. */

void floe_print_json (JsonNode *node);
gchar *floe_json_get_shown (JsonNode *node, const gchar *field);
guint floe_json_get_length (JsonNode *node, const gchar *field);
JsonNode *floe_json_get_element (JsonNode *node, const gchar *field, guint i);

G_END_DECLS
