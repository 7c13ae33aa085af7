/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/body.h"
#include "ctl/command.h"
#include "ctl/listing.h"

static const FloeListing hosts = {
  "admin/hosts",
  (const gchar *const[]){ N_ ("NAME"), N_ ("UP"), N_ ("DESKTOPS"), N_ ("HELD"), N_ ("STARTING"),
                          N_ ("FREE MIB"), N_ ("OF MIB"), N_ ("CPUS"), N_ ("LOAD %"),
                          N_ ("DRAINING"), N_ ("SINCE"), N_ ("BY"), N_ ("MESSAGE"), N_ ("ENDS"),
                          NULL },
  (const gchar *const[]){ "name", "up", "desktops", "held", "starting", "capacity.free_mib",
                          "capacity.memory_mib", "capacity.cpus", "capacity.load_percent",
                          "draining", "since", "by", "message", "ends", NULL },
  NULL,
};

static gboolean
run_list (FloeCtl *self, GStrv args, GError **error)
{
  return floe_ctl_parse (self, &args, NULL, 0, 0, error)
         && floe_ctl_show_listing (self, &hosts, hosts.path, 0, FALSE, error);
}

static gboolean
post (FloeCtl *self, const gchar *host, const gchar *what, const gchar *body, GError **error)
{
  g_autofree gchar *path = floe_url_join (error, "admin", "hosts", host, what, NULL);
  g_autoptr (JsonNode) answer =
      path != NULL ? floe_ctl_call_as_user (self, "POST", path, body, error) : NULL;

  return answer != NULL;
}

static gchar *
make_body (const gchar *message, gint minutes, const gchar *reason)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  floe_body_add_text (body, "message", message);
  floe_body_add_number (body, "minutes", minutes);
  floe_body_add_text (body, "reason", reason);
  return floe_body_end (body);
}

static gboolean
run_drain (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *message = NULL;
  g_autofree gchar *reason = NULL;
  gint minutes = 0;
  const GOptionEntry entries[] = { { "message", 0, 0, G_OPTION_ARG_STRING, &message, NULL, NULL },
                                   { "minutes", 0, 0, G_OPTION_ARG_INT, &minutes, NULL, NULL },
                                   { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL },
                                   { NULL } };
  g_autofree gchar *body = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  body = make_body (message, minutes, reason);
  if (!post (self, args[1], "drain", body, error))
    return FALSE;
  if (!self->json)
    /* Translators: a host's name */
    g_print (_ ("%s: nothing new comes to it\n"), args[1]);
  return TRUE;
}

static gboolean
run_open (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *reason = NULL;
  const GOptionEntry entries[] = { { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL },
                                   { NULL } };
  g_autofree gchar *body = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, 1, error))
    return FALSE;
  body = make_body (NULL, 0, reason);
  if (!post (self, args[1], "open", body, error))
    return FALSE;
  if (!self->json)
    /* Translators: a host's name */
    g_print (_ ("%s: in use\n"), args[1]);
  return TRUE;
}

const FloeCtlCommand floe_ctl_host_commands[] = {
  { "host list", "", N_ ("List the hosts, how many desktops each has, and what it has left"),
    run_list },
  { "host drain", N_ ("NAME [--message TEXT] [--minutes N] [--reason TEXT]"),
    N_ ("Let nothing new come to a host, and what nobody has go elsewhere"), run_drain },
  { "host open", N_ ("NAME [--reason TEXT]"), N_ ("Use a host again"), run_open },
  { NULL },
};
