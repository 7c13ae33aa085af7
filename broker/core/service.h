/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/maintenance.h"
#include "core/store.h"
#include "core/transition.h"

G_BEGIN_DECLS

/* Whether a desktop is in service: it, its pool or its host may be in maintenance. */

gboolean floe_service_find_maintenance (FloeTx *tx, const FloeDesktop *desktop,
                                        FloeMaintenance **found, GError **error);
gboolean floe_service_check (FloeTx *tx, const FloePool *pool, const FloeDesktop *desktop,
                             gint64 now, GError **error);
GPtrArray *floe_service_list_held (FloeTx *tx, const gchar *pool, GError **error);
gboolean floe_service_tell_held (FloeTx *tx, GPtrArray *held, GError **error);

/**
 * FloeServiceInput:
 *
 * A pool whose time is over.
 */
typedef struct
{
  gchar *pool;
  gint64 now;
} FloeServiceInput;

FloeServiceInput *floe_service_input_new (const gchar *pool, gint64 now);
void floe_service_input_free (FloeServiceInput *self);
gpointer floe_service_end_pool (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
