/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "directory/ldap-outcome.h"

#include <ldap.h>

#define AD(data)                                                                                   \
  "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data " data

#define SERVICE   FLOE_LDAP_SERVICE_BIND
#define SEARCH    FLOE_LDAP_SEARCH
#define USER      FLOE_LDAP_USER_BIND
#define CHANGE    FLOE_LDAP_CHANGE
#define FINE      FLOE_LDAP_FINE
#define REFUSED   FLOE_LDAP_REFUSED
#define UNREACHED FLOE_LDAP_UNREACHED

typedef struct
{
  FloeLdapStep step;
  FloeLdapReply reply;
  FloeLdapVerdict verdict;
  FloeError code;
  const gchar *reason;
} Case;

#define WRONG          REFUSED, FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials"
#define DENIED(reason) REFUSED, FLOE_ERROR_DENIED, reason
#define DOWN           UNREACHED, FLOE_ERROR_UNAVAILABLE, "directory-down"
#define CONFIG         REFUSED, FLOE_ERROR_INTERNAL, NULL
#define NOT_ALLOWED    REFUSED, FLOE_ERROR_DENIED, "password-refused"
#define UNKNOWN        REFUSED, FLOE_ERROR_TIMED_OUT, NULL

static const Case cases[] = {
  /* OpenLDAP with ppolicy */
  { USER, { 0, -1, -1, NULL }, FINE, 0, NULL },
  { USER, { 0, -1, 2, NULL }, FINE, 0, NULL },
  { USER, { 0, PP_passwordExpired, 0, NULL }, FINE, 0, NULL },
  { USER, { 0, PP_passwordExpired, -1, NULL }, DENIED ("expired") },
  { USER, { 0, PP_changeAfterReset, -1, NULL }, DENIED ("must-change") },
  { USER, { 0, PP_changeAfterReset, 3, NULL }, DENIED ("must-change") },
  { USER, { 49, -1, -1, NULL }, WRONG },
  { USER, { 49, PP_passwordExpired, -1, NULL }, DENIED ("expired") },
  { USER, { 49, PP_accountLocked, -1, NULL }, WRONG },
  { USER, { 34, -1, -1, "invalid DN" }, CONFIG },
  { USER, { 13, -1, -1, "confidentiality required" }, CONFIG },
  /* 389-ds and FreeIPA */
  { USER,
    { 53, PP_accountLocked, -1, "Account inactivated. Contact system administrator." },
    WRONG },
  { USER, { 53, -1, -1, "Too many failed logins." }, WRONG },
  { USER, { 19, -1, -1, NULL }, WRONG },
  { USER, { 19, PP_accountLocked, -1, "Exceed password retry limit. Please try later." }, WRONG },
  { USER, { 48, -1, -1, NULL }, WRONG },
  { USER, { 32, -1, -1, NULL }, WRONG },
  /* Active Directory */
  { USER, { 49, -1, -1, AD ("52e, v1db1") }, WRONG },
  { USER, { 49, -1, -1, AD ("525, v4563") }, WRONG },
  { USER, { 49, -1, -1, AD ("775, v1db1") }, WRONG },
  { USER, { 49, -1, -1, AD ("530, v1db1") }, DENIED ("not-now") },
  { USER, { 49, -1, -1, AD ("531, v1db1") }, DENIED ("not-here") },
  { USER, { 49, -1, -1, AD ("532, v1db1") }, DENIED ("expired") },
  { USER, { 49, -1, -1, AD ("533, v2580") }, DENIED ("disabled") },
  { USER, { 49, -1, -1, AD ("701, vece") }, DENIED ("account-expired") },
  { USER, { 49, -1, -1, AD ("773, v1db1") }, DENIED ("must-change") },
  { USER, { 49, -1, -1, AD ("533") }, WRONG },
  { USER, { 49, -1, -1, AD ("zz, v1db1") }, WRONG },
  { USER, { 49, -1, -1, AD ("ffffffffffffffffffffffff, v1") }, WRONG },
  { USER, { 49, -1, -1, "533" }, WRONG },
  { USER, { 49, -1, -1, ", data " }, WRONG },
  { USER, { 8, -1, -1, "BindSimple: Transport encryption required." }, CONFIG },
  /* the service account */
  { SERVICE, { 0, -1, -1, NULL }, FINE, 0, NULL },
  { SERVICE, { 49, -1, -1, NULL }, CONFIG },
  { SERVICE, { 49, PP_accountLocked, -1, NULL }, CONFIG },
  { SERVICE, { 49, PP_passwordExpired, -1, NULL }, CONFIG },
  { SERVICE, { 0, PP_changeAfterReset, -1, NULL }, CONFIG },
  { SERVICE, { 53, -1, -1, NULL }, CONFIG },
  { SERVICE, { 51, -1, -1, NULL }, DOWN },
  /* searches */
  { SEARCH, { 0, -1, -1, NULL }, FINE, 0, NULL },
  { SEARCH, { 4, -1, -1, NULL }, FINE, 0, NULL },
  { SEARCH, { 32, -1, -1, NULL }, CONFIG },
  { SEARCH, { 50, -1, -1, NULL }, CONFIG },
  { SEARCH, { 53, -1, -1, NULL }, CONFIG },
  { SEARCH, { 10, -1, -1, NULL }, CONFIG },
  { SEARCH, { 49, -1, -1, NULL }, CONFIG },
  { SEARCH, { 1, -1, -1, NULL }, DOWN },
  { SEARCH, { 3, -1, -1, NULL }, DOWN },
  { SEARCH, { 80, -1, -1, NULL }, DOWN },
  { SEARCH, { LDAP_FILTER_ERROR, -1, -1, NULL }, CONFIG },
  /* changes of a password: by the person */
  { CHANGE, { 0, -1, -1, NULL }, FINE, 0, NULL },
  { CHANGE, { 19, PP_passwordTooShort, -1, NULL }, NOT_ALLOWED },
  { CHANGE, { 50, PP_passwordModNotAllowed, -1, NULL }, NOT_ALLOWED },
  { CHANGE, { 53, -1, -1, "old password value is empty" }, NOT_ALLOWED },
  { CHANGE, { 8, -1, -1, "only authenticated users may change passwords" }, CONFIG },
  { CHANGE, { 13, -1, -1, NULL }, CONFIG },
  { CHANGE, { 2, -1, -1, "unsupported extended operation" }, CONFIG },
  /* changes of a password: in Active Directory */
  { CHANGE, { 0, -1, -1, "00000000: Success" }, FINE, 0, NULL },
  { CHANGE, { 19, -1, -1, "00000056: the old password specified doesn't match!" }, WRONG },
  { CHANGE, { 19, -1, -1, "00000775: Password change not permitted, account locked out!" }, WRONG },
  { CHANGE, { 19, -1, -1, "0000052D: Constraint violation" }, NOT_ALLOWED },
  { CHANGE, { 53, -1, -1, "0000052D: SvcErr: DSID-031A12D2, problem 5003" }, NOT_ALLOWED },
  { CHANGE, { 50, -1, -1, "00000005: SecErr: DSID-031A11ED, problem 4003" }, NOT_ALLOWED },
  { CHANGE, { 19, -1, -1, "00000056" }, NOT_ALLOWED },
  { CHANGE, { 19, -1, -1, "data 0, 00000056: x" }, NOT_ALLOWED },
  { CHANGE, { 19, -1, -1, "ffffff56: x" }, NOT_ALLOWED },
  { CHANGE, { 32, -1, -1, NULL }, WRONG },
  { CHANGE, { 49, -1, -1, NULL }, WRONG },
  /* changes of a password: whoever says nothing may have done it */
  { CHANGE, { LDAP_SERVER_DOWN, -1, -1, NULL }, UNKNOWN },
  { CHANGE, { LDAP_TIMEOUT, -1, -1, NULL }, UNKNOWN },
  { CHANGE, { LDAP_USER_CANCELLED, -1, -1, NULL }, UNKNOWN },
  { CHANGE, { LDAP_DECODING_ERROR, -1, -1, NULL }, UNKNOWN },
  { CHANGE, { 51, -1, -1, NULL }, DOWN },
  { CHANGE, { 52, -1, -1, NULL }, DOWN },
  { CHANGE, { 80, -1, -1, NULL }, CONFIG },
  { CHANGE, { 1, -1, -1, NULL }, CONFIG },
  /* any step */
  { USER, { 51, -1, -1, NULL }, DOWN },
  { USER, { 52, -1, -1, NULL }, DOWN },
  { USER, { LDAP_SERVER_DOWN, -1, -1, NULL }, DOWN },
  { USER, { LDAP_TIMEOUT, -1, -1, NULL }, DOWN },
  { USER, { LDAP_CONNECT_ERROR, -1, -1, NULL }, DOWN },
  { USER, { LDAP_DECODING_ERROR, -1, -1, NULL }, DOWN },
  { USER, { LDAP_USER_CANCELLED, -1, -1, NULL }, REFUSED, FLOE_ERROR_CANCELLED, NULL },
  { USER, { 4711, -1, -1, NULL }, CONFIG },
};

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      FloeLdapVerdict verdict = floe_ldap_judge (cases[i].step, &cases[i].reply, &error);

      g_test_message ("row %u: step %d code %d", i, cases[i].step, cases[i].reply.code);
      g_assert_cmpint (verdict, ==, cases[i].verdict);
      if (verdict == FINE)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, FLOE_ERROR, (gint)cases[i].code);
      g_assert_cmpstr (floe_error_reason (error), ==, cases[i].reason);
    }
}

/* A stranger must not be able to tell one kind of "no" from another. */
static void
test_one_text (void)
{
  g_autoptr (GError) nobody = NULL;

  floe_ldap_set_wrong_credentials (&nobody);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      floe_ldap_judge (cases[i].step, &cases[i].reply, &error);
      if (!g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED))
        continue;
      g_assert_cmpstr (error->message, ==, nobody->message);
      g_assert_cmpstr (floe_error_reason (error), ==, floe_error_reason (nobody));
    }
}

static gchar *
cause_of (FloeLdapStep step, const FloeLdapReply *reply)
{
  g_autoptr (GError) error = NULL;

  floe_ldap_judge (step, reply, &error);
  g_assert_nonnull (error);
  return g_strdup (floe_error_cause (error));
}

/* What lies behind a "no" that tells nothing, for the trail. */
static void
test_causes (void)
{
  static const gchar locked[] = "the account is locked";
  static const gchar disabled[] = "the account is disabled";
  static const struct
  {
    FloeLdapStep step;
    FloeLdapReply reply;
    const gchar *cause;
  } said[] = {
    { USER, { 49, PP_accountLocked, -1, NULL }, locked },
    { USER, { 49, -1, -1, AD ("775, v1db1") }, locked },
    { USER, { 19, -1, -1, NULL }, locked },
    { USER,
      { 19, PP_accountLocked, -1, "Exceed password retry limit. Please try later." },
      locked },
    { USER,
      { 53, PP_accountLocked, -1, "Account inactivated. Contact system administrator." },
      disabled },
    { USER, { 53, -1, -1, "Too many failed logins.\n" }, locked },
    { USER, { 53, -1, -1, "Entry permanently locked.\n" }, locked },
    { CHANGE,
      { 19, -1, -1, "00000775: Password change not permitted, account locked out!" },
      locked },
    { USER, { 49, -1, -1, NULL }, NULL },
    { USER, { 49, -1, -1, AD ("52e, v1db1") }, NULL },
    { USER, { 49, -1, -1, AD ("525, v4563") }, NULL },
    { USER, { 53, -1, -1, NULL }, NULL },
    { USER, { 32, -1, -1, NULL }, NULL },
    { CHANGE, { 19, -1, -1, "00000056: the old password specified doesn't match!" }, NULL },
    /* A person is told these anyway. */
    { USER, { 49, -1, -1, AD ("533, v2580") }, NULL },
    { CHANGE, { 19, PP_accountLocked, -1, NULL }, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree gchar *cause = cause_of (said[i].step, &said[i].reply);

      g_test_message ("row %u", i);
      g_assert_cmpstr (cause, ==, said[i].cause);
    }
}

#define GENERIC "the directory's rules do not allow this password"

/* What people read of the policy: no codes, nothing that could end a line. */
static void
test_words (void)
{
  g_autofree gchar *endless = g_strnfill (1000, 'x');
  const struct
  {
    gint ppolicy;
    const gchar *text;
    const gchar *words;
  } said[] = {
    { PP_passwordModNotAllowed, NULL, "people may not change this password themselves" },
    { PP_insufficientPasswordQuality, "Password fails quality checking policy",
      "the new password is too simple" },
    { PP_passwordTooShort, "Password fails quality checking policy",
      "the new password is too short" },
    { PP_passwordTooYoung, "x", "the password was changed only a short while ago" },
    { PP_passwordInHistory, NULL, "the new password was used before" },
    { -1,
      "0000052D: Constraint violation - check_password_restrictions: the password is too short. It "
      "should be equal or longer than 7 characters!",
      "the new password is too short" },
    { -1, "0000052D: the password does not meet the complexity criteria!",
      "the new password is too simple" },
    { -1, "0000052D: the password was already used (in history)!",
      "the new password was used before" },
    { -1,
      "0000052D: Constraint violation - check_password_restrictions: the password was already used "
      "(previous password)!",
      "the new password was used before" },
    { -1, "0000052D: password is too young to change!",
      "the password was changed only a short while ago" },
    { -1, "0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0\n", GENERIC },
    { -1, "AtrErr: DSID-03191083", GENERIC },
    { -1, "0000052D: something new", GENERIC },
    { -1, NULL, GENERIC },
    { -1, " \n", GENERIC },
    { -1, "!", GENERIC },
    { -1, endless, GENERIC },
    { -1, "It names\r\n your\t\x1b[1mdog\xe2\x80\xae.", "It names your [1mdog" },
    { -1, "\xff", "\xef\xbf\xbd" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      FloeLdapReply reply = { 19, said[i].ppolicy, -1, (gchar *)said[i].text, -1 };
      g_autoptr (GError) error = NULL;

      floe_ldap_judge (CHANGE, &reply, &error);
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
      g_assert_cmpstr (error->message, ==, said[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-outcome/judge/table", test_table);
  g_test_add_func ("/ldap-outcome/judge/one-text", test_one_text);
  g_test_add_func ("/ldap-outcome/judge/words", test_words);
  g_test_add_func ("/ldap-outcome/judge/causes", test_causes);
  return g_test_run ();
}
