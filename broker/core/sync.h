/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/domain.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeSyncInput:
 * @now: microseconds since 1970 UTC
 * @host: the host that was heard of
 * @domains: (element-type FloeDomain): what it said; a power that is unknown changes nothing
 * @complete: @domains is all that there is on @host
 * @resume: what was under way is taken up again: after a start or a gap
 */
typedef struct
{
  gint64 now;
  gchar *host;
  GPtrArray *domains;
  gboolean complete;
  gboolean resume;
} FloeSyncInput;

FloeSyncInput *floe_sync_input_new (gint64 now, const gchar *host, GPtrArray *domains);
void floe_sync_input_free (FloeSyncInput *self);

FloeDesktop *floe_sync_adopt (const FloePool *pool, const FloeDomain *domain, FloePower power,
                              gint64 now);
gpointer floe_sync_domains (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_sync_host_lost (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
