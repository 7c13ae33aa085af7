/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lockout.h"
#include "directory/ldap-handle.h"

G_BEGIN_DECLS

gboolean floe_ldap_lockout_read (FloeLdapHandle *handle, const FloeLdapSettings *settings,
                                 GCancellable *cancellable, FloeLockout *lockout);

G_END_DECLS
