/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/screens.h"

#include <gdk/gdkx.h>

/* Whoever fights for the place above gets it back this often only, so that two of that kind do not
 * keep the machine busy. */
#define REPAIR_MS 200

/* The keyboard is lost to whoever grabs it, and given back without a word. */
#define HOLD_MS 300

struct _FloeScreens
{
  GObject parent_instance;

  GtkWindow *window; /* not owned; we end with it */
  GdkDisplay *display;
  GPtrArray *covers; /* of GtkWidget, a window for each further monitor */
  gboolean is_x11;
  guint repair;
  guint hold;
};

G_DEFINE_FINAL_TYPE (FloeScreens, floe_screens, G_TYPE_OBJECT)

static GdkMonitor *
first_monitor (GdkDisplay *display)
{
  GdkMonitor *monitor = gdk_display_get_primary_monitor (display);

  return monitor != NULL ? monitor : gdk_display_get_monitor (display, 0);
}

static gboolean
is_x11 (GdkDisplay *display)
{
  return GDK_IS_X11_DISPLAY (display);
}

/**
 * floe_screens_place:
 * @window: a window
 * @monitor: where it shall be
 *
 * Makes the window as large as the monitor, in its place, without a frame, on X by itself: a
 * request for full screen is nothing without a window manager. Repeat it when monitors change.
 */
void
floe_screens_place (GtkWindow *window, GdkMonitor *monitor)
{
  GdkRectangle area;

  gdk_monitor_get_geometry (monitor, &area);
  gtk_window_set_decorated (window, FALSE);
  gtk_window_fullscreen (window);
  if (!is_x11 (gdk_monitor_get_display (monitor)))
    return;
  gtk_window_set_keep_above (window, TRUE);
  gtk_window_stick (window);
  gtk_window_move (window, area.x, area.y);
  gtk_window_resize (window, area.width, area.height);
  /* GTK asks for a size once: what somebody else has made of it since is not its concern. */
  if (gtk_widget_get_realized (GTK_WIDGET (window)))
    gdk_window_move_resize (gtk_widget_get_window (GTK_WIDGET (window)), area.x, area.y, area.width,
                            area.height);
}

/* What is to be covered. */

static gboolean
on_draw_cover (GtkWidget *cover, cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_paint (cr);
  return GDK_EVENT_STOP;
}

static void
add_cover (FloeScreens *self, GdkMonitor *monitor)
{
  GtkWidget *cover = gtk_window_new (GTK_WINDOW_TOPLEVEL);

  gtk_window_set_accept_focus (GTK_WINDOW (cover), FALSE);
  gtk_window_set_skip_taskbar_hint (GTK_WINDOW (cover), TRUE);
  gtk_window_set_title (GTK_WINDOW (cover), "Floe");
  gtk_widget_set_app_paintable (cover, TRUE);
  g_signal_connect (cover, "draw", G_CALLBACK (on_draw_cover), NULL);
  g_signal_connect (cover, "delete-event", G_CALLBACK (gtk_true), NULL);
  floe_screens_place (GTK_WINDOW (cover), monitor);
  g_ptr_array_add (self->covers, cover);
  gtk_widget_show (cover);
}

static void
cover_others (FloeScreens *self)
{
  GdkMonitor *first = first_monitor (self->display);

  g_ptr_array_set_size (self->covers, 0);
  for (gint i = 0; i < gdk_display_get_n_monitors (self->display); i++)
    {
      GdkMonitor *monitor = gdk_display_get_monitor (self->display, i);

      if (monitor != first)
        add_cover (self, monitor);
    }
}

/* The keyboard. */

/* Somebody of ours may have it, such as the guest's screen. */
static gboolean
on_hold (gpointer data)
{
  FloeScreens *self = data;
  GdkSeat *seat = gdk_display_get_default_seat (self->display);
  GdkWindow *window = gtk_widget_get_window (GTK_WIDGET (self->window));

  if (window != NULL && gdk_window_is_viewable (window)
      && !gdk_display_device_is_grabbed (self->display, gdk_seat_get_keyboard (seat)))
    gdk_seat_grab (seat, window, GDK_SEAT_CAPABILITY_KEYBOARD, TRUE, NULL, NULL, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

/* Putting right. */

static gboolean
is_in_place (FloeScreens *self)
{
  GdkMonitor *monitor = first_monitor (self->display);
  GdkRectangle area;
  gint x, y, width, height;

  if (monitor == NULL)
    return TRUE;
  gdk_monitor_get_geometry (monitor, &area);
  gtk_window_get_position (self->window, &x, &y);
  gtk_window_get_size (self->window, &width, &height);
  return x == area.x && y == area.y && width == area.width && height == area.height;
}

/* A menu or a tooltip of ours is above for as long as it is there. */
static gboolean
has_popup (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_get_window_type (l->data) == GTK_WINDOW_POPUP && gtk_widget_get_mapped (l->data))
      return TRUE;
  return FALSE;
}

static gboolean
on_repair (gpointer data)
{
  FloeScreens *self = data;
  GdkMonitor *monitor = first_monitor (self->display);

  self->repair = 0;
  if (monitor == NULL)
    return G_SOURCE_REMOVE;
  gtk_window_deiconify (self->window);
  if (!is_in_place (self))
    floe_screens_place (self->window, monitor);
  gtk_window_present (self->window);
  if (self->is_x11 && !has_popup () && gtk_widget_get_window (GTK_WIDGET (self->window)) != NULL)
    gdk_window_raise (gtk_widget_get_window (GTK_WIDGET (self->window)));
  return G_SOURCE_REMOVE;
}

static void
repair_soon (FloeScreens *self)
{
  if (self->repair == 0)
    self->repair = g_timeout_add (REPAIR_MS, on_repair, self);
}

static gboolean
on_state (FloeScreens *self, GdkEventWindowState *event)
{
  const GdkWindowState gone = GDK_WINDOW_STATE_ICONIFIED | GDK_WINDOW_STATE_WITHDRAWN;
  const GdkWindowState kept =
      GDK_WINDOW_STATE_FULLSCREEN | GDK_WINDOW_STATE_ABOVE | GDK_WINDOW_STATE_STICKY;

  if (!self->is_x11)
    return GDK_EVENT_PROPAGATE;
  if ((event->changed_mask & event->new_window_state & gone) != 0)
    repair_soon (self);
  else if ((event->changed_mask & ~event->new_window_state & kept) != 0)
    {
      floe_screens_place (self->window, first_monitor (self->display));
      repair_soon (self);
    }
  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_configured (FloeScreens *self)
{
  if (self->is_x11 && !is_in_place (self))
    repair_soon (self);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_visibility (FloeScreens *self, GdkEventVisibility *event)
{
  if (event->state != GDK_VISIBILITY_UNOBSCURED && !has_popup ())
    repair_soon (self);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
is_ours_active (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_is_active (l->data))
      return TRUE;
  return FALSE;
}

static gboolean
on_focus_out (FloeScreens *self)
{
  if (self->is_x11 && !is_ours_active ())
    repair_soon (self);
  return GDK_EVENT_PROPAGATE;
}

static void
on_monitors_changed (FloeScreens *self)
{
  GdkMonitor *monitor = first_monitor (self->display);

  if (monitor == NULL || !self->is_x11)
    return;
  floe_screens_place (self->window, monitor);
  cover_others (self);
  repair_soon (self);
}

static void
on_mapped (FloeScreens *self)
{
  if (self->is_x11)
    repair_soon (self);
}

static void
watch (FloeScreens *self)
{
  GdkScreen *screen = gdk_display_get_default_screen (self->display);

  gtk_widget_add_events (GTK_WIDGET (self->window), GDK_VISIBILITY_NOTIFY_MASK);
  g_signal_connect_object (self->window, "window-state-event", G_CALLBACK (on_state), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->window, "configure-event", G_CALLBACK (on_configured), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "visibility-notify-event", G_CALLBACK (on_visibility),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "focus-out-event", G_CALLBACK (on_focus_out), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->window, "map", G_CALLBACK (on_mapped), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "unmap", G_CALLBACK (on_mapped), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (screen, "monitors-changed", G_CALLBACK (on_monitors_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (screen, "size-changed", G_CALLBACK (on_monitors_changed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * floe_screens_new:
 * @window: a window that is not shown yet
 *
 * Returns: (transfer full): to be disposed of before the window
 */
FloeScreens *
floe_screens_new (GtkWindow *window)
{
  FloeScreens *self = g_object_new (FLOE_TYPE_SCREENS, NULL);

  self->window = window;
  self->display = gtk_widget_get_display (GTK_WIDGET (window));
  self->is_x11 = is_x11 (self->display);
  gtk_window_set_skip_taskbar_hint (window, TRUE);
  watch (self);
  if (first_monitor (self->display) != NULL)
    floe_screens_place (window, first_monitor (self->display));
  if (self->is_x11)
    {
      cover_others (self);
      self->hold = g_timeout_add (HOLD_MS, on_hold, self);
    }
  return self;
}

static void
floe_screens_dispose (GObject *object)
{
  FloeScreens *self = FLOE_SCREENS (object);

  g_clear_handle_id (&self->repair, g_source_remove);
  g_clear_handle_id (&self->hold, g_source_remove);
  g_clear_pointer (&self->covers, g_ptr_array_unref);
  G_OBJECT_CLASS (floe_screens_parent_class)->dispose (object);
}

static void
floe_screens_class_init (FloeScreensClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_screens_dispose;
}

static void
floe_screens_init (FloeScreens *self)
{
  self->covers = g_ptr_array_new_with_free_func ((GDestroyNotify)gtk_widget_destroy);
}
