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

  routes_assert_problem (others, 404, "not-found", NULL);
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

static GSocket *
open_stream (RoutesFixture *fixture, const gchar *path, const gchar *token)
{
  g_autofree gchar *line = g_strconcat ("GET ", path, NULL);
  g_autofree gchar *text = routes_request_text (line, token, NULL);
  GSocket *socket = api_fixture_connect (&fixture->server);

  api_fixture_send (socket, text, -1);
  return socket;
}

static void
test_request_events (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeConnectRequest) request = routes_request_new ();
  g_autofree gchar *path =
      g_strdup_printf ("/api/v1/requests/%s/events", floe_connect_request_get_id (request));
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;
  g_autofree gchar *ping = NULL;
  g_autofree gchar *rest = NULL;

  floe_connect_request_set_state (request, FLOE_REQUEST_WAITING, 3);
  socket = open_stream (fixture, path, PARTS_USER_TOKEN);
  first = api_fixture_read (socket, "\n\n");
  g_assert_cmpuint (api_status (first), ==, 200);
  g_assert_true (api_has_header (first, "Content-Type: text/event-stream"));
  g_assert_true (api_has_header (first, "Cache-Control: no-store"));
  g_assert_nonnull (strstr (first, "event: state\ndata: {\"id\":"));
  g_assert_nonnull (strstr (first, "\"state\":\"waiting\",\"place\":3"));
  floe_connect_request_set_state (request, FLOE_REQUEST_WAITING, 2);
  second = api_fixture_read (socket, "\n\n");
  g_assert_nonnull (strstr (second, "\"place\":2"));
  api_clock_advance (fixture->server.clock, 15);
  ping = api_fixture_read (socket, "\n\n");
  g_assert_nonnull (strstr (ping, ": ping\n\n"));
  floe_connect_request_set_state (request, FLOE_REQUEST_READY, 0);
  rest = api_fixture_read (socket, NULL);
  g_assert_nonnull (strstr (rest, "\"state\":\"ready\""));
  g_assert_true (g_str_has_suffix (rest, "\r\n0\r\n\r\n"));
  routes_assert_log ("hold login-hmori\nunhold login-hmori\n");
}

static void
test_request_events_over (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeConnectRequest) request = routes_request_new ();
  g_autofree gchar *path =
      g_strdup_printf ("/api/v1/requests/%s/events", floe_connect_request_get_id (request));
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *all = NULL;
  g_autoptr (GSocket) other = NULL;
  g_autofree gchar *refused = NULL;

  floe_connect_request_set_state (request, FLOE_REQUEST_READY, 0);
  socket = open_stream (fixture, path, PARTS_USER_TOKEN);
  all = api_fixture_read (socket, NULL);
  g_assert_nonnull (strstr (all, "\"state\":\"ready\""));
  other = open_stream (fixture, path, PARTS_OTHER_TOKEN);
  refused = api_fixture_read (other, NULL);
  routes_assert_problem (refused, 404, "not-found", NULL);
  g_free (parts_take_log ());
}

static void
test_request_events_gone (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeConnectRequest) request = routes_request_new ();
  g_autofree gchar *path =
      g_strdup_printf ("/api/v1/requests/%s/events", floe_connect_request_get_id (request));
  g_autoptr (GSocket) socket = open_stream (fixture, path, PARTS_USER_TOKEN);
  g_autofree gchar *first = api_fixture_read (socket, "\n\n");

  g_assert_cmpuint (api_status (first), ==, 200);
  g_socket_close (socket, NULL);
  api_wait_for (floe_api_server_get_connections (fixture->server.server) == 0);
  routes_assert_log ("hold login-hmori\nunhold login-hmori\n");
  floe_connect_request_set_state (request, FLOE_REQUEST_READY, 0);
}

static void
test_events (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeDesktop) ended = routes_desktop (NULL, FLOE_CONSOLE_NONE);
  g_autoptr (FloeDesktop) others = routes_desktop ("id-other", FLOE_CONSOLE_CONNECTED);
  g_autoptr (FloeDesktop) mine = routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED);
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;
  g_autofree gchar *third = NULL;
  g_autofree gchar *fourth = NULL;

  parts_answer (routes_views ("id-hmori"));
  socket = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
  first = api_fixture_read (socket, "\n\n");
  g_assert_nonnull (strstr (first, "event: desktop\ndata: {\"id\":\"" DESKTOP_ID "\""));
  g_assert_nonnull (strstr (first, "\"state\":\"ready\""));
  parts_emit_desktop (&fixture->parts, mine);
  second = api_fixture_read (socket, "\n\n");
  g_assert_nonnull (strstr (second, "\"state\":\"in-use\""));
  ended->end = g_new0 (FloeEnd, 1);
  ended->end->reason = g_strdup ("admin");
  ended->end->user = g_strdup ("id-hmori");
  parts_emit_desktop (&fixture->parts, ended);
  third = api_fixture_read (socket, "\n\n");
  g_assert_nonnull (strstr (third, "\"reason\":\"admin\""));
  g_assert_nonnull (strstr (third, "\"can_reconnect\":false"));
  /* It is somebody else's now. */
  parts_emit_desktop (&fixture->parts, others);
  parts_emit_desktop (&fixture->parts, ended);
  api_clock_advance (fixture->server.clock, 15);
  fourth = api_fixture_read (socket, "\n\n");
  g_assert_null (strstr (fourth, "event:"));
  g_assert_nonnull (strstr (fourth, ": ping"));
  routes_assert_log ("hold login-hmori\nlist hmori\n");
}

/* What changes while the list is being read is newer than the list. */
static void
test_events_order (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeDesktop) mine = routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED);
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;

  parts_hold (TRUE);
  socket = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
  api_wait_for (parts_get_held () == 1);
  parts_emit_desktop (&fixture->parts, mine);
  parts_answer (routes_views ("id-hmori"));
  parts_hold (FALSE);
  first = api_fixture_read (socket, "\n\n");
  g_assert_nonnull (strstr (first, "\"state\":\"in-use\""));
  api_fixture_settle ();
  api_clock_advance (fixture->server.clock, 15);
  second = api_fixture_read (socket, ": ping");
  g_assert_null (strstr (second, "\"state\""));
  g_free (parts_take_log ());
}

static void
test_events_list_fails (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *all = NULL;

  parts_fail (FLOE_ERROR_UNAVAILABLE, NULL, "the database is locked");
  socket = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
  all = api_fixture_read (socket, NULL);
  g_assert_cmpstr (api_body (all), ==, "0\r\n\r\n");
  routes_assert_log ("hold login-hmori\nlist hmori\nunhold login-hmori\n");
}

/* The peer goes before the list has come. */
static void
test_events_gone (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeDesktop) mine = routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED);
  g_autoptr (GSocket) socket = NULL;

  parts_hold (TRUE);
  socket = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
  api_wait_for (parts_get_held () == 1);
  g_socket_close (socket, NULL);
  api_wait_for (floe_api_server_get_connections (fixture->server.server) == 0);
  parts_emit_desktop (&fixture->parts, mine);
  parts_answer (routes_views ("id-hmori"));
  parts_hold (FALSE);
  api_fixture_settle ();
  routes_assert_log ("hold login-hmori\nlist hmori\nunhold login-hmori\n");
}

/* A log-in that ended takes its streams with it, within a minute. */
static void
test_events_revoked (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *first = NULL;
  g_autofree gchar *rest = NULL;

  parts_answer (routes_views ("id-hmori"));
  socket = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
  first = api_fixture_read (socket, "\n\n");
  api_clock_advance (fixture->server.clock, 60);
  api_fixture_settle ();
  g_assert_cmpuint (floe_api_server_get_connections (fixture->server.server), ==, 1);
  parts_revoke (PARTS_USER_TOKEN);
  api_clock_advance (fixture->server.clock, 60);
  rest = api_fixture_read (socket, NULL);
  g_assert_true (g_str_has_suffix (rest, "\r\n0\r\n\r\n"));
  g_free (parts_take_log ());
}

static void
test_streams_limited (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) one_more = NULL;
  g_autoptr (GSocket) other = NULL;
  g_autofree gchar *refused = NULL;
  g_autofree gchar *taken = NULL;

  for (guint i = 0; i < 16; i++)
    {
      g_autofree gchar *first = NULL;

      parts_answer (routes_views ("id-hmori"));
      g_ptr_array_add (sockets, open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN));
      first = api_fixture_read (sockets->pdata[i], "\n\n");
    }
  one_more = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
  refused = api_fixture_read (one_more, NULL);
  routes_assert_problem (refused, 503, "busy", NULL);
  parts_answer (routes_views ("id-other"));
  other = open_stream (fixture, "/api/v1/events", PARTS_OTHER_TOKEN);
  taken = api_fixture_read (other, "\n\n");
  g_assert_cmpuint (api_status (taken), ==, 200);
  g_free (parts_take_log ());
}

/* A peer that does not read is cut off, and does not fill the memory. */
static void
test_stream_not_read (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeDesktop) mine = routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED);
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *first = NULL;
  guint sent = 0;

  parts_answer (routes_views ("id-hmori"));
  socket = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
  first = api_fixture_read (socket, "\n\n");
  while (floe_api_server_get_connections (fixture->server.server) == 1)
    {
      parts_emit_desktop (&fixture->parts, mine);
      g_assert_cmpuint (sent++, <, 200000);
      if (sent % 100 == 0)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }
  routes_assert_log ("hold login-hmori\nlist hmori\nunhold login-hmori\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("connect/at-once", test_connect);
  ROUTES_ADD ("connect/accepted", test_connect_accepted);
  ROUTES_ADD ("connect/errors", test_connect_errors);
  ROUTES_ADD ("file/good", test_file);
  ROUTES_ADD ("file/escapes", test_file_escapes);
  ROUTES_ADD ("request/states", test_request);
  ROUTES_ADD ("request/failed", test_request_failed);
  ROUTES_ADD ("desktop/get", test_desktop);
  ROUTES_ADD ("desktop/release", test_release);
  ROUTES_ADD ("request-events/whole", test_request_events);
  ROUTES_ADD ("request-events/over", test_request_events_over);
  ROUTES_ADD ("request-events/gone", test_request_events_gone);
  ROUTES_ADD ("events/whole", test_events);
  ROUTES_ADD ("events/order", test_events_order);
  ROUTES_ADD ("events/list-fails", test_events_list_fails);
  ROUTES_ADD ("events/gone", test_events_gone);
  ROUTES_ADD ("events/revoked", test_events_revoked);
  ROUTES_ADD ("events/limited", test_streams_limited);
  ROUTES_ADD ("events/not-read", test_stream_not_read);
  return g_test_run ();
}
