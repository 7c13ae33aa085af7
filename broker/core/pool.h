/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/lifecycle.h"
#include "core/user.h"

G_BEGIN_DECLS

#define FLOE_POOL_GRACE_SECONDS 14400
#define FLOE_POOL_READY_SECONDS 120

/**
 * FloePool:
 * @name: [a-z0-9][a-z0-9-]{0,63}
 * @description: (nullable): for people, 256 bytes at most
 * @kind: floating or dedicated
 * @manager: the manager that runs its desktops; "libvirt"
 * @pattern: (nullable): glob over domain names; %NULL means that the domain's metadata names the
 * pool
 * @groups: (array zero-terminated=1): entitled groups, by plain name or DN
 * @users: (array zero-terminated=1): entitled people, by log-in name
 * @grace_seconds: how long a desktop waits for its holder after a disconnect
 * @ready_seconds: how long a connect waits for a guest that has an agent before it goes on without
 * @closed: nobody gets a desktop; holders may reconnect
 *
 * A pool as its administrator defined it. Immutable.
 */
typedef struct
{
  gchar *name;
  gchar *description;
  FloePoolKind kind;
  gchar *manager;
  gchar *pattern;
  GStrv groups;
  GStrv users;
  guint grace_seconds;
  guint ready_seconds;
  gboolean closed;
} FloePool;

FloePool *floe_pool_new (const gchar *name, FloePoolKind kind);
FloePool *floe_pool_copy (const FloePool *self);
void floe_pool_free (FloePool *self);
gboolean floe_pool_validate (const FloePool *self, GError **error);
gboolean floe_pool_has_domain (const FloePool *self, const FloeDomain *domain);
gboolean floe_pool_entitles (const FloePool *self, const FloeUser *user);
GStrv floe_pool_diff (const FloePool *before, const FloePool *after);
gboolean floe_pool_name_is_valid (const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePool, floe_pool_free)

G_END_DECLS
