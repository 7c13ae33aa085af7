/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-window.h"

#include "ui/display-keys.h"

struct _FloeDisplayWindow
{
  GtkWindow parent_instance;

  GtkWidget *screen;
  GtkWidget *waiting;
  GtkWidget *edge;
  GtkWidget *bar;

  GActionGroup *actions; /* of the main window */
};

G_DEFINE_FINAL_TYPE (FloeDisplayWindow, floe_display_window, GTK_TYPE_WINDOW)

static gint
find_index (GdkMonitor *monitor)
{
  GdkDisplay *display = gdk_monitor_get_display (monitor);

  for (gint i = 0; i < gdk_display_get_n_monitors (display); i++)
    if (gdk_display_get_monitor (display, i) == monitor)
      return i;
  return 0;
}

/**
 * floe_display_window_place:
 * @self: the window
 * @monitor: where it belongs
 *
 * Covers the monitor. A window manager may keep windows from where they want to be, and is told;
 * where there is none, nobody else would make the window as large.
 */
void
floe_display_window_place (FloeDisplayWindow *self, GdkMonitor *monitor)
{
  GdkRectangle place;

  g_return_if_fail (FLOE_IS_DISPLAY_WINDOW (self));

  gdk_monitor_get_geometry (monitor, &place);
  gtk_window_move (GTK_WINDOW (self), place.x, place.y);
  gtk_window_resize (GTK_WINDOW (self), place.width, place.height);
  gtk_window_fullscreen_on_monitor (GTK_WINDOW (self), gtk_widget_get_screen (GTK_WIDGET (self)),
                                    find_index (monitor));
}

/**
 * floe_display_window_attach:
 * @self: the window
 * @session: a session
 * @channel_id: which display channel
 * @monitor_id: which monitor of it
 *
 * Shows one of the guest's screens.
 */
void
floe_display_window_attach (FloeDisplayWindow *self, FloeSession *session, guint channel_id,
                            guint monitor_id)
{
  g_return_if_fail (FLOE_IS_DISPLAY_WINDOW (self));

  floe_display_screen_attach (FLOE_DISPLAY_SCREEN (self->screen), session, channel_id, monitor_id);
  gtk_widget_hide (self->waiting);
}

void
floe_display_window_detach (FloeDisplayWindow *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_WINDOW (self));

  floe_display_screen_detach (FLOE_DISPLAY_SCREEN (self->screen));
  gtk_widget_set_visible (self->waiting,
                          !floe_display_screen_is_frozen (FLOE_DISPLAY_SCREEN (self->screen)));
}

gboolean
floe_display_window_is_attached (FloeDisplayWindow *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_WINDOW (self), FALSE);

  return floe_display_screen_is_attached (FLOE_DISPLAY_SCREEN (self->screen));
}

FloeDisplayScreen *
floe_display_window_get_screen (FloeDisplayWindow *self)
{
  return FLOE_DISPLAY_SCREEN (self->screen);
}

FloeDisplayBar *
floe_display_window_get_bar (FloeDisplayWindow *self)
{
  return FLOE_DISPLAY_BAR (self->bar);
}

static gboolean
on_edge_entered (FloeDisplayWindow *self)
{
  floe_display_bar_reveal (FLOE_DISPLAY_BAR (self->bar));
  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_key_press (FloeDisplayWindow *self, GdkEventKey *event)
{
  switch (floe_display_key_find (event))
    {
    case FLOE_DISPLAY_KEY_FULLSCREEN:
      g_action_group_activate_action (self->actions, "fullscreen", NULL);
      return GDK_EVENT_STOP;
    case FLOE_DISPLAY_KEY_BAR:
      floe_display_screen_ungrab (FLOE_DISPLAY_SCREEN (self->screen));
      floe_display_bar_reveal (FLOE_DISPLAY_BAR (self->bar));
      floe_display_bar_take_focus (FLOE_DISPLAY_BAR (self->bar));
      return GDK_EVENT_STOP;
    case FLOE_DISPLAY_KEY_ATTENTION:
    case FLOE_DISPLAY_KEY_NONE:
    default:
      break;
    }
  if (!floe_display_screen_has_keyboard (FLOE_DISPLAY_SCREEN (self->screen)))
    return GDK_EVENT_PROPAGATE;
  gtk_window_propagate_key_event (GTK_WINDOW (self), event);
  return GDK_EVENT_STOP;
}

/* Closing one closes full screen, not the session. */
static gboolean
on_delete (FloeDisplayWindow *self)
{
  g_action_group_activate_action (self->actions, "fullscreen", NULL);
  return GDK_EVENT_STOP;
}

static void
floe_display_window_class_init (FloeDisplayWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_DISPLAY_SCREEN);
  g_type_ensure (FLOE_TYPE_DISPLAY_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/display-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayWindow, screen);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayWindow, waiting);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayWindow, edge);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayWindow, bar);
}

static void
floe_display_window_init (FloeDisplayWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_display_screen_set_adapt (FLOE_DISPLAY_SCREEN (self->screen), FALSE);
  g_signal_connect_swapped (self->edge, "enter-notify-event", G_CALLBACK (on_edge_entered), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  g_signal_connect (self, "delete-event", G_CALLBACK (on_delete), NULL);
}

/**
 * floe_display_window_new:
 * @main: the window that the first monitor has, whose actions this one has, too
 *
 * Returns: (transfer none): a window that is not shown yet
 */
FloeDisplayWindow *
floe_display_window_new (GtkWindow *main)
{
  FloeDisplayWindow *self = g_object_new (FLOE_TYPE_DISPLAY_WINDOW, "transient-for", main, "title",
                                          gtk_window_get_title (main), NULL);

  self->actions = G_ACTION_GROUP (main);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "win", self->actions);
  return self;
}
