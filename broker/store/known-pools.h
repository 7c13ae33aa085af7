/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool.h"

G_BEGIN_DECLS

/**
 * FloeKnownPools:
 *
 * What the settings of pools mean, kept by their text, so that a text is read once and not each
 * time that its pool is. It belongs to one connection.
 */
typedef struct _FloeKnownPools FloeKnownPools;

FloeKnownPools *floe_known_pools_new (void);
void floe_known_pools_free (FloeKnownPools *self);
gboolean floe_known_pools_unpack (FloeKnownPools *self, FloePool *pool, const gchar *text,
                                  GError **error);

G_END_DECLS
