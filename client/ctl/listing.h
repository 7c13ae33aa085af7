/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "ctl/command.h"
#include "ctl/table.h"

G_BEGIN_DECLS

/**
 * FloeListing:
 * @path: (nullable): of the list, behind /api/v1/; %NULL for one that is a part of an answer
 * @headings: (array zero-terminated=1): untranslated
 * @fields: (array zero-terminated=1): what stands under each; "a.b" is b of a
 * @nothing: (nullable): untranslated; said when there is nothing, in place of an empty table
 *
 * A list of the broker's and how people see it.
 */
typedef struct
{
  const gchar *path;
  const gchar *const *headings;
  const gchar *const *fields;
  const gchar *nothing;
} FloeListing;

void floe_ctl_add_query (GString *path, const gchar *name, const gchar *value);
JsonNode *floe_ctl_list (FloeCtl *self, const gchar *path, guint most, GError **error);
void floe_ctl_print_listing (const FloeListing *listing, JsonNode *answer, const gchar *name);
gboolean floe_ctl_show_listing (FloeCtl *self, const FloeListing *listing, const gchar *path,
                                guint most, gboolean watch, GError **error);
gchar *floe_json_get_shown_at (JsonNode *node, const gchar *path);
void floe_ctl_pause (guint milliseconds);

G_END_DECLS
