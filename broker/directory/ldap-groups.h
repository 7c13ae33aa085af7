/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <ldap.h>

G_BEGIN_DECLS

GStrv floe_ldap_groups (struct berval **values, const gchar *group_base);

G_END_DECLS
