/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/display-state.h"

G_BEGIN_DECLS

/**
 * FloeDisplayStatus:
 *
 * How the connection is, and how long the session may still last.
 */
#define FLOE_TYPE_DISPLAY_STATUS (floe_display_status_get_type ())
G_DECLARE_FINAL_TYPE (FloeDisplayStatus, floe_display_status, FLOE, DISPLAY_STATUS, GtkBox)

void floe_display_status_set_state (FloeDisplayStatus *self, FloeDisplayState *state);

G_END_DECLS
