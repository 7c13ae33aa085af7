/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_LDAP_SERVERS_MAX:
 *
 * How many servers may be named.
 */
#define FLOE_LDAP_SERVERS_MAX 16

/**
 * FloeLdapSettings:
 * @profile: (nullable): the kind of directory, which most defaults follow; default `openldap`
 * @uris: (array zero-terminated=1): `ldaps://HOST[:PORT]`, or `ldap://HOST[:PORT]` with @starttls,
 *   in the order of preference
 * @starttls: does StartTLS on the `ldap://` URIs; without it they are refused
 * @ca_file: (nullable): PEM; the system's store when %NULL
 * @bind_dn: the service account
 * @bind_password: its password
 * @base: where people are searched
 * @domains: (nullable) (array zero-terminated=1): what may follow "@" or stand before "\" in a
 *   log-in name; default what the `dc` components of @base say
 * @user_filter: (nullable): with `%s` for the escaped name; default from the profile
 * @id_attribute: (nullable): default from the profile
 * @name_attribute: (nullable): default from the profile
 * @display_name_attribute: (nullable): default from the profile
 * @group_attribute: (nullable): names a person's groups by DN; or `tokenGroups`, which Active
 *   Directory fills with all of them, nested ones and the primary one included. Default from the
 *   profile
 * @group_id_attribute: (nullable): by which a group is known for ever; default from the profile
 * @group_base: (nullable): under which a group may be named by its plain name; default from the
 *   profile
 * @group_name_attribute: (nullable): what a group is called; the first component of its DN when
 *   %NULL, where the profile says nothing else
 * @groups_by: (nullable): how groups are found: `attribute`: @group_attribute of the person and of
 *   the groups names them; `filter`: they are searched with @group_filter; `auto`: searched where
 *   the person's entry names none. Default `filter` where @group_filter is given, else from the
 *   profile
 * @group_filter: (nullable): finds the groups of a member, with `%d` for its DN and `%u` for its
 *   log-in name, escaped; default from the profile
 * @group_search_base: (nullable): below which they are searched; @group_base, or the suffix that
 *   the `dc` components of @base say, or @base
 * @disabled_filter: (nullable): what an account that may not be used matches, beside the lock state
 *   that every search asks for
 * @connections: per kind (search, bind); 0 means 8
 * @connect_timeout: seconds for TCP and TLS to one server; 0 means 3
 * @operation_timeout: seconds for one answer; 0 means 5
 * @queue_limit: calls that may wait for a connection; 0 means 512
 *
 * What the directory needs to know.
 */
typedef struct
{
  gchar *profile;
  GStrv uris;
  gboolean starttls;
  gchar *ca_file;
  gchar *bind_dn;
  FloeSecret *bind_password;
  gchar *base;
  GStrv domains;
  gchar *user_filter;
  gchar *id_attribute;
  gchar *name_attribute;
  gchar *display_name_attribute;
  gchar *group_attribute;
  gchar *group_id_attribute;
  gchar *group_base;
  gchar *group_name_attribute;
  gchar *groups_by;
  gchar *group_filter;
  gchar *group_search_base;
  gchar *disabled_filter;
  guint connections;
  guint connect_timeout;
  guint operation_timeout;
  guint queue_limit;
} FloeLdapSettings;

FloeLdapSettings *floe_ldap_settings_copy (const FloeLdapSettings *self);
void floe_ldap_settings_free (FloeLdapSettings *self);
gboolean floe_ldap_settings_check (const FloeLdapSettings *self, GError **error);
gboolean floe_ldap_settings_reads_tokens (const FloeLdapSettings *self);
gboolean floe_ldap_settings_reads_groups (const FloeLdapSettings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapSettings, floe_ldap_settings_free)

G_END_DECLS
