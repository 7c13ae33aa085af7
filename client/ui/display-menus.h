/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/monitor-choice.h"

G_BEGIN_DECLS

GMenuModel *floe_display_menus_new_keys (void);
GMenuModel *floe_display_menus_new_monitors (FloeMonitorChoice *choice);
GActionGroup *floe_display_menus_new_monitor_actions (FloeMonitorChoice *choice,
                                                      const gchar *place);

G_END_DECLS
