/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "logs.h"
#include "routes-fixture.h"

static void
test_connect (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *plain = NULL;

  parts_answer (routes_connection (TRUE));
  answer = routes_ask (fixture, "POST /api/v1/pools/office/connect", PARTS_USER_TOKEN, "{}");
  routes_assert_answer (answer, 200, "connection");
  routes_assert_log ("connect hmori office\n");
  parts_answer (routes_connection (FALSE));
  plain = routes_ask (fixture, "POST /api/v1/pools/office/connect", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (plain, 200, "connection-plain");
  g_free (parts_take_log ());
}

static void
test_connect_accepted (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const lines[] = { "POST /api/v1/pools/office/connect",
                                        "POST /api/v1/pools/office/connection.vv" };
  g_autoptr (FloeConnectRequest) request = routes_request_new ();
  g_autofree gchar *location =
      g_strconcat ("Location: /api/v1/requests/", floe_connect_request_get_id (request), NULL);

  floe_connect_request_set_desktop (request, DESKTOP_ID, "office-1");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      FloeConnectAnswer *accepted = g_new0 (FloeConnectAnswer, 1);
      g_autofree gchar *answer = NULL;

      accepted->request = g_object_ref (request);
      parts_answer (accepted);
      answer = routes_ask (fixture, lines[i], PARTS_USER_TOKEN, NULL);
      g_assert_cmpuint (api_status (answer), ==, 202);
      g_assert_true (api_has_header (answer, location));
      g_assert_true (api_has_header (answer, "Content-Type: application/json"));
      routes_assert_request (api_body (answer), "request-starting", request);
    }
  g_free (parts_take_log ());
}

static void
test_connect_errors (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *none = NULL;
  g_autofree gchar *unknown = NULL;

  parts_fail (FLOE_ERROR_EXHAUSTED, "no-desktop-free", "no desktop of the pool \"office\" is free");
  none = routes_ask (fixture, "POST /api/v1/pools/office/connect", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (none, 409, "problem-no-desktop-free");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no pool of this name");
  unknown = routes_ask (fixture, "POST /api/v1/pools/office/connect", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (unknown, 404, "problem-not-found");
  g_free (parts_take_log ());
}

/* A further one, or this one of theirs: said in the body, and only there. */
static void
test_connect_wish (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/pools/office/connect";
  g_autofree gchar *another = routes_example ("connect-another");
  g_autofree gchar *own = routes_example ("connect-desktop");
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;
  g_autofree gchar *both = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (routes_connection (TRUE));
  first = routes_ask (fixture, line, PARTS_USER_TOKEN, another);
  routes_assert_answer (first, 200, "connection");
  routes_assert_log ("connect hmori office another\n");
  parts_answer (routes_connection (TRUE));
  second = routes_ask (fixture, line, PARTS_USER_TOKEN, own);
  routes_assert_answer (second, 200, "connection");
  routes_assert_log ("connect hmori office " DESKTOP_ID "\n");
  both = routes_ask (fixture, line, PARTS_USER_TOKEN, "{\"another\":true,\"desktop\":\"d-1\"}");
  routes_assert_problem (both, 400, "invalid", "desktop: expected none when another one is wanted");
  unknown = routes_ask (fixture, line, PARTS_USER_TOKEN, "{\"colour\":1}");
  routes_assert_problem (unknown, 400, "invalid", "\"colour\": unknown key");
  routes_assert_log ("");
}

static void
assert_key (GKeyFile *file, const gchar *key, const gchar *wanted)
{
  g_autofree gchar *value = g_key_file_get_string (file, "virt-viewer", key, NULL);

  g_assert_cmpstr (value, ==, wanted);
}

static GKeyFile *
ask_file (RoutesFixture *fixture, FloeConnectAnswer *connected)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree gchar *answer = NULL;
  g_autoptr (GError) error = NULL;

  parts_answer (connected);
  answer = routes_ask (fixture, "POST /api/v1/pools/office/connection.vv", PARTS_USER_TOKEN, NULL);
  g_assert_cmpuint (api_status (answer), ==, 200);
  g_assert_true (api_has_header (answer, "Content-Type: application/x-virt-viewer"));
  g_assert_true (
      api_has_header (answer, "Content-Disposition: attachment; filename=\"desktop.vv\""));
  g_key_file_load_from_data (file, api_body (answer), (gsize)-1, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  g_free (parts_take_log ());
  return file;
}

static void
test_file (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (GKeyFile) file = ask_file (fixture, routes_connection (TRUE));
  g_auto (GStrv) channels =
      g_key_file_get_string_list (file, "virt-viewer", "secure-channels", NULL, NULL);

  assert_key (file, "type", "spice");
  assert_key (file, "host", "192.0.2.17");
  assert_key (file, "port", NULL);
  g_assert_cmpint (g_key_file_get_integer (file, "virt-viewer", "tls-port", NULL), ==, 5901);
  assert_key (file, "password", "q7Yc2LkV0sJx8TnB4mRz1A");
  assert_key (file, "ca",
              "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUYk1S0m1cX3Jt\n"
              "-----END CERTIFICATE-----\n");
  assert_key (file, "host-subject", "O=Example\\, Inc.,CN=host-a.floe.test");
  assert_key (file, "title", "office-1 · Office");
  g_assert_cmpint (g_key_file_get_integer (file, "virt-viewer", "delete-this-file", NULL), ==, 1);
  assert_key (file, "toggle-fullscreen", "f11");
  assert_key (file, "release-cursor", "shift+f12");
  assert_key (file, "secure-attention", "ctrl+alt+end");
  g_assert_cmpuint (g_strv_length (channels), ==, 1);
  g_assert_cmpstr (channels[0], ==, "all");
}

/* A name cannot add a line of its own. */
static void
test_file_escapes (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar title[] = " a\\b\n[ovirt]\r\tproxy=http://evil.test;c ";
  FloeConnectAnswer *connected = routes_connection (FALSE);
  g_autoptr (GKeyFile) file = NULL;
  g_auto (GStrv) groups = NULL;

  g_free (connected->connection->title);
  connected->connection->title = g_strdup (title);
  file = ask_file (fixture, connected);
  groups = g_key_file_get_groups (file, NULL);
  g_assert_cmpuint (g_strv_length (groups), ==, 1);
  assert_key (file, "title", title);
  assert_key (file, "proxy", NULL);
  assert_key (file, "tls-port", NULL);
  assert_key (file, "port", "5900");
  assert_key (file, "ca", NULL);
  assert_key (file, "secure-channels", NULL);
}

static void
test_file_vnc (RoutesFixture *fixture, gconstpointer data)
{
  FloeConnectAnswer *connected = routes_connection (FALSE);
  g_autoptr (GKeyFile) file = NULL;

  connected->connection->display->kind = FLOE_DISPLAY_VNC;
  file = ask_file (fixture, connected);
  assert_key (file, "type", "vnc");
  assert_key (file, "port", "5900");
}

static void
test_request (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeConnectRequest) request = routes_request_new ();
  g_autofree gchar *line =
      g_strconcat ("GET /api/v1/requests/", floe_connect_request_get_id (request), NULL);
  static const gchar *const names[] = { "request-waiting", "request-starting", "request-guest",
                                        "request-ready" };
  static const FloeRequestState states[] = { FLOE_REQUEST_WAITING, FLOE_REQUEST_STARTING,
                                             FLOE_REQUEST_GUEST, FLOE_REQUEST_READY };
  g_autofree gchar *others = routes_ask (fixture, line, PARTS_OTHER_TOKEN, NULL);
  g_autofree gchar *queued = NULL;
  g_autofree gchar *bound = NULL;

  routes_assert_problem (others, 404, "not-found", NULL);
  floe_connect_request_queue (request, 3, 240);
  queued = routes_ask (fixture, line, PARTS_USER_TOKEN, NULL);
  routes_assert_request (api_body (queued), "request-queued", request);
  floe_connect_request_set_data_host (request, "host-b", TRUE);
  floe_connect_request_queue (request, 1, 0);
  bound = routes_ask (fixture, line, PARTS_USER_TOKEN, NULL);
  routes_assert_request (api_body (bound), "request-queued-for-host", request);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *answer = NULL;

      if (i == 1)
        floe_connect_request_set_desktop (request, DESKTOP_ID, "office-1");
      floe_connect_request_set_state (request, states[i], i == 0 ? 3 : 0);
      answer = routes_ask (fixture, line, PARTS_USER_TOKEN, NULL);
      g_assert_cmpuint (api_status (answer), ==, 200);
      routes_assert_request (api_body (answer), names[i], request);
    }
}

static void
test_request_leave (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *unknown = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, "DELETE /api/v1/requests/r-1", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("leave hmori r-1\n");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no such request");
  unknown = routes_ask (fixture, "DELETE /api/v1/requests/r-2", PARTS_USER_TOKEN, NULL);
  routes_assert_problem (unknown, 404, "not-found", NULL);
  g_free (parts_take_log ());
}

static void
test_request_failed (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeConnectRequest) request = routes_request_new ();
  g_autofree gchar *line =
      g_strconcat ("GET /api/v1/requests/", floe_connect_request_get_id (request), NULL);
  g_autofree gchar *answer = NULL;
  g_autoptr (GError) error = NULL;

  floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "start-failed",
                         "the desktop \"office-1\" did not become ready within 120 seconds");
  floe_connect_request_set_desktop (request, DESKTOP_ID, "office-1");
  floe_connect_request_fail (request, error);
  answer = routes_ask (fixture, line, PARTS_USER_TOKEN, NULL);
  routes_assert_request (api_body (answer), "request-failed", request);
}

static void
test_desktop (RoutesFixture *fixture, gconstpointer data)
{
  FloeDesktop *taken = routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED);
  FloeDesktop *of_other = routes_desktop (NULL, FLOE_CONSOLE_NONE);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *in_use = NULL;
  g_autofree gchar *ended = NULL;
  g_autofree gchar *unknown = NULL;

  taken->end = g_new0 (FloeEnd, 1);
  taken->end->reason = g_strdup ("taken-over");
  taken->end->at = NOON + 667 * SECONDS;
  taken->end->by = g_strdup ("hmori");
  taken->end->where = g_strdup ("198.51.100.23");
  taken->end->user = g_strdup ("id-hmori");
  of_other->end = floe_end_copy (taken->end);
  g_free (of_other->end->user);
  of_other->end->user = g_strdup ("id-other");
  parts_answer (taken);
  answer = routes_ask (fixture, "GET /api/v1/desktops/" DESKTOP_ID, PARTS_USER_TOKEN, NULL);
  routes_assert_answer (answer, 200, "desktop-taken-over");
  routes_assert_log ("desktop hmori " DESKTOP_ID "\n");
  parts_answer (routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED));
  parts_set_outlook (NOON + 27000 * SECONDS, NOON + 10800 * SECONDS, "host1 is updated at noon");
  in_use = routes_ask (fixture, "GET /api/v1/desktops/" DESKTOP_ID, PARTS_USER_TOKEN, NULL);
  routes_assert_answer (in_use, 200, "desktop");
  parts_answer (of_other);
  ended = routes_ask (fixture, "GET /api/v1/desktops/" DESKTOP_ID, PARTS_USER_TOKEN, NULL);
  g_assert_nonnull (strstr (api_body (ended), "\"end\":null,\"can_reconnect\":false"));
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no such desktop");
  unknown = routes_ask (fixture, "GET /api/v1/desktops/x", PARTS_USER_TOKEN, NULL);
  routes_assert_problem (unknown, 404, "not-found", "no such desktop");
  g_free (parts_take_log ());
}

static void
test_release (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;
  g_autofree gchar *conflict = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, "POST /api/v1/desktops/d-1/release", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("release hmori d-1\n");
  parts_fail (FLOE_ERROR_CONFLICT, NULL, "the desktop is not of a floating pool");
  conflict = routes_ask (fixture, "POST /api/v1/desktops/d-1/release", PARTS_USER_TOKEN, NULL);
  routes_assert_problem (conflict, 409, "conflict", NULL);
  g_free (parts_take_log ());
}

static void
test_heartbeat (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/desktops/d-1/heartbeat";
  g_autofree gchar *body = routes_example ("heartbeat-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *unknown = NULL;
  static const gchar *const bad[] = { "{}",
                                      "{\"idle_seconds\":-1}",
                                      "{\"idle_seconds\":2592001}",
                                      "{\"idle_seconds\":\"1\"}",
                                      "{\"idle_seconds\":1,\"x\":1}",
                                      "{\"idle_seconds\":1,\"quality\":\"none\"}",
                                      "{\"idle_seconds\":1,\"quality\":\"good\",\"rtt_ms\":-1}" };

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_USER_TOKEN, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("beat hmori d-1 240fair\n");
  parts_fail (FLOE_ERROR_NOT_FOUND, NULL, "no such desktop");
  unknown = routes_ask (fixture, line, PARTS_USER_TOKEN, "{\"idle_seconds\":0}");
  routes_assert_problem (unknown, 404, "not-found", NULL);
  g_free (parts_take_log ());
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused = routes_ask (fixture, line, PARTS_USER_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  routes_assert_log ("");
}

static void
test_act (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar line[] = "POST /api/v1/desktops/d-1/actions";
  static const gchar *const bad[] = { "{}", "{\"action\":\"reset\"}", "{\"action\":1}",
                                      "{\"action\":\"fresh\",\"reason\":\"x\"}" };
  g_autofree gchar *body = routes_example ("own-action-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *denied = NULL;

  parts_answer (routes_yes ());
  answer = routes_ask (fixture, line, PARTS_USER_TOKEN, body);
  routes_assert_answer (answer, 204, NULL);
  routes_assert_log ("own act hmori d-1 fresh\n");
  parts_fail (FLOE_ERROR_DENIED, "action-not-allowed",
              "pool office does not let its people do that");
  denied = routes_ask (fixture, line, PARTS_USER_TOKEN, "{\"action\":\"restart\"}");
  routes_assert_problem (denied, 403, "denied", NULL);
  g_free (parts_take_log ());
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *refused = routes_ask (fixture, line, PARTS_USER_TOKEN, bad[i]);

      routes_assert_problem (refused, 400, "invalid", NULL);
    }
  routes_assert_log ("");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("connect/at-once", test_connect);
  ROUTES_ADD ("connect/accepted", test_connect_accepted);
  ROUTES_ADD ("connect/errors", test_connect_errors);
  ROUTES_ADD ("connect/wish", test_connect_wish);
  ROUTES_ADD ("file/good", test_file);
  ROUTES_ADD ("file/escapes", test_file_escapes);
  ROUTES_ADD ("file/vnc", test_file_vnc);
  ROUTES_ADD ("request/states", test_request);
  ROUTES_ADD ("request/leave", test_request_leave);
  ROUTES_ADD ("request/failed", test_request_failed);
  ROUTES_ADD ("desktop/get", test_desktop);
  ROUTES_ADD ("desktop/heartbeat", test_heartbeat);
  ROUTES_ADD ("desktop/act", test_act);
  ROUTES_ADD ("desktop/release", test_release);
  return g_test_run ();
}
