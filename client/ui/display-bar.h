/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/display-state.h"

G_BEGIN_DECLS

/**
 * FloeDisplayBar:
 *
 * What full screen has instead of a header bar: it hides, and comes out of the upper edge.
 */
#define FLOE_TYPE_DISPLAY_BAR (floe_display_bar_get_type ())
G_DECLARE_FINAL_TYPE (FloeDisplayBar, floe_display_bar, FLOE, DISPLAY_BAR, GtkEventBox)

void floe_display_bar_set_state (FloeDisplayBar *self, FloeDisplayState *state);
void floe_display_bar_introduce (FloeDisplayBar *self);
void floe_display_bar_reveal (FloeDisplayBar *self);
void floe_display_bar_conceal (FloeDisplayBar *self);
void floe_display_bar_take_focus (FloeDisplayBar *self);

G_END_DECLS
