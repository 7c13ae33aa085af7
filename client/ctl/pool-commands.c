/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "ctl/body.h"
#include "ctl/json-file.h"
#include "ctl/listing.h"
#include "ctl/output.h"
#include "ctl/pool-path.h"
#include "ctl/pool-show.h"
#include "ctl/table.h"

/* The broker takes no larger body. */
#define FILE_LIMIT (64 * 1024)

static const FloeListing pools = {
  "admin/pools",
  (const gchar *const[]){ N_ ("NAME"), N_ ("KIND"), N_ ("MANAGER"), N_ ("TOTAL"), N_ ("FREE"),
                          N_ ("HELD"), N_ ("DIRTY"), N_ ("BROKEN"), N_ ("REFUSED"), N_ ("CLOSED"),
                          N_ ("PROBLEM"), NULL },
  (const gchar *const[]){ "name", "kind", "manager", "counts.total", "counts.free", "counts.held",
                          "counts.dirty", "counts.broken", "counts.refused", "closed", "problem",
                          NULL },
  N_ ("There is no pool yet; \"floectl pool apply FILE\" makes one."),
};

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &pools, pools.path, 0, FALSE, error);
}

static gboolean
run_show (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) pool = NULL;
  g_autofree gchar *path = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error))
    return FALSE;
  path = floe_ctl_pool_path (args[1], NULL, error);
  if (path != NULL)
    pool = floe_ctl_call_as_user (self, "GET", path, NULL, error);
  if (pool == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (pool);
  else
    floe_ctl_print_pool (pool);
  return TRUE;
}

/* The pool's name out of a file of JSON; the rest of it is for the broker to judge. */
static gchar *
name_in (const gchar *file, const gchar *text, gsize length, GError **error)
{
  g_autoptr (JsonNode) root = floe_json_file_parse (file, text, length, error);
  const gchar *name;

  if (root == NULL)
    return NULL;
  name = floe_json_get_text (root, "name");
  if (name == NULL || *name == '\0')
    floe_ctl_set_usage (error, _ ("%s: a pool is an object with a text \"name\""), file);
  return g_strdup (name != NULL && *name != '\0' ? name : NULL);
}

static void
print_changes (const gchar *name, JsonNode *answer, gboolean dry_run)
{
  guint n = floe_json_get_length (answer, "changes");
  g_autofree gchar *shown = floe_tame (name);

  if (n == 0)
    {
      /* Translators: a pool's name */
      g_print (_ ("%s: unchanged\n"), shown);
      return;
    }
  if (dry_run)
    g_print (ngettext ("%s: %u change, which was not made\n",
                       "%s: %u changes, which were not made\n", n),
             shown, n);
  else
    g_print (ngettext ("%s: %u change\n", "%s: %u changes\n", n), shown, n);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *change = floe_json_get_element (answer, "changes", i);
      g_autofree gchar *text = floe_tame (
          JSON_NODE_HOLDS_VALUE (change) && json_node_get_value_type (change) == G_TYPE_STRING
              ? json_node_get_string (change)
              : "-");

      g_print ("  %s\n", text);
    }
}

/* What the broker does not like about a field is a fault of the file. */
static void
fail_to_apply (const gchar *file, GError *why, GError **error)
{
  if (!g_error_matches (why, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID))
    {
      g_propagate_error (error, why);
      return;
    }
  floe_ctl_set_usage (error, "%s: %s", file, why->message);
  g_error_free (why);
}

/* @file is what the pool is read from, for errors, and @text what is in it. @tag: (nullable): of
 * what is there already. */
static FloeTold *
put_pool (FloeCtl *self, const gchar *file, const gchar *name, const gchar *text, const gchar *tag,
          gboolean dry_run, GError **error)
{
  g_autofree gchar *path = floe_ctl_pool_path (name, NULL, error);
  g_autofree gchar *whole = NULL;
  FloeTold *told;
  GError *why = NULL;

  if (path == NULL)
    {
      g_prefix_error (error, "%s: ", file);
      return NULL;
    }
  whole = g_strconcat (path, dry_run ? "?dry_run=true" : NULL, NULL);
  told = floe_ctl_ask (
      self, &(FloeAsk){ .method = "PUT", .path = whole, .body = text, .if_match = tag }, &why);
  if (told == NULL)
    fail_to_apply (file, why, error);
  return told;
}

/* What it would come to is asked first: the answer's tag says of which state of the pool that
 * holds, and that state alone is changed. */
static FloeTold *
apply (FloeCtl *self, const gchar *file, const gchar *name, const gchar *text, gboolean dry_run,
       GError **error)
{
  g_autoptr (FloeTold) planned = put_pool (self, file, name, text, NULL, TRUE, error);

  if (planned == NULL || dry_run)
    return g_steal_pointer (&planned);
  return put_pool (self, file, name, text, planned->tag, FALSE, error);
}

static gboolean
run_apply (FloeCtl *self, GStrv args, GError **error)
{
  gboolean dry_run = FALSE;
  const GOptionEntry entries[] = { { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, NULL, NULL },
                                   { NULL } };
  const gchar *file;
  g_autofree gchar *text = NULL;
  g_autofree gchar *name = NULL;
  g_autoptr (FloeTold) told = NULL;
  gsize length;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  file = g_str_equal (args[1], "-") ? _ ("standard input") : args[1];
  text = floe_json_file_read (args[1], file, FILE_LIMIT, &length, error);
  if (text != NULL)
    name = name_in (file, text, length, error);
  if (name != NULL)
    told = apply (self, file, name, text, dry_run, error);
  if (told == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (told->root);
  else
    print_changes (name, told->root, dry_run);
  return TRUE;
}

static gboolean
run_delete (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;
  g_autofree gchar *path = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error))
    return FALSE;
  path = floe_ctl_pool_path (args[1], NULL, error);
  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "DELETE", path, NULL, error);
  if (answer != NULL && !self->json)
    g_print (_ ("%s: deleted\n"), args[1]);
  return answer != NULL;
}

/* What the engine decides of a pool. @number: what was given for an option, -1 for nothing */
static void
add_number (JsonBuilder *body, const gchar *name, gint number)
{
  if (number < 0)
    return;
  json_builder_set_member_name (body, name);
  json_builder_add_int_value (body, number);
}

static gchar *
write_engine_edit (gint prestarted, gint per_user, const gchar *entitle, const gchar *withdraw)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  add_number (body, "prestarted", prestarted);
  add_number (body, "per_user", per_user);
  floe_body_add_text (body, "group", entitle != NULL ? entitle : withdraw);
  if (entitle != NULL || withdraw != NULL)
    floe_body_add_flag (body, "entitled", entitle != NULL);
  return floe_body_end (body);
}

static gboolean
run_engine (FloeCtl *self, GStrv args, GError **error)
{
  gint prestarted = -1;
  gint per_user = -1;
  g_autofree gchar *entitle = NULL;
  g_autofree gchar *withdraw = NULL;
  const GOptionEntry entries[] = {
    { "prestarted", 0, 0, G_OPTION_ARG_INT, &prestarted, NULL, NULL },
    { "per-user", 0, 0, G_OPTION_ARG_INT, &per_user, NULL, NULL },
    { "entitle", 0, 0, G_OPTION_ARG_STRING, &entitle, NULL, NULL },
    { "withdraw", 0, 0, G_OPTION_ARG_STRING, &withdraw, NULL, NULL },
    { NULL },
  };
  g_autofree gchar *path = NULL;
  g_autofree gchar *body = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  if (entitle != NULL && withdraw != NULL)
    {
      floe_ctl_set_usage (error, _ ("--entitle or --withdraw: one of them at a time"));
      return FALSE;
    }
  path = floe_ctl_pool_path (args[1], "engine", error);
  body = write_engine_edit (prestarted, per_user, entitle, withdraw);
  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "POST", path, body, error);
  if (answer != NULL && !self->json)
    /* Translators: a pool's name */
    g_print (_ ("%s: changed at its engine\n"), args[1]);
  return answer != NULL;
}

const FloeCtlCommand floe_ctl_pool_commands[] = {
  { "pool list", "", N_ ("List the pools"), run_list },
  { "pool show", N_ ("NAME"), N_ ("Show a pool and its desktops"), run_show },
  { "pool apply", N_ ("FILE|- [--dry-run]"),
    N_ ("Make or change a pool as a JSON file says; print the changes"), run_apply },
  { "pool delete", N_ ("NAME"), N_ ("Delete a pool that nobody uses; its machines stay"),
    run_delete },
  { "pool engine", N_ ("NAME [--prestarted N] [--per-user N] [--entitle GROUP | --withdraw GROUP]"),
    N_ ("Change what an oVirt engine decides of a pool"), run_engine },
  { NULL },
};
