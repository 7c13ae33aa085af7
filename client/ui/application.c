/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "api/link.h"
#include "kiosk/kiosk.h"
#include "ui/color-scheme.h"
#include "ui/fleet-wishes.h"
#include "ui/flow.h"
#include "ui/keyboard.h"
#include "ui/language.h"
#include "ui/logo.h"
#include "ui/self-test.h"

/* Of a kiosk. */
#define IDLE_MINUTES   30
#define MAX_MINUTES    (24 * 60)
#define WARN_SECONDS   60
#define RETURN_SECONDS 30
#define TYPING_SECONDS 120
#define PROBE_SECONDS  60

/* What a shell says of a program that a signal ended. */
#define ENDED_STATUS (128 + SIGTERM)

/* Until a language that was set from afar is tried again, while somebody is in the middle of it. */
#define UNTOUCHED_SECONDS 5

struct _FloeApplication
{
  GtkApplication parent_instance;

  FloeLogTap *tap;
  FloeServers *servers;
  FloeManaged *managed;
  GSettings *settings;
  FloeColorScheme *color_scheme;
  FloeWindow *window;
  FloeKiosk *kiosk; /* or NULL */
  FloeKeyboard *keyboard;
  FloeFlow *flow;

  gchar *broker;
  gchar *user;
  gchar *ca_file;
  gchar *terminal_key;
  gchar *managed_file;
  gchar *usual_language; /* LANGUAGE as we found it, or NULL */
  gchar *language;       /* what we speak, as the key has it */
  guint rebuild;
  guint untouched; /* until nobody is at it */
  gboolean fullscreen;
  gboolean is_kiosk;
  gboolean was_told_to_end;
  gint idle_minutes;
  gboolean no_kerberos;
  gboolean test;
  gchar *display;
  gboolean version;
  gchar **open; /* what is to be opened: files and links; or NULL */
};

G_DEFINE_FINAL_TYPE (FloeApplication, floe_application, GTK_TYPE_APPLICATION)

static void
add_options (FloeApplication *self)
{
  const GOptionEntry entries[] = {
    { "broker", 'b', 0, G_OPTION_ARG_STRING, &self->broker, N_ ("Address of the server"),
      N_ ("URL") },
    { "user", 'u', 0, G_OPTION_ARG_STRING, &self->user, N_ ("User name to begin with"),
      N_ ("NAME") },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &self->ca_file,
      N_ ("Certificate authority file that the server is checked against"), N_ ("FILE") },
    { "terminal-key", 0, 0, G_OPTION_ARG_FILENAME, &self->terminal_key,
      N_ ("Key and certificate of this terminal"), N_ ("FILE") },
    { "fullscreen", 'f', 0, G_OPTION_ARG_NONE, &self->fullscreen, N_ ("Begin in full screen"),
      NULL },
    { "kiosk", 0, 0, G_OPTION_ARG_NONE, &self->is_kiosk,
      N_ ("Be all there is on this machine: nothing leads out"), NULL },
    { "idle", 0, 0, G_OPTION_ARG_INT, &self->idle_minutes,
      N_ ("Of a kiosk: log out who touches nothing for so long; 0 for never"), N_ ("MINUTES") },
    { "no-kerberos", 0, 0, G_OPTION_ARG_NONE, &self->no_kerberos,
      N_ ("Do not log in with a ticket of Kerberos"), NULL },
    { "managed", 0, 0, G_OPTION_ARG_FILENAME, &self->managed_file,
      N_ ("Settings of an administrator, in place of the system's"), N_ ("FILE") },
    { "test", 0, 0, G_OPTION_ARG_NONE, &self->test,
      N_ ("Test this terminal, say what is wrong, and end"), NULL },
    { "test-display", 0, 0, G_OPTION_ARG_STRING, &self->display,
      N_ ("With --test: the display of a desktop, too"), N_ ("HOST:PORT") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Show the version and end"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->open, NULL,
      N_ ("[FILE|LINK]") },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

static void
speak (FloeApplication *self, const gchar *language)
{
  floe_language_use (language, self->usual_language);
  g_free (self->language);
  self->language = g_strdup (language);
}

/* What of the administrator's file could not be taken is said and costs nothing else. */
static gboolean
open_settings (FloeApplication *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettingsSchema) schema = floe_settings_schema (&error);
  g_autofree gchar *path = floe_settings_managed_path ();
  g_autofree gchar *language = NULL;
  GPtrArray *problems;

  if (schema == NULL)
    {
      g_printerr ("%s\n", error->message);
      return FALSE;
    }
  self->managed = floe_managed_new (schema);
  floe_managed_read_file (self->managed, self->managed_file != NULL ? self->managed_file : path);
  problems = floe_managed_get_problems (self->managed);
  for (guint i = 0; i < problems->len && !self->test; i++) /* the test says it itself */
    g_printerr ("%s\n", (const gchar *)problems->pdata[i]);
  self->settings = floe_settings_new (schema, self->managed);
  language = g_settings_get_string (self->settings, FLOE_SETTING_LANGUAGE);
  speak (self, language);
  return TRUE;
}

static gint
test (FloeApplication *self)
{
  g_autofree gchar *usual = floe_settings_managed_path ();
  FloeSelfTest what = { self->broker, self->ca_file, self->display,
                        self->managed_file != NULL ? self->managed_file : usual };

  return floe_self_test (&what, self->managed, self->settings);
}

static void follow_settings (FloeApplication *self);

/* is_taken: whether another Floe of this session is there for what is opened */
static gboolean
is_taken (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;
  gboolean taken = FALSE;

  if (bus == NULL)
    return FALSE;
  answer = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
      g_variant_new ("(s)", FLOE_APPLICATION_ID), G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE,
      1000, NULL, NULL);
  if (answer != NULL)
    g_variant_get (answer, "(b)", &taken);
  return taken;
}

/* Each start that opens nothing is a window of its own; the first of them is there for whatever is
 * opened later. A terminal is there for nothing else. */
static gint
begin_alone (FloeApplication *self)
{
  if (self->is_kiosk || is_taken ())
    g_application_set_flags (G_APPLICATION (self), G_APPLICATION_NON_UNIQUE);
  return -1;
}

/* pass_on: gives what is to be opened to the Floe that is there already, or opens it here */
static gint
pass_on (FloeApplication *self)
{
  GApplication *application = G_APPLICATION (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->open[0]);

  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_application_open (application, &file, 1, "");
  return g_application_get_is_remote (application) ? 0 : -1;
}

static gint
floe_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  FloeApplication *self = FLOE_APPLICATION (application);

  if (self->version)
    {
      g_print ("floe %s\n", FLOE_VERSION);
      return 0;
    }
  if (self->open != NULL && (self->is_kiosk || self->open[1] != NULL))
    {
      g_printerr ("%s\n", self->is_kiosk ? _ ("--kiosk opens no files and no links")
                                         : _ ("One file or link can be opened at a time"));
      return 1;
    }
  if (self->idle_minutes < 0 || self->idle_minutes > MAX_MINUTES)
    {
      g_printerr (_ ("--idle takes 0 to %d minutes\n"), MAX_MINUTES);
      return 1;
    }
  if (self->ca_file != NULL)
    {
      gchar *absolute = g_canonicalize_filename (self->ca_file, NULL);

      g_free (self->ca_file);
      self->ca_file = absolute;
    }
  if (!open_settings (self))
    return 1;
  if (self->test)
    return test (self);
  return self->open != NULL ? pass_on (self) : begin_alone (self);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeApplication *self = data;

  gtk_show_about_dialog (GTK_WINDOW (self->window), "program-name", "Floe", "version", FLOE_VERSION,
                         "logo-icon-name", FLOE_APPLICATION_ID, "comments",
                         _ ("Your desktop, wherever you sit"), "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeApplication *self = data;

  if (self->window != NULL)
    gtk_widget_destroy (GTK_WIDGET (self->window));
}

/* Where no desktop environment has told GTK its fonts, as on a terminal without one, GTK 3 falls
 * back to a size and a face that it was not drawn for. */
static void
choose_font (GtkSettings *settings)
{
  g_autofree gchar *font = NULL;

  g_object_get (settings, "gtk-font-name", &font, NULL);
  if (g_strcmp0 (font, "Sans 10") == 0)
    g_object_set (settings, "gtk-font-name", "Cantarell 11", NULL);
}

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/floe/Floe/style.css");
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (),
                                             GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_default (), "/org/floe/Floe/icons");
}

static void
add_actions (FloeApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = on_about },
    { .name = "quit", .activate = on_quit },
  };
  GtkApplication *application = GTK_APPLICATION (self);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_application_set_accels_for_action (application, "app.quit",
                                         (const gchar *[]){ "<Primary>q", NULL });
  gtk_application_set_accels_for_action (application, "win.refresh",
                                         (const gchar *[]){ "F5", NULL });
  gtk_application_set_accels_for_action (application, "win.settings",
                                         (const gchar *[]){ "<Primary>comma", NULL });
  gtk_application_set_accels_for_action (application, "win.back",
                                         (const gchar *[]){ "<Alt>Left", NULL });
}

/* The machine's session ends, or the machine: that is no end in the middle. In the kiosk it is no
 * administrator's either. */
static gboolean
on_terminate (gpointer data)
{
  FloeApplication *self = data;

  self->was_told_to_end = TRUE;
  g_application_quit (data);
  return G_SOURCE_REMOVE;
}

static void
floe_application_startup (GApplication *application)
{
  FloeApplication *self = FLOE_APPLICATION (application);

  /* By this name the desktop finds our entry and icon. Not before: "--help" says how we are called.
   */
  g_set_prgname (FLOE_APPLICATION_ID);
  G_APPLICATION_CLASS (floe_application_parent_class)->startup (application);
  g_set_application_name ("Floe");
  g_unix_signal_add (SIGTERM, on_terminate, self);
  g_unix_signal_add (SIGHUP, on_terminate, self);
  choose_font (gtk_settings_get_default ());
  load_style ();
  floe_logo_set_default_icon ();
  if (!self->is_kiosk)
    add_actions (self);
  self->servers = floe_servers_new_default ();
  follow_settings (self);
  if (g_getenv ("GTK_THEME") == NULL)
    self->color_scheme = floe_color_scheme_new (gtk_settings_get_default ());
}

static void
on_window_destroyed (FloeApplication *self)
{
  g_clear_handle_id (&self->untouched, g_source_remove);
  g_clear_object (&self->kiosk);
  g_clear_object (&self->flow);
  self->window = NULL;
}

/* What was set from afar. */

static FloeFleetTargets
list_targets (FloeApplication *self)
{
  return (FloeFleetTargets){ self->managed, self->window, self->flow,
                             FLOE_BAR (floe_kiosk_get_bar (self->kiosk)),
                             60 * (guint)self->idle_minutes };
}

static gboolean
on_untouched (gpointer data)
{
  FloeApplication *self = data;
  const FloeFleetTargets targets = list_targets (self);

  if (!floe_flow_is_untouched (self->flow))
    return G_SOURCE_CONTINUE;
  self->untouched = 0;
  floe_fleet_wishes_apply_language (&targets);
  return G_SOURCE_REMOVE;
}

static void
on_fleet_settings (FloeApplication *self)
{
  const FloeFleetTargets targets = list_targets (self);

  floe_fleet_wishes_apply (&targets);
  g_clear_handle_id (&self->untouched, g_source_remove);
  if (on_untouched (self) == G_SOURCE_CONTINUE)
    self->untouched = g_timeout_add_seconds (UNTOUCHED_SECONDS, on_untouched, self);
}

/* What they chose for themselves goes with them. */
static void
on_person_left (FloeApplication *self)
{
  static const gchar *const keys[] = { FLOE_SETTING_LANGUAGE, FLOE_SETTING_KEYBOARD_LAYOUT,
                                       FLOE_SETTING_MONITORS };

  floe_kiosk_reset (self->kiosk);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (self->settings, keys[i]);
}

static void
lock_down (FloeApplication *self)
{
  const FloeKioskTimes times = { .idle_seconds = 60 * (guint)self->idle_minutes,
                                 .warn_seconds = WARN_SECONDS,
                                 .return_seconds = RETURN_SECONDS,
                                 .typing_seconds = TYPING_SECONDS,
                                 .probe_seconds = PROBE_SECONDS };

  floe_window_lock_down (self->window);
  self->kiosk = floe_kiosk_new (GTK_WINDOW (self->window));
  floe_window_add_bar (self->window, floe_kiosk_get_bar (self->kiosk));
  g_signal_connect_object (self->flow, "person-left", G_CALLBACK (on_person_left), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flow, "fleet-settings", G_CALLBACK (on_fleet_settings), self,
                           G_CONNECT_SWAPPED);
  floe_flow_set_kiosk (self->flow, floe_kiosk_get_guard (self->kiosk), &times);
}

/* visit: whether it is there for what is opened next, and for no server */
static void
show_window (FloeApplication *self, gboolean visit)
{
  const FloeFlowStart start = { .broker = self->broker,
                                .user = self->user,
                                .ca_file = self->ca_file,
                                .kerberos = !self->no_kerberos,
                                .terminal_key = self->terminal_key,
                                .visit = visit };

  if (self->window == NULL)
    {
      self->window = floe_window_new (GTK_APPLICATION (self));
      self->flow = floe_flow_new (self->window, self->servers, self->settings, self->tap);
      floe_page_settings_set_problems (floe_window_get_settings_page (self->window),
                                       floe_managed_get_problems (self->managed));
      g_signal_connect_object (self->window, "destroy", G_CALLBACK (on_window_destroyed), self,
                               G_CONNECT_SWAPPED);
      if (self->is_kiosk)
        lock_down (self);
      else if (self->fullscreen
               || g_settings_get_boolean (self->settings, FLOE_SETTING_FULL_SCREEN))
        gtk_window_fullscreen (GTK_WINDOW (self->window));
      floe_flow_start (self->flow, &start);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
floe_application_activate (GApplication *application)
{
  show_window (FLOE_APPLICATION (application), FALSE);
}

static void
floe_application_open (GApplication *application, GFile **files, gint n_files, const gchar *hint)
{
  FloeApplication *self = FLOE_APPLICATION (application);
  g_autofree gchar *uri = g_file_get_uri (files[0]);
  g_autofree gchar *path = g_file_get_path (files[0]);
  gboolean is_link = floe_link_is_one (uri);

  show_window (self, TRUE);
  if (is_link)
    floe_flow_open_link (self->flow, uri);
  else
    floe_flow_open_file (self->flow, path != NULL ? path : uri);
}

/* What was chosen on a page. */

static void
on_layout (FloeApplication *self)
{
  g_autofree gchar *layout = g_settings_get_string (self->settings, FLOE_SETTING_KEYBOARD_LAYOUT);

  floe_keyboard_use (self->keyboard, layout);
}

/* Pages have the words that they were made with. */
static gboolean
on_rebuild (gpointer data)
{
  FloeApplication *self = data;
  FloeWindow *old = self->window;

  self->rebuild = 0;
  if (old == NULL || !floe_flow_may_begin_again (self->flow))
    return G_SOURCE_REMOVE;
  g_signal_handlers_disconnect_by_func (old, on_window_destroyed, self);
  on_window_destroyed (self);
  floe_application_activate (G_APPLICATION (self));
  gtk_widget_destroy (GTK_WIDGET (old));
  return G_SOURCE_REMOVE;
}

static void
on_language (FloeApplication *self)
{
  g_autofree gchar *language = g_settings_get_string (self->settings, FLOE_SETTING_LANGUAGE);

  if (g_strcmp0 (language, self->language) == 0
      || (self->window != NULL && !floe_flow_may_begin_again (self->flow)))
    return;
  speak (self, language);
  if (self->rebuild == 0)
    self->rebuild = g_idle_add_full (G_PRIORITY_LOW, on_rebuild, self, NULL);
}

static void
follow_settings (FloeApplication *self)
{
  self->keyboard = floe_keyboard_new (gdk_screen_get_default ());
  on_layout (self);
  g_signal_connect_object (self->settings, "changed::" FLOE_SETTING_KEYBOARD_LAYOUT,
                           G_CALLBACK (on_layout), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::" FLOE_SETTING_LANGUAGE,
                           G_CALLBACK (on_language), self, G_CONNECT_SWAPPED);
  if (g_settings_get_boolean (self->settings, FLOE_SETTING_REDUCED_MOTION))
    g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static void
floe_application_shutdown (GApplication *application)
{
  FloeApplication *self = FLOE_APPLICATION (application);

  g_clear_object (&self->kiosk);
  g_clear_object (&self->flow);
  if (self->servers != NULL)
    floe_servers_flush (self->servers);
  g_clear_object (&self->servers);
  g_settings_sync ();
  g_clear_handle_id (&self->rebuild, g_source_remove);
  g_clear_handle_id (&self->untouched, g_source_remove);
  g_clear_object (&self->keyboard);
  g_clear_object (&self->color_scheme);
  G_APPLICATION_CLASS (floe_application_parent_class)->shutdown (application);
}

static void
floe_application_finalize (GObject *object)
{
  FloeApplication *self = FLOE_APPLICATION (object);

  g_clear_pointer (&self->tap, floe_log_tap_unref);
  g_clear_object (&self->settings);
  g_clear_object (&self->managed);
  g_free (self->broker);
  g_free (self->user);
  g_free (self->ca_file);
  g_free (self->terminal_key);
  g_free (self->managed_file);
  g_free (self->usual_language);
  g_free (self->language);
  g_free (self->display);
  g_strfreev (self->open);
  G_OBJECT_CLASS (floe_application_parent_class)->finalize (object);
}

static void
floe_application_class_init (FloeApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = floe_application_finalize;
  application_class->handle_local_options = floe_application_handle_local_options;
  application_class->startup = floe_application_startup;
  application_class->activate = floe_application_activate;
  application_class->open = floe_application_open;
  application_class->shutdown = floe_application_shutdown;
}

static void
floe_application_init (FloeApplication *self)
{
  self->usual_language = g_strdup (g_getenv ("LANGUAGE"));
  self->idle_minutes = IDLE_MINUTES;
  add_options (self);
}

/**
 * floe_application_run:
 * @self: the program
 * @argc: how many arguments
 * @argv: the program's arguments
 *
 * Returns: its exit status; in the kiosk 0 only when an administrator left it
 */
gint
floe_application_run (FloeApplication *self, gint argc, gchar **argv)
{
  gint status = g_application_run (G_APPLICATION (self), argc, argv);

  return status == 0 && self->is_kiosk && self->was_told_to_end ? ENDED_STATUS : status;
}

/**
 * floe_application_new:
 * @tap: the log writer's tap
 *
 * Returns: (transfer full): the program
 */
FloeApplication *
floe_application_new (FloeLogTap *tap)
{
  FloeApplication *self =
      g_object_new (FLOE_TYPE_APPLICATION, "application-id", FLOE_APPLICATION_ID, "flags",
                    G_APPLICATION_HANDLES_OPEN, NULL);

  self->tap = floe_log_tap_ref (tap);
  return self;
}
