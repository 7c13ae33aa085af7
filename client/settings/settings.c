/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "settings/settings.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "settings/managed-backend.h"

static GSettingsSchema *
look_in (const gchar *dir, GSettingsSchemaSource *usual)
{
  g_autoptr (GSettingsSchemaSource) source =
      g_settings_schema_source_new_from_directory (dir, usual, TRUE, NULL);

  return source != NULL ? g_settings_schema_source_lookup (source, FLOE_SETTINGS_SCHEMA, FALSE)
                        : NULL;
}

/* dup_build_dir: where the schema was compiled to if this program runs from where it was built */
static gchar *
dup_build_dir (void)
{
  g_autofree gchar *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree gchar *dir = program != NULL ? g_path_get_dirname (program) : NULL;

  return dir != NULL ? g_build_filename (dir, "..", "..", "data", NULL) : NULL;
}

/**
 * floe_settings_schema:
 * @error: return location
 *
 * Where it was installed or built with the program is looked, too, since that need not be among
 * the directories of the session.
 *
 * Returns: (transfer full): the schema of our settings
 */
GSettingsSchema *
floe_settings_schema (GError **error)
{
  GSettingsSchemaSource *usual = g_settings_schema_source_get_default ();
  g_autofree gchar *built = dup_build_dir ();
  GSettingsSchema *schema = NULL;

  if (usual != NULL)
    schema = g_settings_schema_source_lookup (usual, FLOE_SETTINGS_SCHEMA, TRUE);
  if (schema != NULL)
    return schema;
  schema = look_in (SCHEMADIR, usual);
  if (schema == NULL && built != NULL)
    schema = look_in (built, usual);
  if (schema == NULL)
    g_set_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NOT_FOUND,
                 _ ("The settings schema %s is not installed in %s."), FLOE_SETTINGS_SCHEMA,
                 SCHEMADIR);
  return schema;
}

/* dconf takes everything without a session bus and keeps nothing, as GLib's own memory does. */
static gboolean
keeps (GSettingsBackend *backend)
{
  const gchar *name = G_OBJECT_TYPE_NAME (backend);
  g_autofree gchar *bus = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  if (g_str_equal (name, "DConfSettingsBackend"))
    return g_getenv ("DBUS_SESSION_BUS_ADDRESS") != NULL || g_file_test (bus, G_FILE_TEST_EXISTS);
  return !g_str_equal (name, "GMemorySettingsBackend");
}

/* choose_backend: the session's own, or a file where that would forget what it is told; unless
 * somebody chose it by name */
static GSettingsBackend *
choose_backend (GSettingsSchema *schema)
{
  g_autoptr (GSettingsBackend) usual = g_settings_backend_get_default ();
  g_autofree gchar *path = NULL;

  if (g_getenv ("GSETTINGS_BACKEND") != NULL || keeps (usual))
    return g_steal_pointer (&usual);
  path = g_build_filename (g_get_user_config_dir (), "floe", "settings.ini", NULL);
  return g_keyfile_settings_backend_new (path, g_settings_schema_get_path (schema), "settings");
}

/**
 * floe_settings_new:
 * @schema: the schema of our settings
 * @managed: what of it is an administrator's
 *
 * Returns: (transfer full): the settings of whoever sits here; a key that is not writable is the
 *   administrator's
 */
GSettings *
floe_settings_new (GSettingsSchema *schema, FloeManaged *managed)
{
  g_autoptr (GSettingsBackend) below = choose_backend (schema);
  g_autoptr (GSettingsBackend) backend = floe_managed_backend_new (schema, below, managed);

  return g_settings_new_full (schema, backend, NULL);
}

/**
 * floe_settings_managed_path:
 *
 * Returns: (transfer full): the administrator's file
 */
gchar *
floe_settings_managed_path (void)
{
  return g_build_filename (SYSCONFDIR, "floe", "client.conf", NULL);
}
