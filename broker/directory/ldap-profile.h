/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLdapAccountKind:
 * @FLOE_LDAP_ACCOUNT_PLAIN: only locks that an administrator set
 * @FLOE_LDAP_ACCOUNT_AD: userAccountControl and accountExpires, too
 * @FLOE_LDAP_ACCOUNT_KERBEROS: krbPrincipalExpiration and krbPasswordExpiration, too, since the
 *   server lets people in regardless of them
 *
 * What an entry says of the account's state.
 */
typedef enum
{
  FLOE_LDAP_ACCOUNT_PLAIN,
  FLOE_LDAP_ACCOUNT_AD,
  FLOE_LDAP_ACCOUNT_KERBEROS,
} FloeLdapAccountKind;

/* How somebody's groups are found, see #FloeLdapSettings. */
#define FLOE_LDAP_GROUPS_ATTRIBUTE "attribute"
#define FLOE_LDAP_GROUPS_FILTER    "filter"
#define FLOE_LDAP_GROUPS_AUTO      "auto"

/**
 * FloeLdapProfile:
 * @name: as the configuration names it
 * @group_container: (nullable): where below the directory's suffix groups are that may be named by
 *   their plain name; "" for the suffix itself; %NULL for nowhere
 * @groups_by: as #FloeLdapSettings has it
 * @group_filter: as #FloeLdapSettings has it
 * @group_name_attribute: (nullable): as #FloeLdapSettings has it
 * @changes_for_people: passwords are changed by the service account, in `unicodePwd`, since whoever
 *   has to change theirs cannot bind; elsewhere the person does it (RFC 3062)
 * @nested: the group attribute names direct groups only, whose own groups have to be walked
 *
 * What is usual in one kind of directory. The strings are defaults of #FloeLdapSettings.
 */
typedef struct
{
  const gchar *name;
  const gchar *user_filter;
  const gchar *id_attribute;
  const gchar *name_attribute;
  const gchar *display_name_attribute;
  const gchar *group_attribute;
  const gchar *group_id_attribute;
  const gchar *group_container;
  const gchar *groups_by;
  const gchar *group_filter;
  const gchar *group_name_attribute;
  gboolean nested;
  gboolean changes_for_people;
  FloeLdapAccountKind account;
} FloeLdapProfile;

const FloeLdapProfile *floe_ldap_profile_find (const gchar *name);
gchar *floe_ldap_profile_suffix (const gchar *base);
gchar *floe_ldap_profile_group_base (const FloeLdapProfile *self, const gchar *base);
GStrv floe_ldap_profile_domains (const gchar *base);

G_END_DECLS
