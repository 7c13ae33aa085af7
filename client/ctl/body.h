/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is sent to the broker: one object of plain members. */

JsonBuilder *floe_body_new (void);
void floe_body_add_text (JsonBuilder *body, const gchar *name, const gchar *text);
void floe_body_add_texts (JsonBuilder *body, const gchar *name, const gchar *const *texts);
void floe_body_add_number (JsonBuilder *body, const gchar *name, gint number);
void floe_body_add_flag (JsonBuilder *body, const gchar *name, gboolean flag);
gchar *floe_body_end (JsonBuilder *body);

G_END_DECLS
