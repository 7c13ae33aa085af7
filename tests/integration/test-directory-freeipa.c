/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-said.h"

#include <ldap.h>
#include <signal.h>
#include <string.h>

#define LOCKED "the account is locked"

/* One server for all tests; each has accounts of its own where it changes something. */
static DirectoryServer *server;

static FloeDirectory *
open_directory (void)
{
  return directory_server_open (server, "freeipa", NULL);
}

static void
test_right (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_server_log_in (server, directory, "alice", &answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.user->name, ==, "alice");
  g_assert_cmpstr (answer.user->display_name, ==, "Alice Test");
  g_assert_true (g_uuid_string_is_valid (answer.user->id));
}

static void
test_spelling (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "alice");
  const gchar *const hers[] = { "ALICE", "alice@IPA.TEST", "ipa\\alice", "\uff41lice" };

  for (guint i = 0; i < G_N_ELEMENTS (hers); i++)
    {
      g_autofree gchar *other = directory_server_id (server, directory, hers[i]);

      g_assert_cmpstr (other, ==, id);
    }
  directory_assert_out (directory, "\u0430lice", server->password, FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
}

/* The server itself lets expired people in. To an account that is out of use it says so whatever
 * the password, so nobody is told. */
static void
test_states (void)
{
  static const DirectoryState states[] = {
    { "alice", "" },
    { "nogroup", "" },
    { "disabled", "wrong-credentials" },
    { "expired", "expired" },
    { "mustchange", "must-change" },
    { "acctexp", "account-expired" },
    { "nobody", "wrong-credentials" },
  };
  g_autoptr (FloeDirectory) directory = open_directory ();

  directory_server_assert_states (server, directory, states, G_N_ELEMENTS (states));
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
test_lockout (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "lockme");
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_assert_standing (directory, id, "");
  for (guint i = 0; i < 2; i++)
    directory_assert_wrong (directory, "lockme", "Wrong.456", NULL);
  for (guint i = 0; i < 2; i++)
    directory_assert_wrong (directory, "lockme", "Wrong.456", LOCKED);
  directory_assert_wrong (directory, "lockme", server->password, LOCKED);
  directory_assert_locked (directory, id, now () + 3600);
  directory_server_look_up (directory, id, &answer);
  g_assert_no_error (answer.error);
}

/* What the server counted is gone with a right password. */
static void
test_no_password (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *dn = g_strdup_printf ("uid=alice,%s", server->people);
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;

  directory_assert_in (directory, "alice", server->password);
  directory_assert_no_password_out (directory, "alice", server->password);
  before = directory_server_read (server, dn, "passwordRetryCount");
  g_assert_cmpint (g_ascii_strtoll (before, NULL, 10), ==, 0);
  directory_assert_out (directory, "alice", " ", FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials");
  after = directory_server_read (server, dn, "passwordRetryCount");
  g_assert_cmpstr (after, ==, "1");
  directory_assert_in (directory, "alice", server->password);
}

static void
allow_config (const gchar *attributes)
{
  g_autofree gchar *ldif = g_strdup_printf (
      "dn: cn=config\nchangetype: modify\nreplace: aci\naci: (targetattr = "
      "\"objectClass%s\")(version "
      "3.0; acl \"told\"; allow (read, search, compare) userdn = \"ldap:///%s\";)\n",
      attributes, server->service_dn);

  directory_server_modify (server, ldif);
}

static void
set_config (const gchar *attribute, const gchar *value)
{
  g_autofree gchar *ldif = g_strdup_printf (
      "dn: cn=config\nchangetype: modify\nreplace: %s\n%s: %s\n", attribute, attribute, value);

  directory_server_modify (server, ldif);
}

static void
assert_lockout (guint tries, guint window)
{
  g_autoptr (FloeDirectory) directory = open_directory ();

  directory_assert_in (directory, "alice", server->password);
  directory_assert_lockout (directory, tries, window);
}

/* FreeIPA's own policy.
 *
 * lines: of LDIF, behind the DN */
static void
change_policy (const gchar *lines)
{
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: cn=global_policy,cn=IPA.TEST,cn=kerberos,%s\n%s", server->base, lines);

  directory_server_modify (server, ldif);
}

/* What few may read: the server's own lockout, which is in force all the same. */
static void
test_lockout_hidden (void)
{
  g_auto (DirectorySaid) nothing = { NULL };
  g_auto (DirectorySaid) half = { NULL };

  change_policy ("changetype: delete\n");
  directory_said_ask (server, "freeipa", NULL, &nothing);
  assert_said (&nothing, "ok: lockout: not told to the service account; *person_tries (4)*");
  assert_said (&nothing, "ok: lockout: *(passwordLockout in cn=config)*not told*above 4");
  change_policy ("changetype: add\nobjectClass: krbPwdPolicy\ncn: global_policy\n"
                 "krbPwdMaxFailure: 6\nkrbPwdFailureCountInterval: 60\n"
                 "krbPwdLockoutDuration: 600\n");
  assert_lockout (6, 60);
  directory_said_ask (server, "freeipa", NULL, &half);
  assert_said (&half, "ok: lockout: after 6 wrong passwords; the broker passes on 4");
  assert_said (&half, "ok: lockout: *(passwordLockout in cn=config)*not told*above 4");
}

/* The stricter of both; and the server does what was read of it. */
static void
test_lockout_told (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectorySaid) said = { NULL };
  g_auto (DirectorySaid) off = { NULL };
  FloeLockout lockout = { 0 };
  guint tries = 4, pause = 60;

  floe_lockout_note (&lockout, 3, 600);
  g_assert_true (floe_lockout_tighten (&lockout, &tries, &pause));
  allow_config ("");
  assert_lockout (6, 60);
  allow_config (" || passwordLockout || passwordMaxFailure || passwordResetFailureCount");
  assert_lockout (3, 600);
  for (guint i = 0; i < tries; i++)
    directory_assert_out (directory, "bob", "Wrong.456", FLOE_ERROR_UNAUTHENTICATED,
                          "wrong-credentials");
  directory_assert_in (directory, "bob", server->password);
  directory_said_ask (server, "freeipa", NULL, &said);
  assert_said (&said, "warning: lockout: * 3 *passes on 4 — *person_tries: below 3");
  assert_quiet (&said, "*cn=config*");
  set_config ("passwordMaxFailure", "9");
  assert_lockout (6, 600);
  set_config ("passwordLockout", "off");
  assert_lockout (6, 60);
  directory_said_ask (server, "freeipa", NULL, &off);
  assert_said (&off, "ok: lockout: after 6 wrong passwords; the broker passes on 4");
  assert_quiet (&off, "*cn=config*");
  set_config ("passwordMaxFailure", "3");
  set_config ("passwordLockout", "on");
}

/* lines: of a change of somebody's entry */
static void
change_entry (const gchar *name, const gchar *lines)
{
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: uid=%s,%s\nchangetype: modify\n%s", name, server->people, lines);

  directory_server_modify (server, ldif);
}

static void
unlock (const gchar *name, const gchar *at)
{
  g_autofree gchar *lines =
      g_strdup_printf ("replace: accountUnlockTime\naccountUnlockTime: %s\n", at);

  change_entry (name, lines);
}

/* Who comes with a ticket. The KDC has looked at the password's age; the directory knows the rest.
 */
static void
test_vouch (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "alice");
  g_autofree gchar *carol = directory_server_id (server, directory, "carol");
  g_auto (DirectoryAnswer) expired = { 0 };
  g_autoptr (FloePrincipal) old = floe_principal_new ("expired@IPA.TEST", NULL);

  directory_assert_vouch (directory, "alice@IPA.TEST", NULL, id);
  directory_vouch (directory, old, &expired);
  g_assert_no_error (expired.error);
  directory_assert_vouch (directory, "acctexp@IPA.TEST", "account-expired", NULL);
  directory_assert_vouch (directory, "disabled@IPA.TEST", "disabled", NULL);
  directory_assert_vouch (directory, "nobody@IPA.TEST", "unknown-person", NULL);
  for (guint i = 0; i < 3; i++)
    {
      directory_assert_vouch (directory, "carol@IPA.TEST", NULL, carol);
      directory_assert_out (directory, "carol", "Wrong.456", FLOE_ERROR_UNAUTHENTICATED,
                            "wrong-credentials");
    }
  directory_assert_vouch (directory, "carol@IPA.TEST", "locked", NULL);
  /* Whoever is in stays in: a stranger's tries end no session. */
  directory_assert_look_up (directory, carol, -1, NULL);
  unlock ("carol", "20200101000000Z");
  directory_assert_vouch (directory, "carol@IPA.TEST", NULL, carol);
  unlock ("carol", "19700101000000Z");
  directory_assert_vouch (directory, "carol@IPA.TEST", "locked", NULL);
  change_entry ("carol", "replace: passwordRetryCount\npasswordRetryCount: 0\n");
  directory_assert_vouch (directory, "carol@IPA.TEST", NULL, carol);
  directory_assert_in (directory, "carol", server->password);
}

static void
test_starttls (void)
{
  directory_server_assert_starttls (server, "freeipa");
}

static void
test_wrong_ca (void)
{
  directory_server_assert_wrong_ca (server, "freeipa");
}

static void
test_no_plain (void)
{
  directory_server_assert_no_plain (server, "freeipa", LDAP_CONFIDENTIALITY_REQUIRED,
                                    "the server wants a more confidential connection");
}

static void
test_standing (void)
{
  static const struct
  {
    const gchar *name;
    const gchar *reasons;
  } states[] = {
    { "alice", "" },
    { "disabled", "disabled" },
    { "acctexp", "account-expired" },
    { "mustchange", "must-change" },
    { "expired", "expired" },
  };
  g_autoptr (FloeDirectory) directory = open_directory ();

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree gchar *id = directory_id_of (directory, states[i].name, server->password);

      g_test_message ("%s", states[i].name);
      directory_assert_standing (directory, id, states[i].reasons);
    }
  directory_assert_wrong (directory, "disabled", "Wrong.456", "the account is disabled");
}

static void
set_time (const gchar *name, const gchar *attribute, gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree gchar *value = g_date_time_format (time, "%Y%m%d%H%M%SZ");
  g_autofree gchar *lines = g_strdup_printf ("replace: %s\n%s: %s\n", attribute, attribute, value);

  change_entry (name, lines);
}

/* FreeIPA's plugin counts in the entry, where its own server reads it. */
static void
test_standing_freeipa (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "circle");
  g_autofree gchar *strict = g_strdup_printf ("cn=strict,cn=IPA.TEST,cn=kerberos,%s", server->base);
  g_autofree gchar *policy =
      g_strdup_printf ("dn: %s\nchangetype: add\nobjectClass: krbPwdPolicy\ncn: strict\n"
                       "krbPwdMaxFailure: 2\nkrbPwdLockoutDuration: 0\n",
                       strict);
  g_autofree gchar *no_policy = g_strdup_printf ("dn: %s\nchangetype: delete\n", strict);
  g_autofree gchar *own =
      g_strdup_printf ("replace: krbPwdPolicyReference\nkrbPwdPolicyReference: %s\n", strict);

  change_policy ("changetype: modify\nreplace: krbPwdMaxFailure\nkrbPwdMaxFailure: 6\n-\n"
                 "replace: krbPwdLockoutDuration\nkrbPwdLockoutDuration: 600\n");
  directory_server_modify (server, policy);
  change_entry ("circle", "add: objectClass\nobjectClass: extensibleObject\n");
  change_entry ("circle", "replace: krbLoginFailedCount\nkrbLoginFailedCount: 5\n");
  set_time ("circle", "krbLastFailedAuth", now () - 100);
  directory_assert_standing (directory, id, "");
  change_entry ("circle", "replace: krbLoginFailedCount\nkrbLoginFailedCount: 6\n");
  directory_assert_locked (directory, id, now () + 500);
  directory_assert_look_up (directory, id, -1, NULL);
  set_time ("circle", "krbLastFailedAuth", now () - 700);
  directory_assert_standing (directory, id, "");
  change_entry ("circle", own);
  directory_assert_locked (directory, id, 0);
  set_time ("circle", "krbLastAdminUnlock", now () - 60);
  directory_assert_standing (directory, id, "");
  directory_server_modify (server, no_policy);
}

static void
set_ageing (const gchar *on)
{
  set_config ("passwordExp", on);
  set_config ("passwordMustChange", on);
}

/* A 389 directory server by itself. What its own account may not read, it takes to be so. */
static void
test_standing_389 (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloeDirectory) by_admin = directory_server_open_as_admin (server, "freeipa");
  g_autofree gchar *id = directory_server_id (server, directory, "bob");
  g_autoptr (FloeStanding) standing = NULL;

  set_config ("passwordUnlock", "off");
  for (guint i = 0; i < 3; i++)
    directory_assert_wrong (directory, "bob", "Wrong.456", i < 2 ? NULL : LOCKED);
  directory_assert_locked (directory, id, 0);
  directory_assert_wrong (directory, "bob", server->password, LOCKED);
  set_config ("passwordUnlock", "on");
  change_entry ("bob", "replace: passwordRetryCount\npasswordRetryCount: 0\n");
  directory_assert_standing (directory, id, "");
  directory_assert_in (directory, "bob", server->password);
  set_ageing ("on");
  set_time ("bob", "passwordExpirationTime", now () + 3600);
  standing = directory_examine (directory, id, NULL);
  g_assert_cmpint (ABS (standing->user->password_expires / G_USEC_PER_SEC - now () - 3600), <, 60);
  set_time ("bob", "passwordExpirationTime", now () - 3600);
  directory_assert_standing (directory, id, "expired");
  directory_assert_out (directory, "bob", server->password, FLOE_ERROR_DENIED, "expired");
  set_ageing ("off");
  directory_assert_standing (by_admin, id, ""); /* one failure more does not lock */
  directory_assert_in (directory, "bob", server->password);
  set_time ("bob", "passwordExpirationTime", 0);
  directory_assert_standing (by_admin, id, "");
  directory_assert_in (directory, "bob", server->password);
  change_entry ("bob", "delete: accountUnlockTime\n");
  set_ageing ("on");
  set_time ("bob", "passwordExpirationTime", 0); /* the log-in has renewed it */
  directory_assert_standing (directory, id, "must-change");
  directory_assert_out (directory, "bob", server->password, FLOE_ERROR_DENIED, "must-change");
  set_ageing ("off");
  change_entry ("bob", "delete: passwordExpirationTime\n\n");
}

static guint64
round_trips (FloeDirectory *directory)
{
  return floe_ldap_directory_get_group_round_trips (FLOE_LDAP_DIRECTORY (directory));
}

/* The server has flattened them: one question for what they are called, and none when it is
 * known. */
static void
test_groups (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) carol = { 0 };
  g_auto (DirectoryAnswer) again = { 0 };
  g_auto (DirectoryAnswer) circle = { 0 };
  guint ids = 0;

  directory_server_log_in (server, directory, "carol", &carol);
  g_assert_no_error (carol.error);
  g_assert_true (floe_user_in_group (carol.user, "contractors"));
  g_assert_true (floe_user_in_group (carol.user, "VDI-users"));
  g_assert_true (floe_user_in_group (carol.user, "staff"));
  g_assert_false (floe_user_in_group (carol.user, "vdi-admins"));
  for (guint i = 0; carol.user->groups[i] != NULL; i++)
    {
      g_assert_null (strchr (carol.user->groups[i], '='));
      ids += g_str_has_prefix (carol.user->groups[i], "uuid:5f1e0000-0000-11ee-8000-");
    }
  g_assert_cmpuint (ids, ==, 3);
  g_assert_cmpuint (round_trips (directory), ==, 1);
  directory_server_log_in (server, directory, "carol", &again);
  g_assert_no_error (again.error);
  g_assert_cmpuint (round_trips (directory), ==, 1);
  g_assert_cmpuint (g_strv_length (again.user->groups), ==, 6);
  directory_server_log_in (server, directory, "circle", &circle);
  g_assert_no_error (circle.error);
  g_assert_true (floe_user_in_group (circle.user, "circle-b"));
}

/* More members than a server shows at once: nobody reads the list of them. */
static void
test_big_group (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) last = { 0 };
  g_auto (DirectorySaid) said = { NULL };

  directory_server_log_in (server, directory, "u01600", &last);
  g_assert_no_error (last.error);
  g_assert_true (floe_user_in_group (last.user, "vdi-users"));
  g_assert_true (floe_user_in_group (last.user, "staff"));
  g_assert_false (floe_user_in_group (last.user, "contractors"));
  g_assert_cmpuint (g_strv_length (last.user->groups), ==, 4);
  directory_said_ask (server, "freeipa", "u01600", &said);
  assert_said (&said, "ok: group staff: u01600 → vdi-users → staff; *");
}

static void
search_groups (FloeLdapSettings *settings)
{
  settings->groups_by = (gchar *)"filter";
}

/* What the server has flattened, and what a search finds level by level, is the same. */
static void
test_by_filter (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloeDirectory) searching = directory_server_open (server, "freeipa", search_groups);
  static const gchar *const people[] = { "carol", "circle", "nogroup" };

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_auto (DirectoryAnswer) told = { 0 };
      g_auto (DirectoryAnswer) found = { 0 };

      directory_server_log_in (server, directory, people[i], &told);
      directory_server_log_in (server, searching, people[i], &found);
      g_assert_no_error (told.error);
      g_assert_no_error (found.error);
      g_assert_true (g_strv_equal ((const gchar *const *)told.user->groups,
                                   (const gchar *const *)found.user->groups));
    }
}

/* What somebody is in comes with their entry, at each look; only what groups are called is kept. */
static void
test_leaves_group (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "carol");
  g_autofree gchar *part =
      g_strdup_printf ("dn: cn=vdi-users,cn=groups,cn=accounts,%s\nchangetype: modify\n"
                       "delete: member\nmember: cn=contractors,cn=groups,cn=accounts,%s\n",
                       server->base, server->base);
  g_auto (DirectoryAnswer) before = { 0 };
  g_auto (DirectoryAnswer) after = { 0 };

  directory_server_look_up (directory, id, &before);
  g_assert_no_error (before.error);
  g_assert_true (floe_user_in_group (before.user, "staff"));
  directory_server_modify (server, part);
  directory_server_look_up (directory, id, &after);
  g_assert_no_error (after.error);
  g_assert_true (floe_user_in_group (after.user, "contractors"));
  g_assert_false (floe_user_in_group (after.user, "vdi-users"));
  g_assert_false (floe_user_in_group (after.user, "staff"));
}

/* Which group a plain name is. */
static void
test_find_group (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();

  directory_server_assert_find_group (server, directory, "uuid:5f1e0000-0000-11ee-8000-");
}

static void
test_look_up (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "doomed");
  g_autofree gchar *remove =
      g_strdup_printf ("dn: uid=doomed,%s\nchangetype: delete\n", server->people);

  directory_assert_look_up (directory, id, -1, NULL);
  change_entry ("doomed",
                "replace: krbPasswordExpiration\nkrbPasswordExpiration: 20200101000000Z\n");
  directory_assert_look_up (directory, id, -1, NULL);
  change_entry ("doomed",
                "replace: krbPrincipalExpiration\nkrbPrincipalExpiration: 20990101000000Z\n");
  directory_assert_look_up (directory, id, -1, NULL);
  change_entry ("doomed",
                "replace: krbPrincipalExpiration\nkrbPrincipalExpiration: 20200101000000Z\n");
  directory_assert_look_up (directory, id, FLOE_ERROR_DENIED, "account-expired");
  change_entry ("doomed", "replace: nsAccountLock\nnsAccountLock: TRUE\n");
  directory_assert_look_up (directory, id, FLOE_ERROR_DENIED, "disabled");
  directory_server_modify (server, remove);
  directory_assert_look_up (directory, id, FLOE_ERROR_NOT_FOUND, NULL);
}

static void
use_ds_ids (FloeLdapSettings *settings)
{
  settings->id_attribute = (gchar *)"nsUniqueId";
  settings->group_id_attribute = (gchar *)"nsUniqueId";
}

/* A 389 directory server that is not FreeIPA's. */
static void
test_own_ids (void)
{
  g_autoptr (FloeDirectory) directory = directory_server_open (server, "freeipa", use_ds_ids);
  g_autofree gchar *id = directory_server_id (server, directory, "bob");
  g_auto (DirectoryAnswer) answer = { 0 };

  g_assert_cmpuint (strlen (id), ==, 35);
  directory_server_look_up (directory, id, &answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.user->name, ==, "bob");
  g_assert_true (floe_user_in_group (answer.user, "vdi-admins"));
  g_assert_cmpuint (g_strv_length (answer.user->groups), ==, 2);
}

static void
check_syntax (void)
{
  directory_server_modify (server, "dn: cn=config\nchangetype: modify\n"
                                   "replace: passwordCheckSyntax\npasswordCheckSyntax: on\n-\n"
                                   "replace: passwordHistory\npasswordHistory: on\n");
}

static void
test_change (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_assert_change (directory, "nogroup", "Wrong.456", "Sonne.789", "wrong-credentials",
                           "wrong name or password");
  directory_assert_change (directory, "nogroup", server->password, "Sonne.789", NULL, NULL);
  directory_assert_in (directory, "nogroup", "Sonne.789");
  directory_assert_out (directory, "nogroup", server->password, FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  check_syntax ();
  directory_change (directory, "nogroup", "Sonne.789", "Ab.1", &answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, "password-refused");
  g_test_message ("%s", answer.error->message);
  directory_assert_change (directory, "nogroup", "Sonne.789", "Mond.7890", NULL, NULL);
  directory_assert_change (directory, "nogroup", "Mond.7890", "Sonne.789", "password-refused",
                           "the new password was used before");
  directory_assert_in (directory, "nogroup", "Mond.7890");
}

/* The server lets them in, FreeIPA's own plugin renews what says that they must change. */
static void
test_change_states (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  const gchar *const old[] = { "expired", "mustchange" };

  for (guint i = 0; i < G_N_ELEMENTS (old); i++)
    {
      g_auto (DirectoryAnswer) answer = { 0 };

      directory_assert_change (directory, old[i], server->password, "Stern.78901", NULL, NULL);
      directory_begin (directory, old[i], "Stern.78901", NULL, &answer);
      directory_wait (&answer);
      g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_DENIED);
    }
  directory_assert_change (directory, "acctexp", server->password, "Stern.78901", "account-expired",
                           "the account has expired");
  directory_assert_change (directory, "disabled", server->password, "Stern.78901",
                           "wrong-credentials", "wrong name or password");
}

static void
test_expiry (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) alice = { 0 };
  g_auto (DirectoryAnswer) bob = { 0 };
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: uid=bob,%s\nchangetype: modify\nreplace: krbPasswordExpiration\n"
                       "krbPasswordExpiration: 20990101000000Z\n",
                       server->people);

  directory_server_modify (server, ldif);
  directory_server_log_in (server, directory, "bob", &bob);
  g_assert_no_error (bob.error);
  g_assert_cmpint (bob.user->password_expires, ==, G_GINT64_CONSTANT (4070908800000000));
  directory_server_log_in (server, directory, "alice", &alice);
  g_assert_no_error (alice.error);
  g_assert_cmpint (alice.user->password_expires, ==, 0);
}

/* memberOf is flat; the ways are told all the same. */
static void
test_said (void)
{
  g_auto (DirectorySaid) carol = { NULL };
  g_auto (DirectorySaid) circle = { NULL };
  g_auto (DirectorySaid) expired = { NULL };

  directory_said_ask (server, "freeipa", "carol", &carol);
  g_assert_true (carol.fine);
  assert_said (&carol, "ok: clock: within ? s of *");
  assert_said (&carol, "ok: group contractors: carol → contractors; *contractors or uuid:*");
  assert_said (&carol, "ok: group staff: carol → contractors → vdi-users → staff; *");
  g_assert_cmpuint (directory_said_count (&carol, "*: group *"), ==, 3);
  directory_said_ask (server, "freeipa", "circle", &circle);
  g_assert_cmpuint (directory_said_count (&circle, "*: group *"), ==, 2);
  directory_said_ask (server, "freeipa", "acctexp", &expired);
  assert_said (&expired, "wrong: the account has expired*");
}

/* By itself the server tells its time to anybody; an administrator may have ended that. */
static void
test_said_no_clock (void)
{
  g_auto (DirectorySaid) said = { NULL };

  directory_server_modify (server, "dn: cn=monitor\nchangetype: modify\ndelete: aci\n");
  directory_said_ask (server, "freeipa", NULL, &said);
  g_assert_true (said.fine);
  assert_said (&said, "ok: clock: not told*");
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  directory_log_init ();
  server = directory_server_new ("389ds-up.sh", "DS_OWNER", 1600);
  g_test_add_func ("/directory-freeipa/said", test_said);
  g_test_add_func ("/directory-freeipa/said-no-clock", test_said_no_clock);
  g_test_add_func ("/directory-freeipa/log-in/right", test_right);
  g_test_add_func ("/directory-freeipa/log-in/spelling", test_spelling);
  g_test_add_func ("/directory-freeipa/log-in/states", test_states);
  g_test_add_func ("/directory-freeipa/log-in/lockout", test_lockout);
  g_test_add_func ("/directory-freeipa/log-in/no-password", test_no_password);
  g_test_add_func ("/directory-freeipa/standing/states", test_standing);
  g_test_add_func ("/directory-freeipa/standing/freeipa", test_standing_freeipa);
  g_test_add_func ("/directory-freeipa/standing/389", test_standing_389);
  g_test_add_func ("/directory-freeipa/lockout/hidden", test_lockout_hidden);
  g_test_add_func ("/directory-freeipa/lockout/told", test_lockout_told);
  g_test_add_func ("/directory-freeipa/vouch", test_vouch);
  g_test_add_func ("/directory-freeipa/tls/starttls", test_starttls);
  g_test_add_func ("/directory-freeipa/tls/wrong-ca", test_wrong_ca);
  g_test_add_func ("/directory-freeipa/tls/no-plain", test_no_plain);
  g_test_add_func ("/directory-freeipa/groups", test_groups);
  g_test_add_func ("/directory-freeipa/find-group", test_find_group);
  g_test_add_func ("/directory-freeipa/big-group", test_big_group);
  g_test_add_func ("/directory-freeipa/by-filter", test_by_filter);
  g_test_add_func ("/directory-freeipa/look-up", test_look_up);
  g_test_add_func ("/directory-freeipa/own-ids", test_own_ids);
  g_test_add_func ("/directory-freeipa/password/expiry", test_expiry);
  g_test_add_func ("/directory-freeipa/password/change", test_change);
  g_test_add_func ("/directory-freeipa/password/states", test_change_states);
  g_test_add_func ("/directory-freeipa/leaves-group", test_leaves_group);
  status = g_test_run ();
  directory_server_free (server);
  return status;
}
