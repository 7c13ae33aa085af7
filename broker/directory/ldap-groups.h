/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-settings.h"

#include <ldap.h>

G_BEGIN_DECLS

gchar *floe_ldap_group_name (const gchar *dn, const gchar *group_base);
gchar *floe_ldap_group_named (const gchar *name, const gchar *dn, const gchar *group_base);
GStrv floe_ldap_group_names (const FloeLdapSettings *settings, const gchar *dn, LDAP *ld,
                             LDAPMessage *entry);

G_END_DECLS
