/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-handle.h"

G_BEGIN_DECLS

/**
 * FLOE_LDAP_UNICODE_MAX:
 *
 * UTF-16 units of the longest password that Active Directory takes.
 */
#define FLOE_LDAP_UNICODE_MAX 256

/**
 * FloeLdapPasswords:
 * @old: what it is
 * @new: what it shall be
 *
 * Two passwords, both neither empty nor with a NUL.
 */
typedef struct
{
  const FloeSecret *old;
  const FloeSecret *new;
} FloeLdapPasswords;

FloeSecret *floe_ldap_password_quote (const FloeSecret *password);
void floe_ldap_password_change_unicode (FloeLdapHandle *handle, const gchar *dn,
                                        const FloeLdapPasswords *passwords,
                                        const FloeLdapLimit *limit, FloeLdapReply *reply);
void floe_ldap_password_change_own (FloeLdapHandle *handle, const FloeLdapPasswords *passwords,
                                    const FloeLdapLimit *limit, FloeLdapReply *reply);

G_END_DECLS
