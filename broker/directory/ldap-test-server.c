/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-test-private.h"

#include "directory/ldap-profile.h"
#include "directory/ldap-values.h"

#include <string.h>

/* Kerberos breaks at five minutes; what is looked at here are the ends of accounts and passwords.
 */
#define SKEW_SECONDS 30

#define POLICIES_MAX 100

/* Active Directory counts in units of 100 ns, backwards. */
#define AD_TICKS G_GINT64_CONSTANT (10000000)

/* --- the base ----------------------------------------------------------------------------------*/

static gboolean
test_entry (FloeLdapTrial *self, const gchar *key, const gchar *dn)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  g_autoptr (FloeLdapMessage) result = floe_ldap_trial_read (self, dn, nothing);
  g_autofree gchar *change = NULL;

  if (result != NULL)
    return TRUE;
  change = g_strdup_printf ("[directory] %s, or let the service account read there", key);
  floe_ldap_report_wrong (self->report, change, "there is no %s that the service account may read",
                          dn);
  return FALSE;
}

/* Whether the user filter finds anybody. In an extensible match an asterisk is a plain character.
 */
static void
test_anybody (FloeLdapTrial *self)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  const FloeLdapSettings *settings = self->settings;
  g_auto (GStrv) parts = g_strsplit (settings->user_filter, "%s", -1);
  g_autofree gchar *filter = g_strjoinv ("*", parts);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;

  if (strstr (settings->user_filter, ":=%s") != NULL)
    return;
  result =
      floe_ldap_trial_search (self, settings->base, LDAP_SCOPE_SUBTREE, filter, nothing, 1, &reply);
  if (result != NULL && ldap_count_entries (floe_ldap_handle_get (self->handle), result) > 0)
    floe_ldap_report_ok (self->report, "people are found below %s", settings->base);
  else
    floe_ldap_report_warn (self->report,
                           "[directory] base, user_filter and profile, and what the service "
                           "account may read",
                           "nobody is found below %s with %s (%s)", settings->base, filter,
                           ldap_err2string (reply.code));
}

void
floe_ldap_trial_base (FloeLdapTrial *self)
{
  const gchar *group_base = self->settings->group_base;

  if (test_entry (self, "base", self->settings->base))
    test_anybody (self);
  if (group_base == NULL)
    floe_ldap_report_warn (self->report, "[directory] group_base: where groups are",
                           "no group can be named by its plain name");
  else if (test_entry (self, "group_base", group_base))
    floe_ldap_report_ok (self->report, "groups below %s may be named by their plain names",
                         group_base);
}

/* --- the clock ---------------------------------------------------------------------------------*/

static FloeLdapMessage *
read_root (FloeLdapTrial *self, const gchar *const *attributes)
{
  return floe_ldap_trial_read (self, "", attributes);
}

/* "20260101000000.0Z", in seconds since 1970; 0 when it is something else. */
static gint64
parse_time (const gchar *text)
{
  if (strspn (text, G_CSET_DIGITS) != 14 || !g_str_has_suffix (text, "Z"))
    return 0;
  return floe_ldap_time_of_digits (text);
}

void
floe_ldap_trial_clock (FloeLdapTrial *self)
{
  static const gchar *const attributes[] = { "currentTime", NULL };
  LDAP *ld = floe_ldap_handle_get (self->handle);
  g_autoptr (FloeLdapMessage) root = read_root (self, attributes);
  g_autofree gchar *text =
      root != NULL ? floe_ldap_read_text (ld, ldap_first_entry (ld, root), "currentTime") : NULL;
  gint64 then = text != NULL ? parse_time (text) : 0;
  gint64 skew = then - g_get_real_time () / G_USEC_PER_SEC;

  if (then == 0)
    floe_ldap_report_ok (self->report, "clock: not told by this server");
  else if (ABS (skew) > SKEW_SECONDS)
    floe_ldap_report_warn (self->report, "let NTP set both clocks",
                           "clock: the server's is %" G_GINT64_FORMAT " s %s this machine's",
                           ABS (skew), skew > 0 ? "before" : "behind");
  else
    floe_ldap_report_ok (self->report, "clock: within %" G_GINT64_FORMAT " s of this machine's",
                         ABS (skew) + 1);
}

/* --- what locks an account ---------------------------------------------------------------------*/

/* The strictest of the policies that could be read. */
typedef struct
{
  guint n;           /* how many were */
  gint64 tries;      /* wrong passwords that lock; 0 for none */
  gint64 window;     /* seconds after which they are forgotten */
  gboolean for_ever; /* by no time at all */
} Lockout;

static void
note (Lockout *lockout, gint64 tries, gint64 window)
{
  lockout->n++;
  if (tries <= 0)
    return;
  lockout->tries = lockout->tries == 0 ? tries : MIN (lockout->tries, tries);
  lockout->window = MAX (lockout->window, window);
  lockout->for_ever |= window <= 0;
}

static void
read_domain (FloeLdapTrial *self, const gchar *domain, Lockout *lockout)
{
  static const gchar *const attributes[] = { "lockoutThreshold", "lockOutObservationWindow",
                                             "lockoutDuration", NULL };
  LDAP *ld = floe_ldap_handle_get (self->handle);
  g_autoptr (FloeLdapMessage) result = floe_ldap_trial_read (self, domain, attributes);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;
  gint64 tries = entry != NULL ? floe_ldap_read_number (ld, entry, "lockoutThreshold", -1) : -1;

  if (tries >= 0)
    note (lockout, tries,
          -(floe_ldap_read_number (ld, entry, "lockOutObservationWindow", -1) / AD_TICKS));
}

static void
note_policy (LDAP *ld, LDAPMessage *entry, Lockout *lockout)
{
  g_autofree gchar *locks = floe_ldap_read_text (ld, entry, "pwdLockout");
  gint64 kerberos = floe_ldap_read_number (ld, entry, "krbPwdMaxFailure", -1);
  gint64 tries = floe_ldap_read_number (ld, entry, "pwdMaxFailure", -1);

  if (kerberos >= 0)
    note (lockout, kerberos, floe_ldap_read_number (ld, entry, "krbPwdFailureCountInterval", -1));
  else if (locks != NULL && g_ascii_strcasecmp (locks, "TRUE") == 0)
    note (lockout, tries, floe_ldap_read_number (ld, entry, "pwdFailureCountInterval", -1));
  else if (locks != NULL)
    note (lockout, 0, 0);
}

/* OpenLDAP does not say which policy is the default one, and anybody may have another: all count.
 */
static void
read_policies (FloeLdapTrial *self, const gchar *suffix, Lockout *lockout)
{
  static const gchar *const attributes[] = { "pwdLockout",
                                             "pwdMaxFailure",
                                             "pwdFailureCountInterval",
                                             "krbPwdMaxFailure",
                                             "krbPwdFailureCountInterval",
                                             NULL };
  LDAP *ld = floe_ldap_handle_get (self->handle);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = floe_ldap_trial_search (
      self, suffix, LDAP_SCOPE_SUBTREE, "(|(objectClass=pwdPolicy)(objectClass=krbPwdPolicy))",
      attributes, POLICIES_MAX, &reply);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;

  for (; entry != NULL; entry = ldap_next_entry (ld, entry))
    note_policy (ld, entry, lockout);
}

/* 389-ds keeps its own for the whole server, where few may read it. */
static void
read_server_policy (FloeLdapTrial *self, Lockout *lockout)
{
  static const gchar *const attributes[] = { "passwordLockout", "passwordMaxFailure",
                                             "passwordResetFailureCount", NULL };
  LDAP *ld = floe_ldap_handle_get (self->handle);
  g_autoptr (FloeLdapMessage) result = floe_ldap_trial_read (self, "cn=config", attributes);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;
  g_autofree gchar *locks =
      entry != NULL ? floe_ldap_read_text (ld, entry, "passwordLockout") : NULL;

  if (locks == NULL)
    return;
  note (lockout,
        g_ascii_strcasecmp (locks, "on") == 0
            ? floe_ldap_read_number (ld, entry, "passwordMaxFailure", -1)
            : 0,
        floe_ldap_read_number (ld, entry, "passwordResetFailureCount", -1));
}

static void
read_lockout (FloeLdapTrial *self, Lockout *lockout)
{
  static const gchar *const attributes[] = { "defaultNamingContext", "namingContexts", NULL };
  LDAP *ld = floe_ldap_handle_get (self->handle);
  g_autoptr (FloeLdapMessage) root = read_root (self, attributes);
  LDAPMessage *entry = root != NULL ? ldap_first_entry (ld, root) : NULL;
  g_autoptr (GPtrArray) suffixes = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *domain = NULL;

  if (entry == NULL)
    return;
  domain = floe_ldap_read_text (ld, entry, "defaultNamingContext");
  if (floe_ldap_profile_find (self->settings->profile)->account == FLOE_LDAP_ACCOUNT_AD)
    {
      if (domain != NULL)
        read_domain (self, domain, lockout);
      return;
    }
  floe_ldap_read_texts (ld, entry, "namingContexts", suffixes);
  for (guint i = 0; i < suffixes->len; i++)
    read_policies (self, suffixes->pdata[i], lockout);
  read_server_policy (self, lockout);
}

static void
compare_tries (FloeLdapTrial *self, const Lockout *lockout)
{
  const FloeLdapTest *test = self->test;
  g_autofree gchar *change = NULL;

  if (test->person_tries < lockout->tries)
    {
      floe_ldap_report_ok (self->report,
                           "lockout: after %" G_GINT64_FORMAT
                           " wrong passwords; the broker passes on %u",
                           lockout->tries, test->person_tries);
      return;
    }
  change = g_strdup_printf ("[throttle] person_tries: below %" G_GINT64_FORMAT, lockout->tries);
  floe_ldap_report_warn (self->report, change,
                         "lockout: an account is locked after %" G_GINT64_FORMAT
                         " wrong passwords, and the broker passes on %u",
                         lockout->tries, test->person_tries);
}

static void
compare_windows (FloeLdapTrial *self, const Lockout *lockout)
{
  const FloeLdapTest *test = self->test;
  g_autofree gchar *change = NULL;

  if (lockout->for_ever)
    floe_ldap_report_warn (self->report,
                           "let the directory forget wrong passwords after a time, since no "
                           "[throttle] pause is long enough",
                           "lockout: the directory counts wrong passwords until a right one");
  else if (lockout->window <= test->pause)
    floe_ldap_report_ok (self->report,
                         "lockout: the directory counts for %" G_GINT64_FORMAT
                         " s; the broker for %u s",
                         lockout->window, test->pause);
  else
    {
      change =
          g_strdup_printf ("[throttle] pause: at least %" G_GINT64_FORMAT "s", lockout->window);
      floe_ldap_report_warn (self->report, change,
                             "lockout: the directory counts for %" G_GINT64_FORMAT
                             " s, and the broker forgets after %u s",
                             lockout->window, test->pause);
    }
}

/**
 * floe_ldap_trial_lockout:
 *
 * Compares when the directory locks accounts with when the broker stops passing passwords on.
 */
void
floe_ldap_trial_lockout (FloeLdapTrial *self)
{
  Lockout lockout = { 0 };

  read_lockout (self, &lockout);
  if (lockout.n == 0)
    floe_ldap_report_ok (self->report,
                         "lockout: not told to the service account; compare it with [throttle] "
                         "person_tries (%u) and pause (%u s)",
                         self->test->person_tries, self->test->pause);
  else if (lockout.tries == 0)
    floe_ldap_report_ok (self->report, "lockout: the directory locks nobody");
  else
    {
      compare_tries (self, &lockout);
      compare_windows (self, &lockout);
    }
}
