/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/settings.h"

#include <glib/gi18n.h>

#include "ctl/command.h"

#define GROUP "floectl"

void
floe_ctl_settings_clear (FloeCtlSettings *self)
{
  g_clear_pointer (&self->broker, g_free);
  g_clear_pointer (&self->ca, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->domain, g_free);
  g_clear_pointer (&self->password_file, g_free);
  g_clear_pointer (&self->code_file, g_free);
  g_clear_pointer (&self->token_file, g_free);
  g_clear_pointer (&self->terminal_key, g_free);
}

static void
fill (gchar **place, const gchar *value)
{
  if (*place == NULL && value != NULL && *value != '\0')
    *place = g_strdup (value);
}

static gboolean
check_keys (GKeyFile *keys, const gchar *file, GError **error)
{
  const gchar *const known[] = { "broker", "ca", "user", "domain", "token_file", NULL };
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
  g_auto (GStrv) found = NULL;

  for (guint i = 0; groups[i] != NULL; i++)
    if (!g_str_equal (groups[i], GROUP))
      {
        floe_ctl_set_usage (error, _ ("%s: unknown section [%s]; there is only [%s]"), file,
                            groups[i], GROUP);
        return FALSE;
      }
  found = g_key_file_get_keys (keys, GROUP, NULL, NULL);
  for (guint i = 0; found != NULL && found[i] != NULL; i++)
    if (!g_strv_contains (known, found[i]))
      {
        floe_ctl_set_usage (error,
                            _ ("%s: unknown key \"%s\"; there are broker, ca, user, domain and "
                               "token_file"),
                            file, found[i]);
        return FALSE;
      }
  return TRUE;
}

/**
 * floe_ctl_settings_fill_from:
 * @self: settings; what is set stays
 * @file: a key file with one section, [floectl]; a missing one is empty
 * @error: unreadable, or something unknown in it
 *
 * Returns: %TRUE if the file was good or missing
 */
gboolean
floe_ctl_settings_fill_from (FloeCtlSettings *self, const gchar *file, GError **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) why = NULL;
  g_autofree gchar *broker = NULL;
  g_autofree gchar *ca = NULL;
  g_autofree gchar *user = NULL;
  g_autofree gchar *domain = NULL;
  g_autofree gchar *token_file = NULL;

  if (!g_key_file_load_from_file (keys, file, G_KEY_FILE_NONE, &why))
    {
      if (g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_NOENT)
          || g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
        return TRUE;
      floe_ctl_set_usage (error, "%s: %s", file, why->message);
      return FALSE;
    }
  if (!check_keys (keys, file, error))
    return FALSE;
  broker = g_key_file_get_string (keys, GROUP, "broker", NULL);
  ca = g_key_file_get_string (keys, GROUP, "ca", NULL);
  user = g_key_file_get_string (keys, GROUP, "user", NULL);
  domain = g_key_file_get_string (keys, GROUP, "domain", NULL);
  token_file = g_key_file_get_string (keys, GROUP, "token_file", NULL);
  /* A CA belongs to its broker: one given elsewhere must not be met with this file's CA. And what
   * is a token of one broker is not shown to another one. */
  if (self->broker == NULL || g_strcmp0 (self->broker, broker) == 0)
    {
      fill (&self->ca, ca);
      fill (&self->token_file, token_file);
    }
  fill (&self->broker, broker);
  fill (&self->user, user);
  fill (&self->domain, domain);
  return TRUE;
}

/**
 * floe_ctl_settings_fill:
 * @self: what the command line gave
 * @error: an unreadable file
 *
 * Fills what is missing from FLOE_BROKER, FLOE_CA, FLOE_PASSWORD_FILE and FLOE_TOKEN_FILE, then the
 * user's own file, then the machine's.
 *
 * Returns: %TRUE if the files were good or missing
 */
gboolean
floe_ctl_settings_fill (FloeCtlSettings *self, GError **error)
{
  g_autofree gchar *own = g_build_filename (g_get_user_config_dir (), "floe", "floectl.conf", NULL);
  g_autofree gchar *common = g_build_filename (SYSCONFDIR, "floe", "floectl.conf", NULL);
  const gchar *runtime = g_getenv ("XDG_RUNTIME_DIR");

  fill (&self->broker, g_getenv ("FLOE_BROKER"));
  fill (&self->ca, g_getenv ("FLOE_CA"));
  fill (&self->password_file, g_getenv ("FLOE_PASSWORD_FILE"));
  fill (&self->token_file, g_getenv ("FLOE_TOKEN_FILE"));
  if (!floe_ctl_settings_fill_from (self, own, error)
      || !floe_ctl_settings_fill_from (self, common, error))
    return FALSE;
  if (self->token_file == NULL && runtime != NULL && g_path_is_absolute (runtime))
    self->token_file = g_build_filename (runtime, "floe", "floectl.token", NULL);
  return TRUE;
}
