/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FLOE_LISTEN_BACKLOG:
 *
 * GIO's own backlog is 10, with which a burst of clients waits for seconds.
 */
#define FLOE_LISTEN_BACKLOG 1024

GSocket *floe_listen_unix (const gchar *path, GError **error);
GSocket *floe_listen_loopback (const gchar *address, GError **error);

G_END_DECLS
