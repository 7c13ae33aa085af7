/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GInetAddress *floe_network_parse (const gchar *address);
gchar *floe_network_of (const gchar *address);

G_END_DECLS
