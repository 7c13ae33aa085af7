/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "api/json-scan.h"
#include "api/quote.h"
#include "core/error.h"

/* One object that is being read: the members of it that were asked for are known. */
typedef struct
{
  JsonObject *object; /* borrowed from the parser; NULL where it is missing */
  GHashTable *known;
  gsize path_length; /* of the path up to and without this object */
} Level;

struct _FloeJsonReader
{
  JsonParser *parser;
  GArray *levels;
  GString *path;
  GError *error; /* the first one */
};

static void
clear_level (gpointer data)
{
  Level *level = data;

  g_hash_table_unref (level->known);
}

static Level *
top (FloeJsonReader *self)
{
  return &g_array_index (self->levels, Level, self->levels->len - 1);
}

static void
push (FloeJsonReader *self, JsonObject *object, gsize path_length)
{
  Level level = { object, g_hash_table_new (g_str_hash, g_str_equal), path_length };

  g_array_append_val (self->levels, level);
}

/**
 * floe_json_reader_new:
 * @text: a body
 * @length: its bytes
 *
 * Returns: (transfer full) (nullable): a reader that stands at the root object; or %NULL with
 *   %FLOE_ERROR_INVALID when @text is not what floe_json_scan() lets through
 */
FloeJsonReader *
floe_json_reader_new (const gchar *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  FloeJsonReader *self;

  if (!floe_json_scan (text, length, error))
    return NULL;
  if (!json_parser_load_from_data (parser, text, (gssize)length, &cause))
    {
      /* Not reached while the scanner is the stricter of the two. */
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "JSON: malformed");
      return NULL;
    }
  self = g_new0 (FloeJsonReader, 1);
  self->parser = g_steal_pointer (&parser);
  self->path = g_string_new (NULL);
  self->levels = g_array_new (FALSE, FALSE, sizeof (Level));
  g_array_set_clear_func (self->levels, clear_level);
  push (self, json_node_get_object (json_parser_get_root (self->parser)), 0);
  return self;
}

void
floe_json_reader_free (FloeJsonReader *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->levels);
  g_string_free (self->path, TRUE);
  g_clear_error (&self->error);
  g_object_unref (self->parser);
  g_free (self);
}

/**
 * floe_json_reader_refuse:
 * @self: a reader
 * @name: a member of the object that it stands at
 * @what: what is wrong with it
 *
 * Records a fault that only the caller can see, unless there is an earlier one.
 */
void
floe_json_reader_refuse (FloeJsonReader *self, const gchar *name, const gchar *what)
{
  if (self->error == NULL)
    self->error =
        g_error_new (FLOE_ERROR, FLOE_ERROR_INVALID, "%s%s: %s", self->path->str, name, what);
}

/* look_up: the member, or NULL; says so when it is needed */
static JsonNode *
look_up (FloeJsonReader *self, const gchar *name, gboolean needed)
{
  Level *level = top (self);
  JsonNode *node = NULL;

  if (self->error != NULL)
    return NULL;
  g_hash_table_add (level->known, (gpointer)name);
  if (level->object != NULL)
    node = json_object_get_member (level->object, name);
  if (node == NULL && needed)
    floe_json_reader_refuse (self, name, "missing");
  return node;
}

/**
 * floe_json_reader_has:
 * @self: a reader
 * @name: (transfer none): a member's name; a string constant, as everywhere here
 *
 * Returns: whether the object that it stands at has it
 */
gboolean
floe_json_reader_has (FloeJsonReader *self, const gchar *name)
{
  return look_up (self, name, FALSE) != NULL;
}

static gchar *
read_string (FloeJsonReader *self, JsonNode *node, const gchar *name, gsize max_bytes)
{
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    {
      floe_json_reader_refuse (self, name, "expected a string");
      return NULL;
    }
  if (strlen (json_node_get_string (node)) > max_bytes)
    {
      g_autofree gchar *what = g_strdup_printf ("longer than %" G_GSIZE_FORMAT " bytes", max_bytes);

      floe_json_reader_refuse (self, name, what);
      return NULL;
    }
  return json_node_dup_string (node);
}

/**
 * floe_json_reader_get_string:
 * @self: a reader
 * @name: the member
 * @max_bytes: its length at most
 *
 * Returns: (transfer full) (nullable): its value; %NULL after an error
 */
gchar *
floe_json_reader_get_string (FloeJsonReader *self, const gchar *name, gsize max_bytes)
{
  JsonNode *node = look_up (self, name, TRUE);

  return node != NULL ? read_string (self, node, name, max_bytes) : NULL;
}

/**
 * floe_json_reader_get_string_or:
 * @self: a reader
 * @name: the member
 * @max_bytes: its length at most
 * @fallback: (nullable): what it is when it is absent
 *
 * Returns: (transfer full) (nullable): its value
 */
gchar *
floe_json_reader_get_string_or (FloeJsonReader *self, const gchar *name, gsize max_bytes,
                                const gchar *fallback)
{
  JsonNode *node = look_up (self, name, FALSE);

  return node != NULL ? read_string (self, node, name, max_bytes) : g_strdup (fallback);
}

gboolean
floe_json_reader_get_bool_or (FloeJsonReader *self, const gchar *name, gboolean fallback)
{
  JsonNode *node = look_up (self, name, FALSE);

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      floe_json_reader_refuse (self, name, "expected true or false");
      return fallback;
    }
  return json_node_get_boolean (node);
}

/**
 * floe_json_reader_get_int_or:
 * @self: a reader
 * @name: the member
 * @min: the smallest value that is allowed
 * @max: the biggest one
 * @fallback: what it is when it is absent
 *
 * Returns: its value
 */
gint64
floe_json_reader_get_int_or (FloeJsonReader *self, const gchar *name, gint64 min, gint64 max,
                             gint64 fallback)
{
  JsonNode *node = look_up (self, name, FALSE);

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < min
      || json_node_get_int (node) > max)
    {
      g_autofree gchar *what = g_strdup_printf (
          "expected a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, min, max);

      floe_json_reader_refuse (self, name, what);
      return fallback;
    }
  return json_node_get_int (node);
}

/* look_up_array: the member, or NULL; says so when it is none, or too long */
static JsonArray *
look_up_array (FloeJsonReader *self, const gchar *name, gboolean needed, const gchar *expected,
               guint max_elements)
{
  JsonNode *node = look_up (self, name, needed);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    floe_json_reader_refuse (self, name, expected);
  else if (json_array_get_length (json_node_get_array (node)) > max_elements)
    {
      g_autofree gchar *what = g_strdup_printf ("more than %u elements", max_elements);

      floe_json_reader_refuse (self, name, what);
    }
  return self->error == NULL ? json_node_get_array (node) : NULL;
}

/**
 * floe_json_reader_get_strings:
 * @self: a reader
 * @name: the member, which must be there
 * @max_elements: its elements at most
 * @max_bytes: each one's length at most
 *
 * Returns: (transfer full) (nullable): its elements; %NULL after an error
 */
GStrv
floe_json_reader_get_strings (FloeJsonReader *self, const gchar *name, guint max_elements,
                              gsize max_bytes)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array = look_up_array (self, name, TRUE, "expected an array of strings", max_elements);

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree gchar *element = g_strdup_printf ("%s[%u]", name, i);

      g_ptr_array_add (strings,
                       read_string (self, json_array_get_element (array, i), element, max_bytes));
      if (self->error != NULL)
        return NULL;
    }
  g_ptr_array_add (strings, NULL);
  return (GStrv)g_ptr_array_steal (strings, NULL);
}

/* end_level: nothing is in the object that was not asked for */
static void
end_level (FloeJsonReader *self)
{
  Level *level = top (self);
  g_autoptr (GList) names = NULL;

  if (self->error != NULL || level->object == NULL)
    return;
  names = json_object_get_members (level->object);
  for (GList *name = names; name != NULL; name = name->next)
    if (!g_hash_table_contains (level->known, name->data))
      {
        g_autofree gchar *quoted = floe_quote_text (name->data, -1);

        floe_json_reader_refuse (self, quoted, "unknown key");
        return;
      }
}

/**
 * floe_json_reader_count:
 * @self: a reader
 * @name: a member that may be an array of objects
 * @max_elements: its elements at most
 *
 * Returns: how many it has, for floe_json_reader_enter_element(); 0 when it is absent
 */
guint
floe_json_reader_count (FloeJsonReader *self, const gchar *name, guint max_elements)
{
  JsonArray *array =
      look_up_array (self, name, FALSE, "expected an array of objects", max_elements);

  return array != NULL ? json_array_get_length (array) : 0;
}

static void
enter (FloeJsonReader *self, const gchar *name, JsonNode *node)
{
  gsize path_length = self->path->len;

  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    floe_json_reader_refuse (self, name, "expected an object");
  g_string_append_printf (self->path, "%s.", name);
  push (self, self->error == NULL ? json_node_get_object (node) : NULL, path_length);
}

/**
 * floe_json_reader_enter:
 * @self: a reader
 * @name: a member that must be an object
 *
 * From now on it stands at that object, up to the floe_json_reader_leave() that every enter needs.
 */
void
floe_json_reader_enter (FloeJsonReader *self, const gchar *name)
{
  enter (self, name, look_up (self, name, TRUE));
}

/**
 * floe_json_reader_enter_element:
 * @self: a reader
 * @name: an array that floe_json_reader_count() was asked about
 * @i: below that number
 *
 * As floe_json_reader_enter(), of an element that must be an object.
 */
void
floe_json_reader_enter_element (FloeJsonReader *self, const gchar *name, guint i)
{
  g_autofree gchar *element = g_strdup_printf ("%s[%u]", name, i);
  JsonNode *array = look_up (self, name, TRUE);

  enter (self, element,
         array != NULL ? json_array_get_element (json_node_get_array (array), i) : NULL);
}

void
floe_json_reader_leave (FloeJsonReader *self)
{
  gsize path_length = top (self)->path_length;

  end_level (self);
  g_array_set_size (self->levels, self->levels->len - 1);
  g_string_truncate (self->path, path_length);
}

/**
 * floe_json_reader_end:
 * @self: a reader that left every object it entered
 *
 * Returns: whether everything that was read was right and nothing else was there; otherwise
 *   %FLOE_ERROR_INVALID for the first thing that was wrong
 */
gboolean
floe_json_reader_end (FloeJsonReader *self, GError **error)
{
  g_return_val_if_fail (self->levels->len == 1, FALSE);

  end_level (self);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}
