/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "directory-client.h"
#include "kerberos-client.h"
#include "kerberos/kerberos-negotiator.h"
#include "krb5-fixture.h"

/* One centre and one directory for all tests; each of those that change a key has one of its own.
 */
static Krb5Fixture *kdc;
static SlapdFixture *slapd;
static gchar *alice; /* her tickets */

static const gchar *const hosts[] = { "localhost", "Broker.Floe.Test", NULL };

static void
test_right (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  const Krb5Mechanism mechanisms[] = { KRB5_SPNEGO, KRB5_PLAIN };

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (FloeSecret) here = krb5_fixture_token (alice, "localhost", mechanisms[i]);
      g_autoptr (FloeSecret) by_name =
          krb5_fixture_token (alice, "broker.floe.test", mechanisms[i]);

      kerberos_assert_in (negotiator, here, "alice@FLOE.TEST");
      kerberos_assert_in (negotiator, by_name, "alice@FLOE.TEST");
    }
}

/* Also not by another broker of the same machine. */
static void
test_replay (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  g_autoptr (FloeNegotiator) other = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  const Krb5Mechanism mechanisms[] = { KRB5_SPNEGO, KRB5_PLAIN };

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (FloeSecret) token = krb5_fixture_token (alice, "localhost", mechanisms[i]);

      kerberos_assert_in (negotiator, token, "alice@FLOE.TEST");
      for (guint j = 0; j < 3; j++)
        {
          kerberos_assert_replayed (negotiator, token);
          kerberos_assert_replayed (other, token);
        }
    }
}

/* A broker that was started anew knows what was used before from the file alone. */
static void
test_restart (void)
{
  g_autofree gchar *used = g_build_filename (kdc->directory, "used", NULL);
  g_autoptr (FloeNegotiator) before = floe_kerberos_negotiator_new (kdc->keytab, used, hosts);
  g_autoptr (FloeNegotiator) after = floe_kerberos_negotiator_new (kdc->keytab, used, hosts);
  g_autoptr (FloeNegotiator) elsewhere = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  g_autoptr (FloeSecret) token = krb5_fixture_token (alice, "localhost", KRB5_SPNEGO);
  GStatBuf status;

  kerberos_assert_in (before, token, "alice@FLOE.TEST");
  g_clear_object (&before);
  kerberos_assert_replayed (after, token);
  kerberos_assert_in (elsewhere, token, "alice@FLOE.TEST");
  g_assert_cmpint (g_stat (used, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* The keytab has the key, but of a host that is not ours. */
static void
test_other_service (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  g_autoptr (FloeSecret) elsewhere = krb5_fixture_token (alice, "elsewhere.floe.test", KRB5_SPNEGO);

  kerberos_assert_wrong (negotiator, elsewhere);
}

static void
test_garbage (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  g_autoptr (FloeSecret) good = krb5_fixture_token (alice, "localhost", KRB5_SPNEGO);
  g_autoptr (FloeSecret) empty = floe_secret_new ("", 0);
  g_autoptr (FloeSecret) ntlm = floe_secret_new ("NTLMSSP\0\1\0\0\0\7\202\10\242", 16);
  g_autofree gchar *noise = g_strnfill (64 * 1024, 'x');
  g_autoptr (FloeSecret) huge = floe_secret_new (noise, 64 * 1024);
  gsize length;
  const gchar *bytes = floe_secret_get (good, &length);

  kerberos_assert_wrong (negotiator, empty);
  kerberos_assert_wrong (negotiator, ntlm);
  kerberos_assert_wrong (negotiator, huge);
  for (gsize i = 1; i < length; i += MAX (length / 40, 1))
    {
      g_autoptr (FloeSecret) part = floe_secret_new (bytes, (gssize)i);
      g_autofree gchar *copy = g_memdup2 (bytes, length);
      g_autoptr (FloeSecret) changed = NULL;
      g_auto (KerberosAnswer) answer = { 0 };

      kerberos_assert_wrong (negotiator, part);
      copy[i] ^= 0x20;
      changed = floe_secret_new (copy, (gssize)length);
      kerberos_begin (negotiator, changed, &answer);
      kerberos_wait (&answer);
      /* Not all of it is under a seal, but who it is. */
      if (answer.principal != NULL)
        g_assert_cmpstr (answer.principal->name, ==, "alice@FLOE.TEST");
    }
}

/* A key that was made anew, and a keytab that comes after it. */
static void
test_new_key (void)
{
  g_autofree gchar *keytab = g_build_filename (kdc->directory, "changing.keytab", NULL);
  g_autofree gchar *next = g_build_filename (kdc->directory, "next.keytab", NULL);
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (keytab, NULL, hosts);
  g_autoptr (FloeSecret) old = NULL;
  g_autoptr (FloeSecret) new = NULL;
  g_autoptr (FloeSecret) again = NULL;
  g_autofree gchar *bob = NULL;

  old = krb5_fixture_token (alice, "broker.floe.test", KRB5_SPNEGO);
  directory_log_expect ("*has no key for HTTP that can be used*");
  kerberos_assert_out (negotiator, old, FLOE_ERROR_UNAVAILABLE, "kerberos-key");
  kerberos_assert_out (negotiator, old, FLOE_ERROR_UNAVAILABLE, "kerberos-key");
  g_assert_cmpuint (directory_log_seen ("*has no key for HTTP that can be used*"), ==, 1);
  directory_log_expect (NULL);
  krb5_fixture_renew_key (kdc, "HTTP/broker.floe.test", keytab);
  kerberos_assert_wrong (negotiator, old);
  krb5_fixture_renew_key (kdc, "HTTP/broker.floe.test", next);
  bob = krb5_fixture_log_in (kdc, "bob@FLOE.TEST");
  new = krb5_fixture_token (bob, "broker.floe.test", KRB5_SPNEGO);
  kerberos_assert_wrong (negotiator, new);
  g_assert_cmpint (g_rename (next, keytab), ==, 0);
  kerberos_assert_in (negotiator, new, "bob@FLOE.TEST");
  again = krb5_fixture_token (bob, "broker.floe.test", KRB5_PLAIN);
  kerberos_assert_in (negotiator, again, "bob@FLOE.TEST");
}

static void
assert_person (FloeNegotiator *negotiator, FloeDirectory *directory, const gchar *principal,
               const gchar *reason, const gchar *id)
{
  g_autofree gchar *tickets = krb5_fixture_log_in (kdc, principal);
  g_autoptr (FloeSecret) token = krb5_fixture_token (tickets, "localhost", KRB5_SPNEGO);
  g_autoptr (FloePrincipal) found = kerberos_accept (negotiator, token);

  g_assert_cmpstr (found->name, ==, principal);
  directory_assert_vouch_for (directory, found, reason, id);
}

/* The ticket's owner is the person with that password, or nobody. */
static void
test_person (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "alice");

  assert_person (negotiator, directory, "alice@FLOE.TEST", NULL, id);
  assert_person (negotiator, directory, "alice@OTHER.TEST", "unknown-realm", NULL);
  assert_person (negotiator, directory, "alice/admin@FLOE.TEST", "unknown-person", NULL);
  assert_person (negotiator, directory, "stranger@FLOE.TEST", "unknown-person", NULL);
  assert_person (negotiator, directory, "locked@FLOE.TEST", "disabled", NULL);
}

static void
test_crowd (void)
{
  enum
  {
    N = 100
  };
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  g_autofree KerberosAnswer *answers = g_new0 (KerberosAnswer, N);

  for (guint i = 0; i < N; i++)
    {
      g_autoptr (FloeSecret) token = krb5_fixture_token (alice, "localhost", KRB5_SPNEGO);

      kerberos_begin (negotiator, token, &answers[i]);
    }
  for (guint i = 0; i < N; i++)
    {
      kerberos_wait (&answers[i]);
      g_assert_no_error (answers[i].error);
      g_assert_cmpstr (answers[i].principal->name, ==, "alice@FLOE.TEST");
      kerberos_answer_clear (&answers[i]);
    }
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  kdc = krb5_fixture_new ();
  directory_log_init ();
  slapd = slapd_fixture_new ("LDAP_LOCKOUT=0", 0);
  alice = krb5_fixture_log_in (kdc, "alice@FLOE.TEST");
  g_test_add_func ("/kerberos/right", test_right);
  g_test_add_func ("/kerberos/replay", test_replay);
  g_test_add_func ("/kerberos/restart", test_restart);
  g_test_add_func ("/kerberos/other-service", test_other_service);
  g_test_add_func ("/kerberos/garbage", test_garbage);
  g_test_add_func ("/kerberos/new-key", test_new_key);
  g_test_add_func ("/kerberos/person", test_person);
  g_test_add_func ("/kerberos/crowd", test_crowd);
  status = g_test_run ();
  g_free (alice);
  slapd_fixture_free (slapd);
  krb5_fixture_free (kdc);
  return status;
}
