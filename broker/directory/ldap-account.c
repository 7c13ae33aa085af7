/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-account.h"

#include "core/error.h"
#include "directory/ldap-values.h"

#define DS_LOCK          "nsAccountLock" /* 389-ds, FreeIPA */
#define AD_CONTROL       "userAccountControl"
#define AD_ENDS          "accountExpires"
#define AD_PASSWORD      "msDS-UserPasswordExpiryTimeComputed"
#define KRB_ENDS         "krbPrincipalExpiration"
#define KRB_PASSWORD     "krbPasswordExpiration"
#define KRB_PASSWORD_SET "krbLastPwdChange"

/* What ppolicy writes when an administrator locks; a time of day is a lock by wrong passwords,
 * which anybody can bring about and must not end a session that is under way. */
#define LOCKED_FOR_EVER "000001010000Z"

#define AD_DISABLED 0x2

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
  static const gchar *const own[] = {
    FLOE_LDAP_PPOLICY_LOCK, DS_LOCK,         AD_CONTROL, AD_ENDS, AD_PASSWORD, KRB_ENDS,
    KRB_PASSWORD,           KRB_PASSWORD_SET
  };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_ptr_array_add (names, (gpointer)own[i]);
  if (proof != FLOE_LDAP_PROOF_TICKET)
    return;
  g_ptr_array_add (names, (gpointer)FLOE_LDAP_AD_STATE);
  g_ptr_array_add (names, (gpointer)FLOE_LDAP_DS_LOCKED_UNTIL);
  g_ptr_array_add (names, (gpointer)FLOE_LDAP_DS_FAILURES);
}

static void
read_active_directory (FloeLdapAccount *self, LDAP *ld, LDAPMessage *entry, gint64 now)
{
  gint64 ends = floe_ldap_read_ticks (ld, entry, AD_ENDS);

  self->disabled |= (floe_ldap_read_number (ld, entry, AD_CONTROL, 0) & AD_DISABLED) != 0;
  self->locked |=
      (floe_ldap_read_number (ld, entry, FLOE_LDAP_AD_STATE, 0) & FLOE_LDAP_AD_LOCKED) != 0;
  self->ends = ends;
  self->expired = ends != 0 && ends <= now;
  self->password_ends = floe_ldap_read_ticks (ld, entry, AD_PASSWORD);
}

/**
 * floe_ldap_account_is_locked_out:
 * @entry: a person's of 389-ds, with "accountUnlockTime" and "passwordRetryCount"
 * @until: (out): when that ends, seconds since 1970; 0 for never by itself
 *
 * The time stays written when it is over, and when somebody forgets the failures.
 *
 * Returns: whether wrong passwords keep them out, as far as their entry says
 */
gboolean
floe_ldap_account_is_locked_out (LDAP *ld, LDAPMessage *entry, gint64 now, gint64 *until)
{
  g_autofree gchar *text = floe_ldap_read_text (ld, entry, FLOE_LDAP_DS_LOCKED_UNTIL);

  *until = floe_ldap_read_time (ld, entry, FLOE_LDAP_DS_LOCKED_UNTIL);
  return text != NULL && (*until == 0 || *until > now)
         && floe_ldap_read_number (ld, entry, FLOE_LDAP_DS_FAILURES, 1) > 0;
}

/* An administrator who resets a password leaves one that ends when it was set. */
static void
read_kerberos (FloeLdapAccount *self, LDAP *ld, LDAPMessage *entry, gint64 now)
{
  gint64 ends = floe_ldap_read_time (ld, entry, KRB_ENDS);
  gint64 password = floe_ldap_read_time (ld, entry, KRB_PASSWORD);
  gint64 unlock;

  self->ends = ends;
  self->expired = ends != 0 && ends <= now;
  self->password_ends = password;
  self->password_expired = password != 0 && password <= now;
  self->locked |= floe_ldap_account_is_locked_out (ld, entry, now, &unlock);
  self->must_change =
      self->password_expired && password == floe_ldap_read_time (ld, entry, KRB_PASSWORD_SET);
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
  g_autofree gchar *ppolicy = floe_ldap_read_text (ld, entry, FLOE_LDAP_PPOLICY_LOCK);
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
