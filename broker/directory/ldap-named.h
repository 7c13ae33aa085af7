/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-handle.h"
#include "directory/ldap-outcome.h"
#include "directory/ldap-settings.h"

G_BEGIN_DECLS

/**
 * FloeLdapNamedCall:
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
} FloeLdapNamedCall;

FloeLdapVerdict floe_ldap_named_find (const FloeLdapNamedCall *call, const gchar *name, GStrv *ids,
                                      gint *code, GError **error);

G_END_DECLS
