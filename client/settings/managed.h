/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeManaged:
 *
 * The settings that are an administrator's: a value for some keys of a schema, and what was wrong
 * with those that could not be taken. What cannot be taken leaves the key to the person, so that a
 * slip of the pen costs one key and nothing else. What a terminal is told from afar is only a
 * default: whoever sits there may choose otherwise for as long as they are there.
 *
 * Signal: "default-changed" (const gchar *key).
 */
#define FLOE_TYPE_MANAGED (floe_managed_get_type ())
G_DECLARE_FINAL_TYPE (FloeManaged, floe_managed, FLOE, MANAGED, GObject)

FloeManaged *floe_managed_new (GSettingsSchema *schema);
void floe_managed_read_file (FloeManaged *self, const gchar *path);
gboolean floe_managed_set_text (FloeManaged *self, const gchar *key, const gchar *text,
                                gchar **problem);
gboolean floe_managed_set_default (FloeManaged *self, const gchar *key, const gchar *text,
                                   gchar **problem);
void floe_managed_add_problem (FloeManaged *self, const gchar *text);

GVariant *floe_managed_lookup (FloeManaged *self, const gchar *key);
GVariant *floe_managed_lookup_default (FloeManaged *self, const gchar *key);
guint floe_managed_count (FloeManaged *self);
GPtrArray *floe_managed_get_problems (FloeManaged *self);

G_END_DECLS
