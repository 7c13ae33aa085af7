/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "kiosk/power.h"
#include "kiosk/volume.h"

G_BEGIN_DECLS

/**
 * FloeBar:
 *
 * What a machine needs that has no desktop around it: the state of the network, help for seeing and
 * typing, sound and light, and its switch. What is not there is not shown.
 */
#define FLOE_TYPE_BAR (floe_bar_get_type ())
G_DECLARE_FINAL_TYPE (FloeBar, floe_bar, FLOE, BAR, GtkBox)

GtkWidget *floe_bar_new (FloePower *power, FloeVolume *volume);
void floe_bar_set_parts (FloeBar *self, const gchar *const *parts);
void floe_bar_set_loudness (FloeBar *self, gint percent);
void floe_bar_reset (FloeBar *self);

G_END_DECLS
