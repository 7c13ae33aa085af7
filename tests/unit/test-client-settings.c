/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "settings/settings.h"

#include <glib/gstdio.h>
#include <string.h>

#include "client-fake.h"
#include "settings/managed-backend.h"

typedef struct
{
  gchar *dir;
  gchar *path;
  gchar *own_path;
  GSettingsSchema *schema;
  FloeManaged *managed;
  GSettings *settings;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->dir = fake_dir_new ();
  f->path = g_build_filename (f->dir, "client.conf", NULL);
  f->own_path = g_build_filename (f->dir, "settings.ini", NULL);
  f->schema = floe_settings_schema (&error);
  g_assert_no_error (error);
  f->managed = floe_managed_new (f->schema);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->settings);
  g_clear_object (&f->managed);
  g_settings_schema_unref (f->schema);
  fake_dir_remove (f->dir);
  g_free (f->dir);
  g_free (f->path);
  g_free (f->own_path);
}

static void
read_text (Fixture *f, const gchar *text)
{
  g_assert_true (g_file_set_contents (f->path, text, -1, NULL));
  floe_managed_read_file (f->managed, f->path);
}

/* A person's own are in a file, as on a machine without dconf. */
static void
open_settings (Fixture *f)
{
  g_autoptr (GSettingsBackend) own = g_keyfile_settings_backend_new (
      f->own_path, g_settings_schema_get_path (f->schema), "settings");
  g_autoptr (GSettingsBackend) backend = floe_managed_backend_new (f->schema, own, f->managed);

  g_clear_object (&f->settings);
  f->settings = g_settings_new_full (f->schema, backend, NULL);
}

static void
assert_problems (Fixture *f, const gchar *first, ...)
{
  GPtrArray *problems = floe_managed_get_problems (f->managed);
  guint n = 0;
  va_list more;

  va_start (more, first);
  for (const gchar *expected = first; expected != NULL; expected = va_arg (more, const gchar *))
    {
      g_assert_cmpuint (n, <, problems->len);
      g_assert_true (g_str_has_prefix (problems->pdata[n], f->path));
      g_assert_cmpstr ((gchar *)problems->pdata[n++] + strlen (f->path), ==, expected);
    }
  va_end (more);
  g_assert_cmpuint (n, ==, problems->len);
}

static void
test_nothing_managed (Fixture *f, gconstpointer data)
{
  floe_managed_read_file (f->managed, f->path);
  assert_problems (f, NULL);
  g_assert_cmpuint (floe_managed_count (f->managed), ==, 0);
  open_settings (f);
  g_assert_true (g_settings_is_writable (f->settings, FLOE_SETTING_SCALING));
  g_assert_true (g_settings_get_boolean (f->settings, FLOE_SETTING_SCALING));
  g_assert_cmpint (g_settings_get_enum (f->settings, FLOE_SETTING_CLIPBOARD), ==,
                   FLOE_CLIPBOARD_BOTH);
}

static void
test_overrides_and_locks (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) monitors = NULL;
  g_autofree gchar *server = NULL;

  open_settings (f);
  g_assert_true (g_settings_set_string (f->settings, FLOE_SETTING_SERVER, "https://own.example"));
  read_text (f, "# ours\n[settings]\nserver = https://a.example\n\nscaling=false\n"
                "monitors= DP-1 ;HDMI-1\nclipboard =from-guest\n");
  assert_problems (f, NULL);
  open_settings (f);
  server = g_settings_get_string (f->settings, FLOE_SETTING_SERVER);
  monitors = g_settings_get_strv (f->settings, FLOE_SETTING_MONITORS);
  g_assert_cmpstr (server, ==, "https://a.example");
  g_assert_false (g_settings_get_boolean (f->settings, FLOE_SETTING_SCALING));
  g_assert_cmpstrv (monitors, ((const gchar *[]){ "DP-1", "HDMI-1", NULL }));
  g_assert_cmpint (g_settings_get_enum (f->settings, FLOE_SETTING_CLIPBOARD), ==,
                   FLOE_CLIPBOARD_FROM_GUEST);
  g_assert_false (g_settings_is_writable (f->settings, FLOE_SETTING_SCALING));
  g_assert_false (g_settings_set_boolean (f->settings, FLOE_SETTING_SCALING, TRUE));
  g_settings_reset (f->settings, FLOE_SETTING_SCALING);
  g_assert_false (g_settings_get_boolean (f->settings, FLOE_SETTING_SCALING));
  g_assert_true (g_settings_is_writable (f->settings, FLOE_SETTING_FULL_SCREEN));
}

/* What a person chose before is there again when the administrator lets go of it. */
static void
test_own_survives (Fixture *f, gconstpointer data)
{
  g_autofree gchar *server = NULL;

  open_settings (f);
  g_settings_set_string (f->settings, FLOE_SETTING_SERVER, "https://own.example");
  g_assert_true (floe_managed_set_text (f->managed, FLOE_SETTING_SERVER, "a.example", NULL));
  open_settings (f);
  g_assert_true (g_settings_set_boolean (f->settings, FLOE_SETTING_FULL_SCREEN, TRUE));
  g_clear_object (&f->managed);
  f->managed = floe_managed_new (f->schema);
  open_settings (f);
  server = g_settings_get_string (f->settings, FLOE_SETTING_SERVER);
  g_assert_cmpstr (server, ==, "https://own.example");
  g_assert_true (g_settings_get_boolean (f->settings, FLOE_SETTING_FULL_SCREEN));
}

static void
test_bad_values (Fixture *f, gconstpointer data)
{
  read_text (f, "scaling = true\n[settings]\nscaling = yes\nclipboard = some\ncolour = red\n"
                "server = ftp://a.example\nshared-folder = Documents\nkeyboard-layout = DE!\n"
                "language = german\nnonsense\nfull-screen = true\nfull-screen = false\n[more]\n"
                "scaling = true\n");
  assert_problems (
      f, ":1: this stands outside of [settings]", ":3: scaling: got “yes”, expected true or false",
      ":4: clipboard: got “some”, expected one of both, to-guest, from-guest, none",
      ":5: there is no setting “colour”",
      ":6: server: got “ftp://a.example”, expected an address such as"
      " https://desktops.example.org",
      ":7: shared-folder: got “Documents”, expected a path that begins with “/”",
      ":8: keyboard-layout: got “DE!”, expected a layout such as “de” or “fr(oss)”",
      ":9: language: got “german”, expected a language such as “de” or “pt_BR”",
      ":10: got “nonsense”, expected a name, “=” and a value",
      ":12: “full-screen” is set before already", ":13: there is only one group, [settings]",
      ":14: this stands outside of [settings]", NULL);
  /* The good one holds, the others are the person's. */
  open_settings (f);
  g_assert_true (g_settings_get_boolean (f->settings, FLOE_SETTING_FULL_SCREEN));
  g_assert_false (g_settings_is_writable (f->settings, FLOE_SETTING_FULL_SCREEN));
  g_assert_true (g_settings_is_writable (f->settings, FLOE_SETTING_SCALING));
  g_assert_true (g_settings_is_writable (f->settings, FLOE_SETTING_SERVER));
}

static void
test_bad_files (Fixture *f, gconstpointer data)
{
  g_autofree gchar *large = g_strnfill (70000, '#');

  read_text (f, "[settings]\nserver=\xff\n");
  read_text (f, large);
  assert_problems (f, ": the file is not UTF-8", ": the file is too large", NULL);
  floe_managed_read_file (f->managed, f->dir);
  g_assert_cmpuint (floe_managed_get_problems (f->managed)->len, ==, 3);
}

static void
on_changed (GSettings *settings, const gchar *key, gpointer data)
{
  g_string_append_printf (data, "%s ", key);
}

/* Whoever listens hears of what others write. */
static void
test_changes_are_heard (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) heard = g_string_new (NULL);

  open_settings (f);
  g_signal_connect (f->settings, "changed", G_CALLBACK (on_changed), heard);
  g_settings_set_boolean (f->settings, FLOE_SETTING_USB_AUTO_SHARE, TRUE);
  g_settings_reset (f->settings, FLOE_SETTING_USB_AUTO_SHARE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (heard->str, ==, "usb-auto-share usb-auto-share ");
}

/* Several at once, as a dialog with "apply" writes them. */
static void
test_delayed (Fixture *f, gconstpointer data)
{
  g_assert_true (floe_managed_set_text (f->managed, FLOE_SETTING_SCALING, "false", NULL));
  open_settings (f);
  g_settings_delay (f->settings);
  g_settings_set_boolean (f->settings, FLOE_SETTING_REDUCED_MOTION, TRUE);
  g_settings_set_string (f->settings, FLOE_SETTING_LANGUAGE, "ja");
  g_settings_apply (f->settings);
  open_settings (f);
  g_assert_true (g_settings_get_boolean (f->settings, FLOE_SETTING_REDUCED_MOTION));
  g_assert_false (g_settings_get_boolean (f->settings, FLOE_SETTING_SCALING));
}

/* The manual has each key, and no other. */
static void
test_manual (Fixture *f, gconstpointer data)
{
  g_autofree gchar *path =
      g_test_build_filename (G_TEST_DIST, "docs", "man", "floe-client.conf.5", NULL);
  g_auto (GStrv) keys = g_settings_schema_list_keys (f->schema);
  g_autofree gchar *text = NULL;
  g_auto (GStrv) items = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  items = g_strsplit (text, ".It Cm ", -1);
  g_assert_cmpuint (g_strv_length (items) - 1, ==, g_strv_length (keys));
  for (guint i = 1; items[i] != NULL; i++)
    {
      *strchr (items[i], '\n') = '\0';
      g_assert_true (g_strv_contains ((const gchar *const *)keys, items[i]));
    }
}

gint
main (gint argc, gchar **argv)
{
  static const struct
  {
    const gchar *path;
    void (*test) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/client-settings/nothing-managed", test_nothing_managed },
    { "/client-settings/overrides-and-locks", test_overrides_and_locks },
    { "/client-settings/own-survives", test_own_survives },
    { "/client-settings/bad-values", test_bad_values },
    { "/client-settings/bad-files", test_bad_files },
    { "/client-settings/changes-are-heard", test_changes_are_heard },
    { "/client-settings/delayed", test_delayed },
    { "/client-settings/manual", test_manual },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
