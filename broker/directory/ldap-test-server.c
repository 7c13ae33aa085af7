/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-test-private.h"

#include "directory/ldap-lockout.h"
#include "directory/ldap-values.h"

#include <string.h>

/* Kerberos breaks at five minutes; what is looked at here are the ends of accounts and passwords.
 */
#define SKEW_SECONDS 30

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
  floe_report_wrong (self->report, change, "there is no %s that the service account may read", dn);
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
    floe_report_ok (self->report, "people are found below %s", settings->base);
  else
    floe_report_warn (self->report,
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
    floe_report_warn (self->report, "[directory] group_base: where groups are",
                      "no group can be named by its plain name");
  else if (test_entry (self, "group_base", group_base))
    floe_report_ok (self->report, "groups below %s may be named by their plain names", group_base);
}

/* --- the clock ---------------------------------------------------------------------------------*/

/* Where a server tells the time: Active Directory, 389-ds and with it FreeIPA, and OpenLDAP with
 * its monitor, which is an operational attribute there. */
static const struct
{
  const gchar *dn;
  const gchar *attribute;
} clocks[] = {
  { "", "currentTime" },
  { "cn=monitor", "currentTime" },
  { "cn=Current,cn=Time,cn=Monitor", "monitorTimestamp" },
};

/**
 * Reading:
 * @then: what the server said, in seconds since 1970; 0 where it said nothing
 * @before: our own time when it was asked, in microseconds since 1970
 * @after: and when it had answered
 */
typedef struct
{
  gint64 then;
  gint64 before;
  gint64 after;
} Reading;

/* "20260101000000.0Z", in seconds since 1970; 0 when it is something else. */
static gint64
parse_time (const gchar *text)
{
  if (strspn (text, G_CSET_DIGITS) != 14 || !g_str_has_suffix (text, "Z"))
    return 0;
  return floe_ldap_time_of_digits (text);
}

static gint64
our_time (FloeLdapTrial *self)
{
  return self->test->now != NULL ? self->test->now () : g_get_real_time ();
}

static gboolean
read_clock (FloeLdapTrial *self, const gchar *dn, const gchar *attribute, Reading *reading)
{
  const gchar *const attributes[] = { attribute, NULL };
  LDAP *ld = floe_ldap_handle_get (self->handle);
  g_autoptr (FloeLdapMessage) result = NULL;
  g_autofree gchar *text = NULL;

  reading->before = our_time (self);
  result = floe_ldap_trial_read (self, dn, attributes);
  reading->after = our_time (self);
  text = result != NULL ? floe_ldap_read_text (ld, ldap_first_entry (ld, result), attribute) : NULL;
  reading->then = text != NULL ? parse_time (text) : 0;
  return reading->then != 0;
}

/* It was asked at some moment between the two of ours, and tells whole seconds only: what cannot be
 * told apart from no difference at all is none. */
static void
judge_clock (FloeLdapTrial *self, const Reading *reading)
{
  gint64 least = reading->then * G_USEC_PER_SEC - reading->after;
  gint64 most = (reading->then + 1) * G_USEC_PER_SEC - reading->before;
  gint64 skew = (least + most) / 2 / G_USEC_PER_SEC;
  gint64 within = (MAX (ABS (least), ABS (most)) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  if (least > SKEW_SECONDS * G_USEC_PER_SEC || most < -SKEW_SECONDS * G_USEC_PER_SEC)
    floe_report_warn (self->report, "let NTP set both clocks",
                      "clock: the server's is %" G_GINT64_FORMAT " s %s this machine's", ABS (skew),
                      skew > 0 ? "ahead of" : "behind");
  else
    floe_report_ok (self->report, "clock: within %" G_GINT64_FORMAT " s of this machine's", within);
}

static void
tell_no_clock (FloeLdapTrial *self)
{
  if (self->test->needs_clock)
    floe_report_warn (self->report,
                      "let NTP set both clocks; to have them compared here, let the service "
                      "account read cn=monitor (FreeIPA), or cn=Current,cn=Time,cn=Monitor of "
                      "back-monitor (OpenLDAP)",
                      "clock: the service account cannot read the server's, and Kerberos and the "
                      "second factor need clocks that are right");
  else
    floe_report_ok (self->report, "clock: not told to the service account");
}

void
floe_ldap_trial_clock (FloeLdapTrial *self)
{
  Reading reading = { 0 };
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (clocks) && !found; i++)
    found = read_clock (self, clocks[i].dn, clocks[i].attribute, &reading);
  if (found)
    judge_clock (self, &reading);
  else
    tell_no_clock (self);
}

/* --- what locks an account ---------------------------------------------------------------------*/

static void
compare_tries (FloeLdapTrial *self, const FloeLockout *lockout, guint tries)
{
  g_autofree gchar *change = NULL;

  if (tries < lockout->tries)
    {
      floe_report_ok (self->report, "lockout: after %u wrong passwords; the broker passes on %u",
                      lockout->tries, tries);
      return;
    }
  change = g_strdup_printf ("[throttle] person_tries: below %u", lockout->tries);
  floe_report_warn (self->report, change,
                    "lockout: an account is locked after %u wrong passwords, and the broker "
                    "passes on %u",
                    lockout->tries, tries);
}

static void
compare_windows (FloeLdapTrial *self, const FloeLockout *lockout, guint pause)
{
  g_autofree gchar *change = NULL;

  if (lockout->for_ever)
    floe_report_warn (self->report,
                      "let the directory forget wrong passwords after a time, since no "
                      "[throttle] pause is long enough",
                      "lockout: the directory counts wrong passwords until a right one");
  else if (lockout->window <= pause)
    floe_report_ok (self->report, "lockout: the directory counts for %u s; the broker for %u s",
                    lockout->window, pause);
  else
    {
      change = g_strdup_printf ("[throttle] pause: at least %us", lockout->window);
      floe_report_warn (self->report, change,
                        "lockout: the directory counts for %u s, and the broker forgets after %u s",
                        lockout->window, pause);
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
  guint tries = self->test->person_tries;
  guint pause = self->test->pause;
  FloeLockout lockout;

  floe_ldap_lockout_read (self->handle, self->settings, NULL, &lockout);
  if (lockout.n_policies == 0)
    floe_report_ok (self->report,
                    "lockout: not told to the service account; compare it with [throttle] "
                    "person_tries (%u) and pause (%u s)",
                    tries, pause);
  else if (lockout.tries == 0)
    floe_report_ok (self->report, "lockout: the directory locks nobody");
  else
    {
      if (self->test->heeds_lockout)
        floe_lockout_tighten (&lockout, &tries, &pause);
      compare_tries (self, &lockout, tries);
      compare_windows (self, &lockout, pause);
    }
  if (lockout.hidden)
    floe_report_ok (
        self->report,
        "lockout: whether the server itself locks (passwordLockout in cn=config) is not "
        "told to the service account; its passwordMaxFailure has to be above %u",
        tries);
}
