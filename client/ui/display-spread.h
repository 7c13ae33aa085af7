/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/session.h"
#include "ui/display-state.h"
#include "ui/monitor-choice.h"

G_BEGIN_DECLS

/**
 * FloeDisplaySpread:
 *
 * Spreads a guest over the chosen monitors while it is in full screen: a window for each further
 * one, and the guest is asked for the same screens. Windows come and go with the monitors.
 *
 * Signals: "changed" () when it began or ended; "input" () as of #FloeDisplayScreen.
 */
#define FLOE_TYPE_DISPLAY_SPREAD (floe_display_spread_get_type ())
G_DECLARE_FINAL_TYPE (FloeDisplaySpread, floe_display_spread, FLOE, DISPLAY_SPREAD, GObject)

FloeDisplaySpread *floe_display_spread_new (GtkWidget *first, FloeMonitorChoice *choice,
                                            FloeDisplayState *state);
void floe_display_spread_attach (FloeDisplaySpread *self, FloeSession *session);
void floe_display_spread_detach (FloeDisplaySpread *self);
void floe_display_spread_set_fullscreen (FloeDisplaySpread *self, gboolean fullscreen);
void floe_display_spread_set_title (FloeDisplaySpread *self, const gchar *title);
void floe_display_spread_freeze (FloeDisplaySpread *self);
void floe_display_spread_thaw (FloeDisplaySpread *self);
gboolean floe_display_spread_is_active (FloeDisplaySpread *self);

G_END_DECLS
