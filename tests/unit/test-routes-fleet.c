/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/helpdesk-settings.h"
#include "logs.h"
#include "routes-fixture.h"

#define VALUES                                                                                     \
  "{'idle_minutes': <int64 10>, 'language': <'de_DE.UTF-8'>,"                                      \
  " 'login_parts': <['language', 'power']>}"
#define SHORTER "{'language': <'de_DE.UTF-8'>, 'login_parts': <['language', 'power']>}"

static GVariant *
parse (const gchar *text)
{
  return g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);
}

static FloeTerminalView *
view (gint64 revision)
{
  FloeTerminalView *self = floe_terminal_view_new ("lobby-1");

  g_variant_unref (self->values);
  self->values = parse (VALUES);
  self->revision = revision;
  return self;
}

static FloeTerminalSettings *
of_all (void)
{
  FloeTerminalSettings *self = floe_terminal_settings_new (TRUE, "all");

  self->revision = 1795426260;
  floe_terminal_settings_take (self, parse (SHORTER));
  return self;
}

static FloeSettingsReport *
report (gboolean of_group)
{
  FloeSettingsReport *self = g_new0 (FloeSettingsReport, 1);

  if (of_group)
    {
      self->own = of_all ();
      return self;
    }
  self->own = floe_terminal_settings_new (FALSE, "lobby-1");
  self->own->revision = 1795426200;
  floe_terminal_settings_take (self->own, parse ("{'idle_minutes': <int64 10>}"));
  self->view = view (1795426260);
  return self;
}

static void
test_trust (RoutesFixture *fixture, gconstpointer data)
{
  FloeTrust *trust = g_new0 (FloeTrust, 1);
  g_autofree gchar *answer = NULL;

  trust->name = g_strdup ("lobby-1");
  trust->key = g_strdup ("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  trust->secret = floe_secret_new ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", -1);
  parts_answer (trust);
  answer = routes_ask (fixture, "POST /api/v1/terminal/trust", NULL, NULL);
  routes_assert_answer (answer, 201, "terminal-trust");
  routes_assert_log ("trust -\n");
}

static void
test_settings (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *older = NULL;
  g_autofree gchar *same = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (view (1795426200));
  answer = routes_ask (fixture, "GET /api/v1/terminal/settings", NULL, NULL);
  routes_assert_answer (answer, 200, "terminal-settings");
  routes_assert_log ("view -\n"
                     "sign {\"terminal\":\"lobby-1\",\"revision\":1795426200,\"settings\":"
                     "{\"idle_minutes\":10,\"language\":\"de_DE.UTF-8\","
                     "\"login_parts\":[\"language\",\"power\"]}}\n");
  parts_answer (view (1795426200));
  older = routes_ask (fixture, "GET /api/v1/terminal/settings?revision=17", NULL, NULL);
  g_assert_cmpuint (api_status (older), ==, 200);
  g_free (parts_take_log ());
  parts_answer (view (1795426200));
  same = routes_ask (fixture, "GET /api/v1/terminal/settings?revision=1795426200", NULL, NULL);
  routes_assert_answer (same, 204, NULL);
  parts_fail (FLOE_ERROR_NOT_FOUND, "unknown-terminal", "no terminal has this certificate");
  unknown = routes_ask (fixture, "GET /api/v1/terminal/settings", NULL, NULL);
  routes_assert_answer (unknown, 404, "problem-unknown-terminal");
  routes_assert_log ("view -\nview -\n");
}

static void
test_heartbeat (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "{}",
    "{\"version\":7}",
    "{\"version\":\"0.1.0\",\"uptime_seconds\":-1}",
    "{\"version\":\"0.1.0\",\"monitors\":\"1920x1080\"}",
    "{\"version\":\"0.1.0\",\"problem\":\"two\\nlines\"}",
    "{\"version\":\"0.1.0\",\"mood\":\"good\"}",
  };
  g_autofree gchar *body = routes_example ("terminal-heartbeat-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *shortest = NULL;

  parts_answer (view (1795426260));
  answer = routes_ask (fixture, "POST /api/v1/terminal/heartbeat", NULL, body);
  routes_assert_answer (answer, 200, "terminal-heartbeat");
  routes_assert_log ("beat - 0.1.0 86400 [1920x1080,1280x1024] the network was away 1795426200\n");
  parts_answer (view (0));
  shortest =
      routes_ask (fixture, "POST /api/v1/terminal/heartbeat", NULL, "{\"version\":\"0.1.0\"}");
  g_assert_cmpuint (api_status (shortest), ==, 200);
  routes_assert_log ("beat - 0.1.0 0 [] - 0\n");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused =
          routes_ask (fixture, "POST /api/v1/terminal/heartbeat", NULL, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  routes_assert_log ("");
}

static void
test_unlocked (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("terminal-unlocked-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *bad = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, "POST /api/v1/terminal/unlocked", NULL, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("unlocked - 4829137701 3600\n");
  bad = routes_ask (fixture, "POST /api/v1/terminal/unlocked", NULL, "{}");
  routes_assert_problem (bad, 400, "invalid", NULL);
}

static void
test_get (RoutesFixture *fixture, gconstpointer data)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_terminal_settings_free);
  g_autofree gchar *of_terminal = NULL;
  g_autofree gchar *of_group = NULL;
  g_autofree gchar *list = NULL;

  parts_answer (report (FALSE));
  of_terminal =
      routes_ask (fixture, "GET /api/v1/admin/terminals/lobby-1/settings", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (of_terminal, 200, "admin-settings");
  parts_answer (report (TRUE));
  of_group = routes_ask (fixture, "GET /api/v1/admin/terminal-groups/all/settings",
                         PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (of_group, 200, "admin-group-settings");
  routes_assert_log ("settings of terminal lobby-1\nsettings of group all\n");
  g_ptr_array_add (rows, of_all ());
  parts_answer (rows);
  list = routes_ask (fixture, "GET /api/v1/admin/terminal-groups", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (list, 200, "admin-terminal-groups");
}

static void
test_put (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "{}",
    "{\"settings\":{}}",
    "{\"revision\":0}",
    "{\"revision\":0,\"settings\":[]}",
    "{\"revision\":0,\"settings\":{\"colour\":\"red\"}}",
    "{\"revision\":0,\"settings\":{\"volume\":101}}",
    "{\"revision\":0,\"settings\":{\"login_parts\":\"power\"}}",
  };
  g_autofree gchar *body = routes_example ("admin-settings-request");
  g_autofree gchar *of_terminal = NULL;
  g_autofree gchar *of_group = NULL;

  parts_answer (report (FALSE));
  of_terminal =
      routes_ask (fixture, "PUT /api/v1/admin/terminals/lobby-1/settings", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (of_terminal, 200, "admin-settings");
  routes_assert_log ("put settings of terminal lobby-1 by helpdesk: 1795426200 "
                     "{'idle_minutes': <int64 10>, 'language': <'de_DE.UTF-8'>, "
                     "'login_parts': <['language', 'power']>}\n");
  parts_fail (FLOE_ERROR_CONFLICT, "changed-meanwhile", "look again");
  of_group = routes_ask (fixture, "PUT /api/v1/admin/terminal-groups/all/settings",
                         PARTS_ADMIN_TOKEN, "{\"revision\":0,\"settings\":{}}");
  routes_assert_problem (of_group, 409, "conflict", "look again");
  routes_assert_log ("put settings of group all by helpdesk: 0 {}\n");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused = routes_ask (
          fixture, "PUT /api/v1/admin/terminals/lobby-1/settings", PARTS_ADMIN_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  routes_assert_log ("");
}

static void
test_unlock (RoutesFixture *fixture, gconstpointer data)
{
  const gchar *route = "POST /api/v1/admin/terminals/lobby-1/unlock";
  g_autofree gchar *body = routes_example ("admin-unlock-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *bad = NULL;

  parts_answer (floe_secret_new ("28709435", -1));
  answer = routes_ask (fixture, route, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 201, "admin-unlock");
  routes_assert_log ("unlock terminal lobby-1 by helpdesk: 4829137701\n");
  bad = routes_ask (fixture, route, PARTS_ADMIN_TOKEN, "{}");
  routes_assert_problem (bad, 400, "invalid", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("fleet/trust", test_trust);
  ROUTES_ADD ("fleet/settings", test_settings);
  ROUTES_ADD ("fleet/heartbeat", test_heartbeat);
  ROUTES_ADD ("fleet/unlocked", test_unlocked);
  ROUTES_ADD ("fleet/get", test_get);
  ROUTES_ADD ("fleet/put", test_put);
  ROUTES_ADD ("fleet/unlock", test_unlock);
  return g_test_run ();
}
