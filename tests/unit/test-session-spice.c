/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/spice-session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "client-fake.h"
#include "session-fake.h"

typedef struct
{
  guint n_states;
  guint n_displays;
  guint n_ended;
  guint monitor_id;
  FloeEndCause cause;
  gchar *detail;
} Heard;

static gchar *dir; /* of the certificates */

/* The log's writer. The library warns of every fault that it reports, and of some that it makes up
 * while it is being ended; g_test_expect_message() would stumble over what it says in between. */
static FloeLogTap *tap;

static GLogLevelFlags
let_library_warn (void)
{
  return g_log_set_always_fatal (G_LOG_FATAL_MASK);
}

static void
on_state (FloeSession *session, Heard *heard)
{
  heard->n_states++;
}

static void
on_display (FloeSession *session, guint channel_id, guint monitor_id, Heard *heard)
{
  g_assert_cmpint (floe_session_get_state (session), >=, FLOE_SESSION_OPEN);
  heard->n_displays++;
  heard->monitor_id = monitor_id;
}

static void
on_ended (FloeSession *session, guint cause, const gchar *detail, Heard *heard)
{
  g_assert_cmpint (floe_session_get_state (session), ==, FLOE_SESSION_ENDED);
  heard->n_ended++;
  heard->cause = cause;
  heard->detail = g_strdup (detail);
}

static FloeSession *
listen_to (FloeConnection *connection, Heard *heard)
{
  FloeSession *session = floe_spice_session_new (connection, tap);

  *heard = (Heard){ 0 };
  g_signal_connect (session, "state-changed", G_CALLBACK (on_state), heard);
  g_signal_connect (session, "display-ready", G_CALLBACK (on_display), heard);
  g_signal_connect (session, "ended", G_CALLBACK (on_ended), heard);
  floe_connection_free (connection);
  return session;
}

static void
wait_for_state (FloeSession *session, FloeSessionState state)
{
  while (floe_session_get_state (session) < state)
    g_main_context_iteration (NULL, TRUE);
}

/* The library ends its own part from idle sources. */
static void
drop (FloeSession *session, Heard *heard)
{
  GWeakRef spice;

  g_weak_ref_init (&spice, floe_session_get_spice (session));
  g_assert_finalize_object (session);
  for (;;)
    {
      g_autoptr (GObject) left = g_weak_ref_get (&spice);

      if (left == NULL)
        break;
      g_clear_object (&left);
      g_main_context_iteration (NULL, TRUE);
    }
  g_weak_ref_clear (&spice);
  g_clear_pointer (&heard->detail, g_free);
}

static void
test_picture (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, FALSE), &heard);

  floe_session_start (session);
  g_assert_cmpint (floe_session_get_state (session), ==, FLOE_SESSION_CONNECTING);
  wait_for_state (session, FLOE_SESSION_PICTURE);
  g_assert_cmpuint (heard.n_states, ==, 2);
  g_assert_cmpuint (heard.n_displays, ==, 1);
  g_assert_cmpuint (heard.monitor_id, ==, 0);
  g_assert_cmpuint (fake_spice_n_links (fake), ==, 2);

  floe_session_end (session);
  floe_session_end (session);
  g_assert_cmpint (floe_session_get_cause (session), ==, FLOE_END_ASKED);
  g_assert_cmpuint (heard.n_ended, ==, 0);
  wait_for_state (session, FLOE_SESSION_ENDED);
  g_assert_cmpuint (heard.n_ended, ==, 1);
  g_assert_cmpint (heard.cause, ==, FLOE_END_ASKED);
  drop (session, &heard);
}

static void
test_closed_by_host (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, FALSE), &heard);

  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_PICTURE);
  fake_spice_close_all (fake);
  wait_for_state (session, FLOE_SESSION_ENDED);
  g_assert_true (heard.cause == FLOE_END_CLOSED || heard.cause == FLOE_END_NETWORK);
  g_assert_cmpuint (heard.n_ended, ==, 1);
  drop (session, &heard);
}

/* The connections stand, and nothing comes on them any more: as with a network that died behind
 * something that goes on taking what is sent. */
static void
test_silence (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, FALSE), &heard);
  gint64 begun;

  floe_session_set_silence (session, 400);
  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_PICTURE);
  begun = g_get_monotonic_time ();
  wait_for_state (session, FLOE_SESSION_ENDED);
  g_assert_cmpint (heard.cause, ==, FLOE_END_NETWORK);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 350 * 1000);
  drop (session, &heard);
}

static gint
get_option (GSocket *socket, gint option)
{
  gint value = -1;

  g_assert_true (g_socket_get_option (socket, IPPROTO_TCP, option, &value, NULL));
  return value;
}

/* The kernel gives up each connection after a quarter of a minute, idle or not. */
static void
test_dead_peer (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, FALSE), &heard);
  g_autoptr (GList) channels = NULL;

  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_PICTURE);
  channels = spice_session_get_channels (floe_session_get_spice (session));
  g_assert_cmpuint (g_list_length (channels), ==, 2);
  for (GList *i = channels; i != NULL; i = i->next)
    {
      g_autoptr (GSocket) socket = NULL;

      g_object_get (i->data, "socket", &socket, NULL);
      g_assert_true (g_socket_get_keepalive (socket));
      g_assert_cmpint (get_option (socket, TCP_USER_TIMEOUT), ==, 15000);
      g_assert_cmpint (get_option (socket, TCP_KEEPIDLE), <=, 5);
    }
  drop (session, &heard);
}

typedef struct
{
  const gchar *name;
  FakeSpiceManner manner;
  FloeEndCause cause;
  gboolean tls; /* is what the client speaks */
} Fault;

static const Fault faults[] = {
  { "closes-before-link", FAKE_SPICE_CLOSES, FLOE_END_LINK },
  { "cut-in-handshake", FAKE_SPICE_CLOSES, FLOE_END_LINK, TRUE },
  { "garbage", FAKE_SPICE_GARBAGE, FLOE_END_LINK },
  { "link-error", FAKE_SPICE_LINK_ERROR, FLOE_END_LINK },
  { "wants-tls", FAKE_SPICE_SECURED, FLOE_END_ADDRESS },
  { "bad-ticket", FAKE_SPICE_BAD_TICKET, FLOE_END_AUTH },
  { "silent", FAKE_SPICE_SILENT, FLOE_END_NO_ANSWER },
  { "no-picture", FAKE_SPICE_NO_PICTURE, FLOE_END_NO_PICTURE },
  { "kicked-at-once", FAKE_SPICE_KICKS, FLOE_END_CLOSED },
};

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (FakeSpice) fake = fake_spice_new (fault->manner, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, fault->tls), &heard);
  GLogLevelFlags fatal = let_library_warn ();
  gboolean waits = fault->cause == FLOE_END_NO_ANSWER || fault->cause == FLOE_END_NO_PICTURE;

  if (waits)
    floe_session_set_limits (session, 1500, 1500);
  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_ENDED);
  g_assert_cmpstr (floe_end_cause_to_string (heard.cause), ==,
                   floe_end_cause_to_string (fault->cause));
  g_assert_cmpuint (heard.n_ended, ==, 1);
  drop (session, &heard);
  g_log_set_always_fatal (fatal);
}

/* What comes slowly is waited for, but not for ever. */
static void
test_slow_line (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_SLOW, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, FALSE), &heard);

  floe_session_set_limits (session, 30000, 1000);
  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_PICTURE);
  g_assert_cmpint (floe_session_get_cause (session), ==, FLOE_END_NONE);
  drop (session, &heard);

  session = listen_to (fake_spice_connection (fake, FALSE), &heard);
  floe_session_set_limits (session, 30000, 400);
  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_ENDED);
  g_assert_cmpint (heard.cause, ==, FLOE_END_NO_PICTURE);
  drop (session, &heard);
}

static void
test_refused (void)
{
  FakeSpice *fake = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, FALSE), &heard);

  fake_spice_free (fake);
  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_ENDED);
  g_assert_cmpint (heard.cause, ==, FLOE_END_REFUSED);
  g_assert_nonnull (strstr (heard.detail, "127.0.0.1"));
  drop (session, &heard);
}

static void
test_dropped_while_connecting (void)
{
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_SILENT, NULL);
  Heard heard;
  FloeSession *session = listen_to (fake_spice_connection (fake, FALSE), &heard);
  GLogLevelFlags fatal;

  floe_session_start (session);
  while (fake_spice_n_links (fake) == 0)
    g_main_context_iteration (NULL, FALSE);
  fatal = let_library_warn ();
  drop (session, &heard);
  g_log_set_always_fatal (fatal);
  g_assert_cmpuint (heard.n_ended, ==, 0);
}

typedef struct
{
  const gchar *name;
  const gchar *certificate;
  const gchar *ca;      /* or NULL for the system's */
  const gchar *subject; /* or NULL */
  FloeEndCause cause;   /* FLOE_END_NONE: the picture comes */
} Trust;

/* The subject alone decides where the broker names one, and the host's name elsewhere: neither ever
 * makes up for the other, as the library by itself would have it. */
static const Trust trusts[] = {
  { "name", "good", "ca", NULL, FLOE_END_NONE },
  { "subject", "other-name", "ca", "CN=other-name", FLOE_END_NONE },
  { "wrong-subject", "good", "ca", "CN=somebody-else", FLOE_END_TLS },
  { "wrong-name", "other-name", "ca", NULL, FLOE_END_TLS },
  { "unknown-ca", "good", "other-ca", NULL, FLOE_END_TLS },
  { "unknown-ca-right-subject", "good", "other-ca", "CN=good", FLOE_END_TLS },
  { "system-ca", "good", NULL, NULL, FLOE_END_TLS },
  { "expired", "expired", "ca", NULL, FLOE_END_TLS },
};

static void
test_trust (gconstpointer data)
{
  const Trust *trust = data;
  g_autofree gchar *pem = g_strdup_printf ("%s/%s.pem", dir, trust->certificate);
  g_autofree gchar *ca = g_strdup_printf ("%s/%s.crt", dir, trust->ca);
  g_autoptr (FakeSpice) fake = fake_spice_new (FAKE_SPICE_GOOD, pem);
  FloeConnection *connection = fake_spice_connection (fake, TRUE);
  GLogLevelFlags fatal = 0;
  FloeSession *session;
  Heard heard;

  if (trust->ca != NULL)
    g_assert_true (g_file_get_contents (ca, &connection->ca, NULL, NULL));
  connection->host_subject = g_strdup (trust->subject);
  /* a plain port beside it must never be tried */
  connection->port = 1;
  session = listen_to (connection, &heard);
  floe_session_set_limits (session, 30000, 30000);
  if (trust->cause != FLOE_END_NONE)
    fatal = let_library_warn ();
  floe_session_start (session);
  wait_for_state (session, FLOE_SESSION_PICTURE);
  g_assert_cmpstr (floe_end_cause_to_string (floe_session_get_cause (session)), ==,
                   floe_end_cause_to_string (trust->cause));
  if (trust->cause != FLOE_END_NONE)
    {
      g_log_set_always_fatal (fatal);
      g_test_message ("%s", heard.detail);
      g_assert_nonnull (strstr (heard.detail, "verif"));
    }
  drop (session, &heard);
}

static void
make_certificates (void)
{
  dir = fake_dir_new ();
  fake_make_ca (dir, "ca");
  fake_make_ca (dir, "other-ca");
  fake_make_certificate (dir, "ca", "good", "IP:127.0.0.1", 1);
  fake_make_certificate (dir, "ca", "other-name", "DNS:host.example.com", 1);
  fake_make_certificate (dir, "ca", "expired", "IP:127.0.0.1", -1);
}

static void
add (const gchar *group, const gchar *name, gconstpointer data, GTestDataFunc func)
{
  g_autofree gchar *path = g_strdup_printf ("/session-spice/%s/%s", group, name);

  g_test_add_data_func (path, data, func);
}

int
main (int argc, char **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  tap = floe_log_tap_new ();
  g_log_set_writer_func (floe_log_tap_write, tap, NULL);
  make_certificates ();
  g_test_add_func ("/session-spice/picture", test_picture);
  g_test_add_func ("/session-spice/closed-by-host", test_closed_by_host);
  g_test_add_func ("/session-spice/silence", test_silence);
  g_test_add_func ("/session-spice/dead-peer", test_dead_peer);
  g_test_add_func ("/session-spice/refused", test_refused);
  g_test_add_func ("/session-spice/slow-line", test_slow_line);
  g_test_add_func ("/session-spice/dropped-while-connecting", test_dropped_while_connecting);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    add ("fault", faults[i].name, &faults[i], test_fault);
  for (gsize i = 0; i < G_N_ELEMENTS (trusts); i++)
    add ("trust", trusts[i].name, &trusts[i], test_trust);
  status = g_test_run ();
  fake_dir_remove (dir);
  g_free (dir);
  floe_log_tap_unref (tap);
  return status;
}
