/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeClamp:
 *
 * A container that gives its child the width that there is, but no more than a column of text
 * should have, and centres it.
 */
#define FLOE_TYPE_CLAMP (floe_clamp_get_type ())
G_DECLARE_FINAL_TYPE (FloeClamp, floe_clamp, FLOE, CLAMP, GtkBin)

void floe_clamp_follow_focus (GtkScrolledWindow *page);
void floe_clamp_scroll_to (GtkScrolledWindow *page, GtkWidget *widget);

G_END_DECLS
