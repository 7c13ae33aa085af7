/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeTable:
 *
 * Rows of text in columns that line up for whoever reads them, wide and combining characters
 * included.
 */
typedef struct _FloeTable FloeTable;

FloeTable *floe_table_new (const gchar *first_heading, ...) G_GNUC_NULL_TERMINATED;
FloeTable *floe_table_new_with (const gchar *const *headings);
void floe_table_free (FloeTable *self);
void floe_table_add (FloeTable *self, const gchar *text);
gchar *floe_table_to_string (FloeTable *self);
void floe_table_print (FloeTable *self);

gchar *floe_tame (const gchar *text);
guint floe_text_width (const gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTable, floe_table_free)

G_END_DECLS
