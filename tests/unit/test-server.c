/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api-fixture.h"
#include "core/error.h"
#include "logs.h"

#define HOST        "Host: broker.floe.test\r\n"
#define GET_A       "GET /a HTTP/1.1\r\n" HOST "\r\n"
#define GET_HELD    "GET /held HTTP/1.1\r\n" HOST "\r\n"
#define FINGERPRINT "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550"

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

static guint
ask_status (ApiFixture *fixture, const gchar *fields)
{
  g_autofree gchar *text = g_strconcat ("GET /a HTTP/1.1\r\n" HOST, fields, "\r\n", NULL);
  g_autofree gchar *answer = api_fixture_ask (fixture, text, -1);

  return api_status (answer);
}

static void
assert_caller (ApiFixture *fixture, const gchar *fields, const gchar *wanted)
{
  g_autofree gchar *text = g_strconcat ("GET /a HTTP/1.1\r\n" HOST, fields, "\r\n", NULL);
  g_autofree gchar *answer = api_fixture_ask (fixture, text, -1);

  if (strstr (answer, wanted) == NULL)
    g_error ("expected %s in %s", wanted, answer);
}

/* --- listening -------------------------------------------------------------------------------- */

static void
test_mode (ApiFixture *fixture, gconstpointer data)
{
  struct stat status;
  g_autofree gchar *beside = g_strconcat (fixture->path, ".new", NULL);

  api_fixture_listen_unix (fixture);
  g_assert_cmpint (lstat (fixture->path, &status), ==, 0);
  g_assert_true (S_ISSOCK (status.st_mode));
  g_assert_cmpuint (status.st_mode & 07777, ==, 0660);
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (floe_api_server_get_port (fixture->server), ==, 0);
  g_assert_cmpuint (ask_status (fixture, ""), ==, 200);
}

/* A socket that nobody listens on any more, as kill -9 leaves it. */
static void
test_stale (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) dead =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  g_assert_true (g_socket_bind (dead, address, FALSE, &error));
  g_assert_true (g_socket_listen (dead, &error));
  g_assert_true (g_socket_close (dead, &error));
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  api_fixture_listen_unix (fixture);
  g_assert_cmpuint (ask_status (fixture, ""), ==, 200);
}

static void
test_live (ApiFixture *fixture, gconstpointer data)
{
  ApiFixture second = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree gchar *wanted = NULL;

  api_fixture_listen_unix (fixture);
  api_fixture_set_up (&second, NULL);
  g_assert_false (floe_api_server_listen_unix (second.server, fixture->path, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  wanted =
      g_strdup_printf ("cannot listen on %s: another process listens on it already", fixture->path);
  g_assert_true (g_str_has_prefix (error->message, wanted));
  api_fixture_tear_down (&second);
  g_assert_cmpuint (ask_status (fixture, ""), ==, 200);
}

static void
test_not_a_socket (ApiFixture *fixture, gconstpointer data)
{
  g_autofree gchar *left = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "precious", -1, NULL));
  g_assert_false (floe_api_server_listen_unix (fixture->server, fixture->path, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "something that is not a socket is there"));
  g_assert_true (g_file_get_contents (fixture->path, &left, NULL, NULL));
  g_assert_cmpstr (left, ==, "precious");
  g_unlink (fixture->path);
}

static void
test_bad_paths (ApiFixture *fixture, gconstpointer data)
{
  g_autofree gchar *missing = g_build_filename (fixture->directory, "none", "s", NULL);
  g_autofree gchar *tail = g_strnfill (100, 'x');
  g_autofree gchar *too_long = g_build_filename (fixture->directory, tail, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) long_error = NULL;

  g_assert_false (floe_api_server_listen_unix (fixture->server, missing, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_false (floe_api_server_listen_unix (fixture->server, too_long, &long_error));
  g_assert_error (long_error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_assert_nonnull (strstr (long_error->message, "the path is too long"));
}

/* The socket of a broker that took the place meanwhile stays. */
static void
test_path_taken (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_listen_unix (fixture);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_true (g_file_set_contents (fixture->path, "another's", -1, NULL));
  floe_api_server_stop (fixture->server);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_unlink (fixture->path);
}

static void
test_loopback_only (ApiFixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "0.0.0.0:0",       "[::]:0",
    "192.0.2.1:80",    "localhost:80",
    "127.0.0.1",       "127.0.0.1:",
    "127.0.0.1:http",  "",
    "127.0.0.1:70000", ":80",
    "/run/x:80",       "127.0.0.1:-1",
    "127.1:80",        "[::ffff:8.8.8.8]:0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (floe_api_server_listen_loopback (fixture->server, bad[i], &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, "cannot listen on "));
    }
  api_fixture_listen_tcp (fixture);
  g_assert_cmpuint (floe_api_server_get_port (fixture->server), >, 0);
  g_assert_cmpuint (ask_status (fixture, ""), ==, 200);
}

static void
test_port_in_use (ApiFixture *fixture, gconstpointer data)
{
  ApiFixture second = { 0 };
  g_autofree gchar *address = NULL;
  g_autoptr (GError) error = NULL;

  api_fixture_listen_tcp (fixture);
  address = g_strdup_printf ("127.0.0.1:%u", floe_api_server_get_port (fixture->server));
  api_fixture_set_up (&second, NULL);
  g_assert_false (floe_api_server_listen_loopback (second.server, address, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  api_fixture_tear_down (&second);
}

/* --- who is on the other side ----------------------------------------------------------------- */

static void
test_untrusted_uid (void)
{
  uid_t nobody = 65534;
  FloeApiServerSettings settings = { .trusted_uids = &nobody, .n_trusted_uids = 1 };
  ApiFixture fixture = { 0 };
  g_autofree gchar *wanted = NULL;
  g_autofree gchar *answer = NULL;

  if (geteuid () == nobody)
    {
      g_test_skip ("runs as the user who is not trusted");
      return;
    }
  api_fixture_set_up (&fixture, &settings);
  api_fixture_listen_unix (&fixture);
  wanted = g_strdup_printf ("refused a connection of the user id %lu, which is not trusted",
                            (gulong)geteuid ());
  logs_expect (wanted);
  answer = api_fixture_ask (&fixture, GET_A, -1);
  g_assert_cmpstr (answer, ==, "");
  g_assert_cmpstr (fixture.handled->str, ==, "");
  logs_assert_expected ();
  api_fixture_tear_down (&fixture);
}

static void
test_caller_unix (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_listen_unix (fixture);
  assert_caller (fixture, "X-Forwarded-For: 198.51.100.23\r\n",
                 "\"address\":\"198.51.100.23\",\"terminal\":null,\"request\":\"");
  assert_caller (fixture,
                 "X-Forwarded-For: 2001:DB8:0::1\r\nX-Floe-Terminal: " FINGERPRINT
                 "\r\nX-Floe-Request: 0A-1:b_2.c\r\n",
                 "\"address\":\"2001:db8::1\",\"terminal\":\"" FINGERPRINT
                 "\",\"request\":\"0A-1:b_2.c\"");
  assert_caller (fixture, "X-Forwarded-For: ::ffff:198.51.100.23\r\n",
                 "\"address\":\"198.51.100.23\"");
  assert_caller (fixture, "", "\"address\":\"127.0.0.1\"");
}

static void
test_caller_malformed (ApiFixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = {
    "X-Forwarded-For: \r\n",
    "X-Forwarded-For: somewhere\r\n",
    "X-Forwarded-For: 198.51.100.23, 198.51.100.24\r\n",
    "X-Forwarded-For: 198.51.100.23:4711\r\n",
    "X-Forwarded-For: 198.51.100\r\n",
    "X-Forwarded-For: fe80::1%eth0\r\n",
    "X-Forwarded-For: 198.51.100.23\r\nX-Forwarded-For: 198.51.100.23\r\n",
    "X-Floe-Terminal: \r\n",
    "X-Floe-Terminal: " FINGERPRINT "0\r\n",
    "X-Floe-Terminal: 3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B8550\r\n",
    "X-Floe-Terminal: " FINGERPRINT "\r\nX-Floe-Terminal: " FINGERPRINT "\r\n",
    "X-Floe-Request: \r\n",
    "X-Floe-Request: a b\r\n",
    "X-Floe-Request: <script>\r\n",
    "X-Floe-Request: a\r\nX-Floe-Request: b\r\n",
  };

  api_fixture_listen_unix (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpuint (ask_status (fixture, bad[i]), ==, 400);
  g_assert_cmpstr (fixture->handled->str, ==, "");
}

/* On the loopback interface anybody may connect, so nobody is believed. */
static void
test_caller_tcp (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_listen_tcp (fixture);
  assert_caller (fixture,
                 "X-Forwarded-For: 198.51.100.23\r\nX-Floe-Terminal: " FINGERPRINT
                 "\r\nX-Floe-Request: mine\r\n",
                 "\"address\":\"127.0.0.1\",\"terminal\":null,\"request\":\"");
  assert_caller (fixture, "X-Forwarded-For: nonsense\r\nX-Floe-Terminal: nonsense\r\n",
                 "\"address\":\"127.0.0.1\",\"terminal\":null");
  g_assert_null (strstr (fixture->handled->str, "mine"));
}

/* --- limits ----------------------------------------------------------------------------------- */

static void
test_max_connections (void)
{
  uid_t own = geteuid ();
  FloeApiServerSettings settings = { .trusted_uids = &own,
                                     .n_trusted_uids = 1,
                                     .max_connections = 2 };
  ApiFixture fixture = { 0 };
  g_autoptr (GSocket) first = NULL;
  g_autoptr (GSocket) second = NULL;
  g_autoptr (GSocket) third = NULL;
  g_autofree gchar *answer = NULL;

  api_fixture_set_up (&fixture, &settings);
  api_fixture_listen_unix (&fixture);
  first = api_fixture_connect (&fixture);
  second = api_fixture_connect (&fixture);
  third = api_fixture_connect (&fixture);
  api_fixture_send (third, GET_A, -1);
  api_fixture_settle ();
  g_assert_cmpuint (floe_api_server_get_connections (fixture.server), ==, 2);
  g_assert_cmpstr (fixture.handled->str, ==, "");
  g_socket_close (first, NULL);
  answer = api_fixture_read (third, NULL);
  g_assert_cmpuint (api_status (answer), ==, 200);
  api_fixture_tear_down (&fixture);
}

/* No file is left to open: said once, and it goes on when there is one again. */
static void
test_no_files (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  struct rlimit before;
  struct rlimit none;

  api_fixture_listen_unix (fixture);
  g_assert_cmpuint (ask_status (fixture, ""), ==, 200);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  socket = api_fixture_connect (fixture);
  api_fixture_send (socket, "", 0);
  none = before;
  none.rlim_cur = 3;
  logs_expect ("cannot accept a connection, trying again: *");
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      api_fixture_settle ();
      api_clock_advance (fixture->clock, 1);
    }
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  logs_assert_expected ();
  g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 0);
  api_clock_advance (fixture->clock, 1);
  /* Not on the old connection: valgrind's own limit takes that one and throws it away. */
  g_assert_cmpuint (ask_status (fixture, ""), ==, 200);
}

/* Many at the same moment: the backlog takes them all. */
static void
test_burst (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);

  api_fixture_listen_unix (fixture);
  for (guint i = 0; i < 200; i++)
    {
      GSocket *socket = api_fixture_connect (fixture);

      g_assert_cmpint (g_socket_send (socket, GET_A, strlen (GET_A), NULL, NULL), >, 0);
      g_ptr_array_add (sockets, socket);
    }
  for (guint i = 0; i < sockets->len; i++)
    {
      g_autofree gchar *answer = api_fixture_read (sockets->pdata[i], NULL);

      g_assert_cmpuint (api_status (answer), ==, 200);
    }
}

static void
test_stop (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) waiting = NULL;
  g_autoptr (GSocket) half = NULL;
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_UNAVAILABLE, "stopping");
  g_autofree gchar *dropped = NULL;
  g_autofree gchar *answer = NULL;

  api_fixture_listen_unix (fixture);
  waiting = api_fixture_connect (fixture);
  half = api_fixture_connect (fixture);
  api_fixture_send (waiting, GET_HELD, -1);
  api_fixture_send (half, "GET /a", -1);
  api_wait_for (fixture->held != NULL && floe_api_server_get_connections (fixture->server) == 2);
  floe_api_server_stop (fixture->server);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  dropped = api_fixture_read (half, NULL);
  g_assert_cmpstr (dropped, ==, "");
  g_assert_true (g_cancellable_is_cancelled (floe_exchange_get_cancellable (fixture->held)));
  floe_exchange_answer_problem (fixture->held, problem);
  answer = api_fixture_read (waiting, NULL);
  g_assert_cmpuint (api_status (answer), ==, 503);
  floe_api_server_stop (fixture->server);
}

#define ADD(name, func) g_test_add ("/server/" name, ApiFixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("listen/mode", test_mode);
  ADD ("listen/stale", test_stale);
  ADD ("listen/live", test_live);
  ADD ("listen/not-a-socket", test_not_a_socket);
  ADD ("listen/bad-paths", test_bad_paths);
  ADD ("listen/path-taken", test_path_taken);
  ADD ("listen/loopback-only", test_loopback_only);
  ADD ("listen/port-in-use", test_port_in_use);
  g_test_add_func ("/server/peer/untrusted", test_untrusted_uid);
  ADD ("peer/unix", test_caller_unix);
  ADD ("peer/malformed", test_caller_malformed);
  ADD ("peer/tcp", test_caller_tcp);
  g_test_add_func ("/server/limits/connections", test_max_connections);
  ADD ("limits/files", test_no_files);
  ADD ("limits/burst", test_burst);
  ADD ("stop", test_stop);
  return g_test_run ();
}
