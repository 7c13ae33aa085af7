/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/output.h"

#include <glib/gi18n.h>

#include "ctl/table.h"

/**
 * floe_print_json:
 * @node: an answer
 *
 * Prints it with line breaks. JSON escapes the control characters that a terminal would obey.
 */
void
floe_print_json (JsonNode *node)
{
  g_autofree gchar *text = json_to_string (node, TRUE);

  g_print ("%s\n", text);
}

static gchar *
list_shown (JsonArray *array)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      g_string_append (text, json_node_get_string (item));
    }
  return floe_tame (text->str);
}

/**
 * floe_json_get_shown:
 * @node: (nullable): an object, if all is well
 * @field: a field's name
 *
 * Returns: (transfer full): its text, number, "yes" or "no", or a list's texts, fit for a terminal;
 *   "-" for nothing
 */
gchar *
floe_json_get_shown (JsonNode *node, const gchar *field)
{
  JsonNode *member = floe_json_get (node, field);
  gchar *shown = NULL;

  if (member != NULL && JSON_NODE_HOLDS_ARRAY (member))
    shown = list_shown (json_node_get_array (member));
  else if (member != NULL && JSON_NODE_HOLDS_VALUE (member))
    switch (json_node_get_value_type (member))
      {
      case G_TYPE_STRING:
        shown = floe_tame (json_node_get_string (member));
        break;
      case G_TYPE_INT64:
        shown = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (member));
        break;
      case G_TYPE_BOOLEAN:
        shown = g_strdup (json_node_get_boolean (member) ? _ ("yes") : _ ("no"));
        break;
      default:
        break;
      }
  if (shown != NULL && *shown != '\0')
    return shown;
  g_free (shown);
  return g_strdup ("-");
}

/**
 * floe_json_get_length:
 * @node: (nullable): an object, if all is well
 * @field: a field's name
 *
 * Returns: how many elements its list has; 0 if it is none
 */
guint
floe_json_get_length (JsonNode *node, const gchar *field)
{
  JsonNode *member = floe_json_get (node, field);

  return member != NULL && JSON_NODE_HOLDS_ARRAY (member)
             ? json_array_get_length (json_node_get_array (member))
             : 0;
}

/**
 * floe_json_get_element:
 * @node: an object with a list
 * @field: the list's name
 * @i: less than floe_json_get_length()
 *
 * Returns: (transfer none): the element
 */
JsonNode *
floe_json_get_element (JsonNode *node, const gchar *field, guint i)
{
  return json_array_get_element (json_node_get_array (floe_json_get (node, field)), i);
}
