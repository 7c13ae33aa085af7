/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/desktop.h"

G_BEGIN_DECLS

/**
 * FloeMaintenance:
 * @desktop_id: (nullable): which desktop is in it; of a pool, %NULL
 * @pool: (nullable): or which pool, that is closed
 * @since: all times in microseconds since 1970 UTC
 * @by: (nullable): who said so
 * @message: (nullable): what people who sit there are told
 * @ends: when sessions there are ended; 0 for never
 *
 * That something is being worked on: nothing new begins there, and what goes on has so much time.
 */
typedef struct
{
  gchar *desktop_id;
  gchar *pool;
  gint64 since;
  gchar *by;
  gchar *message;
  gint64 ends;
} FloeMaintenance;

FloeMaintenance *floe_maintenance_new (const gchar *desktop_id, const gchar *pool);
void floe_maintenance_free (FloeMaintenance *self);
gboolean floe_maintenance_is_over (const FloeMaintenance *self, gint64 now);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeMaintenance, floe_maintenance_free)

G_END_DECLS
