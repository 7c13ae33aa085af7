/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeColorScheme:
 *
 * Keeps GTK's dark variant as the person's desktop wants it. GTK 3 does not look at that setting by
 * itself; the settings portal has it.
 */
#define FLOE_TYPE_COLOR_SCHEME (floe_color_scheme_get_type ())
G_DECLARE_FINAL_TYPE (FloeColorScheme, floe_color_scheme, FLOE, COLOR_SCHEME, GObject)

FloeColorScheme *floe_color_scheme_new (GtkSettings *settings);

G_END_DECLS
