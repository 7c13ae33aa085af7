/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-call.h"
#include "directory/ldap-outcome.h"

G_BEGIN_DECLS

FloeLdapVerdict floe_ldap_named_find (const FloeLdapCall *call, const gchar *name, GStrv *ids,
                                      gint *code, GError **error);

G_END_DECLS
