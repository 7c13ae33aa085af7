/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/domains.h"

#include <string.h>

#include "api/json-get.h"

/* More than that is no list that anybody chooses from. */
#define MAX_DOMAINS 64
#define MAX_BYTES   256

void
floe_domains_free (FloeDomains *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->names);
  g_free (self->usual);
  g_free (self);
}

static gboolean
is_domain (JsonNode *node)
{
  const gchar *text =
      JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
          ? json_node_get_string (node)
          : NULL;

  return text != NULL && *text != '\0' && strlen (text) <= MAX_BYTES;
}

/**
 * floe_domains_read:
 * @answer: (nullable): what the broker answered, if it did
 *
 * Returns: (transfer full) (nullable): what there is to choose from; %NULL when there is no choice
 */
FloeDomains *
floe_domains_read (JsonNode *answer)
{
  JsonNode *list = floe_json_get (answer, "domains");
  JsonArray *array =
      list != NULL && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (FloeDomains) self = g_new0 (FloeDomains, 1);

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_DOMAINS); i++)
    if (is_domain (json_array_get_element (array, i)))
      g_strv_builder_add (names, json_array_get_string_element (array, i));
  self->names = g_strv_builder_end (names);
  self->usual = g_strdup (floe_json_get_text (answer, "default_domain"));
  return g_strv_length (self->names) > 1 ? g_steal_pointer (&self) : NULL;
}
