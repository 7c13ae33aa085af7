/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/listing.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl/output.h"

/* How often a list that is watched is asked for. */
#define WATCH_SECONDS 2

/* What makes a terminal begin with an empty screen. */
#define CLEAR "\033[H\033[2J"

/**
 * floe_ctl_add_query:
 * @path: a path, with or without parameters
 * @value: (nullable): nothing is added without one
 */
void
floe_ctl_add_query (GString *path, const gchar *name, const gchar *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (path, "%c%s=", strchr (path->str, '?') != NULL ? '&' : '?', name);
  g_string_append_uri_escaped (path, value, NULL, FALSE);
}

static void
append_items (JsonNode *page, JsonArray *items, guint most)
{
  for (guint i = 0; i < floe_json_get_length (page, "items"); i++)
    if (most == 0 || json_array_get_length (items) < most)
      json_array_add_element (items, json_node_copy (floe_json_get_element (page, "items", i)));
}

static JsonNode *
make_answer (JsonArray *items, const gchar *next)
{
  JsonNode *root = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (root, json_object_new ());
  json_object_set_array_member (json_node_get_object (root), "items", items);
  if (next != NULL)
    json_object_set_string_member (json_node_get_object (root), "next", next);
  else
    json_object_set_null_member (json_node_get_object (root), "next");
  return root;
}

/**
 * floe_ctl_list:
 * @path: of a list, behind /api/v1/, escaped
 * @most: so many at most; 0 for all
 *
 * Asks for one page after the other.
 *
 * Returns: (transfer full) (nullable): {"items": [...], "next": ...}
 */
JsonNode *
floe_ctl_list (FloeCtl *self, const gchar *path, guint most, GError **error)
{
  JsonArray *items = json_array_new ();
  g_autofree gchar *next = NULL;

  do
    {
      g_autoptr (GString) url = g_string_new (path);
      g_autoptr (JsonNode) page = NULL;

      floe_ctl_add_query (url, "cursor", next);
      page = floe_ctl_call_as_user (self, "GET", url->str, NULL, error);
      if (page == NULL)
        {
          json_array_unref (items);
          return NULL;
        }
      append_items (page, items, most);
      g_free (next);
      next = g_strdup (floe_json_get_text (page, "next"));
    }
  while (next != NULL && (most == 0 || json_array_get_length (items) < most));
  return make_answer (items, next);
}

/**
 * floe_json_get_shown_at:
 * @path: as in #FloeListing
 *
 * Returns: (transfer full): as floe_json_get_shown()
 */
gchar *
floe_json_get_shown_at (JsonNode *node, const gchar *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  guint i = 0;

  for (; steps[i + 1] != NULL; i++)
    node = floe_json_get (node, steps[i]);
  return floe_json_get_shown (node, steps[i]);
}

/**
 * floe_ctl_print_listing:
 * @answer: (nullable): what the broker answered, if all is well
 * @name: of the list in it
 */
void
floe_ctl_print_listing (const FloeListing *listing, JsonNode *answer, const gchar *name)
{
  g_autoptr (FloeTable) table = floe_table_new_with (listing->headings);

  for (guint i = 0; i < floe_json_get_length (answer, name); i++)
    for (guint f = 0; listing->fields[f] != NULL; f++)
      {
        g_autofree gchar *shown =
            floe_json_get_shown_at (floe_json_get_element (answer, name, i), listing->fields[f]);

        floe_table_add (table, shown);
      }
  floe_table_print (table);
}

static void
print (FloeCtl *self, const FloeListing *listing, JsonNode *answer, gboolean watch)
{
  if (watch && !self->json)
    g_print ("%s", CLEAR);
  if (self->json)
    floe_print_json (answer);
  else if (listing->nothing != NULL && floe_json_get_length (answer, "items") == 0)
    g_print ("%s\n", _ (listing->nothing));
  else
    floe_ctl_print_listing (listing, answer, "items");
}

static gboolean
wake (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * floe_ctl_pause:
 *
 * Waits, before something is looked at again.
 */
void
floe_ctl_pause (guint milliseconds)
{
  gboolean awake = FALSE;

  g_timeout_add (milliseconds, wake, &awake);
  while (!awake)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * floe_ctl_show_listing:
 * @path: the list's, with its filters
 * @most: see floe_ctl_list()
 * @watch: print it again whenever it changed, until somebody presses Ctrl+C
 *
 * Returns: %TRUE if it could be printed
 */
gboolean
floe_ctl_show_listing (FloeCtl *self, const FloeListing *listing, const gchar *path, guint most,
                       gboolean watch, GError **error)
{
  g_autofree gchar *before = NULL;

  do
    {
      g_autoptr (JsonNode) answer = floe_ctl_list (self, path, most, error);
      g_autofree gchar *text = NULL;

      if (answer == NULL)
        return FALSE;
      text = json_to_string (answer, FALSE);
      if (g_strcmp0 (text, before) != 0)
        print (self, listing, answer, watch);
      g_free (before);
      before = g_steal_pointer (&text);
      if (watch)
        floe_ctl_pause (WATCH_SECONDS * 1000);
    }
  while (watch);
  return TRUE;
}
