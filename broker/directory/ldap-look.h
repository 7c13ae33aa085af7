/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-handle.h"

G_BEGIN_DECLS

/**
 * FloeLdapQuery:
 * @base: where
 * @scope: LDAP_SCOPE_BASE or the like
 * @filter: for what
 * @attributes: (array zero-terminated=1): what of it
 * @max: so many entries at most
 */
typedef struct
{
  const gchar *base;
  gint scope;
  const gchar *filter;
  const gchar *const *attributes;
  gint max;
} FloeLdapQuery;

/* Single searches that are waited for, where nobody logs in meanwhile. */

LDAPMessage *floe_ldap_look_for (FloeLdapHandle *handle, const FloeLdapQuery *query,
                                 const FloeLdapLimit *limit, FloeLdapReply *reply);
LDAPMessage *floe_ldap_look_at (FloeLdapHandle *handle, const gchar *dn,
                                const gchar *const *attributes, const FloeLdapLimit *limit);

G_END_DECLS
