/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/policy.h"

#include "api/error.h"

/**
 * floe_policy_new:
 *
 * Returns: (transfer full): one that allows all, as brokers do that know of none
 */
FloePolicy *
floe_policy_new (void)
{
  FloePolicy *self = g_new0 (FloePolicy, 1);

  self->folder = FLOE_FOLDER_READ_WRITE;
  self->usb = self->playback = self->record = self->smartcard = TRUE;
  return self;
}

FloePolicy *
floe_policy_copy (const FloePolicy *self)
{
  FloePolicy *copy = g_memdup2 (self, sizeof *self);

  copy->usb_filter = g_strdup (self->usb_filter);
  copy->usb_connect = g_strdup (self->usb_connect);
  return copy;
}

void
floe_policy_free (FloePolicy *self)
{
  g_free (self->usb_filter);
  g_free (self->usb_connect);
  g_free (self);
}

/**
 * floe_policy_is_open:
 *
 * Returns: whether it restricts nothing
 */
gboolean
floe_policy_is_open (const FloePolicy *self)
{
  return self->clipboard == FLOE_WAY_BOTH && self->files <= FLOE_WAY_TO_GUEST
         && self->folder == FLOE_FOLDER_READ_WRITE && self->usb && self->usb_filter == NULL
         && self->playback && self->record && self->smartcard;
}

static gboolean
set_wrong (GError **error, const gchar *field)
{
  g_propagate_error (error, floe_client_error_new (FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                                                   "the answer's field \"policy.%s\" is not of its "
                                                   "kind",
                                                   field));
  return FALSE;
}

/* get_value: the value of @type, or %NULL in @value where there is none */
static gboolean
get_value (JsonObject *object, const gchar *field, GType type, JsonNode **value, GError **error)
{
  JsonNode *node = json_object_get_member (object, field);

  *value = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    return set_wrong (error, field);
  *value = node;
  return TRUE;
}

/* A word that is unknown here is taken for the strictest: what a newer broker means by it may be no
 * less. */
static gboolean
read_word (JsonObject *object, const gchar *field, const gchar *const *names, guint strictest,
           guint *word, GError **error)
{
  JsonNode *node;

  if (!get_value (object, field, G_TYPE_STRING, &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  *word = strictest;
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], json_node_get_string (node)))
      *word = i;
  return TRUE;
}

static gboolean
read_flag (JsonObject *object, const gchar *field, gboolean *flag, GError **error)
{
  JsonNode *node;

  if (!get_value (object, field, G_TYPE_BOOLEAN, &node, error))
    return FALSE;
  if (node != NULL)
    *flag = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_way (JsonObject *object, const gchar *field, FloeWay *way, GError **error)
{
  static const gchar *const names[] = { "both", "to-guest", "from-guest", "none", NULL };
  guint word = *way;
  gboolean good = read_word (object, field, names, FLOE_WAY_NONE, &word, error);

  *way = (FloeWay)word;
  return good;
}

static gboolean
read_folder (JsonObject *object, FloeFolder *folder, GError **error)
{
  static const gchar *const names[] = { "none", "read-only", "read-write", NULL };
  guint word = *folder;
  gboolean good = read_word (object, "folder", names, FLOE_FOLDER_NONE, &word, error);

  *folder = (FloeFolder)word;
  return good;
}

static gboolean
read_usb (FloePolicy *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "usb");
  JsonNode *filter, *connect;
  JsonObject *usb;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_wrong (error, "usb");
  usb = json_node_get_object (node);
  if (!read_flag (usb, "allowed", &self->usb, error)
      || !get_value (usb, "filter", G_TYPE_STRING, &filter, error)
      || !get_value (usb, "connect", G_TYPE_STRING, &connect, error))
    return FALSE;
  self->usb_filter = filter != NULL ? json_node_dup_string (filter) : NULL;
  self->usb_connect = connect != NULL ? json_node_dup_string (connect) : NULL;
  return TRUE;
}

/* One that this program does not know it cannot tell anybody. */
static gboolean
read_courtesies (FloePolicy *self, JsonObject *object, GError **error)
{
  static const gchar *const names[FLOE_N_RULES] = { "clipboard", "files",  "folder",   "usb",
                                                    "playback",  "record", "smartcard" };
  JsonNode *node = json_object_get_member (object, "courtesies");
  JsonArray *list;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return set_wrong (error, "courtesies");
  list = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *item = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
        return set_wrong (error, "courtesies");
      for (guint rule = 0; rule < FLOE_N_RULES; rule++)
        if (g_str_equal (names[rule], json_node_get_string (item)))
          self->courtesies |= 1u << rule;
    }
  return TRUE;
}

/**
 * floe_policy_decode:
 * @node: (nullable): a POLICY; %NULL for a broker that knows of none
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): what it says; what it leaves out is allowed, and a word that
 *   is unknown here forbids
 */
FloePolicy *
floe_policy_decode (JsonNode *node, GError **error)
{
  g_autoptr (FloePolicy) self = floe_policy_new ();
  JsonObject *object;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_steal_pointer (&self);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      set_wrong (error, "");
      return NULL;
    }
  object = json_node_get_object (node);
  if (!read_way (object, "clipboard", &self->clipboard, error)
      || !read_way (object, "files", &self->files, error)
      || !read_folder (object, &self->folder, error) || !read_usb (self, object, error)
      || !read_flag (object, "playback", &self->playback, error)
      || !read_flag (object, "record", &self->record, error)
      || !read_flag (object, "smartcard", &self->smartcard, error)
      || !read_courtesies (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}
