/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeKeyboard:
 *
 * The keyboard layout of the X server, as long as the program runs: in the end it is what it was.
 * Under Wayland it is the compositor's, and nobody else's to choose.
 */
#define FLOE_TYPE_KEYBOARD (floe_keyboard_get_type ())
G_DECLARE_FINAL_TYPE (FloeKeyboard, floe_keyboard, FLOE, KEYBOARD, GObject)

FloeKeyboard *floe_keyboard_new (GdkScreen *screen);
void floe_keyboard_use (FloeKeyboard *self, const gchar *layout);

gboolean floe_keyboard_may_choose (void);
GArray *floe_keyboard_list_layouts (void);
GtkWidget *floe_keyboard_choice_new (GSettings *settings);

G_END_DECLS
