/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client-fake.h"
#include "fault-wire.h"

/* A desk at a real SPICE server, over a network that fails at each moment in each way: the picture
 * comes, or comes back, by itself. */

#define CONNECT "POST /api/v1/pools/office/connect"
#define DESKTOP "GET /api/v1/desktops/d1"
#define JSON    "application/json"

/* On a busy machine; on one that has nothing else to do it is two. */
#define BACK_SECONDS 20

typedef struct
{
  GSubprocess *qemu;
  guint16 port;
  FaultWire *wire;
  FakeBroker *fake;
  FloeBroker *broker;
  FloeDesk *desk;
} Stand;

static guint16
find_port (void)
{
  struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof own;
  gint fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *)&own, size), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *)&own, &size), ==, 0);
  close (fd);
  return ntohs (own.sin_port);
}

static gboolean
is_listening (guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection != NULL;
}

static void
end_with_us (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* A machine that never begins to run: its screen is there all the same. */
static void
start_qemu (Stand *s)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree gchar *spice = NULL;
  g_autoptr (GError) error = NULL;

  s->port = find_port ();
  spice = g_strdup_printf ("addr=127.0.0.1,port=%u,disable-ticketing=on", s->port);
  g_subprocess_launcher_set_child_setup (launcher, end_with_us, NULL, NULL);
  s->qemu = g_subprocess_launcher_spawn (launcher, &error, "qemu-system-x86_64", "-S",
                                         "-nodefaults", "-display", "none", "-vga", "std", "-m",
                                         "16", "-machine", "pc,accel=tcg", "-spice", spice, NULL);
  g_assert_no_error (error);
  while (!is_listening (s->port))
    g_usleep (100000);
}

static void
script_broker (Stand *s)
{
  g_autofree gchar *connection = g_strdup_printf (
      "{\"via\":\"direct\",\"type\":\"spice\",\"host\":\"127.0.0.1\",\"port\":%u,\"tls_port\":null,"
      "\"ca\":null,\"host_subject\":null,\"secure_channels\":[],\"ticket\":\"q7Yc2LkV0sJx8TnB\","
      "\"ticket_expires_at\":\"2026-11-23T09:30:30Z\",\"desktop\":{\"id\":\"d1\",\"name\":\"o-1\"},"
      "\"pool\":\"office\",\"title\":\"o-1\",\"keeps_data\":false,"
      "\"reconnect_token\":\"flr_Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T\"}",
      fault_wire_get_port (s->wire));

  fake_broker_answer (s->fake, CONNECT, 200, JSON, connection);
  fake_broker_answer (
      s->fake, DESKTOP, 200, JSON,
      "{\"id\":\"d1\",\"name\":\"o-1\",\"pool\":\"office\",\"power\":\"on\",\"guest\":\"ready\","
      "\"console\":\"none\",\"state\":\"ready\",\"end\":{\"reason\":\"network\","
      "\"at\":\"2026-11-23T09:41:07Z\",\"by\":null,\"where\":null},\"can_reconnect\":true}");
  fake_broker_answer (s->fake, "POST /api/v1/desktops/d1/heartbeat", 204, NULL, NULL);
  fake_broker_stream (s->fake, "GET /api/v1/events");
}

static void
set_up (Stand *s, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autoptr (FloeSecret) token =
      floe_secret_new ("flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY", -1);
  g_autoptr (GError) error = NULL;

  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the library warns of what it reports anyway */
  start_qemu (s);
  s->wire = fault_wire_new (s->port);
  s->fake = fake_broker_new ();
  url = fake_broker_url (s->fake);
  s->broker = floe_broker_new (url, NULL, &error);
  g_assert_no_error (error);
  floe_broker_set_token (s->broker, token);
  script_broker (s);
  s->desk = floe_desk_new (s->broker, "office", NULL);
}

static void
tear_down (Stand *s, gconstpointer data)
{
  gpointer desk = s->desk;

  g_object_add_weak_pointer (G_OBJECT (s->desk), &desk);
  floe_desk_stop (s->desk);
  g_object_unref (s->desk);
  while (desk != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (s->broker);
  fake_broker_free (s->fake);
  fault_wire_free (s->wire);
  g_subprocess_force_exit (s->qemu);
  g_subprocess_wait (s->qemu, NULL, NULL);
  g_object_unref (s->qemu);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
on_due (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* stay: lets the desk live for a while; returns whether its picture was there all the time */
static gboolean
stay (Stand *s, guint milliseconds)
{
  gboolean due = FALSE;
  gboolean shown = TRUE;

  g_timeout_add (milliseconds, on_due, &due);
  while (!due)
    {
      g_main_context_iteration (NULL, TRUE);
      shown &= floe_desk_get_state (s->desk) == FLOE_DESK_SHOWING;
    }
  return shown;
}

static void
wait_for_picture (Stand *s, gint seconds)
{
  gint64 begun = g_get_monotonic_time ();

  while (floe_desk_get_state (s->desk) != FLOE_DESK_SHOWING)
    {
      g_assert_cmpint (floe_desk_get_state (s->desk), !=, FLOE_DESK_STOPPED);
      g_assert_cmpint ((g_get_monotonic_time () - begun) / G_USEC_PER_SEC, <, seconds);
      stay (s, 20);
    }
  g_test_message ("the picture came after %.1f s",
                  (gdouble)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC);
}

static void
wait_for_whole (Stand *s)
{
  while (!fault_wire_is_whole (s->wire))
    stay (s, 20);
}

typedef struct
{
  const gchar *name;
  gssize after_bytes; /* from the server; -1: once the picture is there */
} Phase;

/* The link's answer is of 194 bytes, the ticket's of 4; then the main channel begins, and with it
 * the others. */
static const Phase phases[] = {
  { "connect", 0 }, { "link", 100 }, { "ticket", 194 }, { "picture", 300 }, { "in-use", -1 },
};

static const gchar *const faults[] = { "drop", "reset", "stall", "delay" };

typedef struct
{
  const Phase *phase;
  WireFault fault;
} Case;

/* Long enough for several tries, and for a delayed link to be slow, not dead. */
#define FAULT_MS 3500

static void
test_fault (Stand *s, gconstpointer data)
{
  const Case *c = data;

  if (c->phase->after_bytes >= 0)
    fault_wire_fail (s->wire, c->fault, (gsize)c->phase->after_bytes, FAULT_MS);
  floe_desk_start (s->desk);
  if (c->phase->after_bytes < 0)
    {
      wait_for_picture (s, BACK_SECONDS);
      fault_wire_fail (s->wire, c->fault, 0, FAULT_MS);
    }
  while (!fault_wire_has_failed (s->wire))
    stay (s, 20);
  wait_for_whole (s);
  wait_for_picture (s, BACK_SECONDS);
  g_assert_true (stay (s, 1000));
}

/* A host pings: an idle session lives. */
static void
test_idle (Stand *s, gconstpointer data)
{
  floe_desk_start (s->desk);
  wait_for_picture (s, BACK_SECONDS);
  g_assert_true (stay (s, 50 * 1000));
  g_assert_cmpuint (fake_broker_n_requests (s->fake, CONNECT), ==, 1);
}

/* Something on the way goes on taking what is sent, and hands nothing on: that is noticed. */
static void
test_silence (Stand *s, gconstpointer data)
{
  gint64 begun;

  floe_desk_start (s->desk);
  wait_for_picture (s, BACK_SECONDS);
  begun = g_get_monotonic_time ();
  fault_wire_fail (s->wire, WIRE_STALL, 0, 26 * 1000);
  while (floe_desk_get_state (s->desk) == FLOE_DESK_SHOWING)
    stay (s, 20);
  g_test_message ("noticed after %.1f s",
                  (gdouble)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC);
  g_assert_false (fault_wire_is_whole (s->wire));
  wait_for_whole (s);
  wait_for_picture (s, BACK_SECONDS);
}

/* Once more, before the first loss is forgotten. */
static void
test_twice (Stand *s, gconstpointer data)
{
  floe_desk_start (s->desk);
  wait_for_picture (s, BACK_SECONDS);
  fault_wire_fail (s->wire, WIRE_RESET, 0, 1000);
  wait_for_whole (s);
  wait_for_picture (s, BACK_SECONDS);
  fault_wire_fail (s->wire, WIRE_DROP, 0, 1000);
  wait_for_whole (s);
  wait_for_picture (s, BACK_SECONDS);
}

int
main (int argc, char **argv)
{
  static Case cases[G_N_ELEMENTS (phases) * G_N_ELEMENTS (faults)];
  guint n = 0;

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (faults); k++)
      {
        g_autofree gchar *path = g_strdup_printf ("/session-wire/%s/%s", faults[k], phases[i].name);

        cases[n] = (Case){ &phases[i], (WireFault)k };
        g_test_add (path, Stand, &cases[n++], set_up, test_fault, tear_down);
      }
  g_test_add ("/session-wire/twice", Stand, NULL, set_up, test_twice, tear_down);
  g_test_add ("/session-wire/idle", Stand, NULL, set_up, test_idle, tear_down);
  g_test_add ("/session-wire/silence", Stand, NULL, set_up, test_silence, tear_down);
  return g_test_run ();
}
