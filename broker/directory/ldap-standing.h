/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/standing.h"
#include "directory/ldap-handle.h"
#include "directory/ldap-person.h"

G_BEGIN_DECLS

/**
 * FloeLdapStandingCall:
 * @settings: the directory's
 * @handle: bound as the service account
 * @until: monotonic time at which the answer is no longer wanted
 * @cancellable: (nullable): gives up
 */
typedef struct
{
  const FloeLdapSettings *settings;
  FloeLdapHandle *handle;
  gint64 until;
  GCancellable *cancellable;
} FloeLdapStandingCall;

FloeLdapVerdict floe_ldap_standing_read (const FloeLdapStandingCall *call,
                                         const FloeLdapPerson *person, FloeStanding **standing,
                                         GError **error);

G_END_DECLS
