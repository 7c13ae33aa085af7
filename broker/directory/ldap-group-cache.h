/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLdapParent:
 * @group: its DN, or its SID
 * @names: (nullable): by what an entitlement may name it; %NULL until its own entry is read
 *
 * A group that something is in.
 */
typedef struct
{
  gchar *group;
  GStrv names;
} FloeLdapParent;

FloeLdapParent *floe_ldap_parent_new (const gchar *group, const gchar *const *names);
void floe_ldap_parent_free (FloeLdapParent *self);

/**
 * FloeLdapGroup:
 * @names: by what an entitlement may name it; none where they came with the group
 * @parents: (element-type FloeLdapParent): the groups that it is in itself
 *
 * What the directory told of one group. Immutable.
 */
typedef struct
{
  GStrv names;
  GPtrArray *parents;
} FloeLdapGroup;

FloeLdapGroup *floe_ldap_group_new (const gchar *const *names, GPtrArray *parents);
FloeLdapGroup *floe_ldap_group_ref (FloeLdapGroup *self);
void floe_ldap_group_unref (FloeLdapGroup *self);

/**
 * FloeLdapGroupCache:
 *
 * What all workers together know of groups, each entry until its end. Safe to use from any thread.
 */
typedef struct _FloeLdapGroupCache FloeLdapGroupCache;

#define FLOE_LDAP_GROUP_CACHE_MAX 20000

FloeLdapGroupCache *floe_ldap_group_cache_new (gint64 (*now) (void));
void floe_ldap_group_cache_free (FloeLdapGroupCache *self);
FloeLdapGroup *floe_ldap_group_cache_find (FloeLdapGroupCache *self, const gchar *key);
void floe_ldap_group_cache_put (FloeLdapGroupCache *self, const gchar *key, FloeLdapGroup *group,
                                guint seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapParent, floe_ldap_parent_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapGroup, floe_ldap_group_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapGroupCache, floe_ldap_group_cache_free)

G_END_DECLS
