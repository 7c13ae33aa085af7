/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include "ctl/listing.h"
#include "ctl/trail-wish.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MOST    100000
#define PAGE_MOST     1000

static const FloeListing rows = {
  "admin/audit",
  (const gchar *const[]){ N_ ("ID"), N_ ("AT"), N_ ("ACTOR"), N_ ("ACTION"), N_ ("OBJECT"),
                          N_ ("OUTCOME"), N_ ("ADDRESS"), N_ ("DETAIL"), NULL },
  (const gchar *const[]){ "id", "at", "actor", "action", "object", "outcome", "address", "detail",
                          NULL },
  N_ ("There is no such row."),
};

static gboolean
run_audit (FloeCtl *self, GStrv args, GError **error)
{
  gint limit = LIMIT_DEFAULT;
  gboolean watch = FALSE;
  g_auto (FloeTrailWish) wish = { NULL };
  g_autoptr (GString) path = g_string_new (rows.path);
  const GOptionEntry entries[] = { { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
                                   { "watch", 0, 0, G_OPTION_ARG_NONE, &watch, NULL, NULL },
                                   FLOE_TRAIL_OPTIONS (&wish),
                                   { NULL } };

  if (!floe_ctl_parse (self, &args, entries, 0, 0, error) || !floe_trail_wish_check (&wish, error))
    return FALSE;
  if (limit < 1 || limit > LIMIT_MOST)
    {
      floe_ctl_set_usage (error, _ ("--limit is from 1 to %d"), LIMIT_MOST);
      return FALSE;
    }
  g_string_append_printf (path, "?limit=%d", MIN (limit, PAGE_MOST));
  floe_trail_wish_add (&wish, path);
  return floe_ctl_show_listing (self, &rows, path->str, (guint)limit, watch, error);
}

const FloeCtlCommand floe_ctl_audit_commands[] = {
  { "audit",
    N_ ("[--limit N] [--user NAME] [--desktop NAME] [--action NAME] [--since TIME] [--until TIME] "
        "[--watch]"),
    N_ ("Show who did what, newest first"), run_audit },
  { NULL },
};
