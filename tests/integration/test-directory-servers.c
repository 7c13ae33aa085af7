/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cutting-relay.h"
#include "directory-client.h"
#include "silent-server.h"

#include <signal.h>
#include <stdlib.h>

/* Several servers of one directory, of which some hang, go and come back. */

#define SERVER_GONE "directory server ldap*cannot be used*"
#define SERVER_BACK "directory server ldap*answers again"

static SlapdFixture *slapd;

static gchar *
uri_of (SilentServer *server)
{
  return g_strdup_printf ("ldaps://127.0.0.1:%u", silent_server_get_port (server));
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *one = a, *other = b;

  return *one < *other ? -1 : *one > *other;
}

#define ROUNDS 201

/* In microseconds. No log-in may wait for a server that is silent. */
static gint64
time_of_log_in (FloeDirectory *directory)
{
  gint64 began = g_get_monotonic_time ();
  gint64 took;

  directory_assert_in (directory, "bob", "secret");
  took = g_get_monotonic_time () - began;
  g_assert_cmpint (took, <, 700000);
  return took;
}

/* Turn by turn with one in which all is well, and by the median, so that a busy machine does not
 * count. */
static void
assert_as_fast (FloeDirectory *directory, FloeDirectory *good)
{
  gint64 ours[ROUNDS], theirs[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      theirs[i] = time_of_log_in (good);
      ours[i] = time_of_log_in (directory);
    }
  qsort (ours, ROUNDS, sizeof *ours, compare_times);
  qsort (theirs, ROUNDS, sizeof *theirs, compare_times);
  g_test_message ("a log-in takes %" G_GINT64_FORMAT " us, elsewhere %" G_GINT64_FORMAT,
                  ours[ROUNDS / 2], theirs[ROUNDS / 2]);
  g_assert_cmpint (ours[ROUNDS / 2], <, 4 * theirs[ROUNDS / 2] + 3000);
}

/* For servers that do not answer: a second is all that these tests want to wait. */
static void
be_hasty (FloeLdapSettings *settings)
{
  settings->connect_timeout = 1;
  settings->operation_timeout = 1;
}

/* One server of two hangs: who comes first waits once, nobody after. */
static void
test_hang_first_of_two (void)
{
  g_autoptr (SilentServer) server = silent_server_new (SILENT_ACCEPTS);
  g_autofree gchar *silent = uri_of (server);
  g_autofree gchar *uris = g_strdup_printf ("%s %s", silent, slapd->tls_uri);
  FloeDirectory *directory = directory_with (slapd, uris, be_hasty);
  gint64 began = g_get_monotonic_time ();

  directory_log_expect (SERVER_GONE);
  directory_assert_in (directory, "alice", "secret");
  g_assert_cmpfloat (directory_seconds_since (began), <, 2.5);
  /* Long enough that the dead one is probed meanwhile, which no log-in may feel. */
  while (directory_seconds_since (began) < 5)
    {
      gint64 one = g_get_monotonic_time ();

      directory_assert_in (directory, "bob", "secret");
      g_assert_cmpfloat (directory_seconds_since (one), <, 0.7);
      g_usleep (10000);
    }
  g_assert_cmpuint (directory_log_seen (SERVER_GONE), ==, 1);
  g_assert_cmpuint (silent_server_get_connections (server), >=, 2);
  g_assert_cmpuint (silent_server_get_connections (server), <=, 8);
  directory_log_expect (NULL);
  directory_free (directory);
}

/* A directory of these servers, which have a CA each. */
static FloeDirectory *
directory_of (SlapdFixture *other, const gchar *uris, void (*change) (FloeLdapSettings *settings))
{
  g_autofree gchar *bundle = g_build_filename (other->directory, "both.pem", NULL);
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;
  g_autofree gchar *both = NULL;
  gchar *own_ca = slapd->ca;
  FloeDirectory *directory;

  g_assert_true (g_file_get_contents (slapd->ca, &first, NULL, NULL));
  g_assert_true (g_file_get_contents (other->ca, &second, NULL, NULL));
  both = g_strconcat (first, second, NULL);
  g_assert_true (g_file_set_contents (bundle, both, -1, NULL));
  slapd->ca = bundle;
  directory = directory_with (slapd, uris, change);
  slapd->ca = own_ca;
  return directory;
}

static FloeDirectory *
directory_of_two (SlapdFixture *other)
{
  g_autofree gchar *uris = g_strdup_printf ("%s %s", slapd->tls_uri, other->tls_uri);

  return directory_of (other, uris, NULL);
}

/* Many log-ins at once, of people who come first; returns how long the last one took. */
static gdouble
log_in_many (FloeDirectory *directory)
{
  DirectoryAnswer answers[32];
  gint64 began = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    directory_begin (directory, "alice", "secret", NULL, &answers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      directory_wait (&answers[i]);
      g_assert_no_error (answers[i].error);
      directory_answer_clear (&answers[i]);
    }
  return directory_seconds_since (began);
}

/* A thread that waits properly costs nothing. */
static void
assert_idle (gdouble seconds)
{
  gdouble cpu = directory_cpu_seconds ();

  g_usleep ((gulong)(seconds * G_USEC_PER_SEC));
  g_assert_cmpfloat (directory_cpu_seconds () - cpu, <, seconds / 10);
}

/* Until somebody finds out in the background whether the silent server is back. */
static void
wait_for_probe (FloeDirectory *directory, SilentServer *server)
{
  guint known = silent_server_get_connections (server);
  gint64 began = g_get_monotonic_time ();

  while (silent_server_get_connections (server) == known)
    {
      g_assert_cmpfloat (directory_seconds_since (began), <, 10);
      directory_assert_in (directory, "bob", "secret");
      g_usleep (10000);
    }
}

/* One of three hangs in the handshake. When it is the first, whoever comes first goes on after a
 * while, all at once or not; nobody waits after that, not even while it is tried again. When it is
 * another one, nobody knows. */
static void
test_hang_one_of_three (gconstpointer place)
{
  g_autoptr (SlapdFixture) other = slapd_fixture_new (NULL, 0);
  g_autoptr (SilentServer) server = silent_server_new (SILENT_ACCEPTS);
  g_autofree gchar *silent = uri_of (server);
  const gchar *const order[][3] = { { silent, slapd->tls_uri, other->tls_uri },
                                    { slapd->tls_uri, silent, other->tls_uri },
                                    { slapd->tls_uri, other->tls_uri, silent } };
  guint nth = GPOINTER_TO_UINT (place);
  g_autofree gchar *uris =
      g_strdup_printf ("%s %s %s", order[nth][0], order[nth][1], order[nth][2]);
  FloeDirectory *good = directory_of_two (other);
  FloeDirectory *directory = directory_of (other, uris, NULL);
  gdouble cpu, seconds;

  log_in_many (good);
  cpu = directory_cpu_seconds ();
  directory_log_expect (SERVER_GONE);
  seconds = log_in_many (directory);
  g_assert_cmpfloat (directory_cpu_seconds () - cpu, <, 0.4);
  if (nth == 0)
    {
      g_assert_cmpfloat (seconds, >=, 0.6);
      g_assert_cmpfloat (seconds, <, 1.8);
      wait_for_probe (directory, server);
    }
  assert_as_fast (directory, good);
  assert_idle (1);
  assert_as_fast (directory, good);
  g_assert_cmpuint (directory_log_seen (SERVER_GONE), ==, nth == 0 ? 1 : 0);
  g_assert_cmpuint (silent_server_get_connections (server) > 0, ==, nth == 0);
  directory_log_expect (NULL);
  directory_free (directory);
  directory_free (good);
}

/* Two of three hang: they share what one may cost, and it is known of both then. */
static void
assert_two_hang (SilentMode one, SilentMode other)
{
  g_autoptr (SilentServer) first = silent_server_new (one);
  g_autoptr (SilentServer) second = silent_server_new (other);
  g_autofree gchar *first_uri = uri_of (first);
  g_autofree gchar *second_uri = uri_of (second);
  g_autofree gchar *uris = g_strdup_printf ("%s %s %s", first_uri, second_uri, slapd->tls_uri);
  FloeDirectory *good = directory_for (slapd);
  FloeDirectory *directory = directory_with (slapd, uris, NULL);
  gdouble seconds;

  log_in_many (good);
  directory_log_expect (SERVER_GONE);
  seconds = log_in_many (directory);
  g_test_message ("the first ones took %.3f s", seconds);
  g_assert_cmpfloat (seconds, <, 1.9);
  assert_as_fast (directory, good);
  assert_idle (1.5);
  assert_as_fast (directory, good);
  g_assert_cmpuint (directory_log_seen (SERVER_GONE), ==, 2);
  directory_log_expect (NULL);
  directory_free (directory);
  directory_free (good);
}

static void
test_hang_two_of_three (void)
{
  assert_two_hang (SILENT_ACCEPTS, SILENT_ACCEPTS);
}

/* Packets to them are dropped, as by a firewall or of a machine that lost its power. */
static void
test_black_holes (void)
{
  assert_two_hang (SILENT_DROPS, SILENT_DROPS);
}

/* Two of three fall silent while connections to the first are in use. */
static void
test_stopped_two_of_three (void)
{
  g_autoptr (SlapdFixture) first = slapd_fixture_new (NULL, 0);
  g_autoptr (SilentServer) second = silent_server_new (SILENT_DROPS);
  g_autofree gchar *second_uri = uri_of (second);
  g_autofree gchar *uris = g_strdup_printf ("%s %s %s", first->tls_uri, second_uri, slapd->tls_uri);
  FloeDirectory *good = directory_for (slapd);
  FloeDirectory *directory = directory_of (first, uris, NULL);
  gdouble seconds;

  log_in_many (good);
  log_in_many (directory);
  slapd_fixture_signal (first, SIGSTOP);
  directory_log_expect (SERVER_GONE);
  seconds = log_in_many (directory);
  g_test_message ("the first ones took %.3f s", seconds);
  g_assert_cmpfloat (seconds, <, 1.9);
  assert_as_fast (directory, good);
  slapd_fixture_signal (first, SIGCONT);
  directory_log_expect (NULL);
  directory_free (directory);
  directory_free (good);
}

static void
be_slow (FloeLdapSettings *settings)
{
  settings->connect_timeout = 2;
}

/* The last one that may answer gets all the time that it is allowed. */
static void
test_hang_all (void)
{
  g_autoptr (SilentServer) first = silent_server_new (SILENT_ACCEPTS);
  g_autoptr (SilentServer) second = silent_server_new (SILENT_ACCEPTS);
  g_autofree gchar *one = uri_of (first);
  g_autofree gchar *two = uri_of (second);
  g_autofree gchar *uris = g_strdup_printf ("%s %s", one, two);
  FloeDirectory *directory = directory_with (slapd, uris, be_slow);
  gint64 began = g_get_monotonic_time ();

  directory_log_expect (SERVER_GONE);
  directory_assert_down (directory);
  g_assert_cmpfloat (directory_seconds_since (began), >=, 3.2);
  g_assert_cmpfloat (directory_seconds_since (began), <, 4.5);
  directory_log_expect (NULL);
  directory_free (directory);
}

/* A server that is silent on connections that were good: the search goes to the other one, and so
 * does the password, which was never sent before. */
static void
test_stopped_first_of_two (void)
{
  g_autoptr (SlapdFixture) other = slapd_fixture_new ("LDAP_LOCKOUT=1", 0);
  FloeDirectory *directory = directory_of_two (other);
  g_autofree gchar *dn = g_strdup_printf ("uid=bob,%s", slapd->people);
  g_autofree gchar *here = NULL;
  g_autofree gchar *there = NULL;
  g_auto (GStrv) times = NULL;
  gint64 began;

  directory_assert_in (directory, "alice", "secret");
  slapd_fixture_signal (slapd, SIGSTOP);
  directory_log_expect (SERVER_GONE);
  began = g_get_monotonic_time ();
  directory_assert_out (directory, "bob", "wrong", FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials");
  g_assert_cmpfloat (directory_seconds_since (began), >=, 1.2);
  g_assert_cmpfloat (directory_seconds_since (began), <, 2.5);
  began = g_get_monotonic_time ();
  directory_assert_in (directory, "alice", "secret");
  g_assert_cmpfloat (directory_seconds_since (began), <, 0.7);
  slapd_fixture_signal (slapd, SIGCONT);
  there = slapd_fixture_read (other, dn, "pwdFailureTime");
  here = slapd_fixture_read (slapd, dn, "pwdFailureTime");
  times = g_strsplit (there, "\n", -1);
  g_assert_cmpuint (g_strv_length (times), ==, 2);
  g_assert_cmpstr (here, ==, "");
  while (directory_log_seen (SERVER_BACK) == 0) /* found out in the background */
    {
      g_assert_cmpfloat (directory_seconds_since (began), <, 10);
      directory_assert_in (directory, "alice", "secret");
      g_usleep (20000);
    }
  directory_log_expect (NULL);
  directory_free (directory);
}

static void
be_alone (FloeLdapSettings *settings)
{
  settings->connections = 1;
}

/* The first server behind a relay, with one session: connection 0 searches, 1 is for passwords. */
static FloeDirectory *
directory_behind (CuttingRelay *relay, SlapdFixture *first)
{
  g_autofree gchar *uris =
      g_strdup_printf ("ldaps://127.0.0.1:%u %s", cutting_relay_get_port (relay), slapd->tls_uri);

  return directory_of (first, uris, be_alone);
}

/* A password that takes its time is waited for while the server does anything else: it cannot be
 * tried at another one. */
static void
test_slow_bind (void)
{
  g_autoptr (SlapdFixture) first = slapd_fixture_new ("LDAP_TLS_NAMES=127.0.0.1", 0);
  g_autoptr (CuttingRelay) relay = cutting_relay_new (first->address, 3636);
  FloeDirectory *directory = directory_behind (relay, first);
  gint64 began;

  directory_assert_in (directory, "alice", "secret");
  cutting_relay_hold (relay, 1, FALSE, 2000);
  began = g_get_monotonic_time ();
  directory_assert_in (directory, "alice", "secret"); /* a warning would fail the test */
  g_assert_cmpfloat (directory_seconds_since (began), >=, 1.9);
  directory_free (directory);
}

/* One that falls silent with a password on its way: only this log-in is lost, and soon. */
static void
test_silent_bind (void)
{
  g_autoptr (SlapdFixture) first = slapd_fixture_new ("LDAP_TLS_NAMES=127.0.0.1", 0);
  g_autoptr (CuttingRelay) relay = cutting_relay_new (first->address, 3636);
  FloeDirectory *directory = directory_behind (relay, first);
  gint64 began;

  directory_assert_in (directory, "alice", "secret");
  cutting_relay_hold (relay, 1, TRUE, 10000);
  directory_log_expect (SERVER_GONE);
  began = g_get_monotonic_time ();
  directory_assert_out (directory, "alice", "secret", FLOE_ERROR_UNAVAILABLE, "directory-down");
  g_assert_cmpfloat (directory_seconds_since (began), >=, 1.2);
  g_assert_cmpfloat (directory_seconds_since (began), <, 2.5);
  began = g_get_monotonic_time ();
  directory_assert_in (directory, "alice", "secret");
  g_assert_cmpfloat (directory_seconds_since (began), <, 0.7);
  g_assert_cmpuint (directory_log_seen (SERVER_GONE), ==, 1);
  directory_log_expect (NULL);
  directory_free (directory);
}

static void
test_preferred_comes_back (void)
{
  g_autoptr (SlapdFixture) other = slapd_fixture_new (NULL, 0);
  FloeDirectory *directory = directory_of_two (other);
  gint64 began;

  directory_assert_in (directory, "alice", "secret");
  slapd_fixture_stop (slapd);
  directory_log_expect (SERVER_GONE);
  directory_assert_in (directory, "alice", "secret");
  g_assert_cmpuint (directory_log_seen (SERVER_GONE), ==, 1);
  slapd_fixture_start (slapd);
  began = g_get_monotonic_time ();
  while (directory_log_seen (SERVER_BACK) == 0)
    {
      g_assert_cmpfloat (directory_seconds_since (began), <, 10);
      directory_assert_in (directory, "alice", "secret");
      g_usleep (20000);
    }
  directory_log_expect (NULL);
  slapd_fixture_stop (other); /* nobody needs it any more */
  directory_assert_in (directory, "alice", "secret");
  directory_free (directory);
}

static gboolean
is_up (FloeDirectory *directory, guint nth)
{
  return floe_ldap_directory_look_at_server (FLOE_LDAP_DIRECTORY (directory), nth);
}

/* Which one of several is dead is told, and that it is back, even where nobody logs in any more. */
static void
test_told (void)
{
  g_autoptr (SlapdFixture) other = slapd_fixture_new (NULL, 0);
  FloeDirectory *directory = directory_of_two (other);
  gint64 began;

  g_assert_cmpuint (floe_ldap_directory_count_servers (FLOE_LDAP_DIRECTORY (directory)), ==, 2);
  g_assert_cmpstr (floe_ldap_directory_get_server (FLOE_LDAP_DIRECTORY (directory), 1), ==,
                   other->tls_uri);
  slapd_fixture_stop (slapd);
  directory_log_expect (SERVER_GONE);
  directory_assert_in (directory, "alice", "secret");
  g_assert_false (is_up (directory, 0));
  g_assert_true (is_up (directory, 1));
  g_assert_true (floe_directory_is_up (directory));
  slapd_fixture_start (slapd);
  began = g_get_monotonic_time ();
  while (!is_up (directory, 0))
    {
      g_assert_cmpfloat (directory_seconds_since (began), <, 10);
      g_usleep (20000);
    }
  directory_log_expect (NULL);
  directory_free (directory);
}

/* A wrong password counts once: it is never tried on a second server. */
static void
test_wrong_once (void)
{
  g_autoptr (SlapdFixture) other = slapd_fixture_new (NULL, 0);
  FloeDirectory *directory = directory_of_two (other);
  g_autofree gchar *dn = g_strdup_printf ("uid=dave,%s", slapd->people);
  g_autofree gchar *here = NULL;
  g_autofree gchar *there = NULL;
  g_auto (GStrv) times = NULL;

  directory_assert_out (directory, "dave", "wrong", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  here = slapd_fixture_read (slapd, dn, "pwdFailureTime");
  there = slapd_fixture_read (other, dn, "pwdFailureTime");
  times = g_strsplit (here, "\n", -1);
  g_assert_cmpuint (g_strv_length (times), ==, 2); /* a line and what is behind it */
  g_assert_cmpstr (there, ==, "");
  directory_free (directory);
}

/* A server that goes away with a password may have counted it: nobody else gets to see it. */
static void
test_cut_bind (void)
{
  g_autoptr (SlapdFixture) first = slapd_fixture_new ("LDAP_TLS_NAMES=127.0.0.1", 0);
  g_autoptr (CuttingRelay) relay = cutting_relay_new (first->address, 3636);
  FloeDirectory *directory = directory_behind (relay, first);
  g_autofree gchar *dn = g_strdup_printf ("uid=carol,%s", slapd->people);
  g_autofree gchar *there = NULL;
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_assert_in (directory, "alice", "secret");
  cutting_relay_cut_all (relay, 1); /* with the bind, on what was kept */
  directory_log_expect (SERVER_GONE);
  directory_begin (directory, "carol", "wrong", NULL, &answer);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpuint (cutting_relay_get_cuts (relay), ==, 1);
  there = slapd_fixture_read (slapd, dn, "pwdFailureTime");
  g_assert_cmpstr (there, ==, "");
  directory_assert_in (directory, "alice", "secret");
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
  floe_ldap_init ();
  g_test_add_func ("/directory/servers/first-of-two-hangs", test_hang_first_of_two);
  g_test_add_data_func ("/directory/servers/first-of-three-hangs", GUINT_TO_POINTER (0),
                        test_hang_one_of_three);
  g_test_add_data_func ("/directory/servers/second-of-three-hangs", GUINT_TO_POINTER (1),
                        test_hang_one_of_three);
  g_test_add_data_func ("/directory/servers/third-of-three-hangs", GUINT_TO_POINTER (2),
                        test_hang_one_of_three);
  g_test_add_func ("/directory/servers/two-of-three-hang", test_hang_two_of_three);
  g_test_add_func ("/directory/servers/two-of-three-drop", test_black_holes);
  g_test_add_func ("/directory/servers/two-of-three-stop", test_stopped_two_of_three);
  g_test_add_func ("/directory/servers/all-hang", test_hang_all);
  g_test_add_func ("/directory/servers/first-of-two-stops", test_stopped_first_of_two);
  g_test_add_func ("/directory/servers/slow-bind", test_slow_bind);
  g_test_add_func ("/directory/servers/silent-bind", test_silent_bind);
  g_test_add_func ("/directory/servers/preferred-comes-back", test_preferred_comes_back);
  g_test_add_func ("/directory/servers/told", test_told);
  g_test_add_func ("/directory/servers/wrong-once", test_wrong_once);
  g_test_add_func ("/directory/servers/cut-bind", test_cut_bind);
  status = g_test_run ();
  slapd_fixture_free (slapd);
  return status;
}
