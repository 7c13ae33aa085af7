/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-terminals.h"
#include "logs.h"
#include "routes-fixture.h"

static FloeTerminalReport *
report (void)
{
  FloeTerminalReport *self = floe_terminal_report_new ();

  self->at = NOON + 60 * SECONDS;
  self->address = g_strdup ("192.0.2.20");
  self->version = g_strdup ("0.1.0");
  self->uptime = 86400;
  g_strfreev (self->monitors);
  self->monitors = g_strsplit ("1920x1080,1280x1024", ",", -1);
  self->problem = g_strdup ("the network was away");
  self->revision = 1795426200;
  return self;
}

static FloeTerminal *
lobby (void)
{
  FloeTerminal *self = floe_terminal_new ("lobby-1");

  self->description = g_strdup ("By the stairs");
  g_strfreev (self->groups);
  self->groups = g_strsplit ("ground-floor", ",", -1);
  self->is_public = TRUE;
  self->fingerprint = g_strdup (FINGERPRINT);
  self->enrolled = NOON;
  self->seen = NOON + 60 * SECONDS;
  self->state = FLOE_TERMINAL_ONLINE;
  self->report = report ();
  return self;
}

static FloeTerminal *
other (void)
{
  FloeTerminal *self = floe_terminal_new ("lobby-2");

  self->code = g_strdup ("hash");
  self->code_ends = NOON + 900 * SECONDS;
  return self;
}

static void
test_list (RoutesFixture *fixture, gconstpointer data)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_terminal_free);
  g_autofree gchar *answer = NULL;

  g_ptr_array_add (rows, lobby ());
  g_ptr_array_add (rows, other ());
  parts_answer (rows);
  answer = routes_ask (fixture, "GET /api/v1/admin/terminals", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "admin-terminals");
  g_assert_null (strstr (answer, "hash"));
}

static void
test_one (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (lobby ());
  answer = routes_ask (fixture, "GET /api/v1/admin/terminals/lobby-1", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 200, "admin-terminal");
  routes_assert_log ("terminal lobby-1\n");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no such terminal");
  unknown = routes_ask (fixture, "GET /api/v1/admin/terminals/none", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (unknown, 404, "not-found", "no such terminal");
  g_free (parts_take_log ());
}

static void
test_put (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("admin-terminal-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *shortest = NULL;

  parts_answer (lobby ());
  answer = routes_ask (fixture, "PUT /api/v1/admin/terminals/lobby-1", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 200, "admin-terminal");
  routes_assert_log ("put terminal lobby-1 by helpdesk: By the stairs; ground-floor; public\n");
  parts_answer (lobby ());
  shortest = routes_ask (fixture, "PUT /api/v1/admin/terminals/lobby-1", PARTS_ADMIN_TOKEN, "{}");
  g_assert_cmpuint (api_status (shortest), ==, 200);
  routes_assert_log ("put terminal lobby-1 by helpdesk: -; ; for people\n");
}

static void
test_put_bad (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const bodies[] = {
    "[]",
    "{\"groups\":\"lab\"}",
    "{\"public\":1}",
    "{\"fingerprint\":\"" FINGERPRINT "\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree gchar *answer =
          routes_ask (fixture, "PUT /api/v1/admin/terminals/lobby-1", PARTS_ADMIN_TOKEN, bodies[i]);

      routes_assert_problem (answer, 400, "invalid", NULL);
    }
  routes_assert_log ("");
}

static void
test_delete (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, "DELETE /api/v1/admin/terminals/lobby-1", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("delete terminal lobby-1 by helpdesk\n");
}

static void
test_code (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const line = "POST /api/v1/admin/terminals/lobby-1/code";
  FloeTerminalCode *code = g_new0 (FloeTerminalCode, 1);
  g_autofree gchar *body = routes_example ("admin-terminal-code-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *missing = NULL;
  g_autofree gchar *blank = NULL;
  g_autofree gchar *unknown = NULL;

  code->code = floe_secret_new ("K7WM-3XQP", -1);
  code->ends = NOON + 900 * SECONDS;
  parts_answer (code);
  answer = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 201, "admin-terminal-code");
  parts_fail (FLOE_ERROR_INVALID, "reason-needed", "reason: the helpdesk must say why");
  missing = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (missing, 400, "invalid", "reason: the helpdesk must say why");
  routes_assert_log ("code of terminal lobby-1 by helpdesk: a new machine by the stairs\n"
                     "code of terminal lobby-1 by helpdesk: -\n");
  blank = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, "{\"reason\":\" \"}");
  routes_assert_problem (blank, 400, "invalid", "reason: expected some words");
  unknown = routes_ask (fixture, line, PARTS_ADMIN_TOKEN, "{\"why\":\"x\"}");
  routes_assert_problem (unknown, 400, "invalid", NULL);
}

/* Over TCP nobody is believed to have a certificate, whatever they say. */
static void
test_self (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("terminal-enrol-request");
  g_autofree gchar *looked = NULL;
  g_autofree gchar *unknown = NULL;
  g_autofree gchar *enrolled = NULL;
  g_autofree gchar *bad = NULL;

  parts_answer (lobby ());
  looked = routes_ask (fixture, "GET /api/v1/terminal", NULL, NULL);
  routes_assert_answer (looked, 200, "terminal");
  parts_fail (FLOE_ERROR_NOT_FOUND, "unknown-terminal", "no terminal has this certificate");
  unknown = routes_ask (fixture, "GET /api/v1/terminal", NULL, NULL);
  routes_assert_answer (unknown, 404, "problem-unknown-terminal");
  routes_assert_log ("look at terminal -\nlook at terminal -\n");
  parts_answer (lobby ());
  enrolled = routes_ask (fixture, "POST /api/v1/terminal/enrol", NULL, body);
  routes_assert_answer (enrolled, 200, "terminal");
  routes_assert_log ("enrol terminal K7WM-3XQP -\n");
  bad = routes_ask (fixture, "POST /api/v1/terminal/enrol", NULL, "{}");
  routes_assert_problem (bad, 400, "invalid", NULL);
}

static void
test_log_in (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *denied = NULL;

  parts_answer (routes_grant ());
  answer = routes_ask (fixture, "POST /api/v1/terminal/login", NULL, NULL);
  routes_assert_answer (answer, 201, "login");
  parts_fail (FLOE_ERROR_DENIED, "not-public", "terminal lobby-1 is for people who log in");
  denied = routes_ask (fixture, "POST /api/v1/terminal/login", NULL, "{}");
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("log in terminal -\nlog in terminal -\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("terminals/list", test_list);
  ROUTES_ADD ("terminals/one", test_one);
  ROUTES_ADD ("terminals/put", test_put);
  ROUTES_ADD ("terminals/put-bad", test_put_bad);
  ROUTES_ADD ("terminals/delete", test_delete);
  ROUTES_ADD ("terminals/code", test_code);
  ROUTES_ADD ("terminals/self", test_self);
  ROUTES_ADD ("terminals/log-in", test_log_in);
  return g_test_run ();
}
