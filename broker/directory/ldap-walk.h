/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-membership.h"

G_BEGIN_DECLS

/**
 * FLOE_LDAP_BATCH:
 *
 * Searches that are under way together: enough for any person, and far from what fills the socket's
 * buffers.
 */
#define FLOE_LDAP_BATCH 64

/**
 * FLOE_LDAP_DN_SECONDS:
 *
 * How long it is believed who is in what. Together with the time between two looks at everybody who
 * is logged in, it is less than a minute.
 */
#define FLOE_LDAP_DN_SECONDS 10

/**
 * FloeLdapWalk:
 * @call: the question
 * @way: how groups are found
 * @seen: keys of groups that were met
 * @names: what comes out
 * @level: (element-type FloeLdapParent): groups that were met, whose names are not added yet
 *
 * The way from a person to all of their groups, level by level, each group once. Most of it is in
 * ldap-membership.c; how groups are searched by their members is in ldap-group-search.c.
 */
typedef struct
{
  FloeLdapMembership *call;
  FloeLdapWay way;
  GHashTable *seen;
  GHashTable *names;
  GPtrArray *level;
} FloeLdapWalk;

/* ldap-walk.c */
void floe_ldap_walk_init (FloeLdapWalk *self, FloeLdapMembership *call, FloeLdapWay way);
void floe_ldap_walk_clear (FloeLdapWalk *self);
FloeLdapLimit floe_ldap_walk_limit (const FloeLdapWalk *self);
gchar *floe_ldap_walk_key (const FloeLdapWalk *self, const gchar *group);
void floe_ldap_walk_meet (FloeLdapWalk *self, const FloeLdapParent *parent);
void floe_ldap_walk_meet_all (FloeLdapWalk *self, GPtrArray *parents);
void floe_ldap_walk_add (FloeLdapWalk *self, const gchar *const *names);
void floe_ldap_walk_learn (FloeLdapWalk *self, const gchar *group, FloeLdapGroup *told,
                           guint seconds);
GPtrArray *floe_ldap_walk_rise (FloeLdapWalk *self);
GStrv floe_ldap_walk_sorted_names (const FloeLdapWalk *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FloeLdapWalk, floe_ldap_walk_clear)

/* ldap-group-search.c */
FloeLdapVerdict floe_ldap_group_search_person (FloeLdapWalk *walk, const FloeLdapPerson *person,
                                               GError **error);
FloeLdapVerdict floe_ldap_group_search_level (FloeLdapWalk *walk, GPtrArray *asked, GError **error);

G_END_DECLS
