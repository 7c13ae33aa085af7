/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeScreenKeyboard:
 *
 * Keys on the screen, which type into the text field that has the focus. They are part of the
 * window, and so need neither a window manager that puts a window of theirs aside nor a protocol of
 * the compositor; what is on them is what the machine's own layout has.
 */
#define FLOE_TYPE_SCREEN_KEYBOARD (floe_screen_keyboard_get_type ())
G_DECLARE_FINAL_TYPE (FloeScreenKeyboard, floe_screen_keyboard, FLOE, SCREEN_KEYBOARD, GtkBox)

GtkWidget *floe_screen_keyboard_new (void);

G_END_DECLS
