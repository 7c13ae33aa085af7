/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window-private.h"

#include <glib/gi18n.h>

#include "ui/display-keys.h"
#include "ui/screenshot.h"
#include "ui/zoom.h"

/* Full screen. */

static void
on_change_fullscreen (GSimpleAction *action, GVariant *state, gpointer data)
{
  if (g_variant_get_boolean (state))
    gtk_window_fullscreen (GTK_WINDOW (data));
  else
    gtk_window_unfullscreen (GTK_WINDOW (data));
}

static gboolean
on_window_state (FloeWindow *self, GdkEventWindowState *event)
{
  gboolean fullscreen = (event->new_window_state & GDK_WINDOW_STATE_FULLSCREEN) != 0;
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "fullscreen");

  if (fullscreen == self->fullscreen || self->locked_down)
    return GDK_EVENT_PROPAGATE;
  self->fullscreen = fullscreen;
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (fullscreen));
  floe_page_display_set_fullscreen (FLOE_PAGE_DISPLAY (self->display_page), fullscreen);
  floe_window_take_focus (self);
  return GDK_EVENT_PROPAGATE;
}

/* How the guest is shown. */

static void
on_change_scale (GSimpleAction *action, GVariant *state, gpointer data)
{
  g_simple_action_set_state (action, state);
  floe_page_display_set_scaling (FLOE_PAGE_DISPLAY (FLOE_WINDOW (data)->display_page),
                                 g_variant_get_boolean (state));
}

static void
on_change_adapt (GSimpleAction *action, GVariant *state, gpointer data)
{
  g_simple_action_set_state (action, state);
  floe_page_display_set_adapt (FLOE_PAGE_DISPLAY (FLOE_WINDOW (data)->display_page),
                               g_variant_get_boolean (state));
}

static void
on_change_clipboard (GSimpleAction *action, GVariant *state, gpointer data)
{
  g_simple_action_set_state (action, state);
  floe_page_display_set_clipboard (FLOE_PAGE_DISPLAY (FLOE_WINDOW (data)->display_page),
                                   g_variant_get_boolean (state));
}

/**
 * floe_window_offer_extras:
 * @self: the window
 * @offer: whether the desktop's display carries more than a picture and keys
 */
void
floe_window_offer_extras (FloeWindow *self, gboolean offer)
{
  static const gchar *const extras[] = { "adapt", "clipboard", "devices" };

  for (gsize i = 0; i < G_N_ELEMENTS (extras); i++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), extras[i])), offer);
}

/* Zoom. */

static void
set_scale (FloeWindow *self, gboolean scale)
{
  g_action_group_change_action_state (G_ACTION_GROUP (self), "scale",
                                      g_variant_new_boolean (scale));
}

/* A guest that follows the window has fewer and larger pixels then; another one is larger than the
 * window, and scrolled. */
static void
zoom_to (FloeWindow *self, guint percent)
{
  FloePageDisplay *page = FLOE_PAGE_DISPLAY (self->display_page);

  if (!floe_display_screen_follows (floe_page_display_get_screen (page)))
    set_scale (self, FALSE);
  floe_page_display_zoom (page, percent);
}

static void
on_zoom_in (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeWindow *self = data;

  zoom_to (self,
           floe_zoom_in (floe_page_display_get_zoom (FLOE_PAGE_DISPLAY (self->display_page))));
}

static void
on_zoom_out (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeWindow *self = data;

  zoom_to (self,
           floe_zoom_out (floe_page_display_get_zoom (FLOE_PAGE_DISPLAY (self->display_page))));
}

static void
on_zoom_normal (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  zoom_to (data, FLOE_ZOOM_NORMAL);
}

static void
on_zoom_fit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  floe_page_display_zoom (FLOE_PAGE_DISPLAY (FLOE_WINDOW (data)->display_page), FLOE_ZOOM_NORMAL);
  set_scale (data, TRUE);
}

/* Screenshots. */

/**
 * floe_window_may_save:
 * @self: the window
 *
 * Returns: whether whoever sits here may keep something on this machine
 */
gboolean
floe_window_may_save (FloeWindow *self)
{
  return !floe_display_state_is_locked_down (
      floe_page_display_get_state (FLOE_PAGE_DISPLAY (self->display_page)));
}

static void
on_screenshot_done (const GError *error, gpointer data)
{
  g_autoptr (FloeWindow) self = data;

  if (error != NULL)
    floe_display_notices_set (
        floe_page_display_get_notices (FLOE_PAGE_DISPLAY (self->display_page)), "screenshot",
        GTK_MESSAGE_ERROR, _ ("The screenshot was not saved"), error->message);
  floe_window_take_focus (self);
}

static void
on_screenshot (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeWindow *self = data;
  FloePageDisplay *page = FLOE_PAGE_DISPLAY (self->display_page);
  FloeDisplayScreen *screen = floe_page_display_get_screen (page);
  g_autoptr (GdkPixbuf) picture = floe_display_screen_dup_picture (screen);

  if (picture == NULL || !floe_window_may_save (self))
    return;
  floe_display_screen_ungrab (screen);
  floe_screenshot_offer (GTK_WINDOW (self), picture,
                         floe_display_state_get_title (floe_page_display_get_state (page)),
                         on_screenshot_done, g_object_ref (self));
}

/* Keys. */

static void
on_devices (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloePageDisplay *page = FLOE_PAGE_DISPLAY (FLOE_WINDOW (data)->display_page);

  floe_devices_show (floe_page_display_get_devices (page));
}

static void
on_send_keys (GSimpleAction *action, GVariant *keys, gpointer data)
{
  floe_page_display_send_keys (FLOE_PAGE_DISPLAY (FLOE_WINDOW (data)->display_page),
                               g_variant_get_string (keys, NULL));
}

/**
 * floe_window_set_keys:
 * @self: the window
 * @fullscreen: (nullable): what goes into full screen and out of it; %NULL for the usual keys
 * @attention: (nullable): what sends Ctrl+Alt+Del to the guest; %NULL for none
 */
void
floe_window_set_keys (FloeWindow *self, const FloeHotkey *fullscreen, const FloeHotkey *attention)
{
  g_return_if_fail (FLOE_IS_WINDOW (self));

  self->fullscreen_keys = fullscreen != NULL ? *fullscreen : (FloeHotkey){ 0 };
  self->attention_keys = attention != NULL ? *attention : (FloeHotkey){ 0 };
}

static FloeDisplayKey
find_key (FloeWindow *self, const GdkEventKey *event)
{
  FloeDisplayKey key = floe_display_key_find (event);

  if (floe_hotkey_is_pressed (&self->fullscreen_keys, event))
    return FLOE_DISPLAY_KEY_FULLSCREEN;
  if (floe_hotkey_is_pressed (&self->attention_keys, event))
    return FLOE_DISPLAY_KEY_ATTENTION;
  if (key == FLOE_DISPLAY_KEY_FULLSCREEN && self->fullscreen_keys.keyval != 0)
    return FLOE_DISPLAY_KEY_NONE;
  return key;
}

/* Keys that are ours even while the guest has the keyboard: everything else it gets, before any
 * accelerator or mnemonic of the window. */
static gboolean
on_key_press (FloeWindow *self, GdkEventKey *event)
{
  FloeDisplayKey key = find_key (self, event);

  if (event->keyval == GDK_KEY_Escape
      && gtk_revealer_get_reveal_child (GTK_REVEALER (self->question)))
    {
      floe_window_answer (self, FALSE);
      return GDK_EVENT_STOP;
    }
  if (!self->locked_down && key == FLOE_DISPLAY_KEY_FULLSCREEN)
    {
      g_action_group_activate_action (G_ACTION_GROUP (self), "fullscreen", NULL);
      return GDK_EVENT_STOP;
    }
  if (self->page == FLOE_VIEW_DISPLAY && key == FLOE_DISPLAY_KEY_ATTENTION)
    {
      floe_page_display_send_keys (FLOE_PAGE_DISPLAY (self->display_page),
                                   "Control_L+Alt_L+Delete");
      return GDK_EVENT_STOP;
    }
  if (self->page == FLOE_VIEW_DISPLAY && key == FLOE_DISPLAY_KEY_BAR)
    {
      if (self->fullscreen)
        floe_page_display_show_bar (FLOE_PAGE_DISPLAY (self->display_page));
      else
        gtk_button_clicked (GTK_BUTTON (self->menu_button));
      return GDK_EVENT_STOP;
    }
  if (self->page == FLOE_VIEW_DISPLAY
      && floe_page_display_has_keyboard (FLOE_PAGE_DISPLAY (self->display_page)))
    {
      gtk_window_propagate_key_event (GTK_WINDOW (self), event);
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

void
floe_window_add_actions (FloeWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "fullscreen", .state = "false", .change_state = on_change_fullscreen },
    { .name = "scale", .state = "true", .change_state = on_change_scale },
    { .name = "adapt", .state = "true", .change_state = on_change_adapt },
    { .name = "clipboard", .state = "true", .change_state = on_change_clipboard },
    { .name = "zoom-in", .activate = on_zoom_in },
    { .name = "zoom-out", .activate = on_zoom_out },
    { .name = "zoom-normal", .activate = on_zoom_normal },
    { .name = "zoom-fit", .activate = on_zoom_fit },
    { .name = "screenshot", .activate = on_screenshot },
    { .name = "devices", .activate = on_devices },
    { .name = "send-keys", .activate = on_send_keys, .parameter_type = "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  g_signal_connect (self, "window-state-event", G_CALLBACK (on_window_state), NULL);
}
