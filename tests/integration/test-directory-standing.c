/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-client.h"

#include <signal.h>

/* How accounts stand at an OpenLDAP server, whose entries say little without their policies. Each
 * test has accounts of its own. */
static SlapdFixture *slapd;

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* lines: of a change of somebody's entry */
static void
change (const gchar *name, const gchar *lines)
{
  g_autofree gchar *ldif =
      g_strdup_printf ("dn: uid=%s,%s\nchangetype: modify\n%s", name, slapd->people, lines);

  slapd_fixture_modify (slapd, ldif);
}

static void
set (const gchar *name, const gchar *attribute, const gchar *value)
{
  g_autofree gchar *lines = g_strdup_printf ("replace: %s\n%s: %s\n", attribute, attribute, value);

  change (name, lines);
}

static void
set_time (const gchar *name, const gchar *attribute, gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree gchar *value = g_date_time_format (time, "%Y%m%d%H%M%SZ");

  set (name, attribute, value);
}

static void
set_policy (const gchar *name, const gchar *attribute, const gchar *value)
{
  g_autofree gchar *ldif = g_strdup_printf ("dn: cn=%s,ou=policies,%s\nchangetype: modify\n"
                                            "replace: %s\n%s: %s\n",
                                            name, slapd->base, attribute, attribute, value);

  slapd_fixture_modify (slapd, ldif);
}

static void
choose_policy (const gchar *name, const gchar *policy)
{
  g_autofree gchar *dn = g_strdup_printf ("cn=%s,ou=policies,%s", policy, slapd->base);

  set (name, "pwdPolicySubentry", dn);
}

static void
disable_retired (FloeLdapSettings *settings)
{
  settings->disabled_filter = (gchar *)"(employeeType=retired)";
}

/* What a log-in must not tell before the password, whoever helps is told. */
static void
test_states (void)
{
  static const struct
  {
    const gchar *name;
    const gchar *reasons;
  } states[] = {
    { "alice", "" },           { "locked", "disabled" }, { "mustchange", "must-change" },
    { "retired", "disabled" }, { "expired", "expired" }, { "warned", "" },
  };
  g_autoptr (FloeDirectory) directory = directory_with (slapd, NULL, disable_retired);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree gchar *id = directory_id_of (directory, states[i].name, "secret");

      g_test_message ("%s", states[i].name);
      directory_assert_standing (directory, id, states[i].reasons);
    }
}

/* A lock that is over stays in the entry until the next try. */
static void
test_own_policy (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "lockme");

  set_time ("lockme", "pwdAccountLockedTime", now () - 100);
  directory_assert_locked (directory, id, now () + 200);
  directory_assert_look_up (directory, id, -1, NULL); /* what is under way goes on */
  directory_assert_wrong (directory, "lockme", "secret", "the account is locked");
  set_time ("lockme", "pwdAccountLockedTime", now () - 400);
  directory_assert_standing (directory, id, "");
  directory_assert_in (directory, "lockme", "secret");
  set_time ("lockme", "pwdAccountLockedTime", now () - 400);
  set_policy ("locking", "pwdLockoutDuration", "0");
  directory_assert_locked (directory, id, 0);
  directory_assert_wrong (directory, "lockme", "secret", "the account is locked");
  choose_policy ("lockme", "unlocked");
  directory_assert_standing (directory, id, "");
  directory_assert_in (directory, "lockme", "secret");
  set_policy ("locking", "pwdLockoutDuration", "300");
}

/* slapd does not say which policy is the default one: what all say is so, of what some say the
 * worst may be, and nobody knows until when. */
static void
test_any_policy (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "nogroup");

  set_time ("nogroup", "pwdAccountLockedTime", now () - 100);
  directory_assert_locked (directory, id, now () + 200);
  set_time ("nogroup", "pwdAccountLockedTime", now () - 400);
  directory_assert_standing (directory, id, "");
  set_policy ("locking", "pwdLockoutDuration", "3000");
  directory_assert_locked (directory, id, 0);
  set_time ("nogroup", "pwdAccountLockedTime", now () - 4000);
  directory_assert_standing (directory, id, "");
  set_policy ("locking", "pwdLockoutDuration", "300");
}

static FloeStanding *
standing_of (FloeDirectory *directory, const gchar *id)
{
  FloeStanding *standing = directory_examine (directory, id, NULL);

  g_assert_nonnull (standing);
  return standing;
}

/* When it ends is told even where nobody is warned; a few log-ins are left after that. */
static void
test_age (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "warned");
  g_autofree gchar *grace_id = directory_id (directory, "grace");
  g_autoptr (FloeStanding) warned = standing_of (directory, id);
  g_autoptr (FloeStanding) grace = standing_of (directory, grace_id);

  g_assert_cmpint (ABS (warned->user->password_expires / G_USEC_PER_SEC - now () - 315360000), <,
                   3600);
  g_assert_cmpint (grace->user->password_expires / G_USEC_PER_SEC, <, now ());
  directory_assert_standing (directory, grace_id, "");
  directory_assert_in (directory, "grace", "secret");
  directory_assert_standing (directory, grace_id, "expired");
  directory_assert_out (directory, "grace", "secret", FLOE_ERROR_DENIED, "expired");
}

/* Each as slapd itself takes it. */
static void
test_times (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "carl");
  g_autoptr (FloeStanding) ends = NULL;

  set_time ("carl", "pwdEndTime", now () - 3600);
  directory_assert_standing (directory, id, "account-expired");
  directory_assert_wrong (directory, "carl", "secret", "the account is locked");
  set_time ("carl", "pwdEndTime", now () + 3600);
  directory_assert_standing (directory, id, "");
  ends = standing_of (directory, id);
  g_assert_cmpint (ABS (ends->ends / G_USEC_PER_SEC - now () - 3600), <, 60);
  directory_assert_in (directory, "carl", "secret");
  change ("carl", "delete: pwdEndTime\n");
  set_time ("carl", "pwdStartTime", now () + 3600);
  directory_assert_standing (directory, id, "not-now");
  directory_assert_wrong (directory, "carl", "secret", "the account is locked");
  change ("carl", "delete: pwdStartTime\n");
  directory_assert_in (directory, "carl", "secret");
}

/* Several at once; and what no policy asks for is nothing. */
static void
test_reset (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "doomed");

  set ("doomed", "pwdReset", "TRUE");
  directory_assert_standing (directory, id, "must-change");
  set_time ("doomed", "pwdAccountLockedTime", now ());
  directory_assert_standing (directory, id, "locked must-change");
  set ("doomed", "pwdAccountLockedTime", "000001010000Z");
  directory_assert_standing (directory, id, "disabled must-change");
  change ("doomed", "delete: pwdAccountLockedTime\n");
  choose_policy ("doomed", "locking");
  directory_assert_standing (directory, id, "");
  directory_assert_in (directory, "doomed", "secret");
}

static void
test_nobody (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  const gchar *const ids[] = { "00000000-0000-0000-0000-000000000000", "", "*" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (directory_examine (directory, ids[i], &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
    }
}

/* Nothing is said of anybody then. */
static void
test_down (void)
{
  g_autoptr (FloeDirectory) directory = directory_for (slapd);
  g_autofree gchar *id = directory_id (directory, "alice");
  g_autoptr (GError) error = NULL;

  directory_log_expect ("directory server*");
  slapd_fixture_stop (slapd);
  g_assert_null (directory_examine (directory, id, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  slapd_fixture_start (slapd);
  directory_assert_standing (directory, id, "");
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
  slapd = slapd_fixture_new (NULL, 0);
  g_test_add_func ("/directory-standing/states", test_states);
  g_test_add_func ("/directory-standing/policy/own", test_own_policy);
  g_test_add_func ("/directory-standing/policy/any", test_any_policy);
  g_test_add_func ("/directory-standing/age", test_age);
  g_test_add_func ("/directory-standing/times", test_times);
  g_test_add_func ("/directory-standing/reset", test_reset);
  g_test_add_func ("/directory-standing/nobody", test_nobody);
  g_test_add_func ("/directory-standing/down", test_down);
  status = g_test_run ();
  slapd_fixture_free (slapd);
  return status;
}
