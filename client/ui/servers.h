/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeServer:
 * @url: the normalised address
 * @user: (nullable): who logged in there last; never a password
 * @ca_file: (nullable): the certificate authority file of this server alone
 * @used: when it was used last, seconds since 1970
 */
typedef struct
{
  gchar *url;
  gchar *user;
  gchar *ca_file;
  gint64 used;
} FloeServer;

FloeServer *floe_server_new (const gchar *url, const gchar *user, const gchar *ca_file);
void floe_server_free (FloeServer *self);
gchar *floe_server_dup_host (const gchar *url);

/**
 * FloeServers:
 *
 * The servers that this person used, in a key file. What an administrator put into
 * `floe/servers.ini` of a system configuration directory is known from the beginning. A file that
 * cannot be read or written costs the memory and nothing else.
 */
#define FLOE_TYPE_SERVERS (floe_servers_get_type ())
G_DECLARE_FINAL_TYPE (FloeServers, floe_servers, FLOE, SERVERS, GObject)

FloeServers *floe_servers_new (const gchar *path);
FloeServers *floe_servers_new_default (void);

GPtrArray *floe_servers_list (FloeServers *self);
FloeServer *floe_servers_lookup (FloeServers *self, const gchar *url);
void floe_servers_remember (FloeServers *self, const FloeServer *server);
void floe_servers_forget (FloeServers *self, const gchar *url);
void floe_servers_flush (FloeServers *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeServer, floe_server_free)

G_END_DECLS
