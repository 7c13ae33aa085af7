/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeKeyboard:
 *
 * Keys on the screen, which type into the text field that has the focus. They are part of the
 * window, and so need neither a window manager that puts a window of theirs aside nor a protocol of
 * the compositor; what is on them is what the machine's own layout has.
 */
#define FLOE_TYPE_KEYBOARD (floe_keyboard_get_type ())
G_DECLARE_FINAL_TYPE (FloeKeyboard, floe_keyboard, FLOE, KEYBOARD, GtkBox)

GtkWidget *floe_keyboard_new (void);

G_END_DECLS
