/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

#include "api/exchange.h"
#include "api/gate.h"
#include "core/clock.h"

G_BEGIN_DECLS

/**
 * FLOE_MAX_CONNECTIONS:
 *
 * More than that wait in the backlog. Each terminal has one connection for its events.
 */
#define FLOE_MAX_CONNECTIONS 8192

/**
 * FloeApiServerSettings:
 * @clock: the clock
 * @gate: what is let in; the server keeps the pointer's contents, so what it points to must outlive
 *   the server
 * @trusted_uids: (array length=n_trusted_uids): whose processes may use the Unix socket
 * @n_trusted_uids: how many
 * @max_connections: open at a time; %FLOE_MAX_CONNECTIONS when 0; less when the process may not
 *   open as many files
 * @dispatch: called with each request that passed the gate
 * @data: its user data
 */
typedef struct
{
  FloeClock *clock;
  FloeGate gate;
  const uid_t *trusted_uids;
  gsize n_trusted_uids;
  guint max_connections;
  FloeHandler dispatch;
  gpointer data;
} FloeApiServerSettings;

/**
 * FloeApiServer:
 *
 * Listens, accepts, and answers one request a connection. The peer is HAProxy on a Unix socket, or
 * anybody on the loopback interface, who is then spoken to but not trusted.
 */
#define FLOE_TYPE_API_SERVER (floe_api_server_get_type ())
G_DECLARE_FINAL_TYPE (FloeApiServer, floe_api_server, FLOE, API_SERVER, GObject)

FloeApiServer *floe_api_server_new (const FloeApiServerSettings *settings);
gboolean floe_api_server_listen_unix (FloeApiServer *self, const gchar *path, GError **error);
gboolean floe_api_server_listen_loopback (FloeApiServer *self, const gchar *address,
                                          GError **error);
guint16 floe_api_server_get_port (FloeApiServer *self);
guint floe_api_server_get_connections (FloeApiServer *self);
void floe_api_server_stop (FloeApiServer *self);

G_END_DECLS
