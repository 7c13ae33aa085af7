/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/command.h"
#include "ctl/listing.h"

static const FloeListing shadows = {
  "admin/shadows",
  (const gchar *const[]){ N_ ("ID"), N_ ("DESKTOP"), N_ ("WHOSE"), N_ ("BY"), N_ ("STATE"),
                          N_ ("CONTROL"), N_ ("SINCE"), NULL },
  (const gchar *const[]){ "id", "desktop_name", "holder", "by", "state", "control", "asked_at",
                          NULL },
  N_ ("Nobody looks at a screen."),
};

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &shadows, shadows.path, 0, FALSE, error);
}

static gboolean
run_end (FloeCtl *self, GStrv args, GError **error)
{
  if (!floe_ctl_remove (self, &args, "shadows", error))
    return FALSE;
  if (!self->json)
    /* Translators: the id of somebody's looking at a screen */
    g_print (_ ("%s: nobody looks any more\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_shadow_commands[] = {
  { "shadow list", "", N_ ("List who looks at whose screen, or asks to"), run_list },
  { "shadow end", N_ ("ID"), N_ ("End that somebody looks"), run_end },
  { NULL },
};
