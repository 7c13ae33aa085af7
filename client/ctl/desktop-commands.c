/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/desktop-calls.h"

static gboolean
run_assign (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  return floe_ctl_parse_with_reason (self, &args, 2, &reason, error)
         && floe_ctl_assign_desktop (self, NULL, args[1], args[2], reason, error);
}

static gboolean
run_release (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 1, &reason, error)
      || !floe_ctl_release_desktop (self, NULL, args[1], reason, error))
    return FALSE;
  if (!self->json)
    g_print (_ ("%s: released\n"), args[1]);
  return TRUE;
}

/* The words of the API are those of the command line. */
static gboolean
act (FloeCtl *self, GStrv args, const gchar *action, GError **error)
{
  g_autofree gchar *reason = NULL;
  g_autofree gchar *id = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 1, &reason, error))
    return FALSE;
  id = floe_ctl_find_desktop (self, NULL, args[1], error);
  if (!floe_ctl_post_desktop (self, id, "actions", "action", action, reason, error))
    return FALSE;
  if (!self->json)
    /* Translators: a desktop, and what is done with it: a word of the command line */
    g_print (_ ("%s: %s has begun; \"floectl desktop list\" says how it goes\n"), args[1], action);
  return TRUE;
}

static gboolean
run_shut_down (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "shut-down", error);
}

static gboolean
run_restart (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "restart", error);
}

static gboolean
run_force_off (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "force-off", error);
}

static gboolean
run_reset (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "reset", error);
}

static gboolean
run_log_off (FloeCtl *self, GStrv args, GError **error)
{
  return act (self, args, "log-off", error);
}

static gboolean
run_message (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;
  g_autofree gchar *id = NULL;

  if (!floe_ctl_parse_with_reason (self, &args, 2, &reason, error))
    return FALSE;
  id = floe_ctl_find_desktop (self, NULL, args[1], error);
  if (!floe_ctl_post_desktop (self, id, "message", "text", args[2], reason, error))
    return FALSE;
  if (!self->json)
    g_print (_ ("%s: sent\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_desktop_commands[] = {
  { "desktop release", N_ ("DESKTOP [--reason TEXT]"), N_ ("End a desktop's use, whoever holds it"),
    run_release },
  { "desktop assign", N_ ("DESKTOP USER [--reason TEXT]"),
    N_ ("Give a desktop to somebody for good"), run_assign },
  { "session message", N_ ("DESKTOP TEXT [--reason TEXT]"),
    N_ ("Tell whoever sits at a desktop something"), run_message },
  { "desktop shut-down", N_ ("DESKTOP [--reason TEXT]"),
    N_ ("Shut a desktop down; it is switched off if its guest does not"), run_shut_down },
  { "desktop restart", N_ ("DESKTOP [--reason TEXT]"),
    N_ ("Shut a desktop down and start it again"), run_restart },
  { "desktop force-off", N_ ("DESKTOP [--reason TEXT]"), N_ ("Pull a desktop's plug"),
    run_force_off },
  { "desktop reset", N_ ("DESKTOP [--reason TEXT]"),
    N_ ("Forget what was done in a floating desktop, whoever holds it, or in a broken one"),
    run_reset },
  { "desktop log-off", N_ ("DESKTOP [--reason TEXT]"),
    N_ ("Log off whoever is logged in to a desktop's guest; the desktop stays theirs"),
    run_log_off },
  { NULL },
};
