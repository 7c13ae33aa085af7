/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeDevices:
 *
 * What goes between a desktop and this computer beside its picture and its keys: the clipboard,
 * files that are dropped, USB devices, a folder. As the session's policy says, and as the person in
 * front of it wants.
 *
 * Signal: "closed" () when the panel was, and the keyboard is nobody's.
 */
#define FLOE_TYPE_DEVICES (floe_devices_get_type ())
G_DECLARE_FINAL_TYPE (FloeDevices, floe_devices, FLOE, DEVICES, GObject)

FloeDevices *floe_devices_new (GtkOverlay *place);
void floe_devices_attach (FloeDevices *self, FloeSession *session);
void floe_devices_detach (FloeDevices *self);
void floe_devices_show (FloeDevices *self);
void floe_devices_set_clipboard (FloeDevices *self, gboolean share);
void floe_devices_set_settings (FloeDevices *self, GSettings *settings);
void floe_devices_set_auto_usb (FloeDevices *self, gboolean share);
void floe_devices_lock_down (FloeDevices *self);
void floe_devices_prepare_display (FloeSession *session, GtkWidget *display);

G_END_DECLS
