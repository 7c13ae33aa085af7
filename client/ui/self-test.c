/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/self-test.h"

#include <glib/gi18n.h>

#include "api/broker.h"
#include "check/check.h"
#include "ui/servers.h"

static void
print_line (const gchar *line, gpointer data)
{
  g_print ("%s\n", line);
}

/* choose_server: the one that a start without arguments would take, as far as none was named */
static FloeServer *
choose_server (const FloeSelfTest *what, GSettings *settings)
{
  g_autoptr (FloeServers) servers = floe_servers_new_default ();
  g_autoptr (GPtrArray) list = floe_servers_list (servers);
  g_autofree gchar *server = g_settings_get_string (settings, FLOE_SETTING_SERVER);
  g_autofree gchar *ca_file = g_settings_get_string (settings, FLOE_SETTING_CA_FILE);
  g_autofree gchar *url = NULL;
  g_autoptr (FloeServer) known = NULL;
  const gchar *address = what->broker;
  const gchar *trusted = what->ca_file;

  if (address == NULL && *server != '\0')
    {
      address = server;
      trusted = trusted == NULL && *ca_file != '\0' ? ca_file : trusted;
    }
  if (address == NULL && list->len > 0)
    address = ((const FloeServer *)list->pdata[0])->url;
  if (address == NULL)
    return NULL;
  url = floe_broker_normalize_url (address, NULL);
  known = url != NULL ? floe_servers_lookup (servers, url) : NULL;
  if (trusted == NULL && known != NULL)
    trusted = known->ca_file;
  return floe_server_new (address, NULL, trusted);
}

/**
 * floe_self_test:
 * @what: what the command line said
 * @managed: what is an administrator's
 * @settings: all settings
 *
 * Tests this terminal, and prints what was found and a code for it. It waits for answers, and is
 * all that the program does then.
 *
 * Returns: the program's exit status
 */
gint
floe_self_test (const FloeSelfTest *what, FloeManaged *managed, GSettings *settings)
{
  g_autoptr (FloeServer) server = choose_server (what, settings);
  FloeCheckPlan plan = {
    .broker = server != NULL ? server->url : NULL,
    .ca_file = server != NULL ? server->ca_file : NULL,
    .display = what->display,
    .managed_path = what->managed_path,
    .n_managed = floe_managed_count (managed),
    .settings_problems = floe_managed_get_problems (managed),
    .sound_dir = "/dev/snd",
    .tell = print_line,
  };
  FloeCheckResult result;
  g_autofree gchar *code = NULL;
  gboolean good = floe_check_run (&plan, &result);

  code = floe_check_encode (&result);
  g_print ("\n%s %s\n", _ ("Code for the helpdesk:"), code);
  return good ? 0 : 1;
}
