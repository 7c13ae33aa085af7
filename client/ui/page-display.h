/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/session.h"
#include "ui/devices.h"
#include "ui/display-notices.h"
#include "ui/display-screen.h"
#include "ui/display-state.h"
#include "ui/shadow-bar.h"

G_BEGIN_DECLS

/**
 * FloePageDisplay:
 *
 * The guest's screen; its last picture under a veil while the way there is lost; and in full screen
 * a bar that comes out of the upper edge, and the guest's further screens on other monitors.
 *
 * Signals: "retry" () and "leave" (), of the veil's buttons; "input" () for each key and each move
 * of the pointer over the guest's screen.
 */
#define FLOE_TYPE_PAGE_DISPLAY (floe_page_display_get_type ())
G_DECLARE_FINAL_TYPE (FloePageDisplay, floe_page_display, FLOE, PAGE_DISPLAY, GtkOverlay)

void floe_page_display_attach (FloePageDisplay *self, FloeSession *session, guint channel_id,
                               guint monitor_id);
void floe_page_display_detach (FloePageDisplay *self);
void floe_page_display_set_title (FloePageDisplay *self, const gchar *title);
void floe_page_display_freeze (FloePageDisplay *self, const gchar *title, const gchar *detail);
void floe_page_display_thaw (FloePageDisplay *self);

void floe_page_display_set_settings (FloePageDisplay *self, GSettings *settings);
void floe_page_display_forget_person (FloePageDisplay *self);
void floe_page_display_lock_down (FloePageDisplay *self);
FloeDisplayState *floe_page_display_get_state (FloePageDisplay *self);
FloeDisplayNotices *floe_page_display_get_notices (FloePageDisplay *self);
FloeShadowBar *floe_page_display_get_shadow_bar (FloePageDisplay *self);
FloeDisplayScreen *floe_page_display_get_screen (FloePageDisplay *self);
void floe_page_display_set_notice (FloePageDisplay *self, const gchar *text);
void floe_page_display_set_scaling (FloePageDisplay *self, gboolean scaling);
void floe_page_display_set_adapt (FloePageDisplay *self, gboolean adapt);
void floe_page_display_zoom (FloePageDisplay *self, guint percent);
guint floe_page_display_get_zoom (FloePageDisplay *self);
void floe_page_display_set_clipboard (FloePageDisplay *self, gboolean share);
FloeDevices *floe_page_display_get_devices (FloePageDisplay *self);
void floe_page_display_set_fullscreen (FloePageDisplay *self, gboolean fullscreen);
void floe_page_display_show_bar (FloePageDisplay *self);

gboolean floe_page_display_has_keyboard (FloePageDisplay *self);
void floe_page_display_send_keys (FloePageDisplay *self, const gchar *keys);
void floe_page_display_take_focus (FloePageDisplay *self);

G_END_DECLS
