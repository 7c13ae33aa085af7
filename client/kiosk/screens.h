/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeScreens:
 *
 * Keeps a window over the whole of the first monitor, and nothing but black on all others, whatever
 * a window manager does or whether there is one: it puts and sizes the window itself, and puts
 * right what was changed. On X it also holds the keyboard, so that a window manager's own keys do
 * nothing. A Wayland compositor for terminals does all this by itself, and lets nobody else.
 */
#define FLOE_TYPE_SCREENS (floe_screens_get_type ())
G_DECLARE_FINAL_TYPE (FloeScreens, floe_screens, FLOE, SCREENS, GObject)

FloeScreens *floe_screens_new (GtkWindow *window);

void floe_screens_place (GtkWindow *window, GdkMonitor *monitor);

G_END_DECLS
