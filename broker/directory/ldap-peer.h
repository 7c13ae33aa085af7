/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <ldap.h>

G_BEGIN_DECLS

gboolean floe_ldap_peer_check (LDAP *ld, const gchar *uri, GError **error);

G_END_DECLS
