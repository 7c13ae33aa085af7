/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/user.h"
#include "directory/ldap-settings.h"

#include <ldap.h>

G_BEGIN_DECLS

/**
 * FloeLdapPerson:
 * @dn: where the entry is
 * @user: who it is
 * @disabled: somebody took the account out of use: a lock for ever, not one that wrong passwords
 *   brought about
 *
 * What one search told.
 */
typedef struct
{
  gchar *dn;
  FloeUser *user;
  gboolean disabled;
} FloeLdapPerson;

const gchar **floe_ldap_person_attributes (const FloeLdapSettings *settings);
FloeLdapPerson *floe_ldap_person_new (const FloeLdapSettings *settings, LDAP *ld,
                                      LDAPMessage *entry, GError **error);
void floe_ldap_person_free (FloeLdapPerson *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapPerson, floe_ldap_person_free)

G_END_DECLS
