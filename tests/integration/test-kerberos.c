/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "directory-client.h"
#include "kerberos/kerberos-negotiator.h"
#include "krb5-fixture.h"

/* One centre and one directory for all tests; each of those that change a key has one of its own.
 */
static Krb5Fixture *kdc;
static SlapdFixture *slapd;
static gchar *alice; /* her tickets */

static const gchar *const hosts[] = { "localhost", "Broker.Floe.Test", NULL };

typedef struct
{
  guint answers;
  gchar *principal;
  GError *error;
} Answer;

static void
accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->answers++;
  answer->principal =
      floe_negotiator_accept_finish (FLOE_NEGOTIATOR (source), result, &answer->error);
  g_assert_true ((answer->principal != NULL) == (answer->error == NULL));
}

static gchar *
accept (FloeNegotiator *negotiator, FloeSecret *token, GError **error)
{
  Answer answer = { 0 };

  floe_negotiator_accept_async (negotiator, token, NULL, accepted, &answer);
  g_assert_cmpuint (answer.answers, ==, 0);
  while (answer.answers == 0)
    g_main_context_iteration (NULL, TRUE);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.principal;
}

static void
assert_in (FloeNegotiator *negotiator, FloeSecret *token, const gchar *principal)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *found = accept (negotiator, token, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, principal);
}

static void
assert_out (FloeNegotiator *negotiator, FloeSecret *token, FloeError code, const gchar *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (accept (negotiator, token, &error));
  g_assert_error (error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
  /* What the library says of keys and files is for the log. */
  g_assert_null (strchr (error->message, '/'));
  g_assert_null (strstr (error->message, "HTTP"));
}

static void
assert_wrong (FloeNegotiator *negotiator, FloeSecret *token)
{
  assert_out (negotiator, token, FLOE_ERROR_UNAUTHENTICATED, "wrong-ticket");
}

static void
test_right (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, hosts);
  const Krb5Mechanism mechanisms[] = { KRB5_SPNEGO, KRB5_PLAIN };

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (FloeSecret) here = krb5_fixture_token (alice, "localhost", mechanisms[i]);
      g_autoptr (FloeSecret) by_name =
          krb5_fixture_token (alice, "broker.floe.test", mechanisms[i]);

      assert_in (negotiator, here, "alice@FLOE.TEST");
      assert_in (negotiator, by_name, "alice@FLOE.TEST");
    }
}

/* Also not by another broker of the same machine. */
static void
test_replay (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, hosts);
  g_autoptr (FloeNegotiator) other = floe_kerberos_negotiator_new (kdc->keytab, hosts);
  const Krb5Mechanism mechanisms[] = { KRB5_SPNEGO, KRB5_PLAIN };

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (FloeSecret) token = krb5_fixture_token (alice, "localhost", mechanisms[i]);

      assert_in (negotiator, token, "alice@FLOE.TEST");
      for (guint j = 0; j < 3; j++)
        {
          assert_out (negotiator, token, FLOE_ERROR_UNAUTHENTICATED, "replayed-ticket");
          assert_out (other, token, FLOE_ERROR_UNAUTHENTICATED, "replayed-ticket");
        }
    }
}

/* The keytab has the key, but of a host that is not ours. */
static void
test_other_service (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, hosts);
  g_autoptr (FloeSecret) elsewhere = krb5_fixture_token (alice, "elsewhere.floe.test", KRB5_SPNEGO);

  assert_wrong (negotiator, elsewhere);
}

static void
test_garbage (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, hosts);
  g_autoptr (FloeSecret) good = krb5_fixture_token (alice, "localhost", KRB5_SPNEGO);
  g_autoptr (FloeSecret) empty = floe_secret_new ("", 0);
  g_autoptr (FloeSecret) ntlm = floe_secret_new ("NTLMSSP\0\1\0\0\0\7\202\10\242", 16);
  g_autofree gchar *noise = g_strnfill (64 * 1024, 'x');
  g_autoptr (FloeSecret) huge = floe_secret_new (noise, 64 * 1024);
  gsize length;
  const gchar *bytes = floe_secret_get (good, &length);

  assert_wrong (negotiator, empty);
  assert_wrong (negotiator, ntlm);
  assert_wrong (negotiator, huge);
  for (gsize i = 1; i < length; i += MAX (length / 40, 1))
    {
      g_autoptr (FloeSecret) part = floe_secret_new (bytes, (gssize)i);
      g_autofree gchar *copy = g_memdup2 (bytes, length);
      g_autoptr (FloeSecret) changed = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree gchar *principal = NULL;

      assert_wrong (negotiator, part);
      copy[i] ^= 0x20;
      changed = floe_secret_new (copy, (gssize)length);
      principal = accept (negotiator, changed, &error);
      /* Not all of it is under a seal, but who it is. */
      g_assert_true (principal == NULL || g_str_equal (principal, "alice@FLOE.TEST"));
    }
}

/* A key that was made anew, and a keytab that comes after it. */
static void
test_new_key (void)
{
  g_autofree gchar *keytab = g_build_filename (kdc->directory, "changing.keytab", NULL);
  g_autofree gchar *next = g_build_filename (kdc->directory, "next.keytab", NULL);
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (keytab, hosts);
  g_autoptr (FloeSecret) old = NULL;
  g_autoptr (FloeSecret) new = NULL;
  g_autoptr (FloeSecret) again = NULL;
  g_autofree gchar *bob = NULL;

  old = krb5_fixture_token (alice, "broker.floe.test", KRB5_SPNEGO);
  directory_log_expect ("*has no key for HTTP that can be used*");
  assert_out (negotiator, old, FLOE_ERROR_UNAVAILABLE, "kerberos-key");
  assert_out (negotiator, old, FLOE_ERROR_UNAVAILABLE, "kerberos-key");
  g_assert_cmpuint (directory_log_seen ("*has no key for HTTP that can be used*"), ==, 1);
  directory_log_expect (NULL);
  krb5_fixture_renew_key (kdc, "HTTP/broker.floe.test", keytab);
  assert_wrong (negotiator, old);
  krb5_fixture_renew_key (kdc, "HTTP/broker.floe.test", next);
  bob = krb5_fixture_log_in (kdc, "bob@FLOE.TEST");
  new = krb5_fixture_token (bob, "broker.floe.test", KRB5_SPNEGO);
  assert_wrong (negotiator, new);
  g_assert_cmpint (g_rename (next, keytab), ==, 0);
  assert_in (negotiator, new, "bob@FLOE.TEST");
  again = krb5_fixture_token (bob, "broker.floe.test", KRB5_PLAIN);
  assert_in (negotiator, again, "bob@FLOE.TEST");
}

static void
assert_person (FloeNegotiator *negotiator, FloeDirectory *directory, const gchar *principal,
               const gchar *reason, const gchar *id)
{
  g_autofree gchar *tickets = krb5_fixture_log_in (kdc, principal);
  g_autoptr (FloeSecret) token = krb5_fixture_token (tickets, "localhost", KRB5_SPNEGO);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *found = accept (negotiator, token, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, principal);
  directory_assert_vouch (directory, found, reason, id);
}

/* The ticket's owner is the person with that password, or nobody. */
static void
test_person (void)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, hosts);
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
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, hosts);
  g_autofree Answer *answers = g_new0 (Answer, N);

  for (guint i = 0; i < N; i++)
    {
      g_autoptr (FloeSecret) token = krb5_fixture_token (alice, "localhost", KRB5_SPNEGO);

      floe_negotiator_accept_async (negotiator, token, NULL, accepted, &answers[i]);
    }
  for (guint i = 0; i < N; i++)
    {
      while (answers[i].answers == 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_no_error (answers[i].error);
      g_assert_cmpstr (answers[i].principal, ==, "alice@FLOE.TEST");
      g_free (answers[i].principal);
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
