/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-client.h"
#include "silent-server.h"

#include <signal.h>
#include <string.h>

/* One server for all tests; each has accounts of its own where it changes something. */
static SlapdFixture *slapd;

static void
test_right (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin (directory, "alice", "secret", NULL, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.user->name, ==, "alice");
  g_assert_cmpstr (answer.user->display_name, ==, "Alice Archer");
  g_assert_cmpuint (strlen (answer.user->id), ==, 36);
  g_assert_true (floe_user_in_group (answer.user, "VDI-Users"));
  g_assert_true (floe_directory_is_up (directory));
}

/* However a name is spelled, it is the same person. */
static void
test_spelling (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "alice");
  const gchar *const spellings[] = { "ALICE",           "Alice",       " alice",    "alice ",
                                     "alice@floe.test", "FLOE\\alice", "\uff41lice" };

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autofree gchar *other = directory_id (directory, spellings[i]);

      g_assert_cmpstr (other, ==, id);
    }
}

static void
test_starttls (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (slapd, slapd->uri, NULL);

  directory_assert_in (directory, "alice", "secret");
  directory_assert_in (directory, "bob", "secret");
  directory_assert_out (directory, "bob", "wrong", FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials");
}

static void
test_wrong (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *long_password = g_strnfill (10240, 'p');
  g_autofree gchar *long_name = g_strnfill (10240, 'n');
  const struct
  {
    const gchar *name, *password;
  } cases[] = {
    { "alice", "wrong" },       { "nobody", "secret" },  { "alice", "" },
    { "nobody", "" },           { "alice", "secret " },  { "alice", "Secret" },
    { "alice", long_password }, { long_name, "secret" }, { "", "secret" },
    { "ali\nce", "secret" },    { "\xff", "secret" },    { "alice", "\xff\xfe" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (DirectoryAnswer) answer = { 0 };

      directory_begin (directory, cases[i].name, cases[i].password, NULL, &answer);
      directory_wait (&answer);
      g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
      g_assert_cmpstr (answer.error->message, ==, "wrong name or password");
      g_assert_cmpstr (floe_error_reason (answer.error), ==, "wrong-credentials");
    }
  directory_assert_in (directory, "alice", "secret");
}

/* To this server an empty password is nobody's log-in, which succeeds. A blank is a password, as it
 * was typed; what the server counts is a line each. */
static void
test_no_password (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *dn = g_strdup_printf ("uid=lockme,%s", slapd->people);
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;
  g_auto (GStrv) lines = NULL;

  directory_assert_no_password_out (directory, "lockme", "secret");
  before = slapd_fixture_read (slapd, dn, "pwdFailureTime");
  g_assert_cmpstr (before, ==, "");
  directory_assert_out (directory, "lockme", " ", FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials");
  after = slapd_fixture_read (slapd, dn, "pwdFailureTime");
  lines = g_strsplit (after, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 2); /* a line and what is behind it */
  directory_assert_in (directory, "lockme", "secret");
}

static void
test_odd_names (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  const gchar *const theirs[] = { "o(d*d)", "a,b", "back\\slash" };
  const gchar *const nobodys[] = { "*",      "a*",        "\\",           "o(d*",
                                   "a,",     "(",         "alice)(uid=*", "alice\\00",
                                   "=",      "uid=alice", "%s",           "al%ice",
                                   "a\\2ab", "&",         "|(uid=*)",     "\xd0\xb0lice" };

  for (guint i = 0; i < G_N_ELEMENTS (theirs); i++)
    {
      directory_assert_in (directory, theirs[i], "secret");
      directory_assert_out (directory, theirs[i], "wrong", FLOE_ERROR_UNAUTHENTICATED,
                            "wrong-credentials");
    }
  for (guint i = 0; i < G_N_ELEMENTS (nobodys); i++)
    directory_assert_out (directory, nobodys[i], "secret", FLOE_ERROR_UNAUTHENTICATED,
                          "wrong-credentials");
}

static void
test_states (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);

  directory_assert_out (directory, "mustchange", "secret", FLOE_ERROR_DENIED, "must-change");
  directory_assert_out (directory, "mustchange", "wrong", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  directory_assert_out (directory, "expired", "secret", FLOE_ERROR_DENIED, "expired");
  directory_assert_out (directory, "expired", "wrong", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  /* "locked" is told without proof of the password, so nobody is told. */
  directory_assert_out (directory, "locked", "secret", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  directory_assert_in (directory, "warned", "secret");
  directory_assert_in (directory, "nogroup", "secret");
  directory_assert_in (directory, "alice", "secret");
}

static void
test_grace (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);

  directory_assert_in (directory, "grace", "secret");
  directory_assert_in (directory, "grace", "secret");
  directory_assert_out (directory, "grace", "secret", FLOE_ERROR_DENIED, "expired");
}

static void
test_lockout (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "lockme");
  g_autofree gchar *dn = g_strdup_printf ("uid=lockme,%s", slapd->people);
  g_autofree gchar *since = g_strdup ("");
  g_auto (DirectoryAnswer) answer = { 0 };

  for (guint i = 0; *since == '\0'; i++)
    {
      g_assert_cmpuint (i, <, 10);
      directory_assert_wrong (directory, "lockme", "wrong", NULL);
      g_free (since);
      since = slapd_fixture_read (slapd, dn, "pwdAccountLockedTime");
    }
  directory_assert_wrong (directory, "lockme", "secret", "the account is locked");
  directory_assert_wrong (directory, "lockme", "wrong", "the account is locked");
  directory_assert_locked (directory, id, g_get_real_time () / G_USEC_PER_SEC + 300);
  /* A stranger's tries do not end the session of somebody who is in. */
  directory_begin_look_up (directory, id, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
}

/* Of several policies, whomever they are for, the strictest. */
static void
test_lockout_told (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);

  directory_assert_in (directory, "alice", "secret");
  directory_assert_lockout (directory, 3, 300);
}

/* vdi-users is in staff, which is in loop, which is in staff again. */
static void
test_circle (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_auto (DirectoryAnswer) answer = { 0 };
  guint ids = 0;

  directory_begin (directory, "alice", "secret", NULL, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_true (floe_user_in_group (answer.user, "staff"));
  g_assert_true (floe_user_in_group (answer.user, "loop"));
  for (guint i = 0; answer.user->groups[i] != NULL; i++)
    {
      g_assert_null (strchr (answer.user->groups[i], '='));
      ids += g_str_has_prefix (answer.user->groups[i], "uuid:");
    }
  g_assert_cmpuint (ids, ==, 3);
  g_assert_cmpuint (g_strv_length (answer.user->groups), ==, 6);
  g_assert_cmpint (answer.user->groups_took, >, 0);
}

/* A chain of groups that is too long for us: those far up do not count, whether the first ones are
 * known already or not. */
static void
test_deep (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autoptr (GString) ldif = g_string_new (NULL);

  for (guint i = 1; i <= 40; i++)
    {
      g_autofree gchar *below = i == 1 ? g_strdup_printf ("uid=nogroup,%s", slapd->people)
                                       : g_strdup_printf ("cn=deep-%u,%s", i - 1, slapd->groups);

      g_string_append_printf (ldif,
                              "dn: cn=deep-%u,%s\nchangetype: add\nobjectClass: groupOfNames\n"
                              "cn: deep-%u\nmember: %s\n\n",
                              i, slapd->groups, i, below);
    }
  slapd_fixture_modify (slapd, ldif->str);
  directory_log_expect ("*nested deeper than 32*");
  for (guint i = 0; i < 2; i++)
    {
      g_auto (DirectoryAnswer) answer = { 0 };

      directory_begin (directory, "nogroup", "secret", NULL, &answer);
      directory_wait (&answer);
      g_assert_no_error (answer.error);
      g_assert_true (floe_user_in_group (answer.user, "deep-32"));
      g_assert_false (floe_user_in_group (answer.user, "deep-33"));
    }
  g_assert_cmpuint (directory_log_seen ("*nested deeper than 32*"), ==, 1);
  directory_log_expect (NULL);
}

static gboolean
is_outside (FloeDirectory *directory, const gchar *id)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_begin_look_up (directory, id, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_true (floe_user_in_group (answer.user, "inner"));
  return !floe_user_in_group (answer.user, "outer");
}

/* What was read of groups is believed for so short a time that, with the broker's next look at
 * those who are logged in, nobody has a right for a minute that was taken away. */
static void
test_nesting_ends (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_auto (DirectoryAnswer) first = { 0 };
  g_autofree gchar *make =
      g_strdup_printf ("dn: cn=inner,%s\nchangetype: add\nobjectClass: groupOfNames\ncn: inner\n"
                       "member: uid=u00001,%s\n\n"
                       "dn: cn=outer,%s\nchangetype: add\nobjectClass: groupOfNames\ncn: outer\n"
                       "member: cn=inner,%s\n",
                       slapd->groups, slapd->people, slapd->groups, slapd->groups);
  g_autofree gchar *part = g_strdup_printf ("dn: cn=outer,%s\nchangetype: modify\n"
                                            "replace: member\nmember: uid=alice,%s\n",
                                            slapd->groups, slapd->people);
  gint64 began;

  slapd_fixture_modify (slapd, make);
  directory_begin (directory, "u00001", "secret", NULL, &first);
  directory_wait (&first);
  g_assert_no_error (first.error);
  g_assert_true (floe_user_in_group (first.user, "outer"));
  began = g_get_monotonic_time ();
  slapd_fixture_modify (slapd, part);
  while (!is_outside (directory, first.user->id))
    {
      g_assert_cmpint (g_get_monotonic_time () - began, <, 15 * G_USEC_PER_SEC);
      g_usleep (G_USEC_PER_SEC / 10);
    }
}

/* More members than a server shows at once: nobody reads the list of them. */
static void
test_big_group (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_auto (DirectoryAnswer) last = { 0 };

  directory_begin (directory, "u01600", "secret", NULL, &last);
  directory_wait (&last);
  g_assert_no_error (last.error);
  g_assert_true (floe_user_in_group (last.user, "bulk-users"));
}

static void
search_at_referral (FloeLdapSettings *settings)
{
  settings->base = (gchar *)"ou=elsewhere,dc=floe,dc=test";
}

static void
search_everywhere (FloeLdapSettings *settings)
{
  settings->base = (gchar *)"dc=floe,dc=test";
}

/* Whoever could write one would have our password sent to a server of theirs. */
static void
test_referrals (void)
{
  g_autoptr (SilentServer) sink = silent_server_new (SILENT_CLOSES);
  g_autoptr (FloeDirectory) everywhere = directory_with (slapd, NULL, search_everywhere);
  g_autoptr (FloeDirectory) elsewhere = directory_with (slapd, NULL, search_at_referral);
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: ou=elsewhere,%s\nchangetype: add\nobjectClass: referral\n"
                       "objectClass: extensibleObject\nou: elsewhere\n"
                       "ref: ldap://127.0.0.1:%u/ou=elsewhere,%s\n",
                       slapd->base, silent_server_get_port (sink), slapd->base);

  slapd_fixture_modify (slapd, ldif);
  directory_assert_in (everywhere, "alice", "secret");
  directory_assert_out (elsewhere, "alice", "secret", FLOE_ERROR_INTERNAL, NULL);
  g_assert_cmpuint (silent_server_get_connections (sink), ==, 0);
}

static void
disable_retired (FloeLdapSettings *settings)
{
  settings->disabled_filter = (gchar *)"(employeeType=retired)";
}

static void
test_disabled_filter (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (slapd, NULL, disable_retired);
  g_autoptr (FloeDirectory) other = directory_for (slapd);
  g_autofree gchar *id = directory_id (other, "retired");
  g_auto (DirectoryAnswer) answer = { 0 };

  for (guint i = 0; i < 2; i++)
    {
      directory_assert_out (directory, "retired", "secret", FLOE_ERROR_DENIED, "disabled");
      directory_assert_out (directory, "retired", "wrong", FLOE_ERROR_UNAUTHENTICATED,
                            "wrong-credentials");
      directory_assert_out (directory, "nobody", "secret", FLOE_ERROR_UNAUTHENTICATED,
                            "wrong-credentials");
      directory_assert_in (directory, "alice", "secret");
    }
  directory_begin_look_up (directory, id, &answer);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (answer.error), ==, "disabled");
}

static void
test_ambiguous (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);

  directory_log_expect ("the user filter finds several entries*");
  directory_assert_out (directory, "twin", "secret", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  directory_assert_out (directory, "twin", "secret", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  g_assert_cmpuint (directory_log_seen ("the user filter finds several entries*"), ==, 1);
  directory_log_expect (NULL);
}

static void
test_look_up (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_auto (DirectoryAnswer) answer = { 0 };
  g_autofree gchar *id = directory_id (directory, "alice");
  g_autofree gchar *upper = g_ascii_strup (id, -1);

  directory_begin_look_up (directory, id, &answer);
  directory_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.user->id, ==, id);
  g_assert_cmpstr (answer.user->name, ==, "alice");
  g_assert_true (floe_user_in_group (answer.user, "vdi-users"));
  directory_assert_look_up (directory, upper, -1, NULL);
  directory_assert_look_up (directory, "00000000-0000-0000-0000-000000000000", FLOE_ERROR_NOT_FOUND,
                            NULL);
  directory_assert_look_up (directory, "*", FLOE_ERROR_NOT_FOUND, NULL);
  directory_assert_look_up (directory, "", FLOE_ERROR_NOT_FOUND, NULL);
  directory_assert_look_up (directory, "a)(uid=alice", FLOE_ERROR_NOT_FOUND, NULL);
}

/* Whoever has a ticket is the same person as with the password, or nobody. */
static void
test_vouch (void)
{
  g_autoptr (FloeDirectory) directory = directory_with (slapd, NULL, disable_retired);
  g_autofree gchar *alice = directory_id (directory, "alice");
  g_autofree gchar *lock = g_strdup_printf ("dn: uid=carl,%s\nchangetype: modify\n"
                                            "add: pwdAccountLockedTime\n"
                                            "pwdAccountLockedTime: 20260101000000Z\n",
                                            slapd->people);
  g_autofree gchar *carl = directory_id (directory, "carl");

  directory_assert_vouch (directory, "alice@FLOE.TEST", NULL, alice);
  directory_assert_vouch (directory, "ALICE@floe.test", NULL, alice);
  directory_assert_vouch (directory, "alice@OTHER.TEST", "unknown-realm", NULL);
  directory_assert_vouch (directory, "alice/admin@FLOE.TEST", "unknown-person", NULL);
  directory_assert_vouch (directory, "nobody@FLOE.TEST", "unknown-person", NULL);
  directory_assert_vouch (directory, "*@FLOE.TEST", "unknown-person", NULL);
  directory_assert_vouch (directory, "alice)(uid=*@FLOE.TEST", "unknown-person", NULL);
  directory_assert_vouch (directory, "locked@FLOE.TEST", "disabled", NULL);
  directory_assert_vouch (directory, "retired@FLOE.TEST", "disabled", NULL);
  directory_log_expect ("the user filter finds several entries*");
  directory_assert_vouch (directory, "twin@FLOE.TEST", "unknown-person", NULL);
  directory_log_expect (NULL);
  directory_assert_vouch (directory, "carl@FLOE.TEST", NULL, carl);
  slapd_fixture_modify (slapd, lock);
  directory_assert_vouch (directory, "carl@FLOE.TEST", "locked", NULL);
  directory_assert_look_up (directory, carl, -1, NULL); /* what is under way goes on */
}

static void
test_look_up_changes (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "doomed");
  g_autofree gchar *dn = g_strdup_printf ("uid=doomed,%s", slapd->people);
  g_autofree gchar *lock =
      g_strdup_printf ("dn: %s\nchangetype: modify\nadd: pwdAccountLockedTime\n"
                       "pwdAccountLockedTime: 000001010000Z\n",
                       dn);
  g_autofree gchar *remove = g_strdup_printf ("dn: %s\nchangetype: delete\n", dn);

  directory_assert_look_up (directory, id, -1, NULL);
  slapd_fixture_modify (slapd, lock);
  directory_assert_look_up (directory, id, FLOE_ERROR_DENIED, "disabled");
  slapd_fixture_modify (slapd, remove);
  directory_assert_look_up (directory, id, FLOE_ERROR_NOT_FOUND, NULL);
  directory_assert_out (directory, "doomed", "secret", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
}

static void
search_elsewhere (FloeLdapSettings *settings)
{
  settings->base = (gchar *)"ou=gone,dc=floe,dc=test";
}

static void
ask_for_another_id (FloeLdapSettings *settings)
{
  settings->id_attribute = (gchar *)"employeeNumber";
}

/* A configuration that does not fit says nothing about anybody. */
static void
test_misfit (void)
{
  g_autoptr (FloeDirectory) elsewhere = directory_with (slapd, NULL, search_elsewhere);
  g_autoptr (FloeDirectory) no_id = directory_with (slapd, NULL, ask_for_another_id);

  directory_assert_out (elsewhere, "alice", "secret", FLOE_ERROR_INTERNAL, NULL);
  directory_assert_look_up (elsewhere, "00000000-0000-0000-0000-000000000000", FLOE_ERROR_INTERNAL,
                            NULL);
  directory_assert_out (no_id, "alice", "secret", FLOE_ERROR_INTERNAL, NULL);
}

static void
test_crowd (void)
{
  enum
  {
    N = 200
  };
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree DirectoryAnswer *answers = g_new0 (DirectoryAnswer, N);

  for (guint i = 0; i < N; i++)
    directory_begin (directory, i % 5 == 4 ? "nobody" : "alice", i % 5 == 3 ? "wrong" : "secret",
                     NULL, &answers[i]);
  for (guint i = 0; i < N; i++)
    {
      directory_wait (&answers[i]);
      if (i % 5 < 3)
        g_assert_no_error (answers[i].error);
      else
        g_assert_error (answers[i].error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
      directory_answer_clear (&answers[i]);
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
  slapd = slapd_fixture_new ("LDAP_LOCKOUT=0", 1600);
  g_test_add_func ("/directory/log-in/right", test_right);
  g_test_add_func ("/directory/log-in/spelling", test_spelling);
  g_test_add_func ("/directory/log-in/starttls", test_starttls);
  g_test_add_func ("/directory/log-in/wrong", test_wrong);
  g_test_add_func ("/directory/log-in/no-password", test_no_password);
  g_test_add_func ("/directory/log-in/odd-names", test_odd_names);
  g_test_add_func ("/directory/log-in/states", test_states);
  g_test_add_func ("/directory/log-in/grace", test_grace);
  g_test_add_func ("/directory/log-in/lockout", test_lockout);
  g_test_add_func ("/directory/log-in/lockout-told", test_lockout_told);
  g_test_add_func ("/directory/log-in/disabled-filter", test_disabled_filter);
  g_test_add_func ("/directory/log-in/ambiguous", test_ambiguous);
  g_test_add_func ("/directory/groups/circle", test_circle);
  g_test_add_func ("/directory/groups/deep", test_deep);
  g_test_add_func ("/directory/log-in/referrals", test_referrals);
  g_test_add_func ("/directory/look-up/people", test_look_up);
  g_test_add_func ("/directory/vouch", test_vouch);
  g_test_add_func ("/directory/look-up/changes", test_look_up_changes);
  g_test_add_func ("/directory/settings/misfit", test_misfit);
  g_test_add_func ("/directory/groups/nesting-ends", test_nesting_ends);
  g_test_add_func ("/directory/groups/big", test_big_group);
  g_test_add_func ("/directory/log-in/crowd", test_crowd);
  status = g_test_run ();
  slapd_fixture_free (slapd);
  return status;
}
