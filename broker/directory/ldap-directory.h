/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/directory.h"
#include "directory/ldap-init.h"
#include "directory/ldap-settings.h"
#include "util/workers.h"

G_BEGIN_DECLS

/**
 * FloeLdapDirectory:
 *
 * The directory port on libldap: search, then bind, over LDAPS or StartTLS. A log-in is one search
 * and one bind on connections that are kept; nothing of it happens on the main thread.
 *
 * main() has to ignore SIGPIPE and should call floe_ldap_init() before it has a second thread.
 */
#define FLOE_TYPE_LDAP_DIRECTORY (floe_ldap_directory_get_type ())
G_DECLARE_FINAL_TYPE (FloeLdapDirectory, floe_ldap_directory, FLOE, LDAP_DIRECTORY, GObject)

FloeDirectory *floe_ldap_directory_new (const FloeLdapSettings *settings, GError **error);
const gchar *const *floe_ldap_directory_get_domains (FloeLdapDirectory *self);
void floe_ldap_directory_get_load (FloeLdapDirectory *self, FloeLoad *load);
guint floe_ldap_directory_get_overdue (FloeLdapDirectory *self);
guint floe_ldap_directory_get_queued (FloeLdapDirectory *self);
guint floe_ldap_directory_count_servers (FloeLdapDirectory *self);
const gchar *floe_ldap_directory_get_server (FloeLdapDirectory *self, guint nth);
gboolean floe_ldap_directory_look_at_server (FloeLdapDirectory *self, guint nth);
guint64 floe_ldap_directory_get_group_round_trips (FloeLdapDirectory *self);

G_END_DECLS
