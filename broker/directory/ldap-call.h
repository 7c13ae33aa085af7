/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-handle.h"
#include "directory/ldap-settings.h"

G_BEGIN_DECLS

/**
 * FloeLdapCall:
 * @settings: the directory's
 * @handle: bound as the service account
 * @until: monotonic time at which the answer is no longer wanted
 * @cancellable: (nullable): gives up
 *
 * What a question that the service account asks works with.
 */
typedef struct
{
  const FloeLdapSettings *settings;
  FloeLdapHandle *handle;
  gint64 until;
  GCancellable *cancellable;
} FloeLdapCall;

G_END_DECLS
