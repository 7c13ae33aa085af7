/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-group-cache.h"
#include "directory/ldap-handle.h"
#include "directory/ldap-person.h"
#include "directory/ldap-settings.h"

G_BEGIN_DECLS

#define FLOE_LDAP_GROUPS_MAX 5000
#define FLOE_LDAP_DEPTH_MAX  32

/**
 * FloeLdapWay:
 * @FLOE_LDAP_WAY_SIDS: the person's entry computes all of them
 * @FLOE_LDAP_WAY_ATTRIBUTE: the person's entry names them, and theirs name those that they are in
 * @FLOE_LDAP_WAY_FILTER: they are searched by their members
 *
 * How somebody's groups are found.
 */
typedef enum
{
  FLOE_LDAP_WAY_SIDS,
  FLOE_LDAP_WAY_ATTRIBUTE,
  FLOE_LDAP_WAY_FILTER,
} FloeLdapWay;

/**
 * FloeLdapMembership:
 * @settings: the directory's
 * @cache: what is known of groups already
 * @service: a connection of the service account
 * @until: monotonic time at which nobody wants to know any more
 * @cancellable: (nullable): cancelled when nobody waits
 * @code: (out): the last LDAP result
 * @round_trips: (out): how often we waited for the server
 * @cut: (out): there were more groups than we follow, or than the server shows
 *
 * One question for somebody's groups.
 */
typedef struct
{
  const FloeLdapSettings *settings;
  FloeLdapGroupCache *cache;
  FloeLdapHandle *service;
  gint64 until;
  GCancellable *cancellable;
  gint code;
  guint round_trips;
  gboolean cut;
} FloeLdapMembership;

FloeLdapWay floe_ldap_membership_way (const FloeLdapSettings *settings,
                                      const FloeLdapPerson *person);
FloeLdapVerdict floe_ldap_membership_read (FloeLdapMembership *self, const FloeLdapPerson *person,
                                           GStrv *groups, GError **error);

G_END_DECLS
