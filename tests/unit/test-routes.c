/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "logs.h"
#include "routes-fixture.h"

static void
test_token_needed (RoutesFixture *fixture, gconstpointer data)
{
  gsize n_routes;
  const FloeRoute *routes = floe_api_get_routes (&n_routes);

  for (gsize i = 0; i < n_routes; i++)
    {
      g_auto (GStrv) parts = g_strsplit (routes[i].path, "{}", -1);
      g_autofree gchar *path = g_strjoinv ("x", parts);
      g_autofree gchar *line = g_strconcat (routes[i].method, " ", path, NULL);
      const gchar *body = routes[i].body == FLOE_BODY_NEEDED ? "{}" : NULL;
      static const gchar *const tokens[] = { NULL,
                                             "",
                                             "x",
                                             RECONNECT_TOKEN,
                                             "flt_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu",
                                             PARTS_USER_TOKEN "u",
                                             "flt_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu/u" };

      if (routes[i].body == FLOE_BODY_PICTURE)
        continue; /* test-routes-shadow's, which can send some */
      for (guint j = 0; routes[i].permission != FLOE_MAY_CALL && j < G_N_ELEMENTS (tokens); j++)
        {
          g_autofree gchar *answer = routes_ask (fixture, line, tokens[j], body);

          routes_assert_problem (answer, 401, "unauthenticated", "a token is needed");
          g_assert_true (api_has_header (answer, "WWW-Authenticate: Bearer"));
        }
    }
  routes_assert_log ("");
}

static void
test_code (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *asked = NULL;
  g_autofree gchar *wrong = NULL;
  g_autofree gchar *malformed = NULL;

  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "code-needed", "a code of the second factor is needed");
  asked = routes_ask (fixture, "POST /api/v1/login", NULL,
                      "{\"username\":\"alice\",\"password\":\"secret\"}");
  routes_assert_answer (asked, 401, "problem-code-needed");
  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "wrong-code", "the code is wrong, or was used before");
  wrong = routes_ask (fixture, "POST /api/v1/login/code", NULL,
                      "{\"challenge\":\"flc_ccccccccccccccccccccccccccccccccccccccccccc\","
                      "\"code\":\"123456\"}");
  routes_assert_answer (wrong, 401, "problem-wrong-code");
  malformed = routes_ask (fixture, "POST /api/v1/login/code", NULL,
                          "{\"challenge\":\"" PARTS_USER_TOKEN "\",\"code\":\"123456\"}");
  routes_assert_problem (malformed, 401, "unauthenticated", "this is not a challenge");
  g_free (parts_take_log ());
}

static void
test_role_needed (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer =
      routes_ask (fixture, "GET /api/v1/admin/pools", PARTS_USER_TOKEN, NULL);

  routes_assert_answer (answer, 403, "problem-denied");
  routes_assert_log ("");
}

static void
test_expired (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;

  parts_revoke (PARTS_USER_TOKEN);
  answer = routes_ask (fixture, "GET /api/v1/me", PARTS_USER_TOKEN, NULL);
  routes_assert_problem (answer, 401, "expired-token", NULL);
}

static void
test_no_words (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *full = NULL;
  g_autofree gchar *broken = NULL;
  g_autofree gchar *empty = NULL;

  full = routes_ask (fixture, "POST /api/v1/logout", PARTS_USER_TOKEN, "{\"a\":1}");
  routes_assert_problem (full, 400, "invalid", "\"a\": unknown key");
  broken = routes_ask (fixture, "POST /api/v1/logout", PARTS_USER_TOKEN, "{");
  routes_assert_problem (broken, 400, "invalid", NULL);
  routes_assert_log ("");
  parts_answer (routes_yes ());
  empty = routes_ask (fixture, "POST /api/v1/logout", PARTS_USER_TOKEN, "{}");
  routes_assert_answer (empty, 204, NULL);
}

static void
test_health (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *anyone = routes_ask (fixture, "GET /api/v1/health", NULL, NULL);
  g_autofree gchar *user = routes_ask (fixture, "GET /api/v1/health", PARTS_USER_TOKEN, NULL);
  g_autofree gchar *bad = routes_ask (fixture, "GET /api/v1/health", "x", NULL);
  g_autofree gchar *admin = routes_ask (fixture, "GET /api/v1/health", PARTS_ADMIN_TOKEN, NULL);

  routes_assert_answer (anyone, 200, "health");
  routes_assert_answer (user, 200, "health");
  routes_assert_answer (bad, 200, "health");
  routes_assert_answer (admin, 200, "health-admin");
}

static void
test_login (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("login-request");
  g_autofree gchar *answer = NULL;

  parts_answer (routes_grant ());
  answer = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (answer, 201, "login");
  routes_assert_log ("log-in hmori zwei Wörter \"und\" ein \\ from 127.0.0.1\n");
}

/* What may be chosen, and what was. */
static void
test_login_domain (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("login-request-domain");
  g_autofree gchar *domains = routes_ask (fixture, "GET /api/v1/login", NULL, NULL);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *unknown = NULL;
  g_autofree gchar *changed = NULL;

  routes_assert_answer (domains, 200, "login-domains");
  parts_answer (routes_grant ());
  answer = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (answer, 201, "login");
  routes_assert_log ("log-in hmori of partner.example zwei Wörter \"und\" ein \\ from 127.0.0.1\n");
  parts_fail (FLOE_ERROR_INVALID, "unknown-domain", "no directory has the domain that was chosen");
  unknown = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (unknown, 400, "problem-unknown-domain");
  routes_assert_log ("log-in hmori of partner.example zwei Wörter \"und\" ein \\ from 127.0.0.1\n");
  parts_fail (FLOE_ERROR_INVALID, "unknown-domain", "no directory has the domain that was chosen");
  changed = routes_ask (
      fixture, "POST /api/v1/password", NULL,
      "{\"domain\":\"p.test\",\"username\":\"a\",\"password\":\"x\",\"new_password\":\"y\"}");
  routes_assert_problem (changed, 400, "invalid", "no directory has the domain that was chosen");
  routes_assert_log ("password a of p.test x to y from 127.0.0.1\n");
}

static void
test_login_errors (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar body[] = "{\"username\":\"hmori\",\"password\":\"x\"}";
  g_autofree gchar *wrong = NULL;
  g_autofree gchar *down = NULL;
  g_autofree gchar *busy = NULL;

  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials", "wrong name or password");
  wrong = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (wrong, 401, "problem-wrong-credentials");
  parts_fail (FLOE_ERROR_UNAVAILABLE, "directory-down", "no directory server answers");
  down = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (down, 503, "problem-directory-down");
  parts_fail (FLOE_ERROR_BUSY, NULL, "too many log-ins are waiting");
  busy = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (busy, 503, "problem-busy");
  g_assert_true (api_has_header (busy, "Retry-After: 2"));
  g_free (parts_take_log ());
}

static void
test_login_bad (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *long_password = g_strnfill (10 * 1024, 'x');
  g_autofree gchar *long_body =
      g_strdup_printf ("{\"username\":\"a\",\"password\":\"%s\"}", long_password);
  const struct
  {
    const gchar *body;
    const gchar *detail;
  } cases[] = {
    { "{\"username\":\"a\"}", "password: missing" },
    { "{\"username\":\"a\",\"password\":1}", "password: expected a string" },
    { "{\"username\":\"a\",\"password\":\"b\",\"c\":1}", "\"c\": unknown key" },
    { "{\"username\":\"a\",\"password\":\"b\",\"password\":\"c\"}",
      "JSON, line 1, column 42: the key \"password\" is given twice" },
    { "{\"username\":\"a\",\"password\":\"b\\u0000\"}",
      "JSON, line 1, column 36: a string must not hold a NUL" },
    { long_body, "password: longer than 1024 bytes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *answer = routes_ask (fixture, "POST /api/v1/login", NULL, cases[i].body);

      routes_assert_problem (answer, 400, "invalid", cases[i].detail);
    }
  routes_assert_log ("");
}

static void
test_ticket (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("kerberos-request");
  g_autofree gchar *good = NULL;
  g_autofree gchar *wrong = NULL;
  g_autofree gchar *off = NULL;
  g_autofree gchar *code = NULL;

  parts_answer (routes_grant ());
  good = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, body);
  routes_assert_answer (good, 201, "login");
  routes_assert_log ("log-in with ticket c5ede7de2f8fcd71a9ed401d542bdf05 of 32 from 127.0.0.1\n");
  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "wrong-ticket",
              "the Kerberos token is not one for this broker");
  wrong = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, body);
  routes_assert_answer (wrong, 401, "problem-wrong-ticket");
  parts_fail (FLOE_ERROR_NOT_FOUND, "kerberos-off", "single sign-on is not offered here");
  off = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, body);
  routes_assert_answer (off, 404, "problem-kerberos-off");
  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "code-needed", "a code of the second factor is needed");
  code = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, body);
  routes_assert_answer (code, 401, "problem-code-needed");
  g_free (parts_take_log ());
}

static void
test_ticket_bad (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *huge = g_strnfill (64004, 'A');
  g_autofree gchar *large = g_strnfill (64000, 'A');
  const gchar *const bad[] = {
    "A", "AA", "AAA", "A===", "====", "AA=A", "AA A", "AA-_", "AAAAA==="
  };
  g_autofree gchar *too_long = g_strdup_printf ("{\"token\":\"%s\"}", huge);
  g_autofree gchar *longest = g_strdup_printf ("{\"token\":\"%s\"}", large);
  g_autofree gchar *refused = NULL;
  g_autofree gchar *taken = NULL;
  g_autofree gchar *empty = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *body = g_strdup_printf ("{\"token\":\"%s\"}", bad[i]);
      g_autofree gchar *answer = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, body);

      routes_assert_problem (answer, 400, "invalid", "token: expected base64");
    }
  refused = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, too_long);
  routes_assert_problem (refused, 400, "invalid", "token: longer than 64000 bytes");
  routes_assert_log ("");
  parts_answer (routes_grant ());
  taken = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, longest);
  routes_assert_answer (taken, 201, "login");
  g_free (parts_take_log ());
  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "wrong-ticket",
              "the Kerberos token is not one for this broker");
  empty = routes_ask (fixture, "POST /api/v1/login/kerberos", NULL, "{\"token\":\"\"}");
  routes_assert_answer (empty, 401, "problem-wrong-ticket");
  routes_assert_log ("log-in with ticket d41d8cd98f00b204e9800998ecf8427e of 0 from 127.0.0.1\n");
}

/* An empty one is the login's to refuse, in the words for a wrong one. */
static void
test_login_empty (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;

  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials", "wrong name or password");
  answer =
      routes_ask (fixture, "POST /api/v1/login", NULL, "{\"username\":\"\",\"password\":\"\"}");
  routes_assert_answer (answer, 401, "problem-wrong-credentials");
  routes_assert_log ("log-in   from 127.0.0.1\n");
}

/* People who are to be warned are told when their password ends. */
static void
test_login_warned (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("login-request");
  g_autofree gchar *answer = NULL;
  FloeGrant *grant = routes_grant ();

  grant->password_expires = G_GINT64_CONSTANT (1795685400000000);
  parts_answer (grant);
  answer = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (answer, 201, "login-warned");
  g_free (parts_take_log ());
}

static void
test_login_must_change (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("login-request");
  g_autofree gchar *answer = NULL;

  parts_fail (FLOE_ERROR_DENIED, "must-change", "the password has to be changed first");
  answer = routes_ask (fixture, "POST /api/v1/login", NULL, body);
  routes_assert_answer (answer, 403, "problem-must-change");
  g_free (parts_take_log ());
}

#define PASSWORD "POST /api/v1/password"

static void
test_password (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("password-request");
  g_autofree gchar *answer = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, PASSWORD, NULL, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log (
      "password hmori zwei Wörter \"und\" ein \\ to drei Wörter, 三語 from 127.0.0.1\n");
}

static void
test_password_errors (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar body[] = "{\"username\":\"hmori\",\"password\":\"x\",\"new_password\":\"y\"}";
  g_autofree gchar *wrong = NULL;
  g_autofree gchar *refused = NULL;
  g_autofree gchar *down = NULL;
  g_autofree gchar *unknown = NULL;

  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials", "wrong name or password");
  wrong = routes_ask (fixture, PASSWORD, NULL, body);
  routes_assert_answer (wrong, 401, "problem-wrong-credentials");
  parts_fail (FLOE_ERROR_DENIED, "password-refused", "the new password is too short");
  refused = routes_ask (fixture, PASSWORD, NULL, body);
  routes_assert_answer (refused, 403, "problem-password-refused");
  parts_fail (FLOE_ERROR_UNAVAILABLE, "directory-down", "no directory server answers");
  down = routes_ask (fixture, PASSWORD, NULL, body);
  routes_assert_answer (down, 503, "problem-directory-down");
  parts_fail (FLOE_ERROR_TIMED_OUT, NULL, "whether the password was changed is not known");
  unknown = routes_ask (fixture, PASSWORD, NULL, body);
  routes_assert_problem (unknown, 504, "timed-out",
                         "whether the password was changed is not known");
  g_free (parts_take_log ());
}

static void
test_password_bad (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *long_password = g_strnfill (1025, 'x');
  g_autofree gchar *long_body = g_strdup_printf (
      "{\"username\":\"a\",\"password\":\"b\",\"new_password\":\"%s\"}", long_password);
  const struct
  {
    const gchar *body;
    const gchar *detail;
  } cases[] = {
    { "{\"username\":\"a\",\"password\":\"b\"}", "new_password: missing" },
    { "{\"user\":\"a\",\"password\":\"b\",\"new_password\":\"c\"}", "\"user\": unknown key" },
    { "{\"username\":\"a\",\"password\":\"b\",\"new_password\":null}",
      "new_password: expected a string" },
    { long_body, "new_password: longer than 1024 bytes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *answer = routes_ask (fixture, PASSWORD, NULL, cases[i].body);

      routes_assert_problem (answer, 400, "invalid", cases[i].detail);
    }
  routes_assert_log ("");
}

static void
test_logout (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *failed = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, "POST /api/v1/logout", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (answer, 204, NULL);
  g_assert_null (strstr (answer, "Content-Length"));
  routes_assert_log ("log-out login-hmori\n");
  parts_fail (FLOE_ERROR_UNAVAILABLE, NULL, "the database is full");
  failed = routes_ask (fixture, "POST /api/v1/logout", PARTS_USER_TOKEN, NULL);
  routes_assert_problem (failed, 503, "unavailable", "the database is full");
  routes_assert_log ("log-out login-hmori\n");
}

static void
test_reconnect (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("reconnect-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *ended = NULL;
  g_autofree gchar *wrong_kind = NULL;

  parts_answer (routes_grant ());
  answer = routes_ask (fixture, "POST /api/v1/reconnect", NULL, body);
  routes_assert_answer (answer, 201, "login");
  routes_assert_log ("reconnect " RECONNECT_TOKEN "\n");
  parts_fail (FLOE_ERROR_UNAUTHENTICATED, "expired-token", "the token has expired");
  ended = routes_ask (fixture, "POST /api/v1/reconnect", NULL, body);
  routes_assert_answer (ended, 401, "problem-expired-token");
  g_free (parts_take_log ());
  wrong_kind = routes_ask (fixture, "POST /api/v1/reconnect", NULL,
                           "{\"reconnect_token\":\"" PARTS_USER_TOKEN "\"}");
  routes_assert_problem (wrong_kind, 401, "unauthenticated", NULL);
  routes_assert_log ("");
}

static void
test_me (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *failed = NULL;

  parts_answer (routes_views ("id-hmori"));
  answer = routes_ask (fixture, "GET /api/v1/me", PARTS_USER_TOKEN, NULL);
  g_assert_cmpuint (api_status (answer), ==, 200);
  g_assert_true (g_str_has_prefix (
      api_body (answer), "{\"user\":{\"id\":\"id-hmori\",\"name\":\"hmori\","
                         "\"display_name\":\"hmori\",\"role\":\"user\",\"roles\":[\"user\"],"
                         "\"helpdesk_pools\":null},\"pools\":[{"));
  routes_assert_log ("list hmori\n");
  parts_fail (FLOE_ERROR_TIMED_OUT, NULL, "the database did not answer");
  failed = routes_ask (fixture, "GET /api/v1/me", PARTS_USER_TOKEN, NULL);
  routes_assert_problem (failed, 504, "timed-out", NULL);
  g_free (parts_take_log ());
}

static void
test_pools (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *none = NULL;

  parts_answer (routes_views ("id-hmori"));
  answer = routes_ask (fixture, "GET /api/v1/pools", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (answer, 200, "pools");
  parts_answer (g_ptr_array_new ());
  none = routes_ask (fixture, "GET /api/v1/pools", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (none, 200, "pools-none");
  g_free (parts_take_log ());
}

static void
test_metrics (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *busy = NULL;
  g_autofree gchar *method = NULL;
  g_autofree gchar *longer = NULL;

  parts_answer (g_strdup ("# TYPE floe_up gauge\nfloe_up 1\n"));
  answer = routes_ask (fixture, "GET /metrics", NULL, NULL);
  g_assert_cmpuint (api_status (answer), ==, 200);
  g_assert_true (api_has_header (answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8"));
  g_assert_cmpstr (api_body (answer), ==, "# TYPE floe_up gauge\nfloe_up 1\n");
  parts_fail (FLOE_ERROR_BUSY, NULL, "too many calls are waiting");
  busy = routes_ask (fixture, "GET /metrics", NULL, NULL);
  routes_assert_problem (busy, 503, "busy", NULL);
  routes_assert_log ("scrape\nscrape\n");
  method = routes_ask (fixture, "POST /metrics", NULL, NULL);
  g_assert_cmpuint (api_status (method), ==, 405);
  longer = routes_ask (fixture, "GET /metrics/", NULL, NULL);
  g_assert_cmpuint (api_status (longer), ==, 404);
  routes_assert_log ("");
}

/* A server with the gate of the port that Prometheus has: there is nothing of the API. */
static void
test_metrics_alone (RoutesFixture *fixture, gconstpointer data)
{
  gsize n_routes;
  const FloeRoute *routes = floe_api_get_routes (&n_routes);
  FloeApiServerSettings settings = { .dispatch = floe_api_dispatch, .data = fixture->api };
  ApiFixture alone = { 0 };
  g_autofree gchar *ask = routes_request_text ("GET /metrics", NULL, NULL);
  g_autofree gchar *answer = NULL;
  guint refused = 0;

  settings.gate.routes = floe_api_get_metrics_routes (&settings.gate.n_routes);
  api_fixture_set_up (&alone, &settings);
  api_fixture_listen_tcp (&alone);
  for (gsize i = 0; i < n_routes; i++)
    {
      g_auto (GStrv) parts = g_strsplit (routes[i].path, "{}", -1);
      g_autofree gchar *path = g_strjoinv ("x", parts);
      g_autofree gchar *line = g_strconcat (routes[i].method, " ", path, NULL);
      g_autofree gchar *text = routes_request_text (line, PARTS_ADMIN_TOKEN, NULL);
      g_autofree gchar *other = NULL;

      if (strcmp (path, "/metrics") == 0)
        continue;
      other = api_fixture_ask (&alone, text, -1);
      g_assert_cmpuint (api_status (other), ==, 404);
      refused++;
    }
  g_assert_cmpuint (refused, ==, n_routes - 1);
  parts_answer (g_strdup ("floe_up 1\n"));
  answer = api_fixture_ask (&alone, ask, -1);
  g_assert_cmpstr (api_body (answer), ==, "floe_up 1\n");
  routes_assert_log ("scrape\n");
  api_fixture_tear_down (&alone);
}

/* An error of ours is logged with its request, and the client is told nothing of it. */
static void
test_internal (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;

  logs_expect ("request *, GET /api/v1/me: row 7 is damaged");
  parts_fail (FLOE_ERROR_INTERNAL, NULL, "row 7 is damaged");
  answer = routes_ask (fixture, "GET /api/v1/me", PARTS_USER_TOKEN, NULL);
  logs_assert_expected ();
  routes_assert_problem (answer, 500, "internal", "the broker's log says more");
  g_free (parts_take_log ());
}

/* The peer goes away while the directory is asked: nobody waits for that any more. */
static void
test_gone (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *text = routes_request_text ("GET /api/v1/me", PARTS_USER_TOKEN, NULL);
  g_autoptr (GSocket) socket = api_fixture_connect (&fixture->server);

  parts_hold (TRUE);
  api_fixture_send (socket, text, -1);
  api_wait_for (parts_get_held () == 1);
  g_socket_close (socket, NULL);
  api_fixture_settle ();
  parts_fail (FLOE_ERROR_CANCELLED, NULL, "nobody waits");
  parts_hold (FALSE);
  api_wait_for (floe_api_server_get_connections (fixture->server.server) == 0);
  g_free (parts_take_log ());
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("access/token-needed", test_token_needed);
  ROUTES_ADD ("code", test_code);
  ROUTES_ADD ("role-needed", test_role_needed);
  ROUTES_ADD ("access/expired", test_expired);
  ROUTES_ADD ("access/no-words", test_no_words);
  ROUTES_ADD ("health", test_health);
  ROUTES_ADD ("login/good", test_login);
  ROUTES_ADD ("login/domain", test_login_domain);
  ROUTES_ADD ("login/errors", test_login_errors);
  ROUTES_ADD ("login/bad", test_login_bad);
  ROUTES_ADD ("login/empty", test_login_empty);
  ROUTES_ADD ("login/ticket", test_ticket);
  ROUTES_ADD ("login/ticket-bad", test_ticket_bad);
  ROUTES_ADD ("login/warned", test_login_warned);
  ROUTES_ADD ("login/must-change", test_login_must_change);
  ROUTES_ADD ("password/good", test_password);
  ROUTES_ADD ("password/errors", test_password_errors);
  ROUTES_ADD ("password/bad", test_password_bad);
  ROUTES_ADD ("logout", test_logout);
  ROUTES_ADD ("reconnect", test_reconnect);
  ROUTES_ADD ("me", test_me);
  ROUTES_ADD ("pools", test_pools);
  ROUTES_ADD ("metrics/answer", test_metrics);
  ROUTES_ADD ("metrics/alone", test_metrics_alone);
  ROUTES_ADD ("internal", test_internal);
  ROUTES_ADD ("gone", test_gone);
  return g_test_run ();
}
