/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-profile.h"

#include <ldap.h>

G_BEGIN_DECLS

/* Where a server says that wrong passwords lock an account: OpenLDAP's ppolicy overlay, 389-ds and
 * FreeIPA, and Active Directory, whose number has a bit for it. */
#define FLOE_LDAP_PPOLICY_LOCK    "pwdAccountLockedTime"
#define FLOE_LDAP_DS_LOCKED_UNTIL "accountUnlockTime"
#define FLOE_LDAP_DS_FAILURES     "passwordRetryCount"
#define FLOE_LDAP_AD_STATE        "msDS-User-Account-Control-Computed"
#define FLOE_LDAP_AD_LOCKED       0x10

/**
 * FloeLdapAccount:
 * @disabled: somebody took the account out of use: a lock for ever, not one that wrong passwords
 *   brought about
 * @locked: wrong passwords, or somebody, locked it, perhaps no longer
 * @ends: when the account itself ends, seconds since 1970; 0 for never
 * @expired: it has
 * @password_expired: the password is too old, or @must_change
 * @must_change: somebody else set the password, and it has to be changed first
 * @password_ends: when the password expires, seconds since 1970; 0 for never, and where nobody
 * tells
 *
 * What an entry says of an account, beside what the server tells when a password is tried.
 */
typedef struct
{
  gboolean disabled;
  gboolean locked;
  gint64 ends;
  gboolean expired;
  gboolean password_expired;
  gboolean must_change;
  gint64 password_ends;
} FloeLdapAccount;

/**
 * FloeLdapProof:
 * @FLOE_LDAP_PROOF_NONE: none: a session that is under way does not end because its password has
 *   become too old, or because somebody guesses it
 * @FLOE_LDAP_PROOF_PASSWORD: the right password, given just now; the server looked at locks
 * @FLOE_LDAP_PROOF_TICKET: a Kerberos ticket, of which the server knows nothing
 *
 * How somebody showed who they are.
 */
typedef enum
{
  FLOE_LDAP_PROOF_NONE,
  FLOE_LDAP_PROOF_PASSWORD,
  FLOE_LDAP_PROOF_TICKET,
} FloeLdapProof;

void floe_ldap_account_add_attributes (GPtrArray *names, FloeLdapProof proof);
void floe_ldap_account_read (FloeLdapAccount *self, FloeLdapAccountKind kind, LDAP *ld,
                             LDAPMessage *entry, gint64 now);
gboolean floe_ldap_account_is_locked_out (LDAP *ld, LDAPMessage *entry, gint64 now, gint64 *until);
gboolean floe_ldap_account_check (const FloeLdapAccount *self, FloeLdapProof proof, GError **error);

G_END_DECLS
