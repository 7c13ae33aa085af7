/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeLogo:
 *
 * The program's icon, large. Not by its name, which is an SVG's: what draws those takes three
 * megabytes for good, and is needed for nothing else on the way to a desktop.
 */
#define FLOE_TYPE_LOGO (floe_logo_get_type ())
G_DECLARE_FINAL_TYPE (FloeLogo, floe_logo, FLOE, LOGO, GtkImage)

void floe_logo_set_default_icon (void);

G_END_DECLS
