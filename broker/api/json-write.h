/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeJsonWriter:
 *
 * Builds a JSON text. A name is given with each value inside an object, and %NULL inside an array
 * and for the root. All of its memory is wiped after use, since tickets and tokens go through it.
 */
typedef struct _FloeJsonWriter FloeJsonWriter;

/**
 * FloeJsonWriteRow:
 *
 * Writes @row as one value, without a name.
 */
typedef void (*FloeJsonWriteRow) (FloeJsonWriter *self, gconstpointer row);

FloeJsonWriter *floe_json_writer_new (void);
void floe_json_writer_free (FloeJsonWriter *self);

void floe_json_writer_begin_object (FloeJsonWriter *self, const gchar *name);
void floe_json_writer_end_object (FloeJsonWriter *self);
void floe_json_writer_begin_array (FloeJsonWriter *self, const gchar *name);
void floe_json_writer_end_array (FloeJsonWriter *self);
void floe_json_writer_string (FloeJsonWriter *self, const gchar *name, const gchar *value);
void floe_json_writer_secret (FloeJsonWriter *self, const gchar *name, const FloeSecret *value);
gboolean floe_json_writer_has_secret (const FloeJsonWriter *self);
void floe_json_writer_strings (FloeJsonWriter *self, const gchar *name, const gchar *const *values);
void floe_json_writer_rows (FloeJsonWriter *self, const gchar *name, GPtrArray *rows, guint n_rows,
                            FloeJsonWriteRow write);
void floe_json_writer_int (FloeJsonWriter *self, const gchar *name, gint64 value);
void floe_json_writer_bool (FloeJsonWriter *self, const gchar *name, gboolean value);
void floe_json_writer_null (FloeJsonWriter *self, const gchar *name);
void floe_json_writer_date (FloeJsonWriter *self, const gchar *name, gint64 value);
void floe_json_writer_date_or_null (FloeJsonWriter *self, const gchar *name, gint64 value);
void floe_json_writer_time (FloeJsonWriter *self, const gchar *name, gint64 value);
void floe_json_writer_moment (FloeJsonWriter *self, const gchar *name, gint64 value);

FloeSecret *floe_json_writer_finish (FloeJsonWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeJsonWriter, floe_json_writer_free)

G_END_DECLS
