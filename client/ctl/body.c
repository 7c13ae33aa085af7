/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/body.h"

JsonBuilder *
floe_body_new (void)
{
  return json_builder_begin_object (json_builder_new ());
}

/**
 * floe_body_add_text:
 * @text: (nullable): %NULL for none, and the member is left out
 */
void
floe_body_add_text (JsonBuilder *body, const gchar *name, const gchar *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (body, name);
  json_builder_add_string_value (body, text);
}

/**
 * floe_body_add_texts:
 * @texts: (nullable) (array zero-terminated=1): %NULL for none, as an empty list
 */
void
floe_body_add_texts (JsonBuilder *body, const gchar *name, const gchar *const *texts)
{
  json_builder_set_member_name (body, name);
  json_builder_begin_array (body);
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    json_builder_add_string_value (body, texts[i]);
  json_builder_end_array (body);
}

/**
 * floe_body_add_number:
 * @number: 0 for none, and the member is left out
 */
void
floe_body_add_number (JsonBuilder *body, const gchar *name, gint number)
{
  if (number == 0)
    return;
  json_builder_set_member_name (body, name);
  json_builder_add_int_value (body, number);
}

void
floe_body_add_flag (JsonBuilder *body, const gchar *name, gboolean flag)
{
  json_builder_set_member_name (body, name);
  json_builder_add_boolean_value (body, flag);
}

/**
 * floe_body_end:
 * @body: not added to any more
 *
 * Returns: (transfer full): the JSON
 */
gchar *
floe_body_end (JsonBuilder *body)
{
  g_autoptr (JsonNode) root = json_builder_get_root (json_builder_end_object (body));

  return json_to_string (root, FALSE);
}
