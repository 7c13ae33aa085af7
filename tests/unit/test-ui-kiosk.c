/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "kiosk/kiosk.h"
#include "kiosk/screens.h"
#include "ui-flow-fixture.h"

/* There is no window manager here: who trusts one fails. */

static GdkMonitor *
only_monitor (void)
{
  return gdk_display_get_monitor (gdk_display_get_default (), 0);
}

static gboolean
covers (GtkWindow *window)
{
  GdkRectangle area;
  gint x, y, width, height;

  gdk_monitor_get_geometry (only_monitor (), &area);
  gtk_window_get_position (window, &x, &y);
  gtk_window_get_size (window, &width, &height);
  return x == area.x && y == area.y && width == area.width && height == area.height;
}

static void
wait_until_covers (GtkWindow *window)
{
  while (!covers (window))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
on_configured (GtkWidget *window, const GdkEventConfigure *event, gboolean *was_small)
{
  *was_small |= event->width == 300;
  return GDK_EVENT_PROPAGATE;
}

static void
test_covers_the_monitor (void)
{
  GtkWidget *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  g_autoptr (FloeScreens) screens = floe_screens_new (GTK_WINDOW (window));
  gboolean was_small = FALSE;

  gtk_widget_show (window);
  wait_until_covers (GTK_WINDOW (window));
  g_assert_false (gtk_window_get_decorated (GTK_WINDOW (window)));
  /* whoever moves it, makes it smaller, or takes it away: it comes back */
  g_signal_connect (window, "configure-event", G_CALLBACK (on_configured), &was_small);
  gdk_window_move_resize (gtk_widget_get_window (window), 200, 100, 300, 300);
  while (!was_small)
    g_main_context_iteration (NULL, TRUE);
  wait_until_covers (GTK_WINDOW (window));
  gtk_widget_hide (window);
  while (!gtk_widget_get_mapped (window))
    g_main_context_iteration (NULL, TRUE);
  g_object_run_dispose (G_OBJECT (screens));
  gtk_widget_destroy (window);
}

static void
test_holds_the_keyboard (void)
{
  GtkWidget *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  g_autoptr (FloeScreens) screens = floe_screens_new (GTK_WINDOW (window));
  GdkDisplay *display = gdk_display_get_default ();
  GdkSeat *seat = gdk_display_get_default_seat (display);
  GdkDevice *keyboard = gdk_seat_get_keyboard (seat);

  gtk_widget_show (window);
  while (!gdk_display_device_is_grabbed (display, keyboard))
    g_main_context_iteration (NULL, TRUE);
  gdk_seat_ungrab (seat);
  while (!gdk_display_device_is_grabbed (display, keyboard))
    g_main_context_iteration (NULL, TRUE);
  g_object_run_dispose (G_OBJECT (screens));
  gtk_widget_destroy (window);
}

static void
on_counted (guint *count)
{
  (*count)++;
}

static gboolean
on_popup_menu (guint *count)
{
  (*count)++;
  return TRUE;
}

static void
put_key (GtkWidget *window, guint keyval, GdkModifierType state)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (window));
  g_autoptr (GdkEvent) event = gdk_event_new (GDK_KEY_PRESS);
  g_autofree GdkKeymapKey *keys = NULL;
  gint n_keys = 0;

  gdk_keymap_get_entries_for_keyval (gdk_keymap_get_for_display (gtk_widget_get_display (window)),
                                     keyval, &keys, &n_keys);
  if (n_keys > 0)
    event->key.hardware_keycode = (guint16)keys[0].keycode;
  event->key.window = g_object_ref (gtk_widget_get_window (window));
  event->key.keyval = keyval;
  event->key.state = state;
  gdk_event_set_device (event, gdk_seat_get_keyboard (seat));
  gdk_event_put (event);
}

static void
put_button (GtkWidget *widget, guint button)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (widget));
  g_autoptr (GdkEvent) event = gdk_event_new (GDK_BUTTON_PRESS);

  event->button.window = g_object_ref (gtk_widget_get_window (widget));
  event->button.button = button;
  gdk_event_set_device (event, gdk_seat_get_pointer (seat));
  gdk_event_put (event);
}

static void
wait_for_count (guint *count, guint wanted)
{
  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_guard (void)
{
  GtkWidget *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *entry = gtk_entry_new ();
  g_autoptr (FloeGuard) guard = floe_guard_new ();
  guint inputs = 0, menus = 0;

  gtk_container_add (GTK_CONTAINER (window), entry);
  gtk_widget_show_all (window);
  gtk_widget_grab_focus (entry);
  g_signal_connect_swapped (guard, "input", G_CALLBACK (on_counted), &inputs);
  g_signal_connect_swapped (entry, "popup-menu", G_CALLBACK (on_popup_menu), &menus);
  g_signal_connect_swapped (entry, "populate-popup", G_CALLBACK (on_counted), &menus);

  put_key (window, GDK_KEY_F10, GDK_SHIFT_MASK);
  put_key (window, GDK_KEY_Menu, 0);
  put_key (window, GDK_KEY_U, GDK_SHIFT_MASK | GDK_CONTROL_MASK);
  put_key (window, GDK_KEY_period, GDK_CONTROL_MASK);
  put_button (entry, GDK_BUTTON_SECONDARY);
  put_key (window, GDK_KEY_a, 0);
  wait_for_count (&inputs, 6);
  g_assert_cmpuint (menus, ==, 0);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (entry)), ==, "a");

  /* without the guard it is there: what is tested above can happen */
  g_object_run_dispose (G_OBJECT (guard));
  put_key (window, GDK_KEY_F10, GDK_SHIFT_MASK);
  wait_for_count (&menus, 1);
  gtk_widget_destroy (window);
}

static void
test_environment (void)
{
  g_setenv ("GTK_MODULES", "own", TRUE);
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_setenv ("https_proxy", "http://127.0.0.1:1", TRUE);
  floe_guard_scrub_environment ();
  g_assert_null (g_getenv ("GTK_MODULES"));
  g_assert_null (g_getenv ("G_MESSAGES_DEBUG"));
  g_assert_null (g_getenv ("https_proxy"));
  g_assert_cmpstr (g_getenv ("GSETTINGS_BACKEND"), ==, "memory");
}

static void
test_asked_for (void)
{
  gchar *asked[] = { "floe", "--user", "anna", "--kiosk", NULL };
  gchar *not_asked[] = { "floe", "--", "--kiosk", NULL };

  g_assert_true (floe_kiosk_is_asked_for (4, asked));
  g_assert_false (floe_kiosk_is_asked_for (3, not_asked));
}

static gboolean
is_closed_by_request (FloeWindow *window)
{
  g_autoptr (GdkEvent) event = gdk_event_new (GDK_DELETE);

  event->any.window = g_object_ref (gtk_widget_get_window (GTK_WIDGET (window)));
  return !gtk_widget_event (GTK_WIDGET (window), event);
}

static void
test_locked_down (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (floe_window_is_locked_down (f->window));
  g_assert_null (gtk_window_get_titlebar (GTK_WINDOW (f->window)));
  g_assert_false (gtk_window_get_decorated (GTK_WINDOW (f->window)));
  g_assert_false (is_closed_by_request (f->window));
  g_assert_null (flow_find_named (GTK_WIDGET (f->window), "Use Another Server"));
  g_assert_null (flow_find_named (GTK_WIDGET (f->window), "Menu"));
  g_assert_false (g_action_group_has_action (G_ACTION_GROUP (f->window), "fullscreen"));
}

static void
test_not_locked_down (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_false (floe_window_is_locked_down (f->window));
  g_assert_true (is_closed_by_request (f->window));
  g_assert_nonnull (flow_find_named (GTK_WIDGET (f->window), "Use Another Server"));
}

static void
add_all (void)
{
  g_test_add_func ("/kiosk/screens/covers", test_covers_the_monitor);
  g_test_add_func ("/kiosk/screens/keyboard", test_holds_the_keyboard);
  g_test_add_func ("/kiosk/guard", test_guard);
  g_test_add_func ("/kiosk/environment", test_environment);
  g_test_add_func ("/kiosk/asked-for", test_asked_for);
  g_test_add ("/ui/kiosk/locked-down", FlowFixture, GINT_TO_POINTER (FLOW_IS_KIOSK), flow_set_up,
              test_locked_down, flow_tear_down);
  g_test_add ("/ui/kiosk/not-locked-down", FlowFixture, NULL, flow_set_up, test_not_locked_down,
              flow_tear_down);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
