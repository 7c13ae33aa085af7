/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLdapName:
 * @whole: everything that was typed, folded
 * @user: the part without a domain of this directory; equal to @whole when there is none
 *
 * A log-in name in the one spelling that servers are asked for.
 */
typedef struct
{
  gchar *whole;
  gchar *user;
} FloeLdapName;

FloeLdapName *floe_ldap_name_new (const gchar *typed, const gchar *const *domains);
FloeLdapName *floe_ldap_name_new_for_principal (const gchar *principal, const gchar *const *domains,
                                                GError **error);
void floe_ldap_name_free (FloeLdapName *self);
gchar *floe_ldap_name_fold (const gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapName, floe_ldap_name_free)

G_END_DECLS
