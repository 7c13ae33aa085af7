/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api-fixture.h"
#include "logs.h"

#define HOST     "Host: broker.floe.test\r\n"
#define GET_A    "GET /a HTTP/1.1\r\n" HOST "\r\n"
#define GET_HELD "GET /held HTTP/1.1\r\n" HOST "\r\n"

static void
set_up (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_set_up (fixture, NULL);
}

static void
tear_down (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_tear_down (fixture);
}

static void
test_held (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_BUSY, "later");
  g_autofree gchar *answer = NULL;

  api_fixture_listen_unix (fixture);
  socket = api_fixture_connect (fixture);
  api_fixture_send (socket, GET_HELD, -1);
  api_wait_for (fixture->held != NULL);
  /* The intake's time does not run any more. */
  api_clock_advance (fixture->clock, 60);
  api_fixture_settle ();
  g_assert_false (g_cancellable_is_cancelled (floe_exchange_get_cancellable (fixture->held)));
  floe_exchange_answer_problem (fixture->held, problem);
  answer = api_fixture_read (socket, NULL);
  g_assert_cmpuint (api_status (answer), ==, 503);
  g_assert_true (api_has_header (answer, "Retry-After: 2"));
}

static void
count (FloeExchange *exchange, guint *n)
{
  (*n)++;
}

static void
check_gone (ApiFixture *fixture)
{
  g_autoptr (GSocket) socket = api_fixture_connect (fixture);
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_BUSY, "later");
  guint gone = 0;

  api_fixture_send (socket, GET_HELD, -1);
  api_wait_for (fixture->held != NULL);
  g_signal_connect (fixture->held, "gone", G_CALLBACK (count), &gone);
  g_socket_close (socket, NULL);
  api_wait_for (gone == 1);
  g_assert_true (g_cancellable_is_cancelled (floe_exchange_get_cancellable (fixture->held)));
  /* The answer goes nowhere, and frees the connection. */
  floe_exchange_answer_problem (fixture->held, problem);
  api_wait_for (floe_api_server_get_connections (fixture->server) == 0);
  g_assert_cmpuint (gone, ==, 1);
}

static void
test_gone_unix (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_listen_unix (fixture);
  check_gone (fixture);
}

static void
test_gone_tcp (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_listen_tcp (fixture);
  check_gone (fixture);
}

/* A peer that ended its half of a Unix socket still reads. */
static void
test_half_closed (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_BUSY, "later");
  g_autofree gchar *answer = NULL;

  api_fixture_listen_unix (fixture);
  socket = api_fixture_connect (fixture);
  api_fixture_send (socket, GET_HELD, -1);
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  api_wait_for (fixture->held != NULL);
  api_fixture_settle ();
  floe_exchange_answer_problem (fixture->held, problem);
  answer = api_fixture_read (socket, NULL);
  g_assert_cmpuint (api_status (answer), ==, 503);
}

/* What comes behind the request is not executed, and does not keep the broker busy. */
static void
test_chatter (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_BUSY, "later");
  g_autofree gchar *answer = NULL;

  api_fixture_listen_tcp (fixture);
  socket = api_fixture_connect (fixture);
  api_fixture_send (socket, GET_HELD, -1);
  api_wait_for (fixture->held != NULL);
  for (guint i = 0; i < 100; i++)
    api_fixture_send (socket, GET_A, -1);
  api_fixture_settle ();
  g_assert_cmpstr (fixture->handled->str, ==, "GET /held -\n");
  floe_exchange_answer_problem (fixture->held, problem);
  answer = api_fixture_read (socket, NULL);
  g_assert_cmpuint (api_status (answer), ==, 503);
}

/* A peer that does not read its answer has 30 seconds. */
static void
test_answer_deadline (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;

  api_fixture_listen_unix (fixture);
  socket = api_fixture_connect (fixture);
  api_fixture_send (socket, "GET /big HTTP/1.1\r\n" HOST "\r\n", -1);
  api_wait_for (fixture->handled->len > 0);
  api_fixture_settle ();
  api_clock_advance (fixture->clock, 29);
  api_fixture_settle ();
  g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 1);
  api_clock_advance (fixture->clock, 1);
  api_wait_for (floe_api_server_get_connections (fixture->server) == 0);
}

static void
test_big (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  gsize got = 0;
  gssize n = 1;

  api_fixture_listen_tcp (fixture);
  socket = api_fixture_connect (fixture);
  api_fixture_send (socket, "GET /big HTTP/1.1\r\n" HOST "\r\n", -1);
  while (n != 0)
    {
      gchar bytes[65536];
      g_autoptr (GError) error = NULL;

      n = g_socket_receive (socket, bytes, sizeof bytes, NULL, &error);
      if (n < 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      got += (gsize)MAX (n, 0);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (got, >, 8 * 1024 * 1024);
}

/* hold: a request of GET /held, which the test answers as it likes */
static GSocket *
hold (ApiFixture *fixture)
{
  GSocket *socket = api_fixture_connect (fixture);

  g_clear_object (&fixture->held);
  api_fixture_send (socket, GET_HELD, -1);
  api_wait_for (fixture->held != NULL);
  return socket;
}

/* All of an answer, byte by byte, so that nothing changes unseen. */
static void
test_bytes (ApiFixture *fixture, gconstpointer data)
{
  static const gchar always[] = "Date: Mon, 23 Nov 2026 09:30:00 GMT\r\n"
                                "Cache-Control: no-store\r\n"
                                "X-Content-Type-Options: nosniff\r\n"
                                "Connection: close\r\n"
                                "Content-Security-Policy: default-src 'none'; "
                                "frame-ancestors 'none'\r\n";
  g_autoptr (FloeSecret) body = floe_secret_new ("{\"a\":1}", -1);
  g_autoptr (FloeSecret) nothing = floe_secret_new ("", -1);
  g_autofree gchar *full = g_strconcat ("HTTP/1.1 202 Accepted\r\n", always,
                                        "Content-Type: application/json\r\nLocation: /x\r\n"
                                        "X-More: y\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
                                        NULL);
  g_autofree gchar *none = g_strconcat ("HTTP/1.1 204 No Content\r\n", always, "\r\n", NULL);
  g_autofree gchar *empty =
      g_strconcat ("HTTP/1.1 404 Not Found\r\n", always,
                   "Content-Type: text/plain\r\nContent-Length: 0\r\n\r\n", NULL);
  g_autofree gchar *odd =
      g_strconcat ("HTTP/1.1 418 \r\n", always, "Content-Length: 0\r\n\r\n", NULL);
  const struct
  {
    guint status;
    const gchar *type;
    FloeSecret *body;
    const gchar *wanted;
  } cases[] = { { 202, "application/json", body, full },
                { 204, NULL, NULL, none },
                { 404, "text/plain", nothing, empty },
                { 418, NULL, NULL, odd } };

  api_fixture_listen_unix (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GSocket) socket = hold (fixture);
      g_autofree gchar *answer = NULL;

      if (i == 0)
        {
          floe_exchange_add_header (fixture->held, "Location", "/x");
          floe_exchange_add_header (fixture->held, "X-More", "y");
        }
      floe_exchange_answer (fixture->held, cases[i].status, cases[i].type, cases[i].body);
      /* It is out before this returns: without a time-out, and without a turn of the loop. */
      g_assert_true (floe_exchange_is_gone (fixture->held));
      g_assert_cmpuint (api_clock_get_pending (fixture->clock), ==, 0);
      g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 0);
      answer = api_fixture_read (socket, NULL);
      g_assert_cmpstr (answer, ==, cases[i].wanted);
    }
}

static void
test_stream_bytes (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeSecret) first = floe_secret_new ("0123456789", -1);
  g_autoptr (FloeSecret) second = floe_secret_new ("x", -1);
  g_autoptr (GSocket) socket = NULL;
  g_autofree gchar *head = NULL;
  g_autofree gchar *rest = NULL;

  api_fixture_listen_unix (fixture);
  socket = hold (fixture);
  floe_exchange_begin_stream (fixture->held, "text/event-stream");
  /* The head does not wait for the first event. */
  head = api_fixture_read (socket, "\r\n\r\n");
  g_assert_cmpstr (head, ==,
                   "HTTP/1.1 200 OK\r\n"
                   "Date: Mon, 23 Nov 2026 09:30:00 GMT\r\n"
                   "Cache-Control: no-store\r\n"
                   "X-Content-Type-Options: nosniff\r\n"
                   "Connection: close\r\n"
                   "Content-Security-Policy: default-src 'none'; "
                   "frame-ancestors 'none'\r\n"
                   "Content-Type: text/event-stream\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n");
  floe_exchange_send (fixture->held, first);
  floe_exchange_send (fixture->held, second);
  floe_exchange_end_stream (fixture->held);
  g_assert_true (floe_exchange_is_gone (fixture->held));
  floe_exchange_send (fixture->held, second);
  floe_exchange_end_stream (fixture->held);
  rest = api_fixture_read (socket, NULL);
  g_assert_cmpstr (rest, ==, "a\r\n0123456789\r\n1\r\nx\r\n0\r\n\r\n");
}

/* The peer goes before the stream begins, and while it is idle. */
static void
test_stream_gone (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (FloeSecret) bytes = floe_secret_new ("x", -1);
  guint gone = 0;

  api_fixture_listen_unix (fixture);
  for (guint idle = 0; idle < 2; idle++)
    {
      g_autoptr (GSocket) socket = hold (fixture);
      g_autofree gchar *head = NULL;

      g_signal_connect (fixture->held, "gone", G_CALLBACK (count), &gone);
      if (idle == 1)
        {
          floe_exchange_begin_stream (fixture->held, "text/event-stream");
          head = api_fixture_read (socket, "\r\n\r\n");
        }
      g_socket_close (socket, NULL);
      api_wait_for (gone == idle + 1);
      if (idle == 0)
        floe_exchange_begin_stream (fixture->held, "text/event-stream");
      floe_exchange_send (fixture->held, bytes);
      floe_exchange_end_stream (fixture->held);
      g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 0);
    }
  g_assert_cmpuint (gone, ==, 2);
}

/* send_numbered: lines that can be told apart; how many went before the peer was given up */
static guint
send_numbered (FloeExchange *exchange, guint most)
{
  guint n = 0;

  while (n < most && !floe_exchange_is_gone (exchange))
    {
      g_autofree gchar *line = g_strdup_printf ("%01020u\n", n++);
      g_autoptr (FloeSecret) bytes = floe_secret_new (line, -1);

      floe_exchange_send (exchange, bytes);
    }
  return n;
}

/* A peer that is behind, but not too far, gets all of it, whole and in order. */
static void
test_stream_slow (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) dead = NULL;
  g_autoptr (GSocket) slow = NULL;
  g_autofree gchar *all = NULL;
  const gchar *at;
  guint n;

  api_fixture_listen_unix (fixture);
  dead = hold (fixture);
  floe_exchange_begin_stream (fixture->held, "text/event-stream");
  n = send_numbered (fixture->held, 10000);
  g_assert_cmpuint (n, >, 64);
  g_assert_cmpuint (n, <, 10000);
  slow = hold (fixture);
  floe_exchange_begin_stream (fixture->held, "text/event-stream");
  g_assert_cmpuint (send_numbered (fixture->held, n - 20), ==, n - 20);
  floe_exchange_end_stream (fixture->held);
  /* Some of it waits, for so long only. */
  g_assert_false (floe_exchange_is_gone (fixture->held));
  g_assert_cmpuint (api_clock_get_pending (fixture->clock), ==, 1);
  all = api_fixture_read (slow, NULL);
  at = api_body (all);
  for (guint i = 0; i < n - 20; i++)
    {
      g_autofree gchar *wanted = g_strdup_printf ("3fd\r\n%01020u\n\r\n", i);

      g_assert_true (g_str_has_prefix (at, wanted));
      at += strlen (wanted);
    }
  g_assert_cmpstr (at, ==, "0\r\n\r\n");
}

/* A stream that has ended, but is not read, has 30 seconds as well. */
static void
test_stream_deadline (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  guint n;

  api_fixture_listen_unix (fixture);
  socket = hold (fixture);
  floe_exchange_begin_stream (fixture->held, "text/event-stream");
  n = send_numbered (fixture->held, 10000);
  g_clear_object (&socket);
  socket = hold (fixture);
  floe_exchange_begin_stream (fixture->held, "text/event-stream");
  send_numbered (fixture->held, n - 20);
  floe_exchange_end_stream (fixture->held);
  api_clock_advance (fixture->clock, 29);
  g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 1);
  api_clock_advance (fixture->clock, 1);
  g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 0);
}

static void
end_streams (FloeExchange *exchange, GPtrArray *exchanges)
{
  for (guint i = 0; i < exchanges->len; i++)
    floe_exchange_end_stream (exchanges->pdata[i]);
}

static void
test_peers_go_together (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) exchanges = g_ptr_array_new_with_free_func (g_object_unref);

  api_fixture_listen_unix (fixture);
  for (guint i = 0; i < 8; i++)
    {
      g_ptr_array_add (sockets, hold (fixture));
      floe_exchange_begin_stream (fixture->held, "text/event-stream");
      g_signal_connect (fixture->held, "gone", G_CALLBACK (end_streams), exchanges);
      g_ptr_array_add (exchanges, g_steal_pointer (&fixture->held));
    }
  api_fixture_settle ();
  /* All of them in one turn of the loop; the first that is heard of ends the others. */
  g_ptr_array_set_size (sockets, 0);
  api_wait_for (floe_api_server_get_connections (fixture->server) == 0);
}

#define ADD(name, func) g_test_add ("/answer/" name, ApiFixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("held", test_held);
  ADD ("gone-unix", test_gone_unix);
  ADD ("gone-tcp", test_gone_tcp);
  ADD ("half-closed", test_half_closed);
  ADD ("chatter", test_chatter);
  ADD ("deadline", test_answer_deadline);
  ADD ("big", test_big);
  ADD ("bytes", test_bytes);
  ADD ("peers-go-together", test_peers_go_together);
  ADD ("stream/bytes", test_stream_bytes);
  ADD ("stream/gone", test_stream_gone);
  ADD ("stream/slow", test_stream_slow);
  ADD ("stream/deadline", test_stream_deadline);
  return g_test_run ();
}
