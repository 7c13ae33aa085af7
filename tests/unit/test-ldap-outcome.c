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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-outcome/judge/table", test_table);
  g_test_add_func ("/ldap-outcome/judge/one-text", test_one_text);
  return g_test_run ();
}
