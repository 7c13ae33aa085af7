/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-server.h"
#include "kerberos-client.h"
#include "kerberos/kerberos-negotiator.h"
#include "krb5-fixture.h"

#include <signal.h>

/* Samba as domain controller: its directory and its key distribution centre, which writes into a
 * ticket whose it is. One for all tests; each that changes an account has one of its own. */
static DirectoryServer *server;
static Krb5Fixture *kdc;

static const gchar *const hosts[] = { "localhost", NULL };

/* A ticket takes long enough to be stolen, or to outlive the account: what is presented is the
 * token of somebody who has logged in to the domain before. */
static FloePrincipal *
come (const gchar *name)
{
  g_autoptr (FloeNegotiator) negotiator = floe_kerberos_negotiator_new (kdc->keytab, NULL, hosts);
  g_autofree gchar *principal = g_strconcat (name, "@AD.TEST", NULL);
  g_autofree gchar *tickets = krb5_fixture_log_in (kdc, principal);
  g_autoptr (FloeSecret) token = krb5_fixture_token (tickets, "localhost", KRB5_SPNEGO);
  FloePrincipal *found = kerberos_accept (negotiator, token);

  g_assert_cmpstr (found->name, ==, principal);
  g_assert_nonnull (found->sid);
  kerberos_assert_replayed (negotiator, token);
  return found;
}

static FloeDirectory *
open_directory (void)
{
  return directory_server_open (server, "active-directory", NULL);
}

static void
set (const gchar *name, const gchar *attribute, const gchar *value)
{
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: CN=%s,%s\nchangetype: modify\nreplace: %s\n%s: %s\n", name,
                       server->people, attribute, attribute, value);

  directory_server_modify (server, ldif);
}

/* The same person with the same groups as by the password. */
static void
test_right (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloePrincipal) alice = come ("alice");
  g_auto (DirectoryAnswer) by_password = { 0 };
  g_auto (DirectoryAnswer) by_ticket = { 0 };

  directory_server_log_in (server, directory, "alice", &by_password);
  g_assert_no_error (by_password.error);
  directory_vouch (directory, alice, &by_ticket);
  g_assert_no_error (by_ticket.error);
  g_assert_cmpstr (by_ticket.user->id, ==, by_password.user->id);
  g_assert_cmpstr (by_ticket.user->name, ==, "alice");
  g_assert_true (floe_user_in_group (by_ticket.user, "staff"));
  g_assert_cmpuint (g_strv_length (by_ticket.user->groups), ==,
                    g_strv_length (by_password.user->groups));
}

/* The ticket is good for hours yet. */
static void
test_disabled (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "doomed");
  g_autoptr (FloePrincipal) doomed = come ("doomed");

  directory_assert_vouch_for (directory, doomed, NULL, id);
  set ("doomed", "userAccountControl", "514");
  directory_assert_vouch_for (directory, doomed, "disabled", NULL);
}

/* Wrong passwords lock accounts, too, and of that only the entry tells. */
static void
test_locked (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloePrincipal) lockme = come ("lockme");

  for (guint i = 0; i < 3; i++)
    directory_assert_out (directory, "lockme", "Wrong.456", FLOE_ERROR_UNAUTHENTICATED,
                          "wrong-credentials");
  directory_assert_vouch_for (directory, lockme, "locked", NULL);
}

/* A name can be another account's by the time a ticket is used. */
static void
test_other_account (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "turncoat");
  g_autoptr (FloePrincipal) turncoat = come ("turncoat");
  g_autoptr (FloePrincipal) unsigned_name = floe_principal_new (turncoat->name, NULL);
  g_autofree gchar *other = NULL;

  directory_assert_vouch_for (directory, turncoat, NULL, id);
  set ("turncoat", "userPrincipalName", "retired@ad.test");
  set ("turncoat", "sAMAccountName", "retired");
  set ("nogroup", "sAMAccountName", "turncoat");
  other = directory_server_id (server, directory, "turncoat");
  g_assert_cmpstr (other, !=, id);
  directory_assert_vouch_for (directory, turncoat, "unknown-person", NULL);
  directory_assert_vouch_for (directory, unsigned_name, NULL, other);
}

/* What is no SID is nobody's. */
static void
test_garbled (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (GBytes) sid = g_bytes_new_static ("\1\5", 2);
  g_autoptr (FloePrincipal) garbled = floe_principal_new ("carol@AD.TEST", sid);

  directory_assert_vouch_for (directory, garbled, "unknown-person", NULL);
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  server = directory_server_new ("samba-up.sh", "SAMBA_OWNER", 0);
  kdc = krb5_fixture_new_for_domain (server->directory, server->password);
  directory_log_init ();
  g_test_add_func ("/kerberos-ad/right", test_right);
  g_test_add_func ("/kerberos-ad/disabled", test_disabled);
  g_test_add_func ("/kerberos-ad/locked", test_locked);
  g_test_add_func ("/kerberos-ad/other-account", test_other_account);
  g_test_add_func ("/kerberos-ad/garbled", test_garbled);
  status = g_test_run ();
  krb5_fixture_free (kdc);
  directory_server_free (server);
  return status;
}
