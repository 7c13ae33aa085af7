/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint floe_ldap_socket_connect (const gchar *uri, gint64 until, GError **error);
gboolean floe_ldap_socket_is_quiet (gint fd);
gboolean floe_ldap_socket_set_blocking (gint fd, gboolean blocking);

G_END_DECLS
