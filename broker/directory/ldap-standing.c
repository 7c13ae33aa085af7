/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-standing-private.h"

#include "core/error.h"
#include "directory/ldap-look.h"
#include "directory/ldap-values.h"

#include <string.h>

#define POLICIES_MAX 100

/* OpenLDAP's ppolicy overlay */
#define PP_PAUSE     "pwdAccountTmpLockoutEnd"
#define PP_RESET     "pwdReset"
#define PP_CHANGED   "pwdChangedTime"
#define PP_GRACE     "pwdGraceUseTime"
#define PP_BEGINS    "pwdStartTime"
#define PP_ENDS      "pwdEndTime"
#define PP_OWN       "pwdPolicySubentry"
#define PP_ATTRIBUTE "pwdAttribute" /* which each policy has */

/* 389-ds; a time of 0 is no time, but "until somebody does something" */
#define DS_PASSWORD "passwordExpirationTime"

/* FreeIPA */
#define KRB_FAILURES "krbLoginFailedCount"
#define KRB_FAILED   "krbLastFailedAuth"
#define KRB_UNLOCKED "krbLastAdminUnlock"
#define KRB_OWN      "krbPwdPolicyReference"

#define FOR_EVER G_MAXINT64

/* What the policies that may be somebody's say of one thing; one that is for ever is the longest.
 */
typedef struct
{
  guint n;
  gboolean differ;
  gint64 longest;
} Said;

typedef struct
{
  guint n; /* how many there are, whatever they say */
  Said lock;
  Said age;
  gint64 grace;
  gboolean must_change;
  gint64 krb_tries;
  Said krb_lock;
} Policies;

static FloeLdapLimit
limit_of (const FloeLdapReading *self)
{
  const FloeLdapCall *call = self->call;

  return floe_ldap_limit_new (call->settings->operation_timeout, call->until, call->cancellable);
}

static LDAPMessage *
look_at (const FloeLdapReading *self, const gchar *dn, const gchar *const *attributes)
{
  FloeLdapLimit limit = limit_of (self);

  return floe_ldap_look_at (self->call->handle, dn, attributes, &limit);
}

/**
 * floe_ldap_reading_text_at:
 * @dn: of an entry that is not the person's; "" for what the server says of itself
 *
 * Returns: (transfer full) (nullable): a value of it
 */
gchar *
floe_ldap_reading_text_at (const FloeLdapReading *self, const gchar *dn, const gchar *attribute)
{
  const gchar *const attributes[] = { attribute, NULL };
  g_autoptr (FloeLdapMessage) result = look_at (self, dn, attributes);

  return result != NULL
             ? floe_ldap_read_text (self->ld, ldap_first_entry (self->ld, result), attribute)
             : NULL;
}

gint64
floe_ldap_reading_number (const FloeLdapReading *self, const gchar *attribute)
{
  return floe_ldap_read_number (self->ld, self->entry, attribute, 0);
}

static gint64
time_of (const FloeLdapReading *self, const gchar *attribute)
{
  return floe_ldap_read_time (self->ld, self->entry, attribute);
}

static gboolean
has (const FloeLdapReading *self, const gchar *attribute)
{
  g_autofree gchar *text = floe_ldap_read_text (self->ld, self->entry, attribute);

  return text != NULL;
}

/**
 * floe_ldap_reading_note_lock:
 * @until: 0 where nobody knows, or it does not end by itself
 */
void
floe_ldap_reading_note_lock (FloeLdapReading *self, gint64 until)
{
  self->locked_until = self->locked ? MAX (self->locked_until, until) : until;
  self->locked = TRUE;
}

/* --- the policies of the others ----------------------------------------------------------------*/

static void
note (Said *self, gint64 span)
{
  gint64 length = span > 0 ? span : FOR_EVER;

  self->differ |= self->n > 0 && length != self->longest;
  self->longest = MAX (self->longest, length);
  self->n++;
}

static void
note_policy (Policies *self, LDAP *ld, LDAPMessage *entry)
{
  gint64 tries = floe_ldap_read_number (ld, entry, "krbPwdMaxFailure", -1);
  g_autofree gchar *attribute = floe_ldap_read_text (ld, entry, PP_ATTRIBUTE);

  if (tries >= 0)
    {
      self->krb_tries = tries;
      note (&self->krb_lock, floe_ldap_read_number (ld, entry, "krbPwdLockoutDuration", 0));
    }
  if (attribute == NULL)
    return;
  self->n++;
  if (floe_ldap_read_true (ld, entry, "pwdLockout"))
    note (&self->lock, floe_ldap_read_number (ld, entry, "pwdLockoutDuration", 0));
  note (&self->age, floe_ldap_read_number (ld, entry, "pwdMaxAge", 0));
  self->grace = MAX (self->grace, floe_ldap_read_number (ld, entry, "pwdGraceAuthNLimit", 0));
  self->must_change |= floe_ldap_read_true (ld, entry, "pwdMustChange");
}

static const gchar *const policy_attributes[] = {
  PP_ATTRIBUTE,    "pwdLockout",       "pwdLockoutDuration",    "pwdMaxAge", "pwdGraceAuthNLimit",
  "pwdMustChange", "krbPwdMaxFailure", "krbPwdLockoutDuration", NULL
};

static void
note_policies_below (const FloeLdapReading *self, const gchar *suffix, const gchar *filter,
                     Policies *policies)
{
  const FloeLdapQuery query = { suffix, LDAP_SCOPE_SUBTREE, filter, policy_attributes,
                                POLICIES_MAX };
  FloeLdapLimit limit = limit_of (self);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result =
      floe_ldap_look_for (self->call->handle, &query, &limit, &reply);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (self->ld, result) : NULL;

  for (; entry != NULL; entry = ldap_next_entry (self->ld, entry))
    note_policy (policies, self->ld, entry);
}

/* The suffix that the person is below. */
static gchar *
suffix_of (const FloeLdapReading *self)
{
  static const gchar *const root[] = { "namingContexts", NULL };
  g_autoptr (FloeLdapMessage) result = look_at (self, "", root);
  g_autoptr (GPtrArray) suffixes = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *dn = g_ascii_strdown (self->person->dn, -1);

  if (result != NULL)
    floe_ldap_read_texts (self->ld, ldap_first_entry (self->ld, result), "namingContexts",
                          suffixes);
  for (guint i = 0; i < suffixes->len; i++)
    {
      g_autofree gchar *suffix = g_ascii_strdown (suffixes->pdata[i], -1);

      if (*suffix != '\0' && g_str_has_suffix (dn, suffix))
        return g_strdup (suffixes->pdata[i]);
    }
  return NULL;
}

/* Those of @own if the entry names one, else those that @filter finds: OpenLDAP does not say which
 * one is the default, so all of them may be theirs. */
static void
read_policies (const FloeLdapReading *self, const gchar *own, const gchar *filter,
               Policies *policies)
{
  g_autofree gchar *dn = floe_ldap_read_text (self->ld, self->entry, own);
  g_autoptr (FloeLdapMessage) result = NULL;
  g_autofree gchar *suffix = NULL;

  if (dn != NULL)
    {
      result = look_at (self, dn, policy_attributes);
      if (result != NULL)
        note_policy (policies, self->ld, ldap_first_entry (self->ld, result));
      return;
    }
  suffix = suffix_of (self);
  if (suffix != NULL)
    note_policies_below (self, suffix, filter, policies);
}

/* --- OpenLDAP ----------------------------------------------------------------------------------*/

/* A lock by wrong passwords stays in the entry until the next try, however long it is over. Without
 * a policy nobody knows; with several, the longest counts; of those that lock nobody it is 0. */
static void
read_lock (FloeLdapReading *self, const Policies *policies)
{
  gint64 since = time_of (self, FLOE_LDAP_PPOLICY_LOCK);
  gint64 span = policies->lock.longest;

  if (since == 0 || self->disabled)
    return;
  if (policies->n == 0 || span == FOR_EVER)
    floe_ldap_reading_note_lock (self, 0);
  else if (since + span > self->now)
    floe_ldap_reading_note_lock (self, policies->lock.differ ? 0 : since + span);
}

static void
read_age (FloeLdapReading *self, const Policies *policies)
{
  gint64 changed = time_of (self, PP_CHANGED);
  gint64 span = policies->age.longest;
  g_autoptr (GPtrArray) used = g_ptr_array_new_with_free_func (g_free);

  if (changed == 0 || policies->age.n == 0 || policies->age.differ || span == FOR_EVER)
    return;
  floe_ldap_read_texts (self->ld, self->entry, PP_GRACE, used);
  self->password_ends = changed + span;
  self->password_expired = self->password_ends <= self->now && used->len >= policies->grace;
}

static void
read_ppolicy (FloeLdapReading *self)
{
  gboolean reset = floe_ldap_read_true (self->ld, self->entry, PP_RESET);
  gint64 ends = time_of (self, PP_ENDS);
  Policies policies = { 0 };

  if (reset || has (self, FLOE_LDAP_PPOLICY_LOCK) || has (self, PP_CHANGED))
    read_policies (self, PP_OWN, "(objectClass=pwdPolicy)", &policies);
  read_lock (self, &policies);
  read_age (self, &policies);
  if (time_of (self, PP_PAUSE) > self->now)
    floe_ldap_reading_note_lock (self, time_of (self, PP_PAUSE));
  self->must_change |= reset && (policies.n == 0 || policies.must_change);
  self->not_now = time_of (self, PP_BEGINS) > self->now;
  if (ends != 0)
    {
      self->ends = ends;
      self->ended |= ends <= self->now;
    }
}

/* --- 389-ds and FreeIPA ------------------------------------------------------------------------*/

/* Of its own policy, which few may read. */
static gchar *
config_of_389 (const FloeLdapReading *self, const gchar *setting)
{
  return floe_ldap_reading_text_at (self, "cn=config", setting);
}

/* Times of a policy that was given up stay in the entries. */
static gboolean
is_off_at_389 (const FloeLdapReading *self, const gchar *setting)
{
  g_autofree gchar *value = config_of_389 (self, setting);

  return value != NULL && g_ascii_strcasecmp (value, "off") == 0;
}

/* A few failures do not renew a lock whose time is still there. */
static gboolean
has_failed_often_at_389 (const FloeLdapReading *self)
{
  g_autofree gchar *most = config_of_389 (self, "passwordMaxFailure");

  return most == NULL
         || floe_ldap_reading_number (self, FLOE_LDAP_DS_FAILURES)
                >= g_ascii_strtoll (most, NULL, 10);
}

static void
read_389 (FloeLdapReading *self)
{
  gint64 password = time_of (self, DS_PASSWORD);
  gint64 unlock;

  if (floe_ldap_account_is_locked_out (self->ld, self->entry, self->now, &unlock)
      && has_failed_often_at_389 (self))
    floe_ldap_reading_note_lock (self, unlock);
  if (!has (self, DS_PASSWORD))
    return;
  if (password == 0)
    self->must_change |= !is_off_at_389 (self, "passwordMustChange");
  else if (!is_off_at_389 (self, "passwordExp"))
    {
      self->password_ends = password;
      self->password_expired |= password <= self->now;
    }
}

static void
read_kerberos (FloeLdapReading *self)
{
  gint64 failed = time_of (self, KRB_FAILED);
  gint64 failures = floe_ldap_reading_number (self, KRB_FAILURES);
  Policies policies = { 0 };
  gint64 span;

  if (failures <= 0 || failed == 0 || time_of (self, KRB_UNLOCKED) >= failed)
    return;
  read_policies (self, KRB_OWN, "(&(objectClass=krbPwdPolicy)(cn=global_policy))", &policies);
  span = policies.krb_lock.longest;
  if (policies.krb_tries <= 0 || failures < policies.krb_tries)
    return;
  if (span == FOR_EVER)
    floe_ldap_reading_note_lock (self, 0);
  else if (failed + span > self->now)
    floe_ldap_reading_note_lock (self, failed + span);
}

/* --- all ---------------------------------------------------------------------------------------*/

static FloeLdapAccountKind
kind_of (const FloeLdapReading *self)
{
  return floe_ldap_profile_find (self->call->settings->profile)->account;
}

static const gchar *const *
attributes_of (const FloeLdapReading *self)
{
  static const gchar *const names[] = { FLOE_LDAP_PPOLICY_LOCK,
                                        PP_PAUSE,
                                        PP_RESET,
                                        PP_CHANGED,
                                        PP_GRACE,
                                        PP_BEGINS,
                                        PP_ENDS,
                                        PP_OWN,
                                        FLOE_LDAP_DS_LOCKED_UNTIL,
                                        FLOE_LDAP_DS_FAILURES,
                                        DS_PASSWORD,
                                        KRB_FAILURES,
                                        KRB_FAILED,
                                        KRB_UNLOCKED,
                                        KRB_OWN,
                                        NULL };

  return kind_of (self) == FLOE_LDAP_ACCOUNT_AD ? floe_ldap_reading_ad_attributes () : names;
}

static void
read_entry (FloeLdapReading *self)
{
  const FloeLdapAccount *account = &self->person->account;

  self->disabled = account->disabled;
  self->ended = account->expired;
  self->ends = account->ends;
  self->password_ends = account->password_ends;
  if (kind_of (self) == FLOE_LDAP_ACCOUNT_AD)
    {
      floe_ldap_reading_ad (self);
      return;
    }
  read_ppolicy (self);
  read_389 (self);
  if (kind_of (self) == FLOE_LDAP_ACCOUNT_KERBEROS)
    read_kerberos (self);
  self->must_change |= account->must_change;
  self->password_expired |= account->password_expired;
}

static GStrv
list_reasons (const FloeLdapReading *self)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  const struct
  {
    gboolean is;
    const gchar *reason;
  } all[] = {
    { self->disabled, "disabled" },
    { self->ended, "account-expired" },
    { self->locked, "locked" },
    { self->not_now, "not-now" },
    { self->not_here, "not-here" },
    { self->must_change, "must-change" },
    { self->password_expired && !self->must_change, "expired" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].is)
      g_strv_builder_add (list, all[i].reason);
  return g_strv_builder_end (list);
}

static FloeStanding *
standing_new (const FloeLdapReading *self)
{
  const FloeLdapPerson *person = self->person;
  FloeStanding *standing = g_new0 (FloeStanding, 1);

  standing->user = floe_user_new (person->id, person->name, person->display_name, NULL);
  standing->user->password_expires = self->password_ends * G_USEC_PER_SEC;
  standing->reasons = list_reasons (self);
  standing->locked_until = self->locked_until * G_USEC_PER_SEC;
  standing->ends = self->ends * G_USEC_PER_SEC;
  return standing;
}

/**
 * floe_ldap_standing_read:
 * @call: whom to ask
 * @person: about whom, as just found there
 * @standing: (out) (transfer full): how their account stands, as far as the service account may
 * know
 *
 * Reads what keeps somebody from logging in, and until when. Blocks, for a few searches, none of
 * which a log-in waits for.
 */
FloeLdapVerdict
floe_ldap_standing_read (const FloeLdapCall *call, const FloeLdapPerson *person,
                         FloeStanding **standing, GError **error)
{
  FloeLdapReading self = { .call = call,
                           .person = person,
                           .ld = floe_ldap_handle_get (call->handle),
                           .now = g_get_real_time () / G_USEC_PER_SEC };
  const FloeLdapQuery query = { person->dn, LDAP_SCOPE_BASE, "(objectClass=*)",
                                attributes_of (&self), 1 };
  FloeLdapLimit limit = limit_of (&self);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = floe_ldap_look_for (call->handle, &query, &limit, &reply);
  FloeLdapVerdict verdict = floe_ldap_judge (FLOE_LDAP_SEARCH, &reply, error);

  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  self.entry = result != NULL ? ldap_first_entry (self.ld, result) : NULL;
  if (self.entry == NULL)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such person");
      return FLOE_LDAP_REFUSED;
    }
  read_entry (&self);
  if (!floe_ldap_handle_is_usable (call->handle)) /* half of it is missing */
    {
      floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                             "the connection failed");
      return FLOE_LDAP_UNREACHED;
    }
  *standing = standing_new (&self);
  return FLOE_LDAP_FINE;
}
