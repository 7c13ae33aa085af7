/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/apply-file.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl/json-file.h"

/*
 * A file is one object:
 *
 *   policies           name to a pool's policy; a pool names it in "policy"
 *   roles              name to a list of groups; a pool names it in "helpdesk_groups"
 *   pools              a list of pools, as "pool apply" takes them
 *   terminals          a list of terminals: name, description, groups, public
 *   terminal_settings  name of a group of terminals, or "all", to its settings
 *
 * What one file names may stand in another one.
 */

#define FILE_LIMIT (1024 * 1024)

static const gchar *const sections[] = { "policies", "roles", "pools", "terminals",
                                         "terminal_settings" };

/* The same for all files. */
typedef struct
{
  JsonObject *policies;
  JsonObject *roles;
  GPtrArray *items;
  GHashTable *seen; /* "kind name" */
} Reading;

void
floe_apply_item_free (FloeApplyItem *self)
{
  g_free (self->name);
  g_free (self->file);
  json_object_unref (self->body);
  g_free (self);
}

const gchar *
floe_apply_kind_name (FloeApplyKind kind)
{
  static const gchar *const names[] = { "pool", "terminal", "terminal-settings" };

  return names[kind];
}

static gboolean
check_sections (JsonObject *root, const gchar *file, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (root);

  for (GList *at = names; at != NULL; at = at->next)
    {
      gboolean known = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
        known = known || strcmp (at->data, sections[i]) == 0;
      if (known)
        continue;
      floe_ctl_set_usage (error,
                          _ ("%s: unknown section \"%s\"; there are policies, roles, pools, "
                             "terminals and terminal_settings"),
                          file, (const gchar *)at->data);
      return FALSE;
    }
  return TRUE;
}

/* section_of: (nullable); whether it is an object or missing */
static gboolean
section_of (JsonObject *root, const gchar *name, const gchar *file, JsonObject **section,
            GError **error)
{
  JsonNode *node = json_object_get_member (root, name);

  *section = NULL;
  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    *section = json_node_get_object (node);
  else
    floe_ctl_set_usage (error, _ ("%s: \"%s\" is not an object"), file, name);
  return *section != NULL;
}

static gboolean
take_names (JsonObject *all, JsonObject *root, const gchar *name, const gchar *file, GError **error)
{
  JsonObject *section;
  g_autoptr (GList) names = NULL;

  if (!section_of (root, name, file, &section, error))
    return FALSE;
  names = section != NULL ? json_object_get_members (section) : NULL;
  for (GList *at = names; at != NULL; at = at->next)
    {
      if (json_object_has_member (all, at->data))
        {
          floe_ctl_set_usage (error, _ ("%s: \"%s\" is given twice"), file,
                              (const gchar *)at->data);
          return FALSE;
        }
      json_object_set_member (all, at->data, json_object_dup_member (section, at->data));
    }
  return TRUE;
}

/* add: takes @body */
static gboolean
add (Reading *reading, FloeApplyKind kind, const gchar *name, const gchar *file, JsonObject *body,
     GError **error)
{
  FloeApplyItem *item = g_new0 (FloeApplyItem, 1);
  gchar *key = g_strdup_printf ("%d %s", (gint)kind, name);

  item->kind = kind;
  item->name = g_strdup (name);
  item->file = g_strdup (file);
  item->body = body;
  g_ptr_array_add (reading->items, item);
  if (g_hash_table_add (reading->seen, key))
    return TRUE;
  floe_ctl_set_usage (error, _ ("%s: \"%s\" is given twice"), file, name);
  return FALSE;
}

static gboolean
take_list (Reading *reading, JsonObject *root, const gchar *section, FloeApplyKind kind,
           const gchar *file, GError **error)
{
  JsonNode *node = json_object_get_member (root, section);
  JsonArray *list =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node != NULL && list == NULL)
    {
      floe_ctl_set_usage (error, _ ("%s: \"%s\" is not a list"), file, section);
      return FALSE;
    }
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *element = json_array_get_element (list, i);
      const gchar *name = JSON_NODE_HOLDS_OBJECT (element)
                              ? json_object_get_string_member_with_default (
                                  json_node_get_object (element), "name", NULL)
                              : NULL;

      if (name == NULL)
        {
          floe_ctl_set_usage (error, _ ("%s: each of \"%s\" is an object with a text \"name\""),
                              file, section);
          return FALSE;
        }
      if (!add (reading, kind, name, file, json_object_ref (json_node_get_object (element)), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_settings (Reading *reading, JsonObject *root, const gchar *file, GError **error)
{
  JsonObject *section;
  g_autoptr (GList) names = NULL;

  if (!section_of (root, "terminal_settings", file, &section, error))
    return FALSE;
  names = section != NULL ? json_object_get_members (section) : NULL;
  for (GList *at = names; at != NULL; at = at->next)
    {
      JsonObject *settings;

      if (!section_of (section, at->data, file, &settings, error)
          || !add (reading, FLOE_APPLY_SETTINGS, at->data, file, json_object_ref (settings), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_file (Reading *reading, const gchar *file, GError **error)
{
  const gchar *shown = g_str_equal (file, "-") ? _ ("standard input") : file;
  gsize length;
  g_autofree gchar *text = floe_json_file_read (file, shown, FILE_LIMIT, &length, error);
  g_autoptr (JsonNode) node =
      text != NULL ? floe_json_file_parse (shown, text, length, error) : NULL;
  JsonObject *root;

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      floe_ctl_set_usage (error, _ ("%s: expected an object"), shown);
      return FALSE;
    }
  root = json_node_get_object (node);
  return check_sections (root, shown, error)
         && take_names (reading->policies, root, "policies", shown, error)
         && take_names (reading->roles, root, "roles", shown, error)
         && take_list (reading, root, "pools", FLOE_APPLY_POOL, shown, error)
         && take_list (reading, root, "terminals", FLOE_APPLY_TERMINAL, shown, error)
         && take_settings (reading, root, shown, error);
}

/* spell_out: what stands under a name takes its place */
static gboolean
spell_out (FloeApplyItem *item, const gchar *member, JsonObject *names, GError **error)
{
  JsonNode *node = json_object_get_member (item->body, member);
  const gchar *name;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_string (node) == NULL)
    return TRUE;
  name = json_node_get_string (node);
  if (json_object_has_member (names, name))
    {
      json_object_set_member (item->body, member, json_object_dup_member (names, name));
      return TRUE;
    }
  floe_ctl_set_usage (error, _ ("%s: pool %s: nothing is called \"%s\", which its \"%s\" names"),
                      item->file, item->name, name, member);
  return FALSE;
}

static gboolean
take_all (Reading *reading, const gchar *const *files, GError **error)
{
  for (guint i = 0; files[i] != NULL; i++)
    if (!take_file (reading, files[i], error))
      return FALSE;
  for (guint i = 0; i < reading->items->len; i++)
    {
      FloeApplyItem *item = reading->items->pdata[i];

      if (item->kind == FLOE_APPLY_POOL
          && (!spell_out (item, "policy", reading->policies, error)
              || !spell_out (item, "helpdesk_groups", reading->roles, error)))
        return FALSE;
    }
  return TRUE;
}

/**
 * floe_apply_files_read:
 * @files: (array zero-terminated=1): their names; "-" for the standard input
 *
 * Returns: (transfer full) (element-type FloeApplyItem): what they say, in their order; or %NULL
 */
GPtrArray *
floe_apply_files_read (const gchar *const *files, GError **error)
{
  Reading reading = { json_object_new (), json_object_new (),
                      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_apply_item_free),
                      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  gboolean good = take_all (&reading, files, error);

  json_object_unref (reading.policies);
  json_object_unref (reading.roles);
  g_hash_table_unref (reading.seen);
  if (!good)
    g_clear_pointer (&reading.items, g_ptr_array_unref);
  return reading.items;
}
