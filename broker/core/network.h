/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GInetAddress *floe_network_parse (const gchar *address);
gchar *floe_network_of (const gchar *address);
gboolean floe_network_is_valid (const gchar *network);
gboolean floe_network_equal (const gchar *a, const gchar *b);
gboolean floe_network_has (const gchar *network, const gchar *address);

G_END_DECLS
