/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-account.h"
#include "directory/ldap-settings.h"

#include <ldap.h>

G_BEGIN_DECLS

/**
 * FloeLdapPerson:
 * @dn: where the entry is
 * @id: who it is, see #FloeUser
 * @sid: (nullable): the account by its SID, in Active Directory
 * @name: the log-in name
 * @display_name: (nullable): the person's name
 * @groups: the DNs of the groups that the entry names
 * @account: whether the account may be used
 *
 * What one search told.
 */
typedef struct
{
  gchar *dn;
  gchar *id;
  gchar *sid;
  gchar *name;
  gchar *display_name;
  GStrv groups;
  FloeLdapAccount account;
} FloeLdapPerson;

const gchar **floe_ldap_person_attributes (const FloeLdapSettings *settings, FloeLdapProof proof);
FloeLdapPerson *floe_ldap_person_new (const FloeLdapSettings *settings, LDAP *ld,
                                      LDAPMessage *entry, GError **error);
gboolean floe_ldap_person_has_sid (const FloeLdapPerson *self, const gchar *sid, GError **error);
void floe_ldap_person_free (FloeLdapPerson *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapPerson, floe_ldap_person_free)

G_END_DECLS
