/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/error.h"
#include "api/url.h"
#include "ctl/apply-file.h"
#include "ctl/output.h"
#include "ctl/table.h"

/**
 * Plan:
 * @item: how it is to be
 * @path: of the broker's
 * @body: what is put there
 * @tag: (nullable): of the state that it is in; %NULL where there is none yet
 * @changes: a line each
 *
 * What one thing comes to.
 */
typedef struct
{
  const FloeApplyItem *item;
  gchar *path;
  gchar *body;
  gchar *tag;
  GPtrArray *changes;
} Plan;

static void
plan_free (Plan *plan)
{
  g_free (plan->path);
  g_free (plan->body);
  g_free (plan->tag);
  g_ptr_array_unref (plan->changes);
  g_free (plan);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Plan, plan_free)

static gchar *
path_of (const FloeApplyItem *item, GError **error)
{
  switch (item->kind)
    {
    case FLOE_APPLY_POOL:
      return floe_url_join (error, "admin", "pools", item->name, NULL);
    case FLOE_APPLY_TERMINAL:
      return floe_url_join (error, "admin", "terminals", item->name, NULL);
    case FLOE_APPLY_SETTINGS:
    default:
      return floe_url_join (error, "admin", "terminal-groups", item->name, "settings", NULL);
    }
}

static gchar *
to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

/* The broker itself tells what would change. */
static gboolean
plan_pool (FloeCtl *self, Plan *plan, GError **error)
{
  g_autofree gchar *path = g_strconcat (plan->path, "?dry_run=true", NULL);
  g_autoptr (FloeTold) told = NULL;

  plan->body = to_text (plan->item->body);
  told =
      floe_ctl_ask (self, &(FloeAsk){ .method = "PUT", .path = path, .body = plan->body }, error);
  if (told == NULL)
    return FALSE;
  for (guint i = 0; i < floe_json_get_length (told->root, "changes"); i++)
    {
      JsonNode *line = floe_json_get_element (told->root, "changes", i);

      g_ptr_array_add (plan->changes,
                       g_strdup (JSON_NODE_HOLDS_VALUE (line) && json_node_get_string (line) != NULL
                                     ? json_node_get_string (line)
                                     : "-"));
    }
  plan->tag = g_steal_pointer (&told->tag);
  return TRUE;
}

/* member_text: "-" for what is missing or null */
static gchar *
member_text (JsonObject *object, const gchar *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? json_to_string (node, FALSE)
                                                      : g_strdup ("-");
}

static void
compare (Plan *plan, JsonObject *before, JsonObject *after, const gchar *name)
{
  g_autofree gchar *old = member_text (before, name);
  g_autofree gchar *new = member_text (after, name);

  if (strcmp (old, new) != 0)
    g_ptr_array_add (plan->changes, g_strdup_printf ("%s: %s -> %s", name, old, new));
}

static void
compare_all (Plan *plan, JsonObject *before, JsonObject *after)
{
  g_autoptr (GList) old = json_object_get_members (before);
  g_autoptr (GList) new = json_object_get_members (after);

  for (GList *at = new; at != NULL; at = at->next)
    compare (plan, before, after, at->data);
  for (GList *at = old; at != NULL; at = at->next)
    if (!json_object_has_member (after, at->data))
      compare (plan, before, after, at->data);
}

/* What a file leaves out is as if it said so. */
static JsonObject *
fill_terminal (const FloeApplyItem *item)
{
  JsonObject *body = json_object_new ();

  if (json_object_has_member (item->body, "description"))
    json_object_set_member (body, "description",
                            json_object_dup_member (item->body, "description"));
  if (json_object_has_member (item->body, "groups"))
    json_object_set_member (body, "groups", json_object_dup_member (item->body, "groups"));
  else
    json_object_set_array_member (body, "groups", json_array_new ());
  json_object_set_boolean_member (
      body, "public", json_object_get_boolean_member_with_default (item->body, "public", FALSE));
  return body;
}

static gboolean
check_terminal (const FloeApplyItem *item, GError **error)
{
  static const gchar *const known[] = { "name", "description", "groups", "public", NULL };
  g_autoptr (GList) names = json_object_get_members (item->body);

  for (GList *at = names; at != NULL; at = at->next)
    if (!g_strv_contains (known, at->data))
      {
        floe_ctl_set_usage (error, _ ("%s: terminal %s: unknown key \"%s\""), item->file,
                            item->name, (const gchar *)at->data);
        return FALSE;
      }
  return TRUE;
}

static gboolean
plan_terminal (FloeCtl *self, Plan *plan, GError **error)
{
  g_autoptr (FloeTold) told = NULL;
  g_autoptr (JsonObject) body = NULL;
  JsonObject *before;

  if (!check_terminal (plan->item, error) || !floe_ctl_look_up (self, plan->path, &told, error))
    return FALSE;
  body = fill_terminal (plan->item);
  before = told != NULL && JSON_NODE_HOLDS_OBJECT (told->root) ? json_node_get_object (told->root)
                                                               : NULL;
  if (before == NULL)
    g_ptr_array_add (plan->changes, g_strdup ("new terminal"));
  compare (plan, before, body, "description");
  compare (plan, before, body, "groups");
  compare (plan, before, body, "public");
  plan->body = to_text (body);
  plan->tag = told != NULL ? g_steal_pointer (&told->tag) : NULL;
  return TRUE;
}

static gboolean
plan_settings (FloeCtl *self, Plan *plan, GError **error)
{
  g_autoptr (FloeTold) told =
      floe_ctl_ask (self, &(FloeAsk){ .method = "GET", .path = plan->path }, error);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (JsonObject) nothing = json_object_new ();
  JsonNode *before, *revision;

  if (told == NULL)
    return FALSE;
  before = floe_json_get (told->root, "settings");
  revision = floe_json_get_value (told->root, "revision", G_TYPE_INT64);
  compare_all (plan,
               before != NULL && JSON_NODE_HOLDS_OBJECT (before) ? json_node_get_object (before)
                                                                 : nothing,
               plan->item->body);
  json_object_set_int_member (body, "revision",
                              revision != NULL ? json_node_get_int (revision) : 0);
  json_object_set_object_member (body, "settings", json_object_ref (plan->item->body));
  plan->body = to_text (body);
  plan->tag = g_steal_pointer (&told->tag);
  return TRUE;
}

static void
blame_file (const FloeApplyItem *item, GError **error)
{
  g_autoptr (GError) why = g_steal_pointer (error);

  if (g_error_matches (why, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID))
    floe_ctl_set_usage (error, "%s: %s %s: %s", item->file, floe_apply_kind_name (item->kind),
                        item->name, why->message);
  else
    *error = g_steal_pointer (&why);
}

static Plan *
make_plan (FloeCtl *self, const FloeApplyItem *item, GError **error)
{
  static gboolean (*const planners[]) (FloeCtl *, Plan *, GError **) = { plan_pool, plan_terminal,
                                                                         plan_settings };
  g_autoptr (Plan) plan = g_new0 (Plan, 1);

  plan->item = item;
  plan->changes = g_ptr_array_new_with_free_func (g_free);
  plan->path = path_of (item, error);
  if (plan->path == NULL || !planners[item->kind](self, plan, error))
    {
      blame_file (item, error);
      return NULL;
    }
  return g_steal_pointer (&plan);
}

static void
print_plan (const Plan *plan)
{
  g_autofree gchar *name = floe_tame (plan->item->name);
  guint n = plan->changes->len;

  if (n == 0)
    /* Translators: "pool" or the like, and its name */
    g_print (_ ("%s %s: unchanged\n"), floe_apply_kind_name (plan->item->kind), name);
  else
    g_print (ngettext ("%s %s: %u change\n", "%s %s: %u changes\n", n),
             floe_apply_kind_name (plan->item->kind), name, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *line = floe_tame (plan->changes->pdata[i]);

      g_print ("  %s\n", line);
    }
}

static void
print_plans_as_json (GPtrArray *plans, gboolean dry_run)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "dry_run");
  json_builder_add_boolean_value (builder, dry_run);
  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plans->len; i++)
    {
      const Plan *plan = plans->pdata[i];

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "kind");
      json_builder_add_string_value (builder, floe_apply_kind_name (plan->item->kind));
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, plan->item->name);
      json_builder_set_member_name (builder, "changes");
      json_builder_begin_array (builder);
      for (guint j = 0; j < plan->changes->len; j++)
        json_builder_add_string_value (builder, plan->changes->pdata[j]);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  floe_print_json (root);
}

/* show: whether anything changes */
static gboolean
show (FloeCtl *self, GPtrArray *plans, gboolean dry_run)
{
  gboolean any = FALSE;

  for (guint i = 0; i < plans->len; i++)
    any = any || ((const Plan *)plans->pdata[i])->changes->len > 0;
  if (self->json)
    print_plans_as_json (plans, dry_run);
  for (guint i = 0; !self->json && i < plans->len; i++)
    print_plan (plans->pdata[i]);
  return any;
}

/* put_all: each as it was planned, and nothing that somebody has changed since */
static gboolean
put_all (FloeCtl *self, GPtrArray *plans, GError **error)
{
  for (guint i = 0; i < plans->len; i++)
    {
      const Plan *plan = plans->pdata[i];
      g_autoptr (FloeTold) told = NULL;

      if (plan->changes->len == 0)
        continue;
      told = floe_ctl_ask (
          self,
          &(FloeAsk){
              .method = "PUT", .path = plan->path, .body = plan->body, .if_match = plan->tag },
          error);
      if (told == NULL)
        {
          blame_file (plan->item, error);
          /* Translators: "pool" or the like, and its name; what follows says why */
          g_prefix_error (error, _ ("%s %s, and what follows it, is as it was: "),
                          floe_apply_kind_name (plan->item->kind), plan->item->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
run_apply (FloeCtl *self, GStrv args, GError **error)
{
  gboolean dry_run = FALSE;
  g_auto (GStrv) files = NULL;
  const GOptionEntry entries[] = {
    { "file", 'f', 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, NULL, NULL },
    { NULL },
  };
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) plans = g_ptr_array_new_with_free_func ((GDestroyNotify)plan_free);
  gboolean any;

  if (!floe_ctl_parse (self, &args, entries, 0, 0, error))
    return FALSE;
  if (files == NULL)
    {
      floe_ctl_set_usage (error, _ ("which file? Give -f FILE"));
      return FALSE;
    }
  items = floe_apply_files_read ((const gchar *const *)files, error);
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      Plan *plan = make_plan (self, items->pdata[i], error);

      if (plan == NULL)
        return FALSE;
      g_ptr_array_add (plans, plan);
    }
  if (items == NULL)
    return FALSE;
  any = show (self, plans, dry_run);
  if (dry_run && any)
    self->status = FLOE_CTL_EXIT_CHANGES;
  return dry_run || put_all (self, plans, error);
}

const FloeCtlCommand floe_ctl_apply_commands[] = {
  { "apply", N_ ("-f FILE... [--dry-run]"),
    N_ ("Make pools, terminals and their settings as files say; print the changes first"),
    run_apply },
  { NULL },
};
