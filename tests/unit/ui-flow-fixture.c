/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui-flow-fixture.h"

#include "settings/managed-backend.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

GtkWidget *
flow_find_named (GtkWidget *from, const gchar *name)
{
  GtkWidget *found = NULL;
  GList *children;

  if (g_strcmp0 (atk_object_get_name (gtk_widget_get_accessible (from)), name) == 0
      && !GTK_IS_LABEL (from) && gtk_widget_get_visible (from))
    return from;
  if (!GTK_IS_CONTAINER (from))
    return NULL;
  children = gtk_container_get_children (GTK_CONTAINER (from));
  for (GList *l = children; l != NULL && found == NULL; l = l->next)
    found = flow_find_named (l->data, name);
  g_list_free (children);
  return found;
}

GtkWidget *
flow_named (FlowFixture *f, const gchar *name)
{
  GtkWidget *stack =
      gtk_widget_get_ancestor (GTK_WIDGET (floe_window_get_login_page (f->window)), GTK_TYPE_STACK);
  GtkWidget *found = flow_find_named (gtk_stack_get_visible_child (GTK_STACK (stack)), name);

  if (found == NULL)
    found = flow_find_named (GTK_WIDGET (f->window), name);
  if (found == NULL)
    g_error ("no widget is named \"%s\"", name);
  return found;
}

void
flow_type (FlowFixture *f, const gchar *name, const gchar *text)
{
  gtk_entry_set_text (GTK_ENTRY (flow_named (f, name)), text);
}

/* A button that is activated would stay down for a quarter of a second first. */
void
flow_press (FlowFixture *f, const gchar *name)
{
  GtkWidget *widget = flow_named (f, name);

  g_assert_true (gtk_widget_is_sensitive (widget));
  while (!gtk_widget_get_mapped (widget))
    g_main_context_iteration (NULL, TRUE);
  if (GTK_IS_BUTTON (widget))
    gtk_button_clicked (GTK_BUTTON (widget));
  else
    g_assert_true (gtk_widget_activate (widget));
}

/* To wherever the keyboard's focus is, as the window passes it on. */
void
flow_key (FlowFixture *f, guint keyval)
{
  GtkWidget *window = GTK_WIDGET (f->window);
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (window));
  g_autoptr (GdkEvent) event = gdk_event_new (GDK_KEY_PRESS);

  event->key.window = g_object_ref (gtk_widget_get_window (window));
  event->key.keyval = keyval;
  gdk_event_set_device (event, gdk_seat_get_keyboard (seat));
  gtk_widget_event (window, event);
}

void
flow_wait_for (FlowFixture *f, FloeView view)
{
  while (floe_window_get_view (f->window) != view)
    g_main_context_iteration (NULL, TRUE);
}

void
flow_wait_until_sensitive (FlowFixture *f, const gchar *name, gboolean sensitive)
{
  while (gtk_widget_is_sensitive (flow_named (f, name)) != sensitive)
    g_main_context_iteration (NULL, TRUE);
}

gboolean
flow_shows (GtkWidget *from, const gchar *text)
{
  GList *children;
  gboolean found = FALSE;

  if (!gtk_widget_get_visible (from))
    return FALSE;
  if (GTK_IS_REVEALER (from) && !gtk_revealer_get_reveal_child (GTK_REVEALER (from)))
    return FALSE;
  if (GTK_IS_LABEL (from))
    return strstr (gtk_label_get_text (GTK_LABEL (from)), text) != NULL;
  if (!GTK_IS_CONTAINER (from))
    return FALSE;
  children = gtk_container_get_children (GTK_CONTAINER (from));
  for (GList *l = children; l != NULL && !found; l = l->next)
    found = flow_shows (l->data, text);
  g_list_free (children);
  return found;
}

void
flow_wait_for_text (gpointer page, const gchar *text)
{
  while (!flow_shows (GTK_WIDGET (page), text))
    g_main_context_iteration (NULL, TRUE);
}

/* A key and a certificate that it signs itself. */
static gchar *
make_terminal_key (FlowFixture *f)
{
  gchar *path = g_build_filename (f->dir, "terminal.pem", NULL);
  g_autofree gchar *command =
      g_strdup_printf ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                       " -days 1 -subj /CN=terminal -keyout %s -out %s.crt",
                       path, path);
  g_autofree gchar *certificate_path = g_strconcat (path, ".crt", NULL);
  g_autofree gchar *certificate = NULL;
  g_autofree gchar *key = NULL;
  g_autofree gchar *both = NULL;
  g_autofree gchar *said = NULL; /* dots */
  gint status = -1;

  g_assert_true (g_spawn_command_line_sync (command, NULL, &said, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_get_contents (path, &key, NULL, NULL));
  g_assert_true (g_file_get_contents (certificate_path, &certificate, NULL, NULL));
  both = g_strconcat (key, certificate, NULL);
  g_assert_true (
      g_file_set_contents_full (path, both, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  return path;
}

static FloeManaged *
flow_managed_new (void)
{
  g_autoptr (GSettingsSchema) schema = floe_settings_schema (NULL);

  return floe_managed_new (schema);
}

/* Each test's own, since those of the memory back end are the whole process's. */
static GSettings *
flow_settings_new (FloeManaged *managed)
{
  g_autoptr (GSettingsSchema) schema = floe_settings_schema (NULL);
  g_autoptr (GSettingsBackend) memory = g_memory_settings_backend_new ();
  g_autoptr (GSettingsBackend) backend = floe_managed_backend_new (schema, memory, managed);

  return g_settings_new_full (schema, backend, NULL);
}

/* One that is in a hurry. */
static void
make_kiosk (FlowFixture *f)
{
  const FloeKioskTimes times = { .idle_seconds = 3,
                                 .warn_seconds = 2,
                                 .return_seconds = 2,
                                 .typing_seconds = 2,
                                 .probe_seconds = 1 };

  f->guard = floe_guard_new ();
  fake_broker_answer_file (f->fake, HEALTH, 200, "health.json");
  floe_flow_set_kiosk (f->flow, f->guard, &times);
}

/* @data: of #FlowMachine, by GINT_TO_POINTER() */
void
flow_set_up (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *key = NULL;
  gint has = GPOINTER_TO_INT (data);
  FloeFlowStart start = { 0 };

  f->dir = fake_dir_new ();
  path = g_build_filename (f->dir, "servers.ini", NULL);
  f->fake = fake_broker_new ();
  f->url = fake_broker_url (f->fake);
  f->servers = floe_servers_new (path);
  f->managed = flow_managed_new ();
  f->settings = flow_settings_new (f->managed);
  if ((has & FLOW_ONE_SERVER) != 0)
    {
      g_autofree gchar *conf = g_build_filename (f->dir, "client.conf", NULL);
      g_autofree gchar *text = g_strdup_printf (
          "[settings]\nserver=%s\nfull-screen=false\nmonitors=\nclipboard=none\nshared-folder=\n"
          "shared-folder-read-only=true\nusb-auto-share=true\nreduced-effects=true\n",
          f->url);

      g_assert_true (g_file_set_contents (conf, text, -1, NULL));
      floe_managed_read_file (f->managed, conf);
      g_assert_cmpuint (floe_managed_count (f->managed), ==, 8);
    }
  f->tap = floe_log_tap_new ();
  f->window = g_object_ref_sink (floe_window_new (NULL));
  if ((has & FLOW_IS_KIOSK) != 0)
    floe_window_lock_down (f->window);
  f->flow = floe_flow_new (f->window, f->servers, f->settings, f->tap);
  if ((has & FLOW_IS_KIOSK) != 0)
    make_kiosk (f);
  gtk_window_present (GTK_WINDOW (f->window));
  start.broker = (has & FLOW_ONE_SERVER) != 0 ? "https://elsewhere.invalid" : f->url;
  start.kerberos = (has & FLOW_HAS_TICKETS) != 0;
  if ((has & FLOW_HAS_KEY) != 0)
    start.terminal_key = key = make_terminal_key (f);
  if ((has & FLOW_WANTS_KEY) != 0)
    start.terminal_key = key = g_build_filename (f->dir, "terminal.pem", NULL);
  start.state_dir = start.mark_dir = f->dir;
  floe_flow_start (f->flow, &start);
  fake_broker_stream (f->fake, EVENTS);
}

void
flow_tear_down (FlowFixture *f, gconstpointer data)
{
  gtk_widget_destroy (GTK_WIDGET (f->window));
  g_clear_object (&f->flow);
  if (f->guard != NULL)
    g_object_run_dispose (G_OBJECT (f->guard));
  g_clear_object (&f->guard);
  g_clear_object (&f->window);
  floe_servers_flush (f->servers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (f->servers);
  g_object_unref (f->settings);
  g_object_unref (f->managed);
  floe_log_tap_unref (f->tap);
  fake_broker_free (f->fake);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fake_dir_remove (f->dir);
  g_free (f->dir);
  g_free (f->url);
}

/**
 * flow_settle:
 *
 * Waits until nothing has moved for 30 ms.
 */
void
flow_settle (void)
{
  for (guint calm = 0; calm < 30; calm++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        calm = 0;
      g_usleep (1000);
    }
}

void
flow_log_in (FlowFixture *f)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_type (f, "User name", "hmori");
  flow_type (f, "Password", "secret");
  flow_press (f, "Log In");
}

void
flow_log_in_to_list (FlowFixture *f)
{
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* A screen of the test's own, on whatever number is free, which a test that aborts takes with it.
 */
static GSubprocess *
start_screen (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree gchar *number = NULL;
  g_autofree gchar *display = NULL;
  GSubprocess *screen;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  screen = g_subprocess_launcher_spawn (launcher, &error, "Xvfb", "-displayfd", "1", "-screen", "0",
                                        "1024x768x24", "-nolisten", "tcp", NULL);

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (screen));
  number = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  display = g_strconcat (":", number, NULL);
  g_setenv ("DISPLAY", display, TRUE);
  return screen;
}

static void
settle (void)
{
  g_setenv ("GDK_BACKEND", "x11", TRUE);
  g_setenv ("NO_AT_BRIDGE", "1", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("GSETTINGS_SCHEMA_DIR", FLOE_SCHEMA_DIR, TRUE);
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_setenv ("GIO_USE_VOLUME_MONITOR", "unix", TRUE);
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_unsetenv ("GTK_MODULES");
}

/**
 * flow_run:
 * @add_all: adds the tests
 *
 * The whole of a program that tests the flow, on a screen of its own.
 *
 * Returns: its exit status
 */
gint
flow_run (gint argc, gchar **argv, void (*add_all) (void))
{
  g_autoptr (GSubprocess) screen = NULL;
  gint status;

  g_test_init (&argc, &argv, NULL);
  settle ();
  screen = start_screen ();
  gtk_init (&argc, &argv);
  add_all ();
  status = g_test_run ();
  g_subprocess_send_signal (screen, SIGTERM);
  g_subprocess_wait (screen, NULL, NULL);
  return status;
}
