/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/listing.h"
#include "ctl/output.h"

/* Lists of what is many, and what is known of one of them. */

#define PAGE_ROWS "500"

static const FloeListing desktops = {
  "admin/desktops",
  (const gchar *const[]){ N_ ("NAME"), N_ ("POOL"), N_ ("HOST"), N_ ("STATE"), N_ ("HOLDER"),
                          N_ ("TERMINAL"), N_ ("REFUSAL"), N_ ("PROBLEM"), N_ ("ID"), NULL },
  (const gchar *const[]){ "name", "pool", "host", "state", "holder.name", "terminal", "refusal",
                          "problem", "id", NULL },
  N_ ("There is no desktop."),
};

static const FloeListing sessions = {
  "admin/sessions",
  (const gchar *const[]){ N_ ("USER"), N_ ("DESKTOP"), N_ ("POOL"), N_ ("HOST"), N_ ("TERMINAL"),
                          N_ ("ADDRESS"), N_ ("SINCE"), N_ ("QUALITY"), NULL },
  (const gchar *const[]){ "user.name", "desktop.name", "desktop.pool", "desktop.host", "terminal",
                          "address", "since", "quality", NULL },
  N_ ("Nobody is connected."),
};

static const FloeListing users = {
  "admin/users",
  (const gchar *const[]){ N_ ("NAME"), N_ ("DISPLAY NAME"), N_ ("SEEN"), N_ ("ID"), NULL },
  (const gchar *const[]){ "name", "display_name", "seen_at", "id", NULL },
  N_ ("There is nobody."),
};

/* What the lists are asked with; each has some of them. */
typedef struct
{
  gchar *search;
  gchar *pool;
  gchar *host;
  gchar *state;
  gchar *holder;
  gchar *terminal;
  gint limit;
  gboolean watch;
  gboolean assigned;
  gboolean free;
} Filters;

static void
filters_clear (Filters *self)
{
  g_free (self->search);
  g_free (self->pool);
  g_free (self->host);
  g_free (self->state);
  g_free (self->holder);
  g_free (self->terminal);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filters, filters_clear)

static gboolean
show (FloeCtl *self, const FloeListing *listing, const Filters *filters, const gchar *holder,
      GError **error)
{
  g_autoptr (GString) path = g_string_new (listing->path);

  if (filters->limit < 0 || (filters->assigned && filters->free))
    {
      floe_ctl_set_usage (error, _ ("these options do not go together; see \"floectl help\""));
      return FALSE;
    }
  floe_ctl_add_query (path, "limit", PAGE_ROWS);
  floe_ctl_add_query (path, "q", filters->search);
  floe_ctl_add_query (path, "pool", filters->pool);
  floe_ctl_add_query (path, "host", filters->host);
  floe_ctl_add_query (path, "state", filters->state);
  floe_ctl_add_query (path, holder, filters->holder);
  floe_ctl_add_query (path, "terminal", filters->terminal);
  if (filters->assigned || filters->free)
    floe_ctl_add_query (path, "assigned", filters->assigned ? "true" : "false");
  return floe_ctl_show_listing (self, listing, path->str, (guint)filters->limit, filters->watch,
                                error);
}

static gboolean
run_desktops (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Filters) filters = { NULL };
  const GOptionEntry entries[] = {
    { "search", 0, 0, G_OPTION_ARG_STRING, &filters.search, NULL, NULL },
    { "host", 0, 0, G_OPTION_ARG_STRING, &filters.host, NULL, NULL },
    { "state", 0, 0, G_OPTION_ARG_STRING, &filters.state, NULL, NULL },
    { "holder", 0, 0, G_OPTION_ARG_STRING, &filters.holder, NULL, NULL },
    { "terminal", 0, 0, G_OPTION_ARG_STRING, &filters.terminal, NULL, NULL },
    { "assigned", 0, 0, G_OPTION_ARG_NONE, &filters.assigned, NULL, NULL },
    { "free", 0, 0, G_OPTION_ARG_NONE, &filters.free, NULL, NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &filters.limit, NULL, NULL },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &filters.watch, NULL, NULL },
    { NULL },
  };

  if (!floe_ctl_parse (self, &args, entries, 0, 1, error))
    return FALSE;
  filters.pool = g_strdup (args[1]);
  return show (self, &desktops, &filters, "holder", error);
}

static gboolean
run_sessions (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Filters) filters = { NULL };
  const GOptionEntry entries[] = {
    { "search", 0, 0, G_OPTION_ARG_STRING, &filters.search, NULL, NULL },
    { "host", 0, 0, G_OPTION_ARG_STRING, &filters.host, NULL, NULL },
    { "of", 0, 0, G_OPTION_ARG_STRING, &filters.holder, NULL, NULL },
    { "terminal", 0, 0, G_OPTION_ARG_STRING, &filters.terminal, NULL, NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &filters.limit, NULL, NULL },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &filters.watch, NULL, NULL },
    { NULL },
  };

  if (!floe_ctl_parse (self, &args, entries, 0, 1, error))
    return FALSE;
  filters.pool = g_strdup (args[1]);
  return show (self, &sessions, &filters, "user", error);
}

static gboolean
run_users (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Filters) filters = { NULL };
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &filters.limit, NULL, NULL },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &filters.watch, NULL, NULL },
    { NULL },
  };

  if (!floe_ctl_parse (self, &args, entries, 0, 1, error))
    return FALSE;
  filters.search = g_strdup (args[1]);
  return show (self, &users, &filters, "user", error);
}

const FloeCtlCommand floe_ctl_list_commands[] = {
  { "desktop list",
    N_ ("[POOL] [--search TEXT] [--host HOST] [--state STATE] [--holder USER] [--terminal NAME]"
        " [--assigned | --free] [--limit N] [--watch]"),
    N_ ("List the desktops of a pool, or of all"), run_desktops },
  { "session list", N_ ("[POOL] [--of USER] [--host HOST] [--terminal NAME] [--limit N] [--watch]"),
    N_ ("List who is connected to which desktop, and from where"), run_sessions },
  { "user list", N_ ("[TEXT] [--limit N] [--watch]"),
    N_ ("List people who logged in once, or those of them whose names begin so"), run_users },
  { NULL },
};
