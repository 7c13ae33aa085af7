/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeMonitor:
 * @connector: what it is plugged into, such as "DP-1"; unique
 * @name: what people call it: maker and model, or the connector
 * @x, @y, @width, @height: where it is in the desktop of this machine, in its own units
 * @scale: how many real pixels such a unit has in either direction
 * @width_mm, @height_mm: how large it is, or 0
 *
 * A monitor of this machine.
 */
typedef struct
{
  gchar *connector;
  gchar *name;
  gint x;
  gint y;
  gint width;
  gint height;
  gint scale;
  gint width_mm;
  gint height_mm;
} FloeMonitor;

FloeMonitor *floe_monitor_new (const gchar *connector, gint x, gint y, gint width, gint height);
void floe_monitor_free (FloeMonitor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeMonitor, floe_monitor_free)

/**
 * FloeGuestScreen:
 * @x, @y, @width, @height: where the guest should have a screen, in pixels
 * @width_mm, @height_mm: how large it is, or 0
 */
typedef struct
{
  gint x;
  gint y;
  gint width;
  gint height;
  gint width_mm;
  gint height_mm;
} FloeGuestScreen;

GArray *floe_monitors_lay_out (GPtrArray *monitors);
GPtrArray *floe_monitors_choose (GPtrArray *monitors, const gchar *const *connectors,
                                 const gchar *first, guint most);
gchar *floe_monitors_dup_key (GPtrArray *monitors);

G_END_DECLS
