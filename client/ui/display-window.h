/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/display-bar.h"
#include "ui/display-screen.h"

G_BEGIN_DECLS

/**
 * FloeDisplayWindow:
 *
 * A further monitor in full screen: one more screen of the guest, and a bar of its own. It is as
 * large as its monitor whether there is a window manager or not.
 */
#define FLOE_TYPE_DISPLAY_WINDOW (floe_display_window_get_type ())
G_DECLARE_FINAL_TYPE (FloeDisplayWindow, floe_display_window, FLOE, DISPLAY_WINDOW, GtkWindow)

FloeDisplayWindow *floe_display_window_new (GtkWindow *main);
void floe_display_window_place (FloeDisplayWindow *self, GdkMonitor *monitor);
void floe_display_window_attach (FloeDisplayWindow *self, FloeSession *session, guint channel_id,
                                 guint monitor_id);
void floe_display_window_detach (FloeDisplayWindow *self);
gboolean floe_display_window_is_attached (FloeDisplayWindow *self);
FloeDisplayScreen *floe_display_window_get_screen (FloeDisplayWindow *self);
FloeDisplayBar *floe_display_window_get_bar (FloeDisplayWindow *self);

G_END_DECLS
