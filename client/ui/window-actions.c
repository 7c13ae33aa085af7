/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window-private.h"

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

static void
on_send_keys (GSimpleAction *action, GVariant *keys, gpointer data)
{
  floe_page_display_send_keys (FLOE_PAGE_DISPLAY (FLOE_WINDOW (data)->display_page),
                               g_variant_get_string (keys, NULL));
}

/* Keys that are ours even while the guest has the keyboard: everything else it gets, before any
 * accelerator or mnemonic of the window. */
static gboolean
on_key_press (FloeWindow *self, GdkEventKey *event)
{
  guint modifiers = event->state & gtk_accelerator_get_default_mod_mask ();

  if (event->keyval == GDK_KEY_Escape
      && gtk_revealer_get_reveal_child (GTK_REVEALER (self->question)))
    {
      floe_window_answer (self, FALSE);
      return GDK_EVENT_STOP;
    }
  if (!self->locked_down && event->keyval == GDK_KEY_F11 && (modifiers & ~GDK_SHIFT_MASK) == 0)
    {
      g_action_group_activate_action (G_ACTION_GROUP (self), "fullscreen", NULL);
      return GDK_EVENT_STOP;
    }
  if (self->page == FLOE_VIEW_DISPLAY && event->keyval == GDK_KEY_Home
      && modifiers == (GDK_CONTROL_MASK | GDK_MOD1_MASK))
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
    { .name = "send-keys", .activate = on_send_keys, .parameter_type = "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  g_signal_connect (self, "window-state-event", G_CALLBACK (on_window_state), NULL);
}
