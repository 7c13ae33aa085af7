/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/monitors.h"

G_BEGIN_DECLS

/**
 * FloeMonitorChoice:
 *
 * The monitors of this machine, and on which of them full screen is. What was chosen is remembered
 * for each set of monitors, so that a notebook finds again what was set up at a desk.
 *
 * Signal: "changed" () when a monitor came, went, or became another, or another choice was made.
 */
#define FLOE_TYPE_MONITOR_CHOICE (floe_monitor_choice_get_type ())
G_DECLARE_FINAL_TYPE (FloeMonitorChoice, floe_monitor_choice, FLOE, MONITOR_CHOICE, GObject)

FloeMonitorChoice *floe_monitor_choice_new (GdkDisplay *display, const gchar *path);
FloeMonitorChoice *floe_monitor_choice_new_default (GdkDisplay *display);
void floe_monitor_choice_set_settings (FloeMonitorChoice *self, GSettings *settings);
void floe_monitor_choice_forget (FloeMonitorChoice *self);
gboolean floe_monitor_choice_may_choose (FloeMonitorChoice *self);

GPtrArray *floe_monitor_choice_get_monitors (FloeMonitorChoice *self);
const FloeMonitor *floe_monitor_choice_find (FloeMonitorChoice *self, GdkMonitor *monitor);
GdkMonitor *floe_monitor_choice_get_monitor (FloeMonitorChoice *self, const gchar *connector);
gboolean floe_monitor_choice_is_chosen (FloeMonitorChoice *self, const gchar *connector);
void floe_monitor_choice_set_chosen (FloeMonitorChoice *self, const gchar *connector,
                                     gboolean chosen);
GPtrArray *floe_monitor_choice_list (FloeMonitorChoice *self, const gchar *first, guint most);

G_END_DECLS
