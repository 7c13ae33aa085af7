/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A filter that finds the groups of a member, by its DN in place of each %d and by its log-in name
 * in place of each %u. */

gchar *floe_ldap_member_filter_for_person (const gchar *group_filter, const gchar *dn,
                                           const gchar *name);
gchar *floe_ldap_member_filter_for_groups (const gchar *group_filter, gpointer *dns, guint n);

G_END_DECLS
