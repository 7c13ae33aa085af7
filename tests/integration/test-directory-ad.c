/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool.h"
#include "directory-said.h"

#include <ldap.h>
#include <signal.h>
#include <string.h>

#define LOCKED "the account is locked"

/* One domain controller for all tests, since making one takes long; each test has accounts of its
 * own where it changes something. Searches begin at the root of the domain, where each of them ends
 * with references that must not be followed: their host does not even exist. */
static DirectoryServer *server;

static void
name_domain (FloeLdapSettings *settings)
{
  static gchar *const domains[] = { (gchar *)"ad.test", (gchar *)"ADTEST", NULL };

  settings->domains = (GStrv)domains;
}

static FloeDirectory *
open_directory (void)
{
  return directory_server_open (server, "active-directory", name_domain);
}

static gchar *
dn_of (const gchar *name)
{
  return g_strdup_printf ("CN=%s,%s", name, server->people);
}

static void
set (const gchar *name, const gchar *attribute, const gchar *value)
{
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: CN=%s,%s\nchangetype: modify\nreplace: %s\n%s: %s\n", name,
                       server->people, attribute, attribute, value);

  directory_server_modify (server, ldif);
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
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
  g_assert_true (floe_user_in_group (answer.user, "VDI-Users"));
  g_assert_true (floe_user_in_group (answer.user, "staff"));
  g_assert_true (floe_user_in_group (answer.user, "Domain Users"));
  g_assert_false (floe_user_in_group (answer.user, "vdi-admins"));
  for (guint i = 0; answer.user->groups[i] != NULL; i++)
    g_assert_null (strchr (answer.user->groups[i], '='));
}

static void
test_spelling (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "alice");
  const gchar *const hers[] = { "ALICE",
                                "Alice",
                                " alice ",
                                "alice@ad.test",
                                "Alice@AD.TEST",
                                "ADTEST\\alice",
                                "adtest\\Alice",
                                "ad.test\\alice",
                                "alice@adtest",
                                "\uff41lice",
                                "ALICE\uff20ad.test",
                                "\U0001d41alice" };
  const gchar *const nobodys[] = { "\u0430lice",  "alice@other.test", "OTHER\\alice",
                                   "al\u200bice", "alice*",           "*",
                                   "alice)(cn=*" };

  for (guint i = 0; i < G_N_ELEMENTS (hers); i++)
    {
      g_autofree gchar *other = directory_server_id (server, directory, hers[i]);

      g_assert_cmpstr (other, ==, id);
    }
  for (guint i = 0; i < G_N_ELEMENTS (nobodys); i++)
    directory_assert_out (directory, nobodys[i], server->password, FLOE_ERROR_UNAUTHENTICATED,
                          "wrong-credentials");
}

static void
test_beyond_ascii (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "j\u00fcrgen");
  g_autofree gchar *loud = directory_server_id (server, directory, "J\u00dcRGEN");
  g_autofree gchar *composed = directory_server_id (server, directory, "ju\u0308rgen@ad.test");

  g_assert_cmpstr (loud, ==, id);
  g_assert_cmpstr (composed, ==, id);
}

/* A principal name that is not the account's name with the realm behind it. */
static void
test_principal_name (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "nogroup");
  g_autofree gchar *other = NULL;

  set ("nogroup", "userPrincipalName", "solo@corp.test");
  other = directory_server_id (server, directory, "Solo@Corp.Test");
  g_assert_cmpstr (other, ==, id);
}

static void
test_states (void)
{
  static const DirectoryState states[] = {
    { "alice", "" },
    { "disabled", "disabled" },
    { "acctexp", "account-expired" },
    { "expired", "expired" },
    { "mustchange", "must-change" },
    { "badhours", "not-now" },
    { "badplace", "not-here" },
    { "locked", "wrong-credentials" },
    { "nobody", "wrong-credentials" },
  };
  g_autoptr (FloeDirectory) directory = open_directory ();

  directory_server_assert_states (server, directory, states, G_N_ELEMENTS (states));
}

static guint
bad_tries (const gchar *name)
{
  g_autofree gchar *dn = dn_of (name);
  g_autofree gchar *count = directory_server_read (server, dn, "badPwdCount");

  return (guint)g_ascii_strtoull (count, NULL, 10);
}

/* "Locked" is told without proof of the password, so nobody is told; and a stranger's tries do not
 * end the session of somebody who is in. */
static void
test_lockout (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "lockme");
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_assert_standing (directory, id, "");
  for (guint i = 0; i < 3; i++)
    directory_assert_wrong (directory, "lockme", "Wrong.456", NULL);
  directory_assert_wrong (directory, "lockme", server->password, LOCKED);
  directory_assert_wrong (directory, "lockme", "Wrong.456", LOCKED);
  directory_assert_locked (directory, id, now () + 1800);
  /* A stranger's tries do not end the session of somebody who is in. */
  directory_server_look_up (directory, id, &answer);
  g_assert_no_error (answer.error);
  set ("lockme", "lockoutTime", "0");
  directory_assert_standing (directory, id, "");
}

/* What a log-in must not tell before the password, whoever helps is told. */
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
    { "locked", "locked" },
    { "badhours", "not-now" },
    { "badplace", "not-here" },
    { "mustchange", "must-change" },
    { "expired", "expired" },
  };
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloeStanding) alice = NULL;
  g_autofree gchar *id = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree gchar *each = directory_id_of (directory, states[i].name, server->password);

      g_test_message ("%s", states[i].name);
      directory_assert_standing (directory, each, states[i].reasons);
    }
  id = directory_server_id (server, directory, "alice");
  alice = directory_examine (directory, id, NULL);
  g_assert_cmpint (alice->user->password_expires / G_USEC_PER_SEC, >, now () + 41 * 86400);
  g_assert_cmpint (alice->ends, ==, 0);
  g_assert_cmpstr (alice->user->name, ==, "alice");
}

/* One bit an hour, in UTC; others than this one and the next, which may have begun when it is read.
 */
static void
set_hours (const gchar *name, gboolean these, gboolean others)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now ());
  gint hour = g_date_time_get_day_of_week (time) % 7 * 24 + g_date_time_get_hour (time);
  guchar bits[21] = { 0 };
  g_autofree gchar *value = NULL;
  g_autofree gchar *ldif = NULL;

  for (gint i = 0; i < 168; i++)
    if (i == hour || i == (hour + 1) % 168 ? these : others)
      bits[i / 8] |= (guchar)(1 << i % 8);
  value = g_base64_encode (bits, sizeof bits);
  ldif = g_strdup_printf ("dn: CN=%s,%s\nchangetype: modify\nreplace: logonHours\n"
                          "logonHours:: %s\n",
                          name, server->people, value);
  directory_server_modify (server, ldif);
}

/* Several things at once, and each gone again. */
static void
test_standing_changes (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "nogroup");

  set_hours ("nogroup", FALSE, TRUE);
  directory_assert_standing (directory, id, "not-now");
  directory_assert_out (directory, "nogroup", server->password, FLOE_ERROR_DENIED, "not-now");
  set_hours ("nogroup", TRUE, FALSE);
  directory_assert_standing (directory, id, "");
  directory_assert_in (directory, "nogroup", server->password);
  set_hours ("nogroup", TRUE, TRUE);
  set ("nogroup", "pwdLastSet", "0");
  set ("nogroup", "userAccountControl", "514");
  set ("nogroup", "accountExpires", "132223104000000000"); /* 2020 */
  directory_assert_standing (directory, id, "disabled account-expired must-change");
  set ("nogroup", "userAccountControl", "512");
  set ("nogroup", "accountExpires", "0");
  directory_assert_standing (directory, id, "must-change");
  set ("nogroup", "pwdLastSet", "-1");
  set ("nogroup", "userWorkstations", "elsewhere,dc10");
  directory_assert_standing (directory, id, "not-here");
  set ("nogroup", "userWorkstations", "elsewhere,dc1");
  directory_assert_standing (directory, id, "");
  directory_assert_in (directory, "nogroup", server->password);
}

/* A fine-grained policy counts where it can be read. */
static void
test_lockout_told (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloeDirectory) by_admin = directory_server_open_as_admin (server, "active-directory");

  directory_assert_in (directory, "alice", server->password);
  directory_assert_lockout (directory, 3, 1800);
  directory_assert_in (by_admin, "alice", server->password);
  directory_assert_lockout (by_admin, 2, 7200);
}

/* Until when, by a policy that only administrators may read. */
static void
test_standing_fine_grained (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloeDirectory) by_admin = directory_server_open_as_admin (server, "active-directory");
  g_autofree gchar *id = directory_server_id (server, directory, "circle");
  g_autofree gchar *apply =
      g_strdup_printf ("dn: CN=fine,CN=Password Settings Container,CN=System,%s\n"
                       "changetype: modify\nadd: msDS-PSOAppliesTo\n"
                       "msDS-PSOAppliesTo: CN=circle,%s\n",
                       server->base, server->people);

  directory_server_modify (server, apply);
  for (guint i = 0; i < 2; i++)
    directory_assert_wrong (directory, "circle", "Wrong.456", NULL);
  directory_assert_locked (directory, id, 0);
  directory_assert_locked (by_admin, id, now () + 7200);
  set ("circle", "lockoutTime", "0");
}

static void
add_second_uri (FloeLdapSettings *settings)
{
  static gchar *uris[] = { NULL, NULL, NULL };

  uris[0] = uris[1] = settings->uris[0];
  settings->uris = uris;
}

/* What is wrong at one server is not tried at the next, and what is no password at none. A blank is
 * one, as it was typed. */
static void
test_tries (void)
{
  g_autoptr (FloeDirectory) directory =
      directory_server_open (server, "active-directory", add_second_uri);

  directory_assert_no_password_out (directory, "bob", server->password);
  g_assert_cmpuint (bad_tries ("bob"), ==, 0);
  directory_assert_out (directory, "bob", " ", FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials");
  g_assert_cmpuint (bad_tries ("bob"), ==, 1);
  directory_assert_out (directory, "bob", "Wrong.456", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  g_assert_cmpuint (bad_tries ("bob"), ==, 2);
}

static void
test_starttls (void)
{
  directory_server_assert_starttls (server, "active-directory");
}

static void
test_wrong_ca (void)
{
  directory_server_assert_wrong_ca (server, "active-directory");
}

static void
test_no_plain (void)
{
  directory_server_assert_no_plain (server, "active-directory", LDAP_STRONG_AUTH_REQUIRED,
                                    "the server wants stronger authentication");
}

static void
test_nested (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) deep = { 0 };
  g_auto (DirectoryAnswer) circle = { 0 };
  g_auto (DirectoryAnswer) carol = { 0 };

  directory_server_log_in (server, directory, "deep", &deep);
  g_assert_no_error (deep.error);
  for (guint i = 1; i <= 20; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("nest-%02u", i);

      g_assert_true (floe_user_in_group (deep.user, name));
    }
  directory_server_log_in (server, directory, "circle", &circle);
  g_assert_no_error (circle.error);
  g_assert_true (floe_user_in_group (circle.user, "circle-a"));
  g_assert_true (floe_user_in_group (circle.user, "circle-b"));
  directory_server_log_in (server, directory, "carol", &carol);
  g_assert_no_error (carol.error);
  g_assert_true (floe_user_in_group (carol.user, "staff"));
  g_assert_false (floe_user_in_group (carol.user, "nest-01"));
}

static void
test_primary_group (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_server_log_in (server, directory, "primary", &answer);
  g_assert_no_error (answer.error);
  g_assert_true (floe_user_in_group (answer.user, "vdi-users"));
  g_assert_true (floe_user_in_group (answer.user, "staff"));
}

/* Groups that are only known in their own domain. */
static void
test_domain_local (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) answer = { 0 };
  g_auto (DirectorySaid) said = { NULL };

  directory_server_log_in (server, directory, "local", &answer);
  g_assert_no_error (answer.error);
  g_assert_true (floe_user_in_group (answer.user, "branch"));
  g_assert_true (floe_user_in_group (answer.user, "desks"));
  g_assert_true (floe_user_in_group (answer.user, "floor"));
  directory_said_ask (server, "active-directory", "local", &said);
  assert_said (&said, "ok: group floor: local → branch → desks → floor; *");
}

static void
assert_in_everybody (FloeDirectory *directory)
{
  g_auto (DirectoryAnswer) last = { 0 };
  g_auto (DirectoryAnswer) stranger = { 0 };

  directory_server_log_in (server, directory, "bulk", &last);
  g_assert_no_error (last.error);
  g_assert_true (floe_user_in_group (last.user, "everybody"));
  g_assert_false (floe_user_in_group (last.user, "staff"));
  directory_server_log_in (server, directory, "nogroup", &stranger);
  g_assert_no_error (stranger.error);
  g_assert_false (floe_user_in_group (stranger.user, "everybody"));
}

/* More members than Active Directory tells of one group at once: nobody reads the list of them. */
static void
test_big_group (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectorySaid) said = { NULL };

  assert_in_everybody (directory);
  directory_said_ask (server, "active-directory", "bulk", &said);
  assert_said (&said, "ok: group everybody: bulk → everybody; *");
}

static void
use_member_of (FloeLdapSettings *settings)
{
  settings->group_attribute = (gchar *)"memberOf";
}

/* Groups by their DNs, as an administrator may want it: all but the primary one. */
static void
test_member_of (void)
{
  g_autoptr (FloeDirectory) directory =
      directory_server_open (server, "active-directory", use_member_of);
  g_auto (DirectoryAnswer) deep = { 0 };
  g_auto (DirectoryAnswer) local = { 0 };
  g_auto (DirectoryAnswer) primary = { 0 };

  directory_server_log_in (server, directory, "deep", &deep);
  g_assert_no_error (deep.error);
  g_assert_true (floe_user_in_group (deep.user, "nest-20"));
  directory_server_log_in (server, directory, "local", &local);
  g_assert_no_error (local.error);
  g_assert_true (floe_user_in_group (local.user, "floor"));
  assert_in_everybody (directory);
  directory_server_log_in (server, directory, "primary", &primary);
  g_assert_no_error (primary.error);
  g_assert_false (floe_user_in_group (primary.user, "vdi-users"));
}

static guint64
round_trips (FloeDirectory *directory)
{
  return floe_ldap_directory_get_group_round_trips (FLOE_LDAP_DIRECTORY (directory));
}

/* Twenty nested groups are one question when their names are known. */
static void
test_round_trips (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_auto (DirectoryAnswer) cold = { 0 };
  g_auto (DirectoryAnswer) warm = { 0 };
  guint64 before;

  directory_server_log_in (server, directory, "deep", &cold);
  g_assert_no_error (cold.error);
  before = round_trips (directory);
  directory_server_log_in (server, directory, "deep", &warm);
  g_assert_no_error (warm.error);
  g_assert_cmpuint (round_trips (directory) - before, ==, 1);
  g_assert_cmpuint (g_strv_length (warm.user->groups), ==, g_strv_length (cold.user->groups));
}

/* As an administrator would write the group that the first has and the second has not. */
static gchar *
sid_of (const FloeUser *user, const FloeUser *other)
{
  for (guint i = 0; user->groups[i] != NULL; i++)
    if (g_str_has_prefix (user->groups[i], "sid:s-")
        && !floe_user_in_group (other, user->groups[i]))
      return g_strconcat ("sid:S-", user->groups[i] + strlen ("sid:s-"), NULL);
  g_assert_not_reached ();
}

/* A group is the same one after it was renamed, and another one that takes its name is not. */
static void
test_sid (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloeDirectory) later = open_directory ();
  g_autoptr (FloePool) pool = floe_pool_new ("office", FLOE_POOL_FLOATING);
  g_auto (DirectoryAnswer) alice = { 0 };
  g_auto (DirectoryAnswer) bob = { 0 };
  g_auto (DirectoryAnswer) again = { 0 };

  directory_server_log_in (server, directory, "alice", &alice);
  directory_server_log_in (server, directory, "bob", &bob);
  g_assert_no_error (alice.error);
  g_assert_no_error (bob.error);
  g_strfreev (pool->groups);
  pool->groups = g_new0 (gchar *, 2);
  pool->groups[0] = sid_of (bob.user, alice.user);
  g_assert_true (floe_pool_entitles (pool, bob.user));
  g_assert_false (floe_pool_entitles (pool, alice.user));
  set ("vdi-admins", "sAMAccountName", "masters");
  directory_server_log_in (server, later, "bob", &again);
  g_assert_no_error (again.error);
  g_assert_true (floe_pool_entitles (pool, again.user));
  g_assert_true (floe_user_in_group (again.user, "masters"));
  g_assert_false (floe_user_in_group (again.user, "vdi-admins"));
}

static void
search_groups (FloeLdapSettings *settings)
{
  settings->groups_by = (gchar *)"filter";
}

/* Where they are searched, they are the same as by tokens, but for the primary group, which no
 * group has for a member. */
static void
test_by_filter (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autoptr (FloeDirectory) searching =
      directory_server_open (server, "active-directory", search_groups);
  g_auto (DirectoryAnswer) by_tokens = { 0 };
  g_auto (DirectoryAnswer) found = { 0 };
  g_auto (DirectoryAnswer) deep = { 0 };

  directory_server_log_in (server, directory, "carol", &by_tokens);
  directory_server_log_in (server, searching, "carol", &found);
  directory_server_log_in (server, searching, "deep", &deep);
  g_assert_no_error (by_tokens.error);
  g_assert_no_error (found.error);
  g_assert_no_error (deep.error);
  g_assert_cmpuint (g_strv_length (found.user->groups), ==, 6);
  for (guint i = 0; found.user->groups[i] != NULL; i++)
    g_assert_true (floe_user_in_group (by_tokens.user, found.user->groups[i]));
  g_assert_true (floe_user_in_group (found.user, "staff"));
  g_assert_true (floe_user_in_group (deep.user, "nest-20"));
}

static void
call_groups_otherwise (FloeLdapSettings *settings)
{
  settings->group_name_attribute = (gchar *)"displayName";
  settings->group_id_attribute = (gchar *)"objectGUID";
}

/* What is set counts, beside the SIDs that the tokens are. */
static void
test_names (void)
{
  g_autoptr (FloeDirectory) directory =
      directory_server_open (server, "active-directory", call_groups_otherwise);
  g_auto (DirectoryAnswer) answer = { 0 };
  guint sids = 0, uuids = 0;

  set ("staff", "displayName", "All Staff");
  directory_server_log_in (server, directory, "carol", &answer);
  g_assert_no_error (answer.error);
  g_assert_true (floe_user_in_group (answer.user, "all staff"));
  g_assert_false (floe_user_in_group (answer.user, "staff"));
  g_assert_false (floe_user_in_group (answer.user, "vdi-users")); /* has none */
  for (guint i = 0; answer.user->groups[i] != NULL; i++)
    {
      sids += g_str_has_prefix (answer.user->groups[i], "sid:");
      uuids += g_str_has_prefix (answer.user->groups[i], "uuid:");
    }
  g_assert_cmpuint (uuids, >=, 4);
  g_assert_cmpuint (sids, >=, uuids);
}

/* Which group a plain name is. */
static void
test_find_group (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();

  directory_server_assert_find_group (server, directory, "sid:s-1-5-21-");
}

static void
test_look_up (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "doomed");
  g_autofree gchar *dn = dn_of ("doomed");
  g_autofree gchar *remove = g_strdup_printf ("dn: %s\nchangetype: delete\n", dn);
  g_autofree gchar *upper = g_ascii_strup (id, -1);

  directory_assert_look_up (directory, id, -1, NULL);
  directory_assert_look_up (directory, upper, -1, NULL);
  directory_assert_look_up (directory, "6ccdf285-aadd-48f1-a6a5-25a943113e84", FLOE_ERROR_NOT_FOUND,
                            NULL);
  directory_assert_look_up (directory, "doomed", FLOE_ERROR_NOT_FOUND, NULL);
  directory_assert_look_up (directory, "*", FLOE_ERROR_NOT_FOUND, NULL);
  set ("doomed", "userAccountControl", "514");
  directory_assert_look_up (directory, id, FLOE_ERROR_DENIED, "disabled");
  set ("doomed", "userAccountControl", "512");
  set ("doomed", "accountExpires", "132223104000000000"); /* 2020 */
  directory_assert_look_up (directory, id, FLOE_ERROR_DENIED, "account-expired");
  set ("doomed", "accountExpires", "0");
  /* An old password keeps nobody out who is in. */
  set ("doomed", "pwdLastSet", "0");
  directory_assert_look_up (directory, id, -1, NULL);
  directory_server_modify (server, remove);
  directory_assert_look_up (directory, id, FLOE_ERROR_NOT_FOUND, NULL);
}

/* Who belongs to what is never remembered, only what it is called. */
static void
test_leaves_group (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *id = directory_server_id (server, directory, "turncoat");
  g_autofree gchar *change =
      g_strdup_printf ("dn: CN=vdi-users,%s\nchangetype: modify\ndelete: member\n"
                       "member: CN=turncoat,%s\n",
                       server->people, server->people);
  g_auto (DirectoryAnswer) before = { 0 };
  g_auto (DirectoryAnswer) after = { 0 };

  directory_server_look_up (directory, id, &before);
  g_assert_no_error (before.error);
  g_assert_true (floe_user_in_group (before.user, "staff"));
  directory_server_modify (server, change);
  directory_server_look_up (directory, id, &after);
  g_assert_no_error (after.error);
  g_assert_false (floe_user_in_group (after.user, "vdi-users"));
  g_assert_false (floe_user_in_group (after.user, "staff"));
}

static void
change (FloeDirectory *directory, const gchar *name, const gchar *new, const gchar *reason,
        const gchar *words)
{
  directory_assert_change (directory, name, server->password, new, reason, words);
}

/* A wrong old password counts as a wrong log-in, once. */
static void
test_change (void)
{
  g_autoptr (FloeDirectory) directory =
      directory_server_open (server, "active-directory", add_second_uri);
  g_auto (DirectoryAnswer) spelled = { 0 };
  const gchar *const none[] = { "", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    directory_assert_change (directory, "carol", none[i], "Sonne.789", "wrong-credentials",
                             "wrong name or password");
  g_assert_cmpuint (bad_tries ("carol"), ==, 0);
  directory_assert_change (directory, "carol", "Wrong.456", "Sonne.789", "wrong-credentials",
                           "wrong name or password");
  g_assert_cmpuint (bad_tries ("carol"), ==, 1);
  directory_assert_change (directory, "nobody", server->password, "Sonne.789", "wrong-credentials",
                           "wrong name or password");
  change (directory, "carol", "Sonne.\U0001f31e.789", NULL, NULL);
  directory_assert_in (directory, "carol", "Sonne.\U0001f31e.789");
  directory_change (directory, "Carol@AD.test", "Sonne.\U0001f31e.789", "Mond.789", &spelled);
  g_assert_no_error (spelled.error);
  g_assert_cmpstr (spelled.user->name, ==, "carol");
  directory_assert_in (directory, "carol", "Mond.789");
  /* Connections are as they were. */
  directory_assert_in (directory, "alice", server->password);
}

static void
test_change_refused (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  g_autofree gchar *endless = g_strnfill (300, 'p');

  change (directory, "nogroup", "Ab.1", "password-refused", "the new password is too short");
  change (directory, "nogroup", "alllowercase", "password-refused",
          "the new password is too simple");
  change (directory, "nogroup", "", "password-refused", "the new password is empty");
  change (directory, "nogroup", endless, "password-refused",
          "the new password is too long, or holds what no password may");
  change (directory, "nogroup", server->password, "password-refused",
          "the new password was used before");
  directory_assert_in (directory, "nogroup", server->password);
}

/* People who cannot bind, and people who may not come in at all. */
static void
test_change_states (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  const DirectoryState refused[] = { { "disabled", "disabled" }, { "acctexp", "account-expired" } };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_auto (DirectoryAnswer) answer = { 0 };
      g_auto (DirectoryAnswer) after = { 0 };

      directory_assert_change (directory, refused[i].name, "Wrong.456", "Sonne.789",
                               "wrong-credentials", "wrong name or password");
      directory_change (directory, refused[i].name, server->password, "Sonne.789", &answer);
      g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_DENIED);
      g_assert_cmpstr (floe_error_reason (answer.error), ==, refused[i].right);
      directory_server_log_in (server, directory, refused[i].name, &after);
      g_assert_cmpstr (floe_error_reason (after.error), ==, refused[i].right);
    }
  change (directory, "locked", "Sonne.789", "wrong-credentials", "wrong name or password");
  change (directory, "mustchange", "Sonne.789", NULL, NULL);
  directory_assert_in (directory, "mustchange", "Sonne.789");
  change (directory, "expired", "Sonne.789", NULL, NULL);
  directory_assert_in (directory, "expired", "Sonne.789");
}

/* Passwords last 42 days. */
static void
test_expiry (void)
{
  g_autoptr (FloeDirectory) directory = open_directory ();
  gint64 now = g_get_real_time ();
  g_auto (DirectoryAnswer) alice = { 0 };
  g_auto (DirectoryAnswer) forever = { 0 };

  directory_server_log_in (server, directory, "alice", &alice);
  g_assert_no_error (alice.error);
  g_assert_cmpint (alice.user->password_expires, >, now + 41 * G_TIME_SPAN_DAY);
  g_assert_cmpint (alice.user->password_expires, <=, now + 42 * G_TIME_SPAN_DAY);
  directory_server_log_in (server, directory, "svc", &forever);
  g_assert_no_error (forever.error);
  g_assert_cmpint (forever.user->password_expires, ==, 0);
}

/* What tokenGroups alone would not explain: by which groups, and the primary one. */
static void
test_said (void)
{
  g_auto (DirectorySaid) carol = { NULL };
  g_auto (DirectorySaid) primary = { NULL };
  g_auto (DirectorySaid) deep = { NULL };

  directory_said_ask (server, "active-directory", "carol", &carol);
  g_assert_true (carol.fine);
  assert_said (&carol, "ok: clock: within *");
  assert_said (&carol, "warning: lockout: * 3 *passes on 4 — *person_tries: below 3");
  assert_said (&carol, "ok: lockout: * 1800 s*");
  assert_said (&carol, "ok: the account may be used");
  assert_said (&carol, "ok: group staff: carol → contractors → vdi-users → staff; *sid:s-1-5-*");
  assert_said (&carol, "ok: group Domain Users: carol → Domain Users (primary group); *");
  assert_quiet (&carol, "*the way to it is not told*");
  directory_said_ask (server, "active-directory", "primary", &primary);
  assert_said (&primary, "ok: group vdi-users: primary → vdi-users (primary group); *");
  assert_said (&primary, "ok: group staff: primary → vdi-users (primary group) → staff; *");
  directory_said_ask (server, "active-directory", "deep", &deep);
  assert_said (&deep, "ok: group nest-20: deep → nest-01 → nest-02 → * → nest-19 → nest-20; *");
}

static void
test_said_states (void)
{
  g_auto (DirectorySaid) disabled = { NULL };
  g_auto (DirectorySaid) expired = { NULL };
  static const struct
  {
    const gchar *name;
    const gchar *words;
  } passing[] = {
    { "locked", "warning: the account was locked by wrong passwords*" },
    { "badhours", "warning: the account may not be used at this hour*" },
    { "badplace", "warning: the account may not be used from this server*" },
    { "mustchange", "warning: the account may be used, but its password has to be changed first*" },
    { "expired", "warning: the account may be used, but its password has expired*" },
  };

  directory_said_ask (server, "active-directory", "disabled", &disabled);
  assert_said (&disabled, "wrong: the account is disabled*");
  directory_said_ask (server, "active-directory", "acctexp", &expired);
  assert_said (&expired, "wrong: the account has expired*");
  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    {
      g_auto (DirectorySaid) said = { NULL };

      directory_said_ask (server, "active-directory", passing[i].name, &said);
      g_assert_true (said.fine);
      assert_said (&said, passing[i].words);
      assert_quiet (&said, "ok: the account may be used");
    }
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  directory_log_init ();
  g_setenv ("SAMBA_CROWD", "1600", TRUE);
  server = directory_server_new ("samba-up.sh", "SAMBA_OWNER", 0);
  g_test_add_func ("/directory-ad/said", test_said);
  g_test_add_func ("/directory-ad/said-states", test_said_states);
  g_test_add_func ("/directory-ad/log-in/right", test_right);
  g_test_add_func ("/directory-ad/log-in/spelling", test_spelling);
  g_test_add_func ("/directory-ad/log-in/beyond-ascii", test_beyond_ascii);
  g_test_add_func ("/directory-ad/log-in/principal-name", test_principal_name);
  g_test_add_func ("/directory-ad/log-in/states", test_states);
  g_test_add_func ("/directory-ad/log-in/lockout", test_lockout);
  g_test_add_func ("/directory-ad/log-in/lockout-told", test_lockout_told);
  g_test_add_func ("/directory-ad/log-in/tries", test_tries);
  g_test_add_func ("/directory-ad/tls/starttls", test_starttls);
  g_test_add_func ("/directory-ad/tls/wrong-ca", test_wrong_ca);
  g_test_add_func ("/directory-ad/tls/no-plain", test_no_plain);
  g_test_add_func ("/directory-ad/standing/states", test_standing);
  g_test_add_func ("/directory-ad/standing/changes", test_standing_changes);
  g_test_add_func ("/directory-ad/standing/fine-grained", test_standing_fine_grained);
  g_test_add_func ("/directory-ad/groups/nested", test_nested);
  g_test_add_func ("/directory-ad/groups/find", test_find_group);
  g_test_add_func ("/directory-ad/groups/domain-local", test_domain_local);
  g_test_add_func ("/directory-ad/groups/big", test_big_group);
  g_test_add_func ("/directory-ad/groups/member-of", test_member_of);
  g_test_add_func ("/directory-ad/groups/primary", test_primary_group);
  g_test_add_func ("/directory-ad/groups/round-trips", test_round_trips);
  g_test_add_func ("/directory-ad/groups/sid", test_sid);
  g_test_add_func ("/directory-ad/groups/by-filter", test_by_filter);
  g_test_add_func ("/directory-ad/groups/names", test_names);
  g_test_add_func ("/directory-ad/groups/leaves", test_leaves_group);
  g_test_add_func ("/directory-ad/look-up", test_look_up);
  g_test_add_func ("/directory-ad/password/expiry", test_expiry);
  g_test_add_func ("/directory-ad/password/change", test_change);
  g_test_add_func ("/directory-ad/password/refused", test_change_refused);
  g_test_add_func ("/directory-ad/password/states", test_change_states);
  status = g_test_run ();
  directory_server_free (server);
  return status;
}
