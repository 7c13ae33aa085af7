/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/body.h"
#include "ctl/command.h"
#include "ctl/desktop-calls.h"
#include "ctl/pool-path.h"

/* What is done with a pool as a whole, and whose its desktops are. */

static JsonNode *
post (FloeCtl *self, const gchar *pool, const gchar *what, const gchar *body, GError **error)
{
  g_autofree gchar *path = floe_ctl_pool_path (pool, what, error);

  return path != NULL ? floe_ctl_call_as_user (self, "POST", path, body, error) : NULL;
}

static gboolean
run_close (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *message = NULL;
  gboolean drain = FALSE;
  gint minutes = 0;
  const GOptionEntry entries[] = { { "message", 0, 0, G_OPTION_ARG_STRING, &message, NULL, NULL },
                                   { "minutes", 0, 0, G_OPTION_ARG_INT, &minutes, NULL, NULL },
                                   { "drain", 0, 0, G_OPTION_ARG_NONE, &drain, NULL, NULL },
                                   { NULL } };
  g_autoptr (JsonBuilder) builder = floe_body_new ();
  g_autoptr (JsonNode) answer = NULL;
  g_autofree gchar *body = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  floe_body_add_text (builder, "message", message);
  floe_body_add_flag (builder, "drain", drain);
  floe_body_add_number (builder, "minutes", minutes);
  body = floe_body_end (builder);
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

static gboolean
run_assign (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  return floe_ctl_parse_with_reason (self, &args, 3, &reason, error)
         && floe_ctl_assign_desktop (self, args[1], args[2], args[3], reason, error);
}

static gboolean
run_unassign (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 2, &reason, error)
      || !floe_ctl_release_desktop (self, args[1], args[2], reason, error))
    return FALSE;
  if (!self->json)
    /* Translators: a desktop's name */
    g_print (_ ("%s: nobody's\n"), args[2]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_pool_operations[] = {
  { "pool close", N_ ("NAME [--message TEXT] [--drain] [--minutes N]"),
    N_ ("Let nobody get a desktop; whoever has one keeps it"), run_close },
  { "pool open", N_ ("NAME"), N_ ("Let people get desktops again"), run_open },
  { "pool renew", N_ ("NAME"), N_ ("Make the desktops anew from the template as it is now"),
    run_renew },
  { "pool assign", N_ ("NAME DESKTOP USER [--reason TEXT]"),
    N_ ("Give a desktop to somebody for good"), run_assign },
  { "pool unassign", N_ ("NAME DESKTOP [--reason TEXT]"),
    N_ ("Take a desktop from whoever has it for good"), run_unassign },
  { NULL },
};
