/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-get.h"

/**
 * floe_json_get:
 * @node: (nullable): an object, if all is well
 * @field: a field's name
 *
 * Returns: (transfer none) (nullable): what is there, unless it is null
 */
JsonNode *
floe_json_get (JsonNode *node, const gchar *field)
{
  JsonNode *member;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  member = json_object_get_member (json_node_get_object (node), field);
  return member == NULL || JSON_NODE_HOLDS_NULL (member) ? NULL : member;
}

/**
 * floe_json_get_value:
 * @node: (nullable): an object, if all is well
 * @field: a field's name
 * @type: %G_TYPE_STRING, %G_TYPE_INT64, %G_TYPE_DOUBLE or %G_TYPE_BOOLEAN
 *
 * Returns: (transfer none) (nullable): what is there, if it is a value of this type
 */
JsonNode *
floe_json_get_value (JsonNode *node, const gchar *field, GType type)
{
  JsonNode *member = floe_json_get (node, field);

  return member != NULL && JSON_NODE_HOLDS_VALUE (member)
                 && json_node_get_value_type (member) == type
             ? member
             : NULL;
}

const gchar *
floe_json_get_text (JsonNode *node, const gchar *field)
{
  JsonNode *member = floe_json_get_value (node, field, G_TYPE_STRING);

  return member != NULL ? json_node_get_string (member) : NULL;
}
