/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Files of JSON that somebody wrote by hand. */

gchar *floe_json_file_read (const gchar *file, const gchar *shown, gsize limit, gsize *length,
                            GError **error);
JsonNode *floe_json_file_parse (const gchar *file, const gchar *text, gsize length, GError **error);

G_END_DECLS
