/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api-fixture.h"
#include "api/json-scan.h"
#include "logs.h"

/*
 * After a log-in is answered, neither its password nor the token that was given is anywhere in this
 * process. The client is a process of its own, and both strings are kept here only as something
 * that they are not.
 */

#define SECRET_BYTES 40
/* What is freed is overwritten at its beginning, so the end is what is looked for. */
#define LOOKED_FOR 16
#define MASK       0x5a

static const gchar masked[2][SECRET_BYTES + 1] = {
  "*;))-(5>w?#?).5w*;))-(5>w?#?).5w*;))-(5>",
  "3450?4w3450?4w3450?4w3450?4w3450?4w34505",
};

static void
unmask (guint which, gchar *secret)
{
  for (guint i = 0; i < SECRET_BYTES; i++)
    secret[i] = (gchar)(masked[which][i] ^ MASK);
}

/* matches: compared without ever having the secret in one piece */
static gboolean
matches (guint which, const gchar *bytes)
{
  for (guint i = 0; i < LOOKED_FOR; i++)
    if ((gchar)(bytes[i] ^ MASK) != masked[which][SECRET_BYTES - LOOKED_FOR + i])
      return FALSE;
  return TRUE;
}

static guint
count_in (guint which, const gchar *from, gsize length)
{
  gchar first = (gchar)(masked[which][SECRET_BYTES - LOOKED_FOR] ^ MASK);
  guint n = 0;

  for (gsize i = 0; i + LOOKED_FOR <= length; i++)
    n += from[i] == first && matches (which, from + i);
  return n;
}

/* count_traces: in all of this process' memory that can be written */
static guint
count_traces (guint which)
{
  g_autofree gchar *maps = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gulong from;
      gulong to;
      gchar mode[5];

      if (sscanf (lines[i], "%lx-%lx %4s", &from, &to, mode) == 3 && strcmp (mode, "rw-p") == 0)
        n += count_in (which, (const gchar *)from, to - from);
    }
  return n;
}

static void
handle (FloeExchange *exchange, gpointer data)
{
  FloeJsonSecret field = { "name", 8192, NULL };
  g_autoptr (FloeSecret) body = floe_exchange_steal_body (exchange);
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  gchar token[SECRET_BYTES];
  const gchar *text;
  gsize length;

  text = floe_secret_get (body, &length);
  g_assert_true (floe_json_scan_secrets (text, length, &field, 1, NULL));
  /* So that a test which finds nothing is known to look rightly. */
  *(guint *)data = count_traces (0);
  floe_secret_unref (field.value);
  unmask (1, token);
  field.value = floe_secret_new (token, sizeof token);
  floe_wipe (token, sizeof token);
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_secret (writer, "token", field.value);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (exchange, 201, writer);
  floe_secret_unref (field.value);
}

/* run_client: sends the password in two pieces, expects the token; the child's exit status */
static gint
run_client (const gchar *path, guint padding, gboolean chunked)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gchar secret[SECRET_BYTES + 1] = "";
  gchar answer[1024] = "";
  gsize got = 0;
  gssize n;
  gint fd = socket (AF_UNIX, SOCK_STREAM, 0);
  g_autofree gchar *pad = g_strnfill (padding, 'x');
  g_autoptr (GString) head = g_string_new ("POST /a HTTP/1.1\r\nHost: broker.floe.test\r\n"
                                           "Content-Type: application/json\r\n");
  const gchar *rest = chunked ? "\r\n2\r\n\"}\r\n0\r\n\r\n" : "\"}";

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  if (connect (fd, (struct sockaddr *)&address, sizeof address) != 0)
    return 1;
  unmask (0, secret);
  if (chunked)
    g_string_append_printf (head, "Transfer-Encoding: chunked\r\n\r\n%x\r\n", padding + 49);
  else
    g_string_append_printf (head, "Content-Length: %u\r\n\r\n", padding + 51);
  g_string_append_printf (head, "{\"name\":\"%s%s", pad, secret);
  if (write (fd, head->str, head->len) < 0)
    return 2;
  g_usleep (20000);
  if (write (fd, rest, strlen (rest)) < 0)
    return 3;
  while ((n = read (fd, answer + got, sizeof answer - 1 - got)) > 0)
    got += (gsize)n;
  unmask (1, secret);
  return strstr (answer, secret) != NULL ? 0 : 4;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

static gboolean
memory_is_strange (void)
{
#ifdef __SANITIZE_ADDRESS__
  return TRUE;
#else
  const gchar *preloaded = g_getenv ("LD_PRELOAD");

  return preloaded != NULL && strstr (preloaded, "vgpreload") != NULL;
#endif
}

/* log_in: what is freed is soon used for something else; how soon depends on its size, so different
 * sizes find different copies */
static void
log_in (guint padding, gboolean chunked)
{
  uid_t own = geteuid ();
  guint seen = 0;
  FloeApiServerSettings settings = {
    .trusted_uids = &own, .n_trusted_uids = 1, .dispatch = handle, .data = &seen
  };
  ApiFixture fixture = { 0 };
  pid_t child;
  int status = -1;

  api_fixture_set_up (&fixture, &settings);
  api_fixture_listen_unix (&fixture);
  g_assert_cmpuint (count_traces (0) + count_traces (1), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (run_client (fixture.path, padding, chunked));
  api_wait_for (waitpid (child, &status, WNOHANG) == child);
  g_assert_cmpint (status, ==, 0);
  api_wait_for (floe_api_server_get_connections (fixture.server) == 0);
  g_assert_cmpuint (seen, >=, 2);
  g_assert_cmpuint (count_traces (0), ==, 0);
  g_assert_cmpuint (count_traces (1), ==, 0);
  api_fixture_tear_down (&fixture);
}

static void
test_log_in (void)
{
  static const guint paddings[] = { 0, 100, 700, 3000, 7000 };

  if (memory_is_strange ())
    {
      g_test_skip ("the tool that watches this program keeps copies of its own");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (paddings); i++)
    {
      log_in (paddings[i], FALSE);
      log_in (paddings[i], TRUE);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/traces/log-in", test_log_in);
  return g_test_run ();
}
