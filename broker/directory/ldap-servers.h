/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeLdapServers:
 *
 * What all workers together know of the servers' health. A server that failed is left alone while
 * another one works, and tried again in the background, as is one that nobody asks. When none
 * works, one caller tries and the others share what comes of it; but one that took its time to
 * fail, or that wants none of us, is tried in the background alone, so that nobody waits for it in
 * vain. Safe to use from any thread.
 */
typedef struct _FloeLdapServers FloeLdapServers;

#define FLOE_LDAP_FIRST_PROBE (1 * G_USEC_PER_SEC)
#define FLOE_LDAP_LAST_PROBE  (30 * G_USEC_PER_SEC)
#define FLOE_LDAP_UNHEARD     (60 * G_USEC_PER_SEC)

FloeLdapServers *floe_ldap_servers_new (const gchar *const *uris, gint64 (*now) (void));
void floe_ldap_servers_free (FloeLdapServers *self);
gint floe_ldap_servers_pick (FloeLdapServers *self, guint tried, gint64 until,
                             GCancellable *cancellable);
guint floe_ldap_servers_count_up (FloeLdapServers *self, guint tried);
void floe_ldap_servers_reached (FloeLdapServers *self, guint server);
void floe_ldap_servers_failed (FloeLdapServers *self, guint server, gint64 hold, const gchar *text);
void floe_ldap_servers_release (FloeLdapServers *self, guint server);
gint floe_ldap_servers_take_probe (FloeLdapServers *self);
gboolean floe_ldap_servers_need_probes (FloeLdapServers *self);
gboolean floe_ldap_servers_is_up (FloeLdapServers *self);
guint floe_ldap_servers_count (const FloeLdapServers *self);
const gchar *floe_ldap_servers_get_uri (const FloeLdapServers *self, guint server);
gboolean floe_ldap_servers_server_is_up (FloeLdapServers *self, guint server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapServers, floe_ldap_servers_free)

G_END_DECLS
