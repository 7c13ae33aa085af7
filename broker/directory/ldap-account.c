/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-account.h"

#include "core/error.h"
#include "directory/ldap-values.h"

#include <string.h>

#define PPOLICY_LOCK     "pwdAccountLockedTime" /* OpenLDAP's ppolicy overlay */
#define DS_LOCK          "nsAccountLock"        /* 389-ds, FreeIPA */
#define DS_LOCKED_UNTIL  "accountUnlockTime"
#define AD_CONTROL       "userAccountControl"
#define AD_STATE         "msDS-User-Account-Control-Computed"
#define AD_ENDS          "accountExpires"
#define AD_PASSWORD      "msDS-UserPasswordExpiryTimeComputed"
#define KRB_ENDS         "krbPrincipalExpiration"
#define KRB_PASSWORD     "krbPasswordExpiration"
#define KRB_PASSWORD_SET "krbLastPwdChange"

/* What ppolicy writes when an administrator locks; a time of day is a lock by wrong passwords,
 * which anybody can bring about and must not end a session that is under way. */
#define LOCKED_FOR_EVER "000001010000Z"

#define AD_DISABLED 0x2
#define AD_LOCKED   0x10

/* From 1601 on, in units of 100 ns. */
#define AD_EPOCH G_GINT64_CONSTANT (11644473600)
#define AD_TICKS G_GINT64_CONSTANT (10000000)
#define AD_NEVER G_MAXINT64

/**
 * floe_ldap_account_add_attributes:
 * @names: what a search asks for; servers leave out what they do not know
 * @proof: what the person shows. Whether an account is locked is computed by Active Directory for
 *   each who asks, which takes it as long as to find the entry; so only who has no password to try
 *   asks
 */
void
floe_ldap_account_add_attributes (GPtrArray *names, FloeLdapProof proof)
{
  static const gchar *const own[] = { PPOLICY_LOCK, DS_LOCK,  AD_CONTROL,   AD_ENDS,
                                      AD_PASSWORD,  KRB_ENDS, KRB_PASSWORD, KRB_PASSWORD_SET };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_ptr_array_add (names, (gpointer)own[i]);
  if (proof != FLOE_LDAP_PROOF_TICKET)
    return;
  g_ptr_array_add (names, (gpointer)AD_STATE);
  g_ptr_array_add (names, (gpointer)DS_LOCKED_UNTIL);
}

/* "20260101000000Z", as Kerberos attributes have it; in seconds, or 0. */
static gint64
read_time (LDAP *ld, LDAPMessage *entry, const gchar *attribute)
{
  g_autofree gchar *text = floe_ldap_read_text (ld, entry, attribute);

  if (text == NULL || strspn (text, G_CSET_DIGITS) != 14 || text[14] != 'Z')
    return 0;
  return floe_ldap_time_of_digits (text);
}

/* Of a number of ticks, in seconds since 1970; 0 for never. */
static gint64
read_ticks (LDAP *ld, LDAPMessage *entry, const gchar *attribute)
{
  gint64 ticks = floe_ldap_read_number (ld, entry, attribute, 0);

  return ticks > 0 && ticks < AD_NEVER ? MAX (ticks / AD_TICKS - AD_EPOCH, 1) : 0;
}

static void
read_active_directory (FloeLdapAccount *self, LDAP *ld, LDAPMessage *entry, gint64 now)
{
  gint64 ends = read_ticks (ld, entry, AD_ENDS);

  self->disabled |= (floe_ldap_read_number (ld, entry, AD_CONTROL, 0) & AD_DISABLED) != 0;
  self->locked |= (floe_ldap_read_number (ld, entry, AD_STATE, 0) & AD_LOCKED) != 0;
  self->expired = ends != 0 && ends <= now;
  self->password_ends = read_ticks (ld, entry, AD_PASSWORD);
}

/* Until when wrong passwords keep somebody out, which stays written when that is over; the
 * beginning of time is for ever. */
static gboolean
is_locked_out (LDAP *ld, LDAPMessage *entry, gint64 now)
{
  g_autofree gchar *until = floe_ldap_read_text (ld, entry, DS_LOCKED_UNTIL);
  gint64 time = read_time (ld, entry, DS_LOCKED_UNTIL);

  return until != NULL && (time == 0 || time > now);
}

/* An administrator who resets a password leaves one that ends when it was set. */
static void
read_kerberos (FloeLdapAccount *self, LDAP *ld, LDAPMessage *entry, gint64 now)
{
  gint64 ends = read_time (ld, entry, KRB_ENDS);
  gint64 password = read_time (ld, entry, KRB_PASSWORD);

  self->expired = ends != 0 && ends <= now;
  self->password_ends = password;
  self->password_expired = password != 0 && password <= now;
  self->locked |= is_locked_out (ld, entry, now);
  self->must_change = self->password_expired && password == read_time (ld, entry, KRB_PASSWORD_SET);
}

/**
 * floe_ldap_account_read:
 * @self: (out caller-allocates): the state
 * @kind: what to look at
 * @ld: what @entry came from
 * @entry: a person's, with the attributes of floe_ldap_account_add_attributes()
 * @now: seconds since 1970
 */
void
floe_ldap_account_read (FloeLdapAccount *self, FloeLdapAccountKind kind, LDAP *ld,
                        LDAPMessage *entry, gint64 now)
{
  g_autofree gchar *ppolicy = floe_ldap_read_text (ld, entry, PPOLICY_LOCK);
  g_autofree gchar *ds = floe_ldap_read_text (ld, entry, DS_LOCK);

  *self = (FloeLdapAccount){ 0 };
  self->locked = ppolicy != NULL;
  self->disabled = g_strcmp0 (ppolicy, LOCKED_FOR_EVER) == 0
                   || (ds != NULL && g_ascii_strcasecmp (ds, "true") == 0);
  if (kind == FLOE_LDAP_ACCOUNT_AD)
    read_active_directory (self, ld, entry, now);
  else if (kind == FLOE_LDAP_ACCOUNT_KERBEROS)
    read_kerberos (self, ld, entry, now);
}

/**
 * floe_ldap_account_check:
 * @proof: what the person showed
 * @error: %FLOE_ERROR_DENIED with a reason. For whoever proved who they are, and for
 *   ourselves
 *
 * Returns: whether the account may be used
 */
gboolean
floe_ldap_account_check (const FloeLdapAccount *self, FloeLdapProof proof, GError **error)
{
  gboolean with_password = proof == FLOE_LDAP_PROOF_PASSWORD;

  if (self->disabled)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "disabled", "the account is disabled");
  else if (self->expired)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "account-expired", "the account has expired");
  else if (proof == FLOE_LDAP_PROOF_TICKET && self->locked)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "locked", "the account is locked");
  else if (with_password && self->must_change)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "must-change",
                           "the password has to be changed first");
  else if (with_password && self->password_expired)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "expired", "the password has expired");
  else
    return TRUE;
  return FALSE;
}
