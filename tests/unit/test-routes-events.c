/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "logs.h"
#include "routes-fixture.h"

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
  parts_set_outlook (0, 0, "host1 is updated at noon");
  parts_emit_desktop (&fixture->parts, mine);
  second = api_fixture_read (socket, "\n\n");
  g_assert_nonnull (strstr (second, "\"state\":\"in-use\""));
  g_assert_nonnull (strstr (second, "\"notice\":\"host1 is updated at noon\""));
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

/* Behind the desktop; not again when that changes once more; again to who connects again. */
static void
test_messages (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeDesktop) mine = routes_desktop ("id-hmori", FLOE_CONSOLE_CONNECTED);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GSocket) socket = NULL;
      g_autofree gchar *first = NULL;
      g_autofree gchar *second = NULL;
      g_autofree gchar *third = NULL;
      g_autofree gchar *ping = NULL;

      parts_answer (routes_views ("id-hmori"));
      socket = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
      first = api_fixture_read (socket, "\n\n");
      parts_set_message ("Please save your work.");
      parts_emit_desktop (&fixture->parts, mine);
      second = api_fixture_read (socket, "\"at\":\"2026-11-23T09:41:07Z\"}\n\n");
      g_assert_nonnull (strstr (second, "event: desktop\n"));
      g_assert_nonnull (strstr (second, "event: message\ndata: {\"id\":"));
      g_assert_nonnull (strstr (second, "\"desktop\":\"" DESKTOP_ID "\",\"from\":\"Jana Weber\","
                                        "\"text\":\"Please save your work.\","));
      parts_emit_desktop (&fixture->parts, mine);
      third = api_fixture_read (socket, "\n\n");
      g_assert_nonnull (strstr (third, "event: desktop\n"));
      api_clock_advance (fixture->server.clock, 15);
      ping = api_fixture_read (socket, "\n\n");
      g_assert_null (strstr (ping, "event:"));
    }
  g_free (parts_take_log ());
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

/* Streams that began at different times have each their own pings, and one time-out together. */
static void
test_events_pings (RoutesFixture *fixture, gconstpointer data)
{
  GSocket *sockets[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autofree gchar *first = NULL;

      parts_answer (routes_views ("id-hmori"));
      sockets[i] = open_stream (fixture, "/api/v1/events", PARTS_USER_TOKEN);
      first = api_fixture_read (sockets[i], "\n\n");
      api_clock_advance (fixture->server.clock, 7);
    }
  for (guint i = 0; i < 6; i++)
    {
      gchar bytes[64];
      g_autofree gchar *ping = NULL;

      g_assert_cmpuint (api_clock_get_pending (fixture->server.clock), ==, 1);
      g_assert_cmpint (g_socket_receive (sockets[i % 2], bytes, sizeof bytes, NULL, NULL), <, 0);
      api_clock_advance (fixture->server.clock, i % 2 == 0 ? 1 : 7);
      ping = api_fixture_read (sockets[i % 2], "\n\n");
      g_assert_cmpstr (ping, ==, "8\r\n: ping\n\n\r\n");
      if (i % 2 == 1)
        api_clock_advance (fixture->server.clock, 7);
    }
  /* One that ends takes its pings with it, and leaves the other's. */
  g_clear_object (&sockets[0]);
  api_wait_for (floe_api_server_get_connections (fixture->server.server) == 1);
  g_assert_cmpuint (api_clock_get_pending (fixture->server.clock), ==, 1);
  g_clear_object (&sockets[1]);
  api_wait_for (floe_api_server_get_connections (fixture->server.server) == 0);
  g_assert_cmpuint (api_clock_get_pending (fixture->server.clock), ==, 0);
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

/* The staff's pages: what changed within a moment comes at once, and after an interruption what was
 * missed. */

static GSocket *
follow (RoutesFixture *fixture, const gchar *last)
{
  g_autofree gchar *line =
      last != NULL ? g_strconcat ("GET /api/v1/admin/events HTTP/1.1\r\nHost: broker.floe.test\r\n"
                                  "Authorization: Bearer " PARTS_ADMIN_TOKEN "\r\nLast-Event-ID: ",
                                  last, "\r\n\r\n", NULL)
                   : NULL;
  GSocket *socket;

  if (last == NULL)
    return open_stream (fixture, "/api/v1/admin/events", PARTS_ADMIN_TOKEN);
  socket = api_fixture_connect (&fixture->server);
  api_fixture_send (socket, line, -1);
  return socket;
}

static gchar *
id_of (const gchar *event)
{
  const gchar *id = strstr (event, "\nid: ");

  g_assert_nonnull (id);
  return g_strndup (id + 5, strcspn (id + 5, "\n"));
}

static void
test_admin_events (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = routes_desktop (NULL, FLOE_CONSOLE_NONE);
  g_autoptr (GSocket) socket = follow (fixture, NULL);
  g_autofree gchar *ready = api_fixture_read (socket, "\ndata: {}\n\n");
  g_autofree gchar *id = id_of (ready);
  g_autofree gchar *first = NULL;
  g_autofree gchar *missed = NULL;
  g_autofree gchar *reset = NULL;
  g_autoptr (GSocket) again = NULL;
  g_autoptr (GSocket) stranger = NULL;

  g_assert_nonnull (strstr (ready, "event: ready\nid: "));
  parts_emit_desktop (&fixture->parts, desktop);
  parts_emit_desktop (&fixture->parts, desktop);
  api_clock_advance (fixture->server.clock, 1);
  first = api_fixture_read (socket, "}\n\n");
  g_assert_nonnull (strstr (first, "data: {\"desktops\":[{\"id\":\"" DESKTOP_ID
                                   "\",\"pool\":\"office\"}],\"pools\":false,\"all\":false}"));
  g_signal_emit_by_name (fixture->parts.keeper, "pools-changed");
  api_clock_advance (fixture->server.clock, 1);
  again = follow (fixture, id);
  missed = api_fixture_read (again, "\ndata: {}\n\n");
  g_assert_nonnull (strstr (missed, DESKTOP_ID));
  g_assert_nonnull (strstr (missed, "{\"desktops\":[],\"pools\":true,\"all\":false}"));
  g_assert_nonnull (strstr (missed, "event: ready"));
  g_assert_null (strstr (missed, "event: reset"));
  /* What another broker told, or this one long ago, is not known: everything is to be read anew. */
  stranger = follow (fixture, "0123456789abcdef-7");
  reset = api_fixture_read (stranger, "event: ready");
  g_assert_nonnull (strstr (reset, "event: reset"));
  g_free (parts_take_log ());
}

/* Too many to be named are all. */
static void
test_admin_events_all (RoutesFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = follow (fixture, NULL);
  g_autofree gchar *G_GNUC_UNUSED ready = api_fixture_read (socket, "\ndata: {}\n\n");
  g_autofree gchar *all = NULL;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("desktop-%u", i);
      g_autoptr (FloeDesktop) desktop = floe_desktop_new (id, id, "office");

      parts_emit_desktop (&fixture->parts, desktop);
    }
  api_clock_advance (fixture->server.clock, 1);
  all = api_fixture_read (socket, "}\n\n");
  g_assert_nonnull (strstr (all, "{\"desktops\":[],\"pools\":false,\"all\":true}"));
  g_free (parts_take_log ());
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("request-events/whole", test_request_events);
  ROUTES_ADD ("request-events/over", test_request_events_over);
  ROUTES_ADD ("request-events/gone", test_request_events_gone);
  ROUTES_ADD ("events/whole", test_events);
  ROUTES_ADD ("events/messages", test_messages);
  ROUTES_ADD ("events/order", test_events_order);
  ROUTES_ADD ("events/list-fails", test_events_list_fails);
  ROUTES_ADD ("events/gone", test_events_gone);
  ROUTES_ADD ("events/revoked", test_events_revoked);
  ROUTES_ADD ("events/limited", test_streams_limited);
  ROUTES_ADD ("events/pings", test_events_pings);
  ROUTES_ADD ("events/not-read", test_stream_not_read);
  ROUTES_ADD ("admin/events", test_admin_events);
  ROUTES_ADD ("admin/events-all", test_admin_events_all);
  return g_test_run ();
}
