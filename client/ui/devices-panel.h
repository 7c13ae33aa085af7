/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/folder.h"
#include "session/usb.h"

G_BEGIN_DECLS

/**
 * FloeDevicesPanel:
 *
 * What of this computer the desktop has: each USB device with a switch, and a folder.
 *
 * Signal: "closed" ().
 */
#define FLOE_TYPE_DEVICES_PANEL (floe_devices_panel_get_type ())
G_DECLARE_FINAL_TYPE (FloeDevicesPanel, floe_devices_panel, FLOE, DEVICES_PANEL, GtkBox)

GtkWidget *floe_devices_panel_new (void);
void floe_devices_panel_attach (FloeDevicesPanel *self, const FloePolicy *policy, FloeUsb *usb,
                                FloeFolderShare *folder);
void floe_devices_panel_detach (FloeDevicesPanel *self);
void floe_devices_panel_lock_down (FloeDevicesPanel *self);
void floe_devices_panel_set_settings (FloeDevicesPanel *self, GSettings *settings);
void floe_devices_panel_set_auto (FloeDevicesPanel *self, gboolean share);
void floe_devices_panel_take_focus (FloeDevicesPanel *self);

G_END_DECLS
