/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/enrol.h"

#include <json-glib/json-glib.h>

/**
 * floe_enrol_make_body:
 * @code: from the helpdesk, as typed
 *
 * Returns: (transfer full): what makes a machine a terminal
 */
gchar *
floe_enrol_make_body (const gchar *code)
{
  g_autofree gchar *text = g_strstrip (g_strdup (code));
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "code");
  json_builder_add_string_value (builder, text);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
