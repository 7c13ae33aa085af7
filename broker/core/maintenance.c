/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/maintenance.h"

/**
 * floe_maintenance_new:
 * @desktop_id: (nullable): a desktop
 * @pool: (nullable): or a pool
 */
FloeMaintenance *
floe_maintenance_new (const gchar *desktop_id, const gchar *pool)
{
  FloeMaintenance *self = g_new0 (FloeMaintenance, 1);

  self->desktop_id = g_strdup (desktop_id);
  self->pool = g_strdup (pool);
  return self;
}

void
floe_maintenance_free (FloeMaintenance *self)
{
  if (self == NULL)
    return;
  g_free (self->desktop_id);
  g_free (self->pool);
  g_free (self->by);
  g_free (self->message);
  g_free (self);
}

/**
 * floe_maintenance_is_over:
 *
 * Returns: whether the time that people had is over
 */
gboolean
floe_maintenance_is_over (const FloeMaintenance *self, gint64 now)
{
  return self->ends != 0 && self->ends <= now;
}
