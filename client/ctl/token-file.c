/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/token-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/command.h"

/* Two lines: the broker's address and the token, which is thereby never shown to another broker.
 * Whoever keeps tokens of the API elsewhere may have them as they are, in one line. */

#define LIMIT 4096

#define API_PREFIX "fla_"

/**
 * floe_token_file_save:
 * @file: where to; its directory is made if it is missing
 * @url: the broker that gave the token
 * @token: the token
 * @error: it could not be written
 *
 * Replaces @file in one step, readable by its owner alone.
 *
 * Returns: %TRUE if it is there
 */
gboolean
floe_token_file_save (const gchar *file, const gchar *url, FloeSecret *token, GError **error)
{
  g_autofree gchar *dir = g_path_get_dirname (file);
  g_autofree gchar *text = g_strdup_printf ("%s\n%s\n", url, floe_secret_get (token, NULL));
  g_autoptr (GError) why = NULL;
  gboolean good;

  if (g_mkdir_with_parents (dir, 0700) != 0)
    {
      floe_ctl_set_failed (error, _ ("cannot make the directory %s: %s"), dir, g_strerror (errno));
      good = FALSE;
    }
  else
    {
      good = g_file_set_contents_full (file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &why);
      if (!good)
        floe_ctl_set_failed (error, _ ("cannot keep the log-in: %s"), why->message);
    }
  floe_wipe (text, strlen (text));
  return good;
}

static gboolean
is_private (const struct stat *info)
{
  return S_ISREG (info->st_mode) && info->st_uid == geteuid () && (info->st_mode & 077) == 0;
}

static FloeSecret *
parse (gchar *text, gchar **url)
{
  gchar *line_end = strchr (text, '\n');
  gchar *token = line_end != NULL ? line_end + 1 : NULL;
  gsize length = token != NULL ? strcspn (token, "\n") : 0;

  if (g_str_has_prefix (text, API_PREFIX))
    {
      *url = NULL;
      return floe_secret_new (text, (gssize)strcspn (text, "\n"));
    }
  if (length == 0 || !(g_str_has_prefix (token, "flt_") || g_str_has_prefix (token, API_PREFIX)))
    return NULL;
  *url = g_strndup (text, (gsize)(line_end - text));
  return floe_secret_new (token, (gssize)length);
}

/**
 * floe_token_file_load:
 * @file: where from
 * @url: (out) (transfer full) (nullable): the broker that gave it; %NULL where the file does not
 * say; untouched without a token
 * @error: somebody else could have read or written it, or it is damaged
 *
 * Returns: (transfer full) (nullable): the token; %NULL without @error if there is no file
 */
FloeSecret *
floe_token_file_load (const gchar *file, gchar **url, GError **error)
{
  gint fd = open (file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  gchar text[LIMIT + 1];
  FloeSecret *token = NULL;
  struct stat info;
  gssize n = -1;

  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return NULL;
  if (fd < 0 || fstat (fd, &info) != 0)
    floe_ctl_set_failed (error, _ ("cannot read %s: %s"), file, g_strerror (errno));
  else if (!is_private (&info))
    floe_ctl_set_failed (error, _ ("%s is not yours alone; remove it and log in again"), file);
  else
    {
      n = read (fd, text, LIMIT);
      text[MAX (n, 0)] = '\0';
      token = n > 0 ? parse (text, url) : NULL;
      if (token == NULL)
        floe_ctl_set_failed (error, _ ("%s holds no log-in; remove it and log in again"), file);
    }
  if (fd >= 0)
    close (fd);
  floe_wipe (text, sizeof text);
  return token;
}

/**
 * floe_token_file_is_free:
 * @file: where a log-in is to be kept
 * @error: there is a token of the API in it, which nobody could make again
 *
 * Returns: whether what is there may be replaced
 */
gboolean
floe_token_file_is_free (const gchar *file, GError **error)
{
  g_autofree gchar *url = NULL;
  g_autoptr (FloeSecret) token = floe_token_file_load (file, &url, NULL);

  if (token == NULL || !g_str_has_prefix (floe_secret_get (token, NULL), API_PREFIX))
    return TRUE;
  floe_ctl_set_failed (
      error, _ ("%s holds a token of the API; give another --token-file for the log-in"), file);
  return FALSE;
}

gboolean
floe_token_file_remove (const gchar *file, GError **error)
{
  if (g_unlink (file) == 0 || errno == ENOENT || errno == ENOTDIR)
    return TRUE;
  floe_ctl_set_failed (error, _ ("cannot remove %s: %s"), file, g_strerror (errno));
  return FALSE;
}
