/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-json.h"

#include "core/error.h"
#include "util/json-depth.h"

/* An engine's deepest answers have nine levels. */
#define MAX_DEPTH 32

/**
 * floe_engine_json_parse:
 * @text: what an engine answered; need not end with a NUL
 *
 * Returns: (transfer full): its root, an object; or %NULL with %FLOE_ERROR_UNAVAILABLE: an engine
 *   that is starting or being upgraded answers with pages, or with half of something
 */
JsonNode *
floe_engine_json_parse (const gchar *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local_error = NULL;
  JsonNode *root = NULL;

  if (length > 0 && floe_json_is_shallow (text, length, MAX_DEPTH)
      && json_parser_load_from_data (parser, text, (gssize)length, &local_error))
    root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return json_node_ref (root);
  floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-silent",
                         "the engine's answer is no JSON object");
  return NULL;
}

/**
 * floe_engine_json_root:
 * @node: (nullable): of floe_engine_json_parse()
 *
 * Returns: (transfer none) (nullable): the object; %NULL where there is no answer
 */
JsonObject *
floe_engine_json_root (JsonNode *node)
{
  return node != NULL ? json_node_get_object (node) : NULL;
}

static JsonNode *
get_member (JsonObject *object, const gchar *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

/**
 * floe_engine_json_text:
 *
 * Returns: (transfer none) (nullable): the member, if it is a string
 */
const gchar *
floe_engine_json_text (JsonObject *object, const gchar *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/**
 * floe_engine_json_text_in:
 *
 * Returns: (transfer none) (nullable): the string @name of the object @outer
 */
const gchar *
floe_engine_json_text_in (JsonObject *object, const gchar *outer, const gchar *name)
{
  return floe_engine_json_text (floe_engine_json_object (object, outer), name);
}

/**
 * floe_engine_json_number:
 *
 * Returns: the member, be it a string or a number; @fallback where it is neither
 */
gint64
floe_engine_json_number (JsonObject *object, const gchar *name, gint64 fallback)
{
  JsonNode *node = get_member (object, name);
  const gchar *text = floe_engine_json_text (object, name);
  gint64 value;

  if (text != NULL)
    return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL) ? value
                                                                                     : fallback;
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : fallback;
}

/**
 * floe_engine_json_flag:
 *
 * Returns: whether the member is "true" or true
 */
gboolean
floe_engine_json_flag (JsonObject *object, const gchar *name)
{
  JsonNode *node = get_member (object, name);
  const gchar *text = floe_engine_json_text (object, name);

  if (text != NULL)
    return g_str_equal (text, "true");
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/**
 * floe_engine_json_object:
 *
 * Returns: (transfer none) (nullable): the member, if it is an object
 */
JsonObject *
floe_engine_json_object (JsonObject *object, const gchar *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * floe_engine_json_id:
 * @object: (nullable): a thing, or what stands for one elsewhere
 *
 * Returns: (transfer none) (nullable): its id, if that is one: it becomes a part of paths
 */
const gchar *
floe_engine_json_id (JsonObject *object)
{
  const gchar *id = floe_engine_json_text (object, "id");

  return id != NULL && g_uuid_string_is_valid (id) ? id : NULL;
}

/**
 * floe_engine_json_list:
 * @name: the singular name under which a list's things are
 *
 * Returns: (transfer none) (nullable): them; %NULL where there are none
 */
JsonArray *
floe_engine_json_list (JsonObject *object, const gchar *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

guint
floe_engine_json_length (JsonArray *list)
{
  return list != NULL ? json_array_get_length (list) : 0;
}

/**
 * floe_engine_json_item:
 *
 * Returns: (transfer none) (nullable): the item, if it is an object
 */
JsonObject *
floe_engine_json_item (JsonArray *list, guint i)
{
  JsonNode *node = json_array_get_element (list, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * floe_engine_json_end:
 * @builder: the object of a request is open in it, and nothing within
 *
 * Returns: (transfer full): its text
 */
gchar *
floe_engine_json_end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
