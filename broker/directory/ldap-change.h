/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-password.h"
#include "directory/ldap-settings.h"

G_BEGIN_DECLS

gboolean floe_ldap_change_check (const FloeLdapSettings *settings,
                                 const FloeLdapPasswords *passwords, GError **error);

G_END_DECLS
