/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeJsonReader:
 *
 * Reads a request body by its schema. The first thing that is wrong is kept, every read after it
 * gives the default, and floe_json_reader_end() reports it; so a caller reads all members and
 * asks once. An error names the member: "entitlements.groups[2]: expected a string".
 */
typedef struct _FloeJsonReader FloeJsonReader;

FloeJsonReader *floe_json_reader_new (const gchar *text, gsize length, GError **error);
void floe_json_reader_free (FloeJsonReader *self);

gboolean floe_json_reader_has (FloeJsonReader *self, const gchar *name);
gchar *floe_json_reader_get_string (FloeJsonReader *self, const gchar *name, gsize max_bytes);
gchar *floe_json_reader_get_string_or (FloeJsonReader *self, const gchar *name, gsize max_bytes,
                                       const gchar *fallback);
gboolean floe_json_reader_get_bool_or (FloeJsonReader *self, const gchar *name, gboolean fallback);
gint64 floe_json_reader_get_int_or (FloeJsonReader *self, const gchar *name, gint64 min, gint64 max,
                                    gint64 fallback);
GStrv floe_json_reader_get_strings (FloeJsonReader *self, const gchar *name, guint max_elements,
                                    gsize max_bytes);
guint floe_json_reader_count (FloeJsonReader *self, const gchar *name, guint max_elements);
void floe_json_reader_enter (FloeJsonReader *self, const gchar *name);
void floe_json_reader_enter_element (FloeJsonReader *self, const gchar *name, guint i);
void floe_json_reader_leave (FloeJsonReader *self);
void floe_json_reader_refuse (FloeJsonReader *self, const gchar *name, const gchar *what);
gboolean floe_json_reader_end (FloeJsonReader *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeJsonReader, floe_json_reader_free)

G_END_DECLS
