/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>

#include "kiosk/access.h"
#include "kiosk/bar.h"
#include "kiosk/screen-keyboard.h"
#include "ui-flow-fixture.h"

/* A logind of the test's own, on a bus of the test's own. */

static const gchar interface[] =
    "<node>"
    "  <interface name='org.freedesktop.login1.Manager'>"
    "    <method name='CanPowerOff'><arg type='s' direction='out'/></method>"
    "    <method name='CanReboot'><arg type='s' direction='out'/></method>"
    "    <method name='PowerOff'><arg type='b' direction='in'/></method>"
    "    <method name='Reboot'><arg type='b' direction='in'/></method>"
    "  </interface>"
    "  <interface name='org.freedesktop.login1.Session'>"
    "    <method name='SetBrightness'>"
    "      <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='u' "
    "direction='in'/>"
    "    </method>"
    "  </interface>"
    "</node>";

typedef struct
{
  gchar *dir;
  GTestDBus *daemon;
  GDBusConnection *bus;
  GDBusNodeInfo *node;
  GtkWidget *window;
  GtkWidget *bar;
  FloePower *power;
  GString *said; /* what logind was asked to do */
  gboolean refuses;
} BarFixture;

static void
on_method (GDBusConnection *bus, const gchar *sender, const gchar *path, const gchar *name,
           const gchar *method, GVariant *arguments, GDBusMethodInvocation *call, gpointer data)
{
  BarFixture *f = data;
  g_autofree gchar *text = g_variant_print (arguments, FALSE);

  if (g_str_equal (method, "CanPowerOff"))
    g_dbus_method_invocation_return_value (call, g_variant_new ("(s)", "yes"));
  else if (g_str_equal (method, "CanReboot"))
    g_dbus_method_invocation_return_value (call,
                                           g_variant_new ("(s)", f->refuses ? "challenge" : "yes"));
  else if (f->refuses)
    g_dbus_method_invocation_return_dbus_error (call, "org.freedesktop.DBus.Error.AccessDenied",
                                                "no");
  else
    {
      g_string_append_printf (f->said, "%s%s ", method, text);
      g_dbus_method_invocation_return_value (call, NULL);
    }
}

static void
serve (BarFixture *f)
{
  static const GDBusInterfaceVTable table = { .method_call = on_method };
  static const gchar *const paths[] = { "/org/freedesktop/login1",
                                        "/org/freedesktop/login1/session/auto" };
  g_autoptr (GVariant) owned = NULL;

  f->node = g_dbus_node_info_new_for_xml (interface, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_cmpuint (g_dbus_connection_register_object (f->bus, paths[i], f->node->interfaces[i],
                                                         &table, f, NULL, NULL),
                      >, 0);
  owned = g_dbus_connection_call_sync (
      f->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", "org.freedesktop.login1", 0), NULL, 0, -1, NULL, NULL);
  g_assert_nonnull (owned);
}

static void
make_backlight (BarFixture *f)
{
  g_autofree gchar *light = g_build_filename (f->dir, "panel", NULL);
  g_autofree gchar *brightest = g_build_filename (light, "max_brightness", NULL);
  g_autofree gchar *now = g_build_filename (light, "brightness", NULL);

  g_assert_cmpint (g_mkdir (light, 0700), ==, 0);
  g_assert_true (g_file_set_contents (brightest, "200\n", -1, NULL));
  g_assert_true (g_file_set_contents (now, "100\n", -1, NULL));
}

static void
set_up (BarFixture *f, gconstpointer refuses)
{
  g_autoptr (FloeVolume) volume = floe_volume_new ("no-such-card");

  f->refuses = GPOINTER_TO_INT (refuses);
  f->said = g_string_new (NULL);
  f->dir = fake_dir_new ();
  make_backlight (f);
  f->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->daemon);
  f->bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (f->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, NULL);
  serve (f);
  f->power = floe_power_new (f->bus, f->dir);
  f->bar = floe_bar_new (f->power, volume);
  f->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_container_add (GTK_CONTAINER (f->window), f->bar);
  gtk_widget_show (f->bar);
  gtk_widget_show (f->window);
  while (!floe_power_can_switch_off (f->power))
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (BarFixture *f, gconstpointer data)
{
  gtk_widget_destroy (f->window);
  g_object_run_dispose (G_OBJECT (f->power));
  g_object_unref (f->power);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_dbus_connection_close_sync (f->bus, NULL, NULL);
  g_object_unref (f->bus);
  g_dbus_node_info_unref (f->node);
  g_test_dbus_down (f->daemon);
  g_object_unref (f->daemon);
  g_string_free (f->said, TRUE);
  fake_dir_remove (f->dir);
  g_free (f->dir);
}

static void
press (BarFixture *f, const gchar *name)
{
  GList *parts = gtk_container_get_children (GTK_CONTAINER (f->bar));
  GtkStack *stack = GTK_STACK (g_list_last (parts)->data);
  GtkWidget *widget = flow_find_named (gtk_stack_get_visible_child (stack), name);

  g_list_free (parts);
  g_assert_nonnull (widget);
  gtk_button_clicked (GTK_BUTTON (widget));
}

static void
wait_for_said (BarFixture *f, const gchar *text)
{
  while (f->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (f->said->str, ==, text);
}

static void
test_switch_off (BarFixture *f, gconstpointer data)
{
  press (f, "Switch off");
  g_assert_true (flow_shows (f->bar, "Switch this terminal off?"));
  g_assert_cmpuint (f->said->len, ==, 0);
  press (f, "Cancel");
  press (f, "Switch off");
  press (f, "Switch Off");
  wait_for_said (f, "PowerOff(false,) ");
}

static void
test_restart (BarFixture *f, gconstpointer data)
{
  while (!floe_power_can_restart (f->power))
    g_main_context_iteration (NULL, TRUE);
  press (f, "Restart");
  press (f, "Restart"); /* of the question */
  wait_for_said (f, "Reboot(false,) ");
}

static void
test_refused (BarFixture *f, gconstpointer data)
{
  /* who would have to give a password is not offered it */
  g_assert_false (floe_power_can_restart (f->power));
  g_assert_null (flow_find_named (f->bar, "Restart"));
  press (f, "Switch off");
  press (f, "Switch Off");
  while (!flow_shows (f->bar, "The machine refused"))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_brightness (BarFixture *f, gconstpointer data)
{
  GtkWidget *button = flow_find_named (f->bar, "Brightness");

  g_assert_cmpuint (f->said->len, ==, 0); /* to show it changes nothing */
  g_assert_cmpfloat (gtk_scale_button_get_value (GTK_SCALE_BUTTON (button)), ==, 0.5);
  gtk_scale_button_set_value (GTK_SCALE_BUTTON (button), 0);
  wait_for_said (f, "SetBrightness('backlight', 'panel', 10) ");
}

/* Of what is there, an administrator may leave something out. */
static void
test_parts (BarFixture *f, gconstpointer data)
{
  static const gchar *const some[] = { "network", "power", NULL };

  floe_bar_set_parts (FLOE_BAR (f->bar), some);
  g_assert_null (flow_find_named (f->bar, "Large text"));
  g_assert_null (flow_find_named (f->bar, "High contrast"));
  g_assert_nonnull (flow_find_named (f->bar, "Switch off"));
  g_assert_nonnull (flow_find_named (f->bar, "Brightness"));
  floe_bar_set_parts (FLOE_BAR (f->bar), some + 2);
  g_assert_null (flow_find_named (f->bar, "Switch off"));
  floe_bar_set_parts (FLOE_BAR (f->bar), NULL);
  g_assert_nonnull (flow_find_named (f->bar, "Large text"));
  g_assert_nonnull (flow_find_named (f->bar, "Switch off"));
}

/* What is not there is not shown. */
static void
test_nothing_there (void)
{
  g_autoptr (FloePower) power = floe_power_new (NULL, "/nowhere");
  g_autoptr (FloeVolume) volume = floe_volume_new ("no-such-card");
  GtkWidget *bar = g_object_ref_sink (floe_bar_new (power, volume));

  g_assert_null (flow_find_named (bar, "Restart"));
  g_assert_null (flow_find_named (bar, "Switch off"));
  g_assert_null (flow_find_named (bar, "Brightness"));
  g_assert_null (flow_find_named (bar, "Volume"));
  g_assert_nonnull (flow_find_named (bar, "Large text"));
  gtk_widget_destroy (bar);
  g_object_unref (bar);
}

static gint
dpi (void)
{
  gint value = 0;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &value, NULL);
  return value;
}

static void
assert_theme (const gchar *wanted)
{
  g_autofree gchar *theme = NULL;

  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme, NULL);
  g_assert_cmpstr (theme, ==, wanted);
}

static void
test_access (void)
{
  g_autoptr (FloePower) power = floe_power_new (NULL, "/nowhere");
  g_autoptr (FloeVolume) volume = floe_volume_new ("no-such-card");
  GtkWidget *bar = g_object_ref_sink (floe_bar_new (power, volume));
  gint before = dpi ();
  g_autofree gchar *theme = NULL;

  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme, NULL);
  gtk_button_clicked (GTK_BUTTON (flow_find_named (bar, "Large text")));
  gtk_button_clicked (GTK_BUTTON (flow_find_named (bar, "High contrast")));
  g_assert_cmpint (dpi (), >, before);
  assert_theme ("HighContrast");
  /* whoever comes next has their own eyes */
  floe_bar_reset (FLOE_BAR (bar));
  g_assert_cmpint (dpi (), ==, before);
  assert_theme (theme);
  gtk_widget_destroy (bar);
  g_object_unref (bar);
}

static GPid
wait_for_reader (const gchar *path)
{
  g_autofree gchar *text = NULL;

  while (!g_file_get_contents (path, &text, NULL, NULL) || *text == '\0')
    {
      g_clear_pointer (&text, g_free);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
  return (GPid)g_ascii_strtoll (text, NULL, 10);
}

/* It reads while it is switched on, and not to whoever comes next. */
static void
test_reader (void)
{
  g_autofree gchar *dir = fake_dir_new ();
  g_autofree gchar *program = g_build_filename (dir, "reader", NULL);
  g_autofree gchar *path = g_build_filename (dir, "pid", NULL);
  g_autofree gchar *script = g_strdup_printf ("#!/bin/sh\necho $$ > %s\nexec sleep 60\n", path);
  g_autoptr (FloeAccess) none = floe_access_new (gtk_settings_get_default (), "no-such-reader");
  FloeAccess *access;
  GPid pid;

  g_assert_false (floe_access_has_reader (none));
  g_assert_true (
      g_file_set_contents_full (program, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  access = floe_access_new (gtk_settings_get_default (), program);
  g_assert_true (floe_access_has_reader (access));
  floe_access_set_reader (access, TRUE);
  pid = wait_for_reader (path);
  floe_access_set_reader (access, FALSE);
  while (kill (pid, 0) == 0)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
  g_object_unref (access);
  fake_dir_remove (dir);
}

static void
key (GtkWidget *keyboard, const gchar *label)
{
  GtkWidget *found = flow_find_named (keyboard, label);

  g_assert_nonnull (found);
  gtk_button_clicked (GTK_BUTTON (found));
}

static void
test_keyboard (void)
{
  GtkWidget *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *second = gtk_entry_new ();
  GtkWidget *keyboard = floe_screen_keyboard_new ();

  gtk_container_add (GTK_CONTAINER (box), entry);
  gtk_container_add (GTK_CONTAINER (box), second);
  gtk_container_add (GTK_CONTAINER (box), keyboard);
  gtk_container_add (GTK_CONTAINER (window), box);
  gtk_widget_show_all (window);
  gtk_widget_grab_focus (entry);
  key (keyboard, "Shift");
  key (keyboard, "A");
  key (keyboard, "b");
  key (keyboard, "b");
  key (keyboard, "Backspace");
  key (keyboard, "Space");
  key (keyboard, "1");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (entry)), ==, "Ab 1");
  g_assert_true (gtk_widget_is_focus (entry));
  key (keyboard, "Next field");
  g_assert_true (gtk_widget_is_focus (second));
  gtk_widget_destroy (window);
}

static void
add_all (void)
{
  g_test_add ("/kiosk/bar/switch-off", BarFixture, NULL, set_up, test_switch_off, tear_down);
  g_test_add ("/kiosk/bar/restart", BarFixture, NULL, set_up, test_restart, tear_down);
  g_test_add ("/kiosk/bar/refused", BarFixture, GINT_TO_POINTER (TRUE), set_up, test_refused,
              tear_down);
  g_test_add ("/kiosk/bar/brightness", BarFixture, NULL, set_up, test_brightness, tear_down);
  g_test_add ("/kiosk/bar/parts", BarFixture, NULL, set_up, test_parts, tear_down);
  g_test_add_func ("/kiosk/bar/nothing-there", test_nothing_there);
  g_test_add_func ("/kiosk/bar/access", test_access);
  g_test_add_func ("/kiosk/bar/reader", test_reader);
  g_test_add_func ("/kiosk/keyboard", test_keyboard);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
