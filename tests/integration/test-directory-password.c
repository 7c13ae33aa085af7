/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cutting-relay.h"
#include "directory-client.h"

#include <signal.h>
#include <string.h>

#define WRONG "wrong-credentials", "wrong name or password"

/* One server for all tests; each has accounts of its own where it changes something. */
static SlapdFixture *slapd;

static void
assert_wrong (FloeDirectory *directory, const gchar *name, const gchar *password)
{
  directory_assert_out (directory, name, password, FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials");
}

/* And what a connection was used for is forgotten: the next log-in on it is somebody else. */
static void
test_change (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);

  for (guint i = 0; i < 2; i++)
    {
      directory_assert_change (directory, "bob", i == 0 ? "secret" : "Sonne \u65e5\u672c",
                               i == 0 ? "Sonne \u65e5\u672c" : "another secret", NULL, NULL);
      directory_assert_in (directory, "alice", "secret");
    }
  assert_wrong (directory, "bob", "secret");
  assert_wrong (directory, "bob", "Sonne \u65e5\u672c");
  directory_assert_in (directory, "bob", "another secret");
}

static void
test_wrong (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *endless = g_strnfill (2000, 'p');
  const gchar *const wrong[] = { "guess", "", "Secret", "\xff", endless };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    directory_assert_change (directory, "carol", wrong[i], "good enough", WRONG);
  directory_assert_change (directory, "nobody", "secret", "good enough", WRONG);
  directory_assert_change (directory, "", "secret", "good enough", WRONG);
  directory_assert_change (directory, "*", "secret", "good enough", WRONG);
  directory_assert_in (directory, "carol", "secret");
}

static void
nul_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  DirectoryAnswer *answer = data;

  answer->answers++;
  g_assert_null (
      floe_directory_change_password_finish (FLOE_DIRECTORY (source), result, &answer->error));
}

static void
test_nul (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autoptr (FloeSecret) right = floe_secret_new ("secret", -1);
  g_autoptr (FloeSecret) odd = floe_secret_new ("secret\0more", 11);
  g_auto (DirectoryAnswer) old = { 0 };
  g_auto (DirectoryAnswer) new = { 0 };

  floe_directory_change_password_async (directory, "carol", odd, right, NULL, nul_answered, &old);
  directory_wait (&old);
  g_assert_error (old.error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  floe_directory_change_password_async (directory, "carol", right, odd, NULL, nul_answered, &new);
  directory_wait (&new);
  g_assert_error (new.error, FLOE_ERROR, FLOE_ERROR_DENIED);
  directory_assert_in (directory, "carol", "secret");
}

static void
test_must_change (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);

  directory_assert_out (directory, "mustchange", "secret", FLOE_ERROR_DENIED, "must-change");
  directory_assert_change (directory, "mustchange", "guess", "good enough", WRONG);
  directory_assert_change (directory, "mustchange", "secret", "short", "password-refused",
                           "the new password is too short");
  directory_assert_change (directory, "mustchange", "secret", "good enough", NULL, NULL);
  directory_assert_in (directory, "mustchange", "good enough");
  assert_wrong (directory, "mustchange", "secret");
}

/* Somebody who cannot bind any more, and somebody who can a few times yet. */
static void
test_expired (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);

  directory_assert_out (directory, "expired", "secret", FLOE_ERROR_DENIED, "expired");
  directory_assert_change (directory, "expired", "guess", "good enough", WRONG);
  directory_assert_change (directory, "expired", "secret", "good enough", NULL, NULL);
  directory_assert_in (directory, "expired", "good enough");
  directory_assert_in (directory, "grace", "secret");
  directory_assert_change (directory, "grace", "secret", "good enough", NULL, NULL);
  directory_assert_in (directory, "grace", "good enough");
}

static void
test_refused (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *history =
      g_strdup_printf ("dn: cn=default,ou=policies,%s\nchangetype: modify\nreplace: pwdInHistory\n"
                       "pwdInHistory: 3\n",
                       slapd->base);
  g_autofree gchar *young =
      g_strdup_printf ("dn: cn=default,ou=policies,%s\nchangetype: modify\nreplace: pwdMinAge\n"
                       "pwdMinAge: 3600\n",
                       slapd->base);
  g_autofree gchar *fixed =
      g_strdup_printf ("dn: cn=default,ou=policies,%s\nchangetype: modify\nreplace: pwdMinAge\n"
                       "pwdMinAge: 0\n-\nreplace: pwdAllowUserChange\npwdAllowUserChange: FALSE\n",
                       slapd->base);
  g_autofree gchar *endless = g_strnfill (2000, 'p');

  slapd_fixture_modify (slapd, history);
  directory_assert_change (directory, "dave", "secret", "short", "password-refused",
                           "the new password is too short");
  directory_assert_change (directory, "dave", "secret", "", "password-refused",
                           "the new password is empty");
  directory_assert_change (directory, "dave", "secret", endless, "password-refused",
                           "the new password is too long, or holds what no password may");
  directory_assert_change (directory, "dave", "secret", "secret", "password-refused",
                           "the new password was used before");
  directory_assert_change (directory, "dave", "secret", "good enough", NULL, NULL);
  directory_assert_change (directory, "dave", "good enough", "secret", "password-refused",
                           "the new password was used before");
  slapd_fixture_modify (slapd, young);
  directory_assert_change (directory, "dave", "good enough", "better still", "password-refused",
                           "the password was changed only a short while ago");
  slapd_fixture_modify (slapd, fixed);
  directory_assert_change (directory, "dave", "good enough", "better still", "password-refused",
                           "people may not change this password themselves");
  directory_assert_in (directory, "dave", "good enough");
}

static void
disable_retired (FloeLdapSettings *settings)
{
  settings->disabled_filter = (gchar *)"(employeeType=retired)";
}

/* Who may not log in, whatever the password, may not change it either; who does not know it is told
 * nothing. */
static void
test_unusable (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (slapd, NULL, disable_retired);

  directory_assert_change (directory, "retired", "guess", "good enough", WRONG);
  directory_assert_change (directory, "retired", "secret", "good enough", "disabled",
                           "the account is disabled");
  directory_assert_change (directory, "locked", "secret", "good enough", WRONG);
  directory_assert_out (directory, "retired", "secret", FLOE_ERROR_DENIED, "disabled");
}

static gint64
expiry_of (FloeDirectory *directory, const gchar *name)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin (directory, name, "secret", NULL, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
  return answer.user->password_expires;
}

static void
test_expiry (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  gint64 ten_years = (gint64)315360000 * G_USEC_PER_SEC;
  gint64 now = g_get_real_time ();
  gint64 warned = 0;
  gint64 grace;

  /* The policy warns from the password's second second on. */
  while (warned == 0 && g_get_real_time () < now + 10 * G_USEC_PER_SEC)
    warned = expiry_of (directory, "warned");
  g_assert_cmpint (warned, >, now + ten_years - G_TIME_SPAN_HOUR);
  g_assert_cmpint (warned, <=, now + ten_years + G_TIME_SPAN_HOUR);
  g_assert_cmpint (expiry_of (directory, "alice"), ==, 0);
  grace = expiry_of (directory, "grace");
  g_assert_cmpint (grace, >, now - 2 * G_USEC_PER_SEC);
  g_assert_cmpint (grace, <=, g_get_real_time ());
}

static void
be_narrow (FloeLdapSettings *settings)
{
  settings->connections = 1;
}

static void
be_two (FloeLdapSettings *settings)
{
  static gchar *uris[] = { NULL, NULL, NULL };

  be_narrow (settings);
  uris[0] = uris[1] = settings->uris[0];
  settings->uris = uris;
}

/* What went out is not sent again, here or anywhere: it may have been done. What did not go out yet
 * is. */
static void
test_cut (void)
{
  g_autoptr (SlapdFixture) named = slapd_fixture_new ("LDAP_TLS_NAMES=127.0.0.1", 0);
  g_autoptr (CuttingRelay) relay = cutting_relay_new (named->address, 3636);
  g_autofree gchar *uri = g_strdup_printf ("ldaps://127.0.0.1:%u", cutting_relay_get_port (relay));
  FloeDirectory *directory = directory_with (named, uri, be_two);
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_assert_in (directory, "alice", "secret");
  directory_assert_lockout (directory, 3, 300); /* by a third connection, which is closed again */
  cutting_relay_cut (relay, 0);                 /* the search */
  directory_assert_change (directory, "alice", "secret", "good enough", NULL, NULL);
  directory_assert_in (directory, "alice", "good enough");
  cutting_relay_cut_later (relay, 5, 1); /* the change, behind the bind on the newest connection */
  directory_change (directory, "alice", "good enough", "better still", &answer);
  g_assert_cmpuint (cutting_relay_get_cuts (relay), ==, 2);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT);
  directory_assert_in (directory, "alice", "good enough");
  directory_free (directory);
}

/* Of two servers, the one that is down costs nobody anything. */
static void
test_fail_over (void)
{
  g_autofree gchar *uris = g_strdup_printf ("ldaps://127.0.0.1:1 %s", slapd->tls_uri);
  g_autoptr (FloeDirectory) directory = directory_with (slapd, uris, be_narrow);

  directory_log_expect ("directory server ldap*cannot be used*");
  directory_assert_change (directory, "o(d*d)", "secret", "good enough", NULL, NULL);
  directory_assert_in (directory, "o(d*d)", "good enough");
  directory_log_expect (NULL);
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  directory_log_init ();
  slapd = slapd_fixture_new ("LDAP_LOCKOUT=0", 0);
  g_test_add_func ("/directory-password/expiry", test_expiry);
  g_test_add_func ("/directory-password/change", test_change);
  g_test_add_func ("/directory-password/wrong", test_wrong);
  g_test_add_func ("/directory-password/nul", test_nul);
  g_test_add_func ("/directory-password/must-change", test_must_change);
  g_test_add_func ("/directory-password/expired", test_expired);
  g_test_add_func ("/directory-password/unusable", test_unusable);
  g_test_add_func ("/directory-password/cut", test_cut);
  g_test_add_func ("/directory-password/fail-over", test_fail_over);
  g_test_add_func ("/directory-password/refused", test_refused);
  status = g_test_run ();
  slapd_fixture_free (slapd);
  return status;
}
