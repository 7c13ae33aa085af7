/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/announcements.h"

#include "api/json-get.h"

/* A broker has fewer, and shorter ones; a log-in must stay one, whoever answers. */
#define MAX_ANNOUNCEMENTS 20
#define MAX_CHARACTERS    1000

void
floe_announcement_free (FloeAnnouncement *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

/* What is unknown here stands out as a warning does. */
static FloeSeverity
read_severity (JsonNode *node)
{
  const gchar *text = floe_json_get_text (node, "severity");

  if (g_strcmp0 (text, "info") == 0)
    return FLOE_SEVERITY_INFO;
  return g_strcmp0 (text, "critical") == 0 ? FLOE_SEVERITY_CRITICAL : FLOE_SEVERITY_WARNING;
}

/**
 * floe_announcements_read:
 * @answer: (nullable): what the broker answered, if it did
 *
 * Returns: (transfer full) (element-type FloeAnnouncement): what is said there, as far as it can be
 *   shown
 */
GPtrArray *
floe_announcements_read (JsonNode *answer)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_announcement_free);
  JsonNode *member = floe_json_get (answer, "announcements");
  JsonArray *array =
      member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_ANNOUNCEMENTS);
       i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const gchar *text = floe_json_get_text (node, "text");
      FloeAnnouncement *announcement;

      if (text == NULL || *text == '\0')
        continue;
      announcement = g_new0 (FloeAnnouncement, 1);
      announcement->severity = read_severity (node);
      announcement->text =
          g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_CHARACTERS));
      g_ptr_array_add (list, announcement);
    }
  return list;
}
