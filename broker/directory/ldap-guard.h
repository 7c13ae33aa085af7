/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLdapGuard:
 *
 * A watchdog that ends blocking calls: it shuts a socket down when its time has come, so that
 * whoever waits for it wakes up. One thread serves all sockets and sleeps while there is none.
 */
typedef struct _FloeLdapGuard FloeLdapGuard;

FloeLdapGuard *floe_ldap_guard_new (void);
void floe_ldap_guard_free (FloeLdapGuard *self);
void floe_ldap_guard_arm (FloeLdapGuard *self, gint fd, gint64 until);
gboolean floe_ldap_guard_disarm (FloeLdapGuard *self, gint fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapGuard, floe_ldap_guard_free)

G_END_DECLS
