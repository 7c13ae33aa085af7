/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-profile.h"

#include <ldap.h>
#include <string.h>

static const FloeLdapProfile profiles[] = {
  { .name = "openldap",
    .user_filter = "(&(objectClass=person)(uid=%s))",
    .id_attribute = "entryUUID",
    .name_attribute = "uid",
    .display_name_attribute = "cn",
    .group_attribute = "memberOf",
    .group_id_attribute = "entryUUID",
    .groups_by = FLOE_LDAP_GROUPS_AUTO,
    .group_filter = "(|(member=%d)(uniqueMember=%d)(memberUid=%u))",
    .nested = TRUE,
    .account = FLOE_LDAP_ACCOUNT_PLAIN },
  { .name = "active-directory",
    .user_filter = "(&(objectCategory=person)(objectClass=user)"
                   "(|(sAMAccountName=%s)(userPrincipalName=%s)))",
    .id_attribute = "objectGUID",
    .name_attribute = "sAMAccountName",
    .display_name_attribute = "displayName",
    .group_attribute = "tokenGroups",
    .group_id_attribute = "objectSid",
    .group_container = "",
    .groups_by = FLOE_LDAP_GROUPS_ATTRIBUTE,
    .group_filter = "(member=%d)",
    .group_name_attribute = "sAMAccountName",
    .nested = TRUE,
    .changes_for_people = TRUE,
    .account = FLOE_LDAP_ACCOUNT_AD },
  { .name = "freeipa",
    .user_filter = "(&(objectClass=person)(uid=%s))",
    .id_attribute = "ipaUniqueID",
    .name_attribute = "uid",
    .display_name_attribute = "cn",
    .group_attribute = "memberOf",
    .group_id_attribute = "ipaUniqueID",
    .group_container = "cn=groups,cn=accounts,",
    .groups_by = FLOE_LDAP_GROUPS_ATTRIBUTE,
    .group_filter = "(member=%d)",
    .nested = FALSE,
    .account = FLOE_LDAP_ACCOUNT_KERBEROS },
};

/**
 * floe_ldap_profile_find:
 * @name: (nullable): a profile's name; "openldap" when %NULL
 *
 * Returns: (transfer none) (nullable): the profile; %NULL when there is none of that name
 */
const FloeLdapProfile *
floe_ldap_profile_find (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (g_strcmp0 (name != NULL ? name : "openldap", profiles[i].name) == 0)
      return &profiles[i];
  return NULL;
}

static gboolean
is_domain_component (LDAPRDN rdn)
{
  return rdn[0] != NULL && rdn[1] == NULL && rdn[0]->la_attr.bv_len == 2
         && g_ascii_strncasecmp (rdn[0]->la_attr.bv_val, "dc", 2) == 0
         && memchr (rdn[0]->la_value.bv_val, '\0', rdn[0]->la_value.bv_len) == NULL;
}

/* The values of the "dc" components at the end of a DN, in order. */
static GStrv
domain_components (const gchar *dn)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  LDAPDN parsed = NULL;

  ldap_str2dn (dn, &parsed, LDAP_DN_FORMAT_LDAPV3);
  for (guint i = 0; parsed != NULL && parsed[i] != NULL; i++)
    if (!is_domain_component (parsed[i]))
      g_ptr_array_set_size (found, 0);
    else
      g_ptr_array_add (found,
                       g_strndup (parsed[i][0]->la_value.bv_val, parsed[i][0]->la_value.bv_len));
  ldap_dnfree (parsed);
  g_ptr_array_add (found, NULL);
  return (GStrv)g_ptr_array_steal (found, NULL);
}

/**
 * floe_ldap_profile_suffix:
 * @base: where people are
 *
 * Returns: (transfer full) (nullable): what the `dc` components of @base say the whole directory is
 *   below; %NULL where there are none
 */
gchar *
floe_ldap_profile_suffix (const gchar *base)
{
  g_auto (GStrv) components = domain_components (base != NULL ? base : "");
  g_autofree gchar *joined = g_strjoinv (",dc=", components);

  return components[0] != NULL ? g_strconcat ("dc=", joined, NULL) : NULL;
}

/**
 * floe_ldap_profile_group_base:
 * @self: a profile
 * @base: where people are
 *
 * Returns: (transfer full) (nullable): below which groups may be named by their plain name, when
 *   nobody says otherwise
 */
gchar *
floe_ldap_profile_group_base (const FloeLdapProfile *self, const gchar *base)
{
  g_autofree gchar *suffix = floe_ldap_profile_suffix (base);

  if (self->group_container == NULL || suffix == NULL)
    return NULL;
  return g_strconcat (self->group_container, suffix, NULL);
}

/**
 * floe_ldap_profile_domains:
 * @base: where people are
 *
 * Returns: (transfer full): what may follow "@" or stand before "\" in a log-in name, when nobody
 *   says otherwise: of `DC=ad,DC=example` "ad.example" and "ad"
 */
GStrv
floe_ldap_profile_domains (const gchar *base)
{
  g_auto (GStrv) components = domain_components (base != NULL ? base : "");
  g_autofree gchar *joined = g_strjoinv (".", components);
  const gchar *const domains[] = { joined, components[0], NULL };
  const gchar *const none[] = { NULL };

  return g_strdupv ((gchar **)(components[0] != NULL ? domains : none));
}
