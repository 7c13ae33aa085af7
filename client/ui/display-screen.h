/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/session.h"
#include "ui/hotkey.h"

G_BEGIN_DECLS

/**
 * FloeDisplayScreen:
 *
 * One screen of the guest, and its last picture, grey, while the way there is lost.
 *
 * Signal: "input" () for each key and each move of the pointer over it.
 */
#define FLOE_TYPE_DISPLAY_SCREEN (floe_display_screen_get_type ())
G_DECLARE_FINAL_TYPE (FloeDisplayScreen, floe_display_screen, FLOE, DISPLAY_SCREEN, GtkOverlay)

void floe_display_screen_attach (FloeDisplayScreen *self, FloeSession *session, guint channel_id,
                                 guint monitor_id);
void floe_display_screen_detach (FloeDisplayScreen *self);
void floe_display_screen_set_title (FloeDisplayScreen *self, const gchar *title);
void floe_display_screen_set_scaling (FloeDisplayScreen *self, gboolean scaling);
void floe_display_screen_set_adapt (FloeDisplayScreen *self, gboolean adapt);
void floe_display_screen_set_zoom (FloeDisplayScreen *self, guint percent);
gboolean floe_display_screen_follows (FloeDisplayScreen *self);
void floe_display_screen_freeze (FloeDisplayScreen *self);
void floe_display_screen_thaw (FloeDisplayScreen *self);

void floe_display_screen_set_release (FloeDisplayScreen *self, const FloeHotkey *keys);
void floe_display_screen_lock_down (FloeDisplayScreen *self);

GdkPixbuf *floe_display_screen_dup_picture (FloeDisplayScreen *self);
gboolean floe_display_screen_is_attached (FloeDisplayScreen *self);
gboolean floe_display_screen_is_frozen (FloeDisplayScreen *self);
void floe_display_screen_ungrab (FloeDisplayScreen *self);
gboolean floe_display_screen_has_keyboard (FloeDisplayScreen *self);
void floe_display_screen_send_keys (FloeDisplayScreen *self, const gchar *keys);
void floe_display_screen_take_focus (FloeDisplayScreen *self);

G_END_DECLS
