/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/quality.h"

G_BEGIN_DECLS

/**
 * FloeDisplayState:
 *
 * What the header bar and the bars in full screen say of the desktop that is seen; kept once, and
 * shown in each of them.
 *
 * Signal: "changed" () whenever something of it did.
 */
#define FLOE_TYPE_DISPLAY_STATE (floe_display_state_get_type ())
G_DECLARE_FINAL_TYPE (FloeDisplayState, floe_display_state, FLOE, DISPLAY_STATE, GObject)

FloeDisplayState *floe_display_state_new (void);

void floe_display_state_set_title (FloeDisplayState *self, const gchar *title);
void floe_display_state_set_host (FloeDisplayState *self, const gchar *host);
void floe_display_state_set_time_left (FloeDisplayState *self, const gchar *words);
void floe_display_state_set_quality (FloeDisplayState *self, FloeQuality quality, guint rtt_us,
                                     guint64 rate);
void floe_display_state_set_monitors (FloeDisplayState *self, GMenuModel *menu);
void floe_display_state_set_plain (FloeDisplayState *self, gboolean plain);
void floe_display_state_set_locked_down (FloeDisplayState *self, gboolean locked_down);

const gchar *floe_display_state_get_title (FloeDisplayState *self);
const gchar *floe_display_state_get_host (FloeDisplayState *self);
const gchar *floe_display_state_get_time_left (FloeDisplayState *self);
FloeQuality floe_display_state_get_quality (FloeDisplayState *self, guint *rtt_us, guint64 *rate);
GMenuModel *floe_display_state_get_monitors (FloeDisplayState *self);
gboolean floe_display_state_is_plain (FloeDisplayState *self);
gboolean floe_display_state_is_locked_down (FloeDisplayState *self);

G_END_DECLS
