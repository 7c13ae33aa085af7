/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/command.h"
#include "ctl/output.h"
#include "ctl/table.h"

/* What is done with a pool as a whole, and whose its desktops are. */

static JsonNode *
post (FloeCtl *self, const gchar *pool, const gchar *what, const gchar *body, GError **error)
{
  g_autofree gchar *path = floe_url_join (error, "admin", "pools", pool, what, NULL);

  return path != NULL ? floe_ctl_call_as_user (self, "POST", path, body, error) : NULL;
}

static gchar *
to_text (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
run_close (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *message = NULL;
  gboolean drain = FALSE;
  const GOptionEntry entries[] = { { "message", 0, 0, G_OPTION_ARG_STRING, &message, NULL, NULL },
                                   { "drain", 0, 0, G_OPTION_ARG_NONE, &drain, NULL, NULL },
                                   { NULL } };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) answer = NULL;
  g_autofree gchar *body = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  json_builder_begin_object (builder);
  if (message != NULL)
    {
      json_builder_set_member_name (builder, "message");
      json_builder_add_string_value (builder, message);
    }
  json_builder_set_member_name (builder, "drain");
  json_builder_add_boolean_value (builder, drain);
  body = to_text (builder);
  answer = post (self, args[1], "close", body, error);
  if (answer != NULL && !self->json)
    /* Translators: a pool's name */
    g_print (_ ("%s: closed\n"), args[1]);
  return answer != NULL;
}

static gboolean
run_open (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error))
    return FALSE;
  answer = post (self, args[1], "open", NULL, error);
  if (answer != NULL && !self->json)
    /* Translators: a pool's name */
    g_print (_ ("%s: open\n"), args[1]);
  return answer != NULL;
}

static gboolean
run_renew (FloeCtl *self, GStrv args, GError **error)
{
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error))
    return FALSE;
  answer = post (self, args[1], "revisions", NULL, error);
  if (answer != NULL && !self->json)
    g_print (_ ("%s: a new revision is wanted; \"floectl pool show\" says how it goes\n"), args[1]);
  return answer != NULL;
}

/* The id of a pool's desktop: people know it by its name. */
static gchar *
find_desktop (FloeCtl *self, const gchar *pool, const gchar *desktop, GError **error)
{
  g_autofree gchar *path = floe_url_join (error, "admin", "pools", pool, NULL);
  g_autoptr (JsonNode) answer =
      path != NULL ? floe_ctl_call_as_user (self, "GET", path, NULL, error) : NULL;

  if (answer == NULL)
    return NULL;
  for (guint i = 0; i < floe_json_get_length (answer, "desktops"); i++)
    {
      JsonNode *one = floe_json_get_element (answer, "desktops", i);
      const gchar *id = floe_json_get_text (one, "id");

      if (id != NULL
          && (g_str_equal (id, desktop)
              || g_strcmp0 (floe_json_get_text (one, "name"), desktop) == 0))
        return g_strdup (id);
    }
  floe_ctl_set_failed (error, _ ("pool %s has no desktop %s"), pool, desktop);
  return NULL;
}

/* @what: "assign" with a user, or "release" */
static gboolean
change_owner (FloeCtl *self, GStrv args, const gchar *what, const gchar *user, const gchar *reason,
              GError **error)
{
  g_autofree gchar *id = find_desktop (self, args[1], args[2], error);
  g_autofree gchar *path =
      id != NULL ? floe_url_join (error, "admin", "desktops", id, what, NULL) : NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) answer = NULL;
  g_autofree gchar *body = NULL;

  json_builder_begin_object (builder);
  if (user != NULL)
    {
      json_builder_set_member_name (builder, "user");
      json_builder_add_string_value (builder, user);
    }
  json_builder_set_member_name (builder, "reason");
  json_builder_add_string_value (builder, reason);
  body = to_text (builder);
  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "POST", path, body, error);
  return answer != NULL;
}

static gboolean
parse_with_reason (FloeCtl *self, GStrv *args, guint n, gchar **reason, GError **error)
{
  const GOptionEntry entries[] = { { "reason", 0, 0, G_OPTION_ARG_STRING, reason, NULL, NULL },
                                   { NULL } };

  if (!floe_ctl_parse (self, args, entries, n, n, error))
    return FALSE;
  if (*reason != NULL && **reason != '\0')
    return TRUE;
  floe_ctl_set_usage (error, _ ("say why with --reason TEXT; the audit trail keeps it"));
  return FALSE;
}

static gboolean
run_assign (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  if (!parse_with_reason (self, &args, 3, &reason, error)
      || !change_owner (self, args, "assign", args[3], reason, error))
    return FALSE;
  if (!self->json)
    g_print (_ ("%s: assigned to %s\n"), args[2], args[3]);
  return TRUE;
}

static gboolean
run_unassign (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  if (!parse_with_reason (self, &args, 2, &reason, error)
      || !change_owner (self, args, "release", NULL, reason, error))
    return FALSE;
  if (!self->json)
    /* Translators: a desktop's name */
    g_print (_ ("%s: nobody's\n"), args[2]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_pool_operations[] = {
  { "pool close", N_ ("NAME [--message TEXT] [--drain]"),
    N_ ("Let nobody get a desktop; whoever has one keeps it"), run_close },
  { "pool open", N_ ("NAME"), N_ ("Let people get desktops again"), run_open },
  { "pool renew", N_ ("NAME"), N_ ("Make the desktops anew from the template as it is now"),
    run_renew },
  { "pool assign", N_ ("NAME DESKTOP USER --reason TEXT"),
    N_ ("Give a desktop to somebody for good"), run_assign },
  { "pool unassign", N_ ("NAME DESKTOP --reason TEXT"),
    N_ ("Take a desktop from whoever has it for good"), run_unassign },
  { NULL },
};
