/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-outcome.h"

#include "core/error.h"
#include "directory/ldap-refusal.h"

#include <ldap.h>
#include <string.h>

#define ANY     -1
#define SERVICE FLOE_LDAP_SERVICE_BIND
#define SEARCH  FLOE_LDAP_SEARCH
#define USER    FLOE_LDAP_USER_BIND
#define CHANGE  FLOE_LDAP_CHANGE
#define READS   (SERVICE | SEARCH | USER)
#define ALL     (READS | CHANGE)

typedef struct
{
  guint steps;
  gint code;
  gint ppolicy; /* ANY, or LDAPPasswordPolicyError */
  gint data;    /* ANY, or Active Directory's sub-code */
  FloeLdapVerdict verdict;
  FloeError error;
  const gchar *reason;
  const gchar *text;
} Row;

static const gchar wrong[] = "wrong name or password";
static const gchar unknown[] = "whether the password was changed is not known";

/* The first row that fits counts. "locked" is no reason here, only a cause (below): servers say so
 * after a wrong password too, so it would tell a stranger that the name is right. What is DENIED
 * was proven by the password: ppolicy checks the lock first and the age last, and Active Directory
 * tells 530 to 533, 701 and 773 only after the right one. */
static const Row rows[] = {
  { USER, LDAP_SUCCESS, PP_changeAfterReset, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED,
    "must-change", "the password has to be changed first" },
  { USER, LDAP_SUCCESS, PP_passwordExpired, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED, "expired",
    "the password has expired" },
  { SERVICE, LDAP_SUCCESS, PP_changeAfterReset, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_INTERNAL, NULL,
    "the service account has to change its password" },
  { ALL, LDAP_SUCCESS, ANY, ANY, FLOE_LDAP_FINE, 0, NULL, NULL },
  /* Too many entries is for the caller to count. */
  { SEARCH, LDAP_SIZELIMIT_EXCEEDED, ANY, ANY, FLOE_LDAP_FINE, 0, NULL, NULL },

  { USER, LDAP_INVALID_CREDENTIALS, ANY, 0x530, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED, "not-now",
    "not at this time of day" },
  { USER, LDAP_INVALID_CREDENTIALS, ANY, 0x531, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED, "not-here",
    "not from this computer" },
  { USER, LDAP_INVALID_CREDENTIALS, ANY, 0x532, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED, "expired",
    "the password has expired" },
  { USER, LDAP_INVALID_CREDENTIALS, ANY, 0x533, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED, "disabled",
    "the account is disabled" },
  { USER, LDAP_INVALID_CREDENTIALS, ANY, 0x701, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED,
    "account-expired", "the account has expired" },
  { USER, LDAP_INVALID_CREDENTIALS, ANY, 0x773, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED, "must-change",
    "the password has to be changed first" },
  { USER, LDAP_INVALID_CREDENTIALS, PP_passwordExpired, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED,
    "expired", "the password has expired" },
  { USER, LDAP_INVALID_CREDENTIALS, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  /* 389-ds and FreeIPA: inactivated, or too many tries; both without proof of the password. */
  { USER, LDAP_UNWILLING_TO_PERFORM, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  { USER, LDAP_CONSTRAINT_VIOLATION, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  /* An entry without a password, and one that went since the search. */
  { USER, LDAP_INAPPROPRIATE_AUTH, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  { USER, LDAP_NO_SUCH_OBJECT, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },

  /* Active Directory compares the old password itself, and says that the account is locked whatever
   * that is. */
  { CHANGE, LDAP_CONSTRAINT_VIOLATION, ANY, 0x56, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  { CHANGE, LDAP_CONSTRAINT_VIOLATION, ANY, 0x775, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  { CHANGE, LDAP_INVALID_CREDENTIALS, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  { CHANGE, LDAP_NO_SUCH_OBJECT, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_UNAUTHENTICATED,
    "wrong-credentials", wrong },
  /* The policy's own words take the place of the missing ones. */
  { CHANGE, LDAP_CONSTRAINT_VIOLATION, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED,
    "password-refused", NULL },
  { CHANGE, LDAP_UNWILLING_TO_PERFORM, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED,
    "password-refused", NULL },
  { CHANGE, LDAP_INSUFFICIENT_ACCESS, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_DENIED,
    "password-refused", "people may not change this password themselves" },

  { SERVICE, LDAP_INVALID_CREDENTIALS, PP_passwordExpired, ANY, FLOE_LDAP_REFUSED,
    FLOE_ERROR_INTERNAL, NULL, "the service account's password has expired" },
  { SERVICE, LDAP_INVALID_CREDENTIALS, PP_accountLocked, ANY, FLOE_LDAP_REFUSED,
    FLOE_ERROR_INTERNAL, NULL, "the service account is locked" },
  { SERVICE, LDAP_INVALID_CREDENTIALS, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_INTERNAL, NULL,
    "the service account's DN or password is wrong" },
  { SEARCH, LDAP_NO_SUCH_OBJECT, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_INTERNAL, NULL,
    "the search base does not exist, or the service account may not see it" },
  { SEARCH, LDAP_INSUFFICIENT_ACCESS, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_INTERNAL, NULL,
    "the service account may not search" },
  { ALL, LDAP_CONFIDENTIALITY_REQUIRED, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_INTERNAL, NULL,
    "the server wants a more confidential connection" },
  { ALL, LDAP_STRONG_AUTH_REQUIRED, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_INTERNAL, NULL,
    "the server wants stronger authentication" },

  { ALL, LDAP_BUSY, ANY, ANY, FLOE_LDAP_UNREACHED, FLOE_ERROR_UNAVAILABLE, "directory-down",
    "the server is busy" },
  { ALL, LDAP_UNAVAILABLE, ANY, ANY, FLOE_LDAP_UNREACHED, FLOE_ERROR_UNAVAILABLE, "directory-down",
    "the server is shutting down" },
  { READS, LDAP_TIMELIMIT_EXCEEDED, ANY, ANY, FLOE_LDAP_UNREACHED, FLOE_ERROR_UNAVAILABLE,
    "directory-down", "the server took too long" },
  { READS, LDAP_OPERATIONS_ERROR, ANY, ANY, FLOE_LDAP_UNREACHED, FLOE_ERROR_UNAVAILABLE,
    "directory-down", "the server failed (operations error)" },
  { READS, LDAP_OTHER, ANY, ANY, FLOE_LDAP_UNREACHED, FLOE_ERROR_UNAVAILABLE, "directory-down",
    "the server failed (other error)" },
  { READS, LDAP_TIMEOUT, ANY, ANY, FLOE_LDAP_UNREACHED, FLOE_ERROR_UNAVAILABLE, "directory-down",
    "no answer in time" },
  { READS, LDAP_USER_CANCELLED, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_CANCELLED, NULL,
    "given up" },
  { ALL, LDAP_FILTER_ERROR, ANY, ANY, FLOE_LDAP_REFUSED, FLOE_ERROR_INTERNAL, NULL,
    "the filter cannot be encoded" },
};

static const gchar locked[] = "the account is locked";
static const gchar disabled[] = "the account is disabled";

/* What servers tell without proof of the password, for the audit trail only. */
static const struct
{
  guint steps;
  gint code;
  gint ppolicy;
  gint data;
  const gchar *part; /* NULL, or what the diagnostic message has */
  const gchar *cause;
} causes[] = {
  { USER, LDAP_INVALID_CREDENTIALS, ANY, 0x775, NULL, locked },
  { USER, LDAP_INVALID_CREDENTIALS, PP_accountLocked, ANY, NULL, locked },
  { CHANGE, LDAP_CONSTRAINT_VIOLATION, ANY, 0x775, NULL, locked },
  /* 389-ds; the try that locks comes without a control and a text. */
  { USER, LDAP_CONSTRAINT_VIOLATION, ANY, ANY, NULL, locked },
  { USER, LDAP_UNWILLING_TO_PERFORM, ANY, ANY, "inactivated", disabled },
  /* FreeIPA */
  { USER, LDAP_UNWILLING_TO_PERFORM, ANY, ANY, "Too many failed logins", locked },
  { USER, LDAP_UNWILLING_TO_PERFORM, ANY, ANY, "permanently locked", locked },
};

/* The form is "80090308: LdapErr: DSID-0C0903A9, comment: ... error, data 52e, v1db1". */
static gint
active_directory_data (const gchar *text)
{
  const gchar *data = text != NULL ? strstr (text, ", data ") : NULL;
  gchar *end = NULL;
  guint64 value;

  if (data == NULL || !g_ascii_isxdigit (data[7]))
    return ANY;
  value = g_ascii_strtoull (data + 7, &end, 16);
  return *end == ',' && value <= G_MAXINT ? (gint)value : ANY;
}

/* A change has the form "0000052D: Constraint violation - ...". */
static gint
active_directory_code (const gchar *text)
{
  guint digits = 0;

  while (text != NULL && digits < 8 && g_ascii_isxdigit (text[digits]))
    digits++;
  if (digits != 8 || text[8] != ':' || *text > '7')
    return ANY;
  return (gint)g_ascii_strtoull (text, NULL, 16);
}

static gint
data_of (FloeLdapStep step, const FloeLdapReply *reply)
{
  return step == CHANGE ? active_directory_code (reply->text) : active_directory_data (reply->text);
}

static const gchar *
find_cause (FloeLdapStep step, const FloeLdapReply *reply)
{
  gint data = data_of (step, reply);

  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    if ((causes[i].steps & step) != 0 && causes[i].code == reply->code
        && (causes[i].ppolicy == ANY || causes[i].ppolicy == reply->ppolicy)
        && (causes[i].data == ANY || causes[i].data == data)
        && (causes[i].part == NULL
            || (reply->text != NULL && strstr (reply->text, causes[i].part) != NULL)))
      return causes[i].cause;
  return NULL;
}

static const Row *
find_row (FloeLdapStep step, const FloeLdapReply *reply, gint ppolicy)
{
  gint data = data_of (step, reply);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if ((rows[i].steps & step) != 0 && rows[i].code == reply->code
        && (rows[i].ppolicy == ANY || rows[i].ppolicy == ppolicy)
        && (rows[i].data == ANY || rows[i].data == data))
      return &rows[i];
  return NULL;
}

/**
 * floe_ldap_set_wrong_credentials:
 *
 * The one answer to a wrong name and to a wrong password.
 */
void
floe_ldap_set_wrong_credentials (GError **error)
{
  floe_set_error_reason (error, FLOE_ERROR_UNAUTHENTICATED, "wrong-credentials", "%s", wrong);
}

static void
set_row_error (const Row *row, const FloeLdapReply *reply, GError **error)
{
  g_autofree gchar *words = row->text == NULL ? floe_ldap_refusal_words (reply) : NULL;
  const gchar *text = words != NULL ? words : row->text;

  if (row->reason != NULL)
    floe_set_error_reason (error, row->error, row->reason, "%s", text);
  else
    g_set_error_literal (error, FLOE_ERROR, row->error, text);
}

/**
 * floe_ldap_judge:
 * @step: what was asked
 * @reply: what came back
 * @error: set unless the verdict is %FLOE_LDAP_FINE
 *
 * The one place that knows what an LDAP result means to the broker.
 */
FloeLdapVerdict
floe_ldap_judge (FloeLdapStep step, const FloeLdapReply *reply, GError **error)
{
  /* A grace log-in is a log-in, whatever else the control says. */
  gint ppolicy =
      reply->code == LDAP_SUCCESS && reply->grace >= 0 && reply->ppolicy == PP_passwordExpired
          ? ANY
          : reply->ppolicy;
  const Row *row = find_row (step, reply, ppolicy);

  /* The server may have taken the request and then gone: asked again, a changed password would be
   * a wrong one. */
  if (row == NULL && reply->code < 0 && step == CHANGE)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT, unknown);
      return FLOE_LDAP_REFUSED;
    }
  if (row == NULL && reply->code < 0)
    {
      floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                             "the connection failed (%s)", ldap_err2string (reply->code));
      return FLOE_LDAP_UNREACHED;
    }
  if (row == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "the server answered %d (%s)",
                   reply->code, ldap_err2string (reply->code));
      return FLOE_LDAP_REFUSED;
    }
  if (row->verdict != FLOE_LDAP_FINE)
    set_row_error (row, reply, error);
  if (row->error == FLOE_ERROR_UNAUTHENTICATED && error != NULL)
    floe_error_set_cause (*error, find_cause (step, reply));
  return row->verdict;
}

void
floe_ldap_reply_clear (FloeLdapReply *reply)
{
  g_clear_pointer (&reply->text, g_free);
  reply->code = 0;
  reply->ppolicy = -1;
  reply->grace = -1;
  reply->expires = -1;
}
