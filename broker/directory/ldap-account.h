/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-profile.h"

#include <ldap.h>

G_BEGIN_DECLS

/**
 * FloeLdapAccount:
 * @disabled: somebody took the account out of use: a lock for ever, not one that wrong passwords
 *   brought about
 * @expired: the account itself has ended
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
  gboolean expired;
  gboolean password_expired;
  gboolean must_change;
  gint64 password_ends;
} FloeLdapAccount;

void floe_ldap_account_add_attributes (GPtrArray *names);
void floe_ldap_account_read (FloeLdapAccount *self, FloeLdapAccountKind kind, LDAP *ld,
                             LDAPMessage *entry, gint64 now);
gboolean floe_ldap_account_check (const FloeLdapAccount *self, gboolean with_password,
                                  GError **error);

G_END_DECLS
