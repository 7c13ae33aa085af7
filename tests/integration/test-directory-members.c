/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-said.h"

#include <signal.h>
#include <string.h>

/* Groups that are known by their members only: a server as it comes, without the overlay memberof,
 * and one with it, where both ways are open. Each test has groups of its own. */

static SlapdFixture *plain;
static SlapdFixture *overlay;

/* --- groups ------------------------------------------------------------------------------------*/

static void
add (SlapdFixture *slapd, const gchar *name, const gchar *class, const gchar *more)
{
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: cn=%s,%s\nchangetype: add\nobjectClass: %s\ncn: %s\n%s\n", name,
                       slapd->groups, class, name, more);

  slapd_fixture_modify (slapd, ldif);
}

static gchar *
of_person (SlapdFixture *slapd, const gchar *attribute, const gchar *uid)
{
  return g_strdup_printf ("%s: uid=%s,%s", attribute, uid, slapd->people);
}

static gchar *
of_group (SlapdFixture *slapd, const gchar *attribute, const gchar *name)
{
  return g_strdup_printf ("%s: cn=%s,%s", attribute, name, slapd->groups);
}

static void
remove_group (SlapdFixture *slapd, const gchar *name)
{
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: cn=%s,%s\nchangetype: delete\n", name, slapd->groups);

  slapd_fixture_modify (slapd, ldif);
}

static void
log_in (FloeDirectory *directory, const gchar *name, DirectoryAnswer *answer)
{
  directory_begin (directory, name, "secret", NULL, answer);
  directory_wait (answer);
  g_assert_no_error (answer->error);
}

static void
assert_in (const DirectoryAnswer *answer, const gchar *groups)
{
  g_auto (GStrv) names = g_strsplit (groups, " ", -1);
  guint n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (floe_user_in_group (answer->user, names[i]));
  for (guint i = 0; answer->user->groups[i] != NULL; i++)
    n += g_str_has_prefix (answer->user->groups[i], "uuid:");
  g_assert_cmpuint (n, ==, g_strv_length (names));
  g_assert_cmpuint (g_strv_length (answer->user->groups), ==, 2 * n);
}

static guint64
round_trips (FloeDirectory *directory)
{
  return floe_ldap_directory_get_group_round_trips (FLOE_LDAP_DIRECTORY (directory));
}

static void
by_filter (FloeLdapSettings *settings)
{
  settings->groups_by = (gchar *)"filter";
}

static void
by_attribute (FloeLdapSettings *settings)
{
  settings->groups_by = (gchar *)"attribute";
}

/* --- without the overlay -----------------------------------------------------------------------*/

/* vdi-users is in staff, which is in loop, which is in staff again; nobody set anything up. */
static void
test_nested (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_autoptr (FloeDirectory) other = directory_with (plain, NULL, by_attribute);
  g_auto (DirectoryAnswer) answer = { 0 };
  g_auto (DirectoryAnswer) without = { 0 };
  g_autofree gchar *dn = g_strdup_printf ("cn=loop,%s", plain->groups);
  g_autofree gchar *uuid = slapd_fixture_read (plain, dn, "entryUUID");
  g_autofree gchar *id = g_strconcat ("uuid:", g_strstrip (uuid), NULL);

  log_in (directory, "alice", &answer);
  assert_in (&answer, "vdi-users staff loop");
  g_assert_true (floe_user_in_group (answer.user, id));
  log_in (other, "alice", &without);
  g_assert_cmpuint (g_strv_length (without.user->groups), ==, 0);
}

/* Which group a plain name is: with another one of that name further down, both. */
static void
test_find (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_auto (DirectoryAnswer) answer = { 0 };
  g_autofree gchar *ldif = g_strdup_printf (
      "dn: ou=abroad,%s\nchangetype: add\nobjectClass: organizationalUnit\nou: abroad\n\n"
      "dn: cn=loop,ou=abroad,%s\nchangetype: add\nobjectClass: groupOfNames\ncn: loop\n"
      "member: uid=bob,%s\n\n"
      "dn: cn=vdi-users,ou=abroad,%s\nchangetype: add\nobjectClass: organizationalRole\n"
      "cn: vdi-users\n",
      plain->groups, plain->groups, plain->people, plain->groups);
  g_autofree gchar *gone = g_strdup_printf ("dn: cn=loop,ou=abroad,%s\nchangetype: delete\n\n"
                                            "dn: cn=vdi-users,ou=abroad,%s\nchangetype: delete\n\n"
                                            "dn: ou=abroad,%s\nchangetype: delete\n",
                                            plain->groups, plain->groups, plain->groups);
  g_autofree gchar *one = directory_find_group (directory, "Loop");
  g_autofree gchar *nobodys = directory_find_group (directory, "lo*p)(cn=*");
  g_autofree gchar *both = NULL;
  g_autofree gchar *groups_alone = NULL;

  log_in (directory, "alice", &answer);
  g_assert_true (floe_user_in_group (answer.user, one));
  g_assert_cmpstr (nobodys, ==, "");
  slapd_fixture_modify (plain, ldif);
  both = directory_find_group (directory, "loop");
  groups_alone = directory_find_group (directory, "vdi-users"); /* what else is called so is none */
  slapd_fixture_modify (plain, gone);
  g_assert_nonnull (strstr (both, one));
  g_assert_true (floe_user_in_group (answer.user, groups_alone));
  g_assert_cmpuint (strlen (both), ==, 2 * strlen (one) + 1);
}

/* The person's groups are asked for each time, those of groups once in a while. */
static void
test_round_trips (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_auto (DirectoryAnswer) alice = { 0 };
  g_auto (DirectoryAnswer) bob = { 0 };

  log_in (directory, "alice", &alice);
  g_assert_cmpuint (round_trips (directory), ==, 4);
  log_in (directory, "bob", &bob);
  g_assert_cmpuint (round_trips (directory), ==, 5);
  assert_in (&bob, "vdi-users staff loop");
}

static void
test_unique_names (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_autofree gchar *member = of_person (plain, "uniqueMember", "u00001");
  g_autofree gchar *inner = of_group (plain, "uniqueMember", "unique-inner");
  g_auto (DirectoryAnswer) answer = { 0 };

  add (plain, "unique-inner", "groupOfUniqueNames", member);
  add (plain, "unique-outer", "groupOfUniqueNames", inner);
  log_in (directory, "u00001", &answer);
  assert_in (&answer, "bulk-users unique-inner unique-outer");
}

/* A name is a person's: a group that is called like one is in nothing. */
static void
test_posix (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_autofree gchar *inner = of_group (plain, "member", "posix-inner");
  g_auto (DirectoryAnswer) answer = { 0 };
  g_auto (DirectoryAnswer) other = { 0 };

  add (plain, "posix-inner", "posixGroup", "gidNumber: 1\nmemberUid: u00002");
  add (plain, "posix-odd", "posixGroup", "gidNumber: 2\nmemberUid: posix-inner\nmemberUid: U00002");
  add (plain, "posix-outer", "groupOfNames", inner);
  log_in (directory, "u00002", &answer);
  assert_in (&answer, "bulk-users posix-inner posix-outer");
  log_in (directory, "u00003", &other);
  assert_in (&other, "bulk-users");
}

static void
by_name_only (FloeLdapSettings *settings)
{
  settings->group_filter = (gchar *)"(&(objectClass=posixGroup)(memberUid=%u))";
}

static void
test_own_filter (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (plain, NULL, by_name_only);
  g_auto (DirectoryAnswer) answer = { 0 };

  add (plain, "posix-own", "posixGroup", "gidNumber: 3\nmemberUid: u00004");
  log_in (directory, "u00004", &answer);
  assert_in (&answer, "posix-own");
  g_assert_cmpuint (round_trips (directory), ==, 1);
}

/* What means something in a filter is a plain character in a name and in a DN. */
static void
test_odd_names (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  static const gchar *const names[] = { "o(d*d)", "back\\slash", "a,b" };
  static const gchar *const escaped[] = { "o(d*d)", "back\\\\slash", "a\\,b" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *group = g_strdup_printf ("odd-%u", i);
      g_autofree gchar *posix = g_strdup_printf ("odd-posix-%u", i);
      g_autofree gchar *both = g_strdup_printf ("vdi-users staff loop %s %s", group, posix);
      g_autofree gchar *uid = g_strdup_printf ("gidNumber: %u\nmemberUid: %s", 10 + i, names[i]);
      g_autofree gchar *member = of_person (plain, "member", escaped[i]);
      g_auto (DirectoryAnswer) answer = { 0 };

      add (plain, group, "groupOfNames", member);
      add (plain, posix, "posixGroup", uid);
      log_in (directory, names[i], &answer);
      assert_in (&answer, both);
    }
}

static void
test_deep (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_autofree gchar *first = of_person (plain, "member", "nogroup");

  add (plain, "deep-1", "groupOfNames", first);
  for (guint i = 2; i <= 40; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("deep-%u", i);
      g_autofree gchar *below = g_strdup_printf ("deep-%u", i - 1);
      g_autofree gchar *member = of_group (plain, "member", below);

      add (plain, name, "groupOfNames", member);
    }
  directory_log_expect ("*nested deeper than 32*");
  for (guint i = 0; i < 2; i++)
    {
      g_auto (DirectoryAnswer) answer = { 0 };

      log_in (directory, "nogroup", &answer);
      g_assert_true (floe_user_in_group (answer.user, "deep-32"));
      g_assert_false (floe_user_in_group (answer.user, "deep-33"));
    }
  g_assert_cmpuint (directory_log_seen ("*nested deeper than 32*"), ==, 1);
  directory_log_expect (NULL);
}

/* Whoever leaves a group is out of it at the next look, and out of those that it is in, too. */
static void
test_leaves (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_autofree gchar *member = of_person (plain, "member", "u00005");
  g_autofree gchar *inner = of_group (plain, "member", "left-inner");
  g_auto (DirectoryAnswer) before = { 0 };
  g_auto (DirectoryAnswer) after = { 0 };

  add (plain, "left-inner", "groupOfNames", member);
  add (plain, "left-outer", "groupOfNames", inner);
  log_in (directory, "u00005", &before);
  assert_in (&before, "bulk-users left-inner left-outer");
  remove_group (plain, "left-inner");
  directory_begin_look_up (directory, before.user->id, &after);
  directory_wait (&after);
  g_assert_no_error (after.error);
  assert_in (&after, "bulk-users");
}

static void
search_nowhere (FloeLdapSettings *settings)
{
  settings->group_base = (gchar *)"ou=nowhere,dc=floe,dc=test";
}

static void
search_nowhere_by_filter (FloeLdapSettings *settings)
{
  search_nowhere (settings);
  by_filter (settings);
}

/* Whoever is searched by order is not without groups because nobody can search. */
static void
test_nowhere (void)
{
  g_autoptr (FloeDirectory) automatic = directory_with (plain, NULL, search_nowhere);
  g_autoptr (FloeDirectory) ordered = directory_with (plain, NULL, search_nowhere_by_filter);
  g_auto (DirectoryAnswer) answer = { 0 };

  log_in (automatic, "alice", &answer);
  g_assert_cmpuint (g_strv_length (answer.user->groups), ==, 0);
  directory_assert_out (ordered, "alice", "secret", FLOE_ERROR_INTERNAL, NULL);
}

static void
search_suffix (FloeLdapSettings *settings)
{
  settings->group_base = NULL;
}

/* Groups are found wherever they are; only a plain name needs to be told where it counts. */
static void
test_no_base (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (plain, NULL, search_suffix);
  g_auto (DirectoryAnswer) answer = { 0 };

  log_in (directory, "alice", &answer);
  g_assert_cmpuint (g_strv_length (answer.user->groups), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_true (g_str_has_prefix (answer.user->groups[i], "uuid:"));
}

static void
by_description (FloeLdapSettings *settings)
{
  settings->group_name_attribute = (gchar *)"description";
}

static void
test_name_attribute (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (plain, NULL, by_description);
  g_autofree gchar *member = of_person (plain, "member", "u00006");
  g_autofree gchar *more = g_strconcat ("description: Told So\n", member, NULL);
  g_auto (DirectoryAnswer) answer = { 0 };

  add (plain, "named", "groupOfNames", more);
  log_in (directory, "u00006", &answer);
  g_assert_true (floe_user_in_group (answer.user, "told so"));
  g_assert_false (floe_user_in_group (answer.user, "named"));
  g_assert_false (floe_user_in_group (answer.user, "bulk-users")); /* has none */
  g_assert_cmpuint (g_strv_length (answer.user->groups), ==, 3);
}

/* --- many --------------------------------------------------------------------------------------*/

enum
{
  MANY = 620
};

/* So many groups with one member, all of them in one more. */
static void
add_many (SlapdFixture *slapd, const gchar *uid)
{
  g_autoptr (GString) ldif = g_string_new (NULL);
  g_autoptr (GString) members = g_string_new (NULL);

  for (guint i = 0; i < MANY; i++)
    {
      g_string_append_printf (ldif,
                              "dn: cn=many-%u,%s\nchangetype: add\nobjectClass: groupOfNames\n"
                              "cn: many-%u\nmember: uid=%s,%s\n\n",
                              i, slapd->groups, i, uid, slapd->people);
      g_string_append_printf (members, "member: cn=many-%u,%s\n", i, slapd->groups);
    }
  g_string_append_printf (ldif,
                          "dn: cn=all-of-many,%s\nchangetype: add\nobjectClass: groupOfNames\n"
                          "cn: all-of-many\n%s",
                          slapd->groups, members->str);
  slapd_fixture_modify (slapd, ldif->str);
}

/* More than a server shows at once, which this one shows page by page. */
static void
test_many (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (overlay, NULL, by_filter);
  g_auto (DirectoryAnswer) answer = { 0 };

  add_many (overlay, "nogroup");
  log_in (directory, "nogroup", &answer);
  g_assert_true (floe_user_in_group (answer.user, "all-of-many"));
  g_assert_cmpuint (g_strv_length (answer.user->groups), ==, 2 * (MANY + 1));
  /* the first search, three pages, a level of bunches, and that of the last one */
  g_assert_cmpuint (round_trips (directory), ==, 6);
}

/* A server that shows no more than 500, with pages or without: the rest does not count. */
static void
test_too_many (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (plain);
  g_auto (DirectoryAnswer) answer = { 0 };

  add_many (plain, "carl");
  directory_log_expect ("*more than the server shows*");
  log_in (directory, "carl", &answer);
  g_assert_cmpuint (directory_log_seen ("*more than the server shows*"), ==, 1);
  directory_log_expect (NULL);
  g_assert_true (floe_user_in_group (answer.user, "all-of-many"));
  g_assert_cmpuint (g_strv_length (answer.user->groups), ==, 2 * (500 + 1));
}

/* What one search is too much for is up nevertheless, and says nothing about anybody's groups.
 * Last, since it stays so. */
static void
test_too_much (void)
{
  g_autoptr (FloeDirectory) directory = NULL;
  g_autofree gchar *path = g_build_filename (plain->directory, "slapd.conf", NULL);
  g_autofree gchar *text = NULL;
  g_autofree gchar *narrow = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (DirectoryAnswer) answer = { 0 };

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  narrow = g_strdup_printf ("%slimits dn.exact=%s size.unchecked=3\n", text, plain->service_dn);
  g_assert_true (g_file_set_contents (path, narrow, -1, &error));
  slapd_fixture_stop (plain);
  slapd_fixture_start (plain);
  directory = directory_for (plain);
  directory_begin (directory, "alice", "secret", NULL, &answer);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
  g_assert_nonnull (strstr (answer.error->message, "too much for the server"));
  g_assert_true (floe_directory_is_up (directory));
}

/* --- with the overlay --------------------------------------------------------------------------*/

/* Where memberOf tells, nothing more is asked: a log-in is as cheap as it was. */
static void
test_member_of (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (overlay);
  g_auto (DirectoryAnswer) alice = { 0 };
  g_auto (DirectoryAnswer) bob = { 0 };

  log_in (directory, "alice", &alice);
  assert_in (&alice, "vdi-users staff loop");
  g_assert_cmpuint (round_trips (directory), ==, 3);
  log_in (directory, "bob", &bob);
  assert_in (&bob, "vdi-users staff loop");
  g_assert_cmpuint (round_trips (directory), ==, 3);
}

/* Both ways come to the same, down to the ids. */
static void
test_both_ways (void)
{
  g_autoptr (FloeDirectory) one = directory_for (overlay);
  g_autoptr (FloeDirectory) other = directory_with (overlay, NULL, by_filter);
  g_auto (DirectoryAnswer) by_member_of = { 0 };
  g_auto (DirectoryAnswer) by_member = { 0 };

  log_in (one, "bob", &by_member_of);
  log_in (other, "bob", &by_member);
  g_assert_cmpuint (round_trips (other), ==, 4);
  g_assert_true (g_strv_equal ((const gchar *const *)by_member_of.user->groups,
                               (const gchar *const *)by_member.user->groups));
}

/* A group of a kind that the overlay does not look at: the memberOf of somebody who has one is
 * believed, and whoever has none is searched for. */
static void
test_left_out (void)
{
  g_autoptr (FloeDirectory) automatic = directory_for (overlay);
  g_autoptr (FloeDirectory) ordered = directory_with (overlay, NULL, by_filter);
  g_autofree gchar *carol = of_person (overlay, "uniqueMember", "carol");
  g_autofree gchar *both =
      g_strdup_printf ("%s\nuniqueMember: uid=retired,%s", carol, overlay->people);
  g_auto (DirectoryAnswer) without = { 0 };
  g_auto (DirectoryAnswer) with = { 0 };

  add (overlay, "left-out", "groupOfUniqueNames", both);
  log_in (automatic, "carol", &without);
  assert_in (&without, "vdi-users staff loop");
  log_in (ordered, "carol", &with);
  assert_in (&with, "vdi-users staff loop left-out");
  remove_group (overlay, "left-out");
}

/* --- what a test of the directory says ---------------------------------------------------------*/

static void
run (SlapdFixture *slapd, const gchar *user, const gchar *groups_by, DirectorySaid *said)
{
  gchar *uris[] = { slapd->tls_uri, NULL };
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  FloeLdapSettings settings = { .uris = uris,
                                .ca_file = slapd->ca,
                                .bind_dn = slapd->service_dn,
                                .bind_password = password,
                                .base = slapd->people,
                                .group_base = slapd->groups,
                                .groups_by = (gchar *)groups_by,
                                .connect_timeout = 10,
                                .operation_timeout = 10 };
  FloeLdapTest test = { .settings = &settings, .user = user, .person_tries = 4, .pause = 1800 };

  directory_said_run (&test, said);
}

static void
test_paths (void)
{
  g_autofree gchar *dn = of_person (plain, "member", "dave");
  g_autofree gchar *more = g_strdup_printf ("cn: other\n%s", dn);
  g_auto (DirectorySaid) said = { NULL };

  add (plain, "said", "groupOfNames", more);
  add (plain, "said-posix", "posixGroup", "gidNumber: 4\nmemberUid: dave");
  run (plain, "dave", NULL, &said);
  g_assert_true (said.fine);
  assert_said (&said, "ok: groups are searched below ou=groups,* by members: *member=%d*");
  g_assert_cmpuint (directory_said_count (&said, "*: group *"), ==, 5);
  assert_said (&said, "ok: group vdi-users: dave → vdi-users; *vdi-users or uuid:*");
  assert_said (&said, "ok: group staff: dave → vdi-users → staff; *");
  assert_said (&said, "ok: group loop: dave → vdi-users → staff → loop; *");
  assert_said (&said, "ok: group said: dave → said; *said or uuid:*");
  assert_said (&said, "ok: group said-posix: dave → said-posix; *");
}

static void
test_paths_left_out (void)
{
  g_autofree gchar *dave = of_person (overlay, "uniqueMember", "dave");
  g_auto (DirectorySaid) automatic = { NULL };
  g_auto (DirectorySaid) ordered = { NULL };

  add (overlay, "unseen", "groupOfUniqueNames", dave);
  run (overlay, "dave", NULL, &automatic);
  assert_said (&automatic, "ok: groups are those that memberOf names");
  g_assert_cmpuint (directory_said_count (&automatic, "warning: group *"), ==, 1);
  assert_said (&automatic, "warning: group unseen has \"dave\" *not count — *groups_by = filter*");
  run (overlay, "dave", "filter", &ordered);
  assert_said (&ordered, "ok: group unseen: dave → unseen; *");
  assert_quiet (&ordered, "warning: group *");
  remove_group (overlay, "unseen");
}

int
main (int argc, char **argv)
{
  gint status;

  signal (SIGPIPE, SIG_IGN);
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  directory_log_init ();
  plain = slapd_fixture_new ("LDAP_MEMBEROF=0 LDAP_LOCKOUT=0", 10);
  overlay = slapd_fixture_new ("LDAP_LOCKOUT=0", 0);
  g_test_add_func ("/directory-members/nested", test_nested);
  g_test_add_func ("/directory-members/find", test_find);
  g_test_add_func ("/directory-members/round-trips", test_round_trips);
  g_test_add_func ("/directory-members/unique-names", test_unique_names);
  g_test_add_func ("/directory-members/posix", test_posix);
  g_test_add_func ("/directory-members/own-filter", test_own_filter);
  g_test_add_func ("/directory-members/odd-names", test_odd_names);
  g_test_add_func ("/directory-members/deep", test_deep);
  g_test_add_func ("/directory-members/leaves", test_leaves);
  g_test_add_func ("/directory-members/nowhere", test_nowhere);
  g_test_add_func ("/directory-members/no-base", test_no_base);
  g_test_add_func ("/directory-members/name-attribute", test_name_attribute);
  g_test_add_func ("/directory-members/paths", test_paths);
  g_test_add_func ("/directory-members/too-many", test_too_many);
  g_test_add_func ("/directory-members/member-of/alone", test_member_of);
  g_test_add_func ("/directory-members/member-of/both", test_both_ways);
  g_test_add_func ("/directory-members/member-of/left-out", test_left_out);
  g_test_add_func ("/directory-members/member-of/paths", test_paths_left_out);
  g_test_add_func ("/directory-members/member-of/many", test_many);
  g_test_add_func ("/directory-members/too-much", test_too_much);
  status = g_test_run ();
  slapd_fixture_free (plain);
  slapd_fixture_free (overlay);
  return status;
}
