/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cutting-relay.h"
#include "directory-client.h"
#include "silent-server.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define SERVER_GONE "directory server ldap*cannot be used*"
#define SERVER_BACK "directory server ldap*answers again"

static SlapdFixture *slapd;

/* What a second of a busy processor would be; a call that waits properly takes some milliseconds.
 */
#define CPU_LIMIT 0.25

/* --- servers that come and go ------------------------------------------------------------------*/

static void
restart_between (const gchar *uri)
{
  FloeDirectory *directory = directory_with (slapd, uri, NULL);

  for (guint i = 0; i < 3; i++)
    {
      directory_assert_in (directory, "alice", "secret");
      slapd_fixture_stop (slapd);
      slapd_fixture_start (slapd);
    }
  directory_assert_in (directory, "alice", "secret");
  directory_free (directory);
}

static void
test_restart (void)
{
  restart_between (slapd->tls_uri);
}

static void
test_restart_starttls (void)
{
  restart_between (slapd->uri);
}

static void
test_down (void)
{
  FloeDirectory *directory = directory_for (slapd);

  directory_assert_in (directory, "alice", "secret");
  g_assert_true (floe_directory_is_up (directory));
  slapd_fixture_stop (slapd);
  directory_log_expect (SERVER_GONE);
  directory_assert_down (directory);
  directory_assert_down (directory);
  g_assert_cmpuint (directory_log_seen (SERVER_GONE), ==, 1); /* a line a change */
  slapd_fixture_start (slapd);
  directory_assert_in (directory, "alice", "secret");
  g_assert_true (floe_directory_is_up (directory));
  g_assert_cmpuint (directory_log_seen (SERVER_BACK), ==, 1);
  directory_log_expect (NULL);
  directory_free (directory);
}

/* For servers that do not answer: a second is all that these tests want to wait. */
static void
be_hasty (FloeLdapSettings *settings)
{
  settings->connect_timeout = 1;
  settings->operation_timeout = 1;
}

/* A server that is stopped takes connections and never answers. Whoever came first waits for it;
 * all others are told at once for as long as it lasts, and that it is back is seen without them. */
static void
test_stopped (void)
{
  FloeDirectory *directory = directory_with (slapd, NULL, be_hasty);
  gint64 began;

  directory_assert_in (directory, "alice", "secret");
  slapd_fixture_signal (slapd, SIGSTOP);
  directory_log_expect (SERVER_GONE);
  began = g_get_monotonic_time ();
  directory_assert_down (directory);
  g_assert_cmpfloat (directory_seconds_since (began), <, 2.5);
  for (guint i = 0; i < 40; i++) /* four times as long as it may be silent */
    {
      gint64 asked = g_get_monotonic_time ();

      directory_assert_down (directory);
      g_assert_cmpfloat (directory_seconds_since (asked), <, 0.5);
      g_usleep (100 * 1000);
    }
  slapd_fixture_signal (slapd, SIGCONT);
  began = g_get_monotonic_time ();
  while (!floe_directory_is_up (directory))
    {
      g_assert_cmpfloat (directory_seconds_since (began), <, 5);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
    }
  directory_assert_in (directory, "alice", "secret");
  directory_log_expect (NULL);
  directory_free (directory);
}

static void
be_narrow (FloeLdapSettings *settings)
{
  settings->connections = 1;
  settings->queue_limit = 2;
}

/* A connection that breaks under a request costs nobody a log-in, and says nothing about the
 * server: no warning is expected here. */
static void
test_cut (void)
{
  g_autoptr (SlapdFixture) named = slapd_fixture_new ("LDAP_TLS_NAMES=127.0.0.1", 0);
  g_autoptr (CuttingRelay) relay = cutting_relay_new (named->address, 3636);
  g_autofree gchar *uri = g_strdup_printf ("ldaps://127.0.0.1:%u", cutting_relay_get_port (relay));
  FloeDirectory *directory = directory_with (named, uri, be_narrow);

  directory_assert_in (directory, "alice", "secret");
  directory_assert_lockout (directory, 3, 300); /* by a third connection, which is closed again */
  cutting_relay_cut (relay, 0);                 /* the search */
  directory_assert_in (directory, "alice", "secret");
  g_assert_cmpuint (cutting_relay_get_cuts (relay), ==, 1);
  cutting_relay_cut (relay, 4); /* the bind, on what was made after that */
  directory_assert_in (directory, "alice", "secret");
  g_assert_cmpuint (cutting_relay_get_cuts (relay), ==, 2);
  directory_free (directory);
}

/* --- servers that hang in the handshake --------------------------------------------------------*/

static void
hang (SilentMode mode, const gchar *scheme)
{
  g_autoptr (SilentServer) server = silent_server_new (mode);
  g_autofree gchar *uri =
      g_strdup_printf ("%s://127.0.0.1:%u", scheme, silent_server_get_port (server));
  FloeDirectory *directory = directory_with (slapd, uri, be_hasty);
  gdouble cpu = directory_cpu_seconds ();
  gint64 began = g_get_monotonic_time ();

  directory_log_expect (SERVER_GONE);
  directory_assert_down (directory);
  g_assert_cmpfloat (directory_seconds_since (began), <, 2.5);
  if (mode != SILENT_CLOSES)
    g_assert_cmpfloat (directory_seconds_since (began), >=, 0.9);
  g_assert_cmpfloat (directory_cpu_seconds () - cpu, <, CPU_LIMIT);
  g_assert_cmpuint (silent_server_get_connections (server), >=, 1);
  directory_log_expect (NULL);
  directory_free (directory);
}

static void
test_hang_ldaps (void)
{
  hang (SILENT_ACCEPTS, "ldaps");
}

static void
test_hang_before_starttls (void)
{
  hang (SILENT_ACCEPTS, "ldap");
}

static void
test_hang_after_starttls (void)
{
  hang (SILENT_STARTTLS, "ldap");
}

static void
test_hang_dribble (void)
{
  hang (SILENT_DRIBBLES, "ldaps");
}

static void
test_closes (void)
{
  hang (SILENT_CLOSES, "ldaps");
  hang (SILENT_CLOSES, "ldap");
}

/* --- certificates ------------------------------------------------------------------------------*/

static void
assert_untrusted (SlapdFixture *server, const gchar *uri, const gchar *ca, const gchar *words)
{
  gchar *own_ca = server->ca;
  FloeDirectory *directory;

  server->ca = (gchar *)ca;
  directory = directory_with (server, uri, NULL);
  server->ca = own_ca;
  directory_log_expect (SERVER_GONE);
  directory_assert_down (directory);
  g_assert_cmpuint (directory_log_seen (words), ==, 1);
  directory_log_expect (NULL);
  directory_free (directory);
}

static void
test_wrong_ca (void)
{
  g_autoptr (SlapdFixture) other = slapd_fixture_new ("LDAP_STATES=0", 0);

  assert_untrusted (slapd, slapd->tls_uri, other->ca, "*CA file*");
  assert_untrusted (slapd, slapd->uri, other->ca, "*CA file*");
}

/* Whatever is wrong with a server's TLS, it gets no password, on neither of its ports; what the log
 * says of it matches @words. */
static void
assert_bad_server (const gchar *environment, const gchar *words)
{
  g_autofree gchar *all = g_strconcat ("LDAP_STATES=0 ", environment, NULL);
  g_autoptr (SlapdFixture) bad = slapd_fixture_new (all, 0);

  assert_untrusted (bad, bad->tls_uri, bad->ca, words);
  assert_untrusted (bad, bad->uri, bad->ca, words);
}

static void
test_expired_certificate (void)
{
  assert_bad_server ("CA_EXPIRED=1", "*name and dates*");
}

static void
test_wrong_name (void)
{
  assert_bad_server ("LDAP_TLS_NAMES=ldap.floe.test,127.0.0.9", "*name and dates*");
}

/* The name is right, but in the field that no name is looked for in any more. */
static void
test_common_name (void)
{
  assert_bad_server ("CA_ALT_NAMES=none", "*no subject alternative name*");
  assert_bad_server ("CA_ALT_NAMES=ldap.floe.test,127.0.0.9", "*no subject alternative name*");
}

static void
test_self_signed (void)
{
  assert_bad_server ("CA_SELF_SIGNED=1", "*CA file*");
}

static void
test_old_tls (void)
{
  assert_bad_server ("LDAP_TLS_OLD=1", "*the server speaks TLS1.1, and nothing older*");
}

static FloeDirectory *
directory_after (SlapdFixture *bad)
{
  g_autofree gchar *uris = g_strdup_printf ("%s %s", bad->tls_uri, slapd->tls_uri);
  g_autofree gchar *bundle = g_build_filename (bad->directory, "both.pem", NULL);
  g_autofree gchar *bad_ca = NULL;
  g_autofree gchar *good_ca = NULL;
  g_autofree gchar *both = NULL;
  gchar *own_ca = slapd->ca;
  FloeDirectory *directory;

  g_assert_true (g_file_get_contents (bad->ca, &bad_ca, NULL, NULL));
  g_assert_true (g_file_get_contents (slapd->ca, &good_ca, NULL, NULL));
  both = g_strconcat (bad_ca, good_ca, NULL);
  g_assert_true (g_file_set_contents (bundle, both, -1, NULL));
  slapd->ca = bundle;
  directory = directory_with (slapd, uris, NULL);
  slapd->ca = own_ca;
  return directory;
}

/* A first server that cannot be trusted is one that is down; its account has seen no password. */
static void
test_past_bad_one (void)
{
  static const gchar *const bad[] = { "CA_EXPIRED=1", "LDAP_TLS_NAMES=ldap.floe.test",
                                      "CA_ALT_NAMES=none", "CA_SELF_SIGNED=1", "LDAP_TLS_OLD=1" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (SlapdFixture) first = slapd_fixture_new (bad[i], 0);
      FloeDirectory *directory = directory_after (first);

      g_test_message ("%s", bad[i]);
      directory_log_expect (SERVER_GONE);
      directory_assert_out (directory, "lockme", "wrong", FLOE_ERROR_UNAUTHENTICATED,
                            "wrong-credentials");
      directory_assert_in (directory, "lockme", "secret");
      g_assert_cmpuint (directory_log_seen (SERVER_GONE), ==, 1);
      directory_log_expect (NULL);
      directory_free (directory);
    }
}

/* This one would take a password in the clear. */
static void
test_starttls_refused (void)
{
  g_autoptr (SlapdFixture) plain = slapd_fixture_new ("LDAP_STATES=0 LDAP_NO_TLS=1", 0);

  assert_untrusted (plain, plain->uri, plain->ca, "*refuses StartTLS*");
}

/* main() had the environment switch all checks off and name the right CA. */
static void
test_environment (void)
{
  g_assert_cmpstr (g_getenv ("LDAPTLS_CACERT"), ==, slapd->ca);
  g_assert_cmpstr (g_getenv ("LDAPTLS_REQCERT"), ==, "never");
  test_wrong_ca ();
}

/* --- our own account ---------------------------------------------------------------------------*/

static void
use_wrong_password (FloeLdapSettings *settings)
{
  static FloeSecret *wrong;

  if (wrong == NULL)
    wrong = floe_secret_new ("wrong", -1);
  settings->bind_password = wrong;
}

static void
test_service_refused (void)
{
  FloeDirectory *directory = directory_with (slapd, NULL, use_wrong_password);

  directory_log_expect ("directory server ldap*service account*");
  directory_assert_out (directory, "alice", "secret", FLOE_ERROR_INTERNAL, NULL);
  g_assert_cmpuint (directory_log_seen ("directory server ldap*service account*"), ==, 1);
  g_assert_false (floe_directory_is_up (directory));
  /* Not again soon, or the account would be locked. */
  directory_assert_down (directory);
  directory_log_expect (NULL);
  directory_free (directory);
}

/* --- callers that give up, and too many of them ------------------------------------------------*/

static void
test_cancel_before (void)
{
  FloeDirectory *directory = directory_for (slapd);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (DirectoryAnswer) answer = { 0 };

  g_cancellable_cancel (cancellable);
  directory_begin (directory, "alice", "secret", cancellable, &answer);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
  directory_assert_in (directory, "alice", "secret");
  directory_free (directory);
}

static void
wait_until_returned (FloeDirectory *directory)
{
  gint64 began = g_get_monotonic_time ();

  while (floe_ldap_directory_get_overdue (FLOE_LDAP_DIRECTORY (directory)) > 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpfloat (directory_seconds_since (began), <, 3);
    }
}

static gboolean
cancel_it (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
be_patient (FloeLdapSettings *settings)
{
  settings->operation_timeout = 30;
  settings->connect_timeout = 30;
}

/* Given up in the middle: the caller hears at once, the thread is free soon after. */
static void
test_cancel_during (void)
{
  FloeDirectory *directory = directory_with (slapd, NULL, be_patient);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (DirectoryAnswer) answer = { 0 };
  gint64 began;

  directory_assert_in (directory, "alice", "secret");
  slapd_fixture_signal (slapd, SIGSTOP);
  directory_log_expect (SERVER_GONE); /* by whoever asks it something else meanwhile */
  began = g_get_monotonic_time ();
  directory_begin (directory, "alice", "secret", cancellable, &answer);
  g_timeout_add (50, cancel_it, cancellable);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
  g_assert_cmpfloat (directory_seconds_since (began), <, 1);
  g_assert_cmpuint (floe_ldap_directory_get_overdue (FLOE_LDAP_DIRECTORY (directory)), ==, 1);
  wait_until_returned (directory);
  slapd_fixture_signal (slapd, SIGCONT);
  directory_assert_in (directory, "alice", "secret");
  g_assert_true (floe_directory_is_up (directory));
  directory_log_expect (NULL);
  directory_free (directory);
}

static void
be_narrow_and_hasty (FloeLdapSettings *settings)
{
  be_narrow (settings);
  be_hasty (settings);
}

static void
test_busy (void)
{
  FloeDirectory *directory = directory_with (slapd, NULL, be_narrow_and_hasty);
  DirectoryAnswer answers[8];
  guint busy = 0, down = 0;

  directory_assert_in (directory, "alice", "secret");
  slapd_fixture_signal (slapd, SIGSTOP);
  directory_log_expect (SERVER_GONE);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    directory_begin (directory, "alice", "secret", NULL, &answers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      directory_wait (&answers[i]);
      busy += g_error_matches (answers[i].error, FLOE_ERROR, FLOE_ERROR_BUSY) ? 1 : 0;
      down += g_error_matches (answers[i].error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE) ? 1 : 0;
      directory_answer_clear (&answers[i]);
    }
  slapd_fixture_signal (slapd, SIGCONT);
  g_assert_cmpuint (busy, >=, 5);
  g_assert_cmpuint (busy + down, ==, G_N_ELEMENTS (answers));
  directory_log_expect (NULL);
  directory_free (directory);
}

/* A crowd meets a server that comes back just now: all get in, or hear that it is down; nobody is
 * told that a password is wrong, and nobody waits for long. */
static void
test_crowd_at_restart (void)
{
  FloeDirectory *directory = directory_for (slapd);
  DirectoryAnswer answers[64];
  guint in = 0;

  directory_log_expect (SERVER_GONE);
  directory_assert_in (directory, "alice", "secret");
  slapd_fixture_stop (slapd);
  directory_assert_down (directory);
  slapd_fixture_start (slapd);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    directory_begin (directory, "alice", "secret", NULL, &answers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      directory_wait (&answers[i]);
      g_assert_no_error (answers[i].error);
      in++;
      directory_answer_clear (&answers[i]);
    }
  g_assert_cmpuint (in, ==, G_N_ELEMENTS (answers));
  directory_log_expect (NULL);
  directory_free (directory);
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  directory_log_init ();
  slapd = slapd_fixture_new ("LDAP_LOCKOUT=1", 0);
  setenv ("LDAPTLS_CACERT", slapd->ca, TRUE);
  setenv ("LDAPTLS_REQCERT", "never", TRUE);
  floe_ldap_init ();
  g_test_add_func ("/directory/faults/restart", test_restart);
  g_test_add_func ("/directory/faults/restart-starttls", test_restart_starttls);
  g_test_add_func ("/directory/faults/down", test_down);
  g_test_add_func ("/directory/faults/stopped", test_stopped);
  g_test_add_func ("/directory/faults/cut", test_cut);
  g_test_add_func ("/directory/faults/hang/ldaps", test_hang_ldaps);
  g_test_add_func ("/directory/faults/hang/before-starttls", test_hang_before_starttls);
  g_test_add_func ("/directory/faults/hang/after-starttls", test_hang_after_starttls);
  g_test_add_func ("/directory/faults/hang/dribble", test_hang_dribble);
  g_test_add_func ("/directory/faults/closes", test_closes);
  g_test_add_func ("/directory/faults/tls/wrong-ca", test_wrong_ca);
  g_test_add_func ("/directory/faults/tls/expired", test_expired_certificate);
  g_test_add_func ("/directory/faults/tls/wrong-name", test_wrong_name);
  g_test_add_func ("/directory/faults/tls/common-name", test_common_name);
  g_test_add_func ("/directory/faults/tls/self-signed", test_self_signed);
  g_test_add_func ("/directory/faults/tls/old", test_old_tls);
  g_test_add_func ("/directory/faults/tls/past-bad-one", test_past_bad_one);
  g_test_add_func ("/directory/faults/tls/starttls-refused", test_starttls_refused);
  g_test_add_func ("/directory/faults/tls/environment", test_environment);
  g_test_add_func ("/directory/faults/service-refused", test_service_refused);
  g_test_add_func ("/directory/faults/cancel/before", test_cancel_before);
  g_test_add_func ("/directory/faults/cancel/during", test_cancel_during);
  g_test_add_func ("/directory/faults/busy", test_busy);
  g_test_add_func ("/directory/faults/crowd-at-restart", test_crowd_at_restart);
  status = g_test_run ();
  slapd_fixture_free (slapd);
  return status;
}
