/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/key-file.h"

#define TRUST       "terminal-trust"
#define TRUST_HEAD  "floe terminal trust 1"
#define TRUST_LINES 5

/**
 * floe_keep_dir:
 *
 * Returns: (transfer full): where this user's terminal keeps what it keeps
 */
gchar *
floe_keep_dir (void)
{
  return g_build_filename (g_get_user_state_dir (), "floe", NULL);
}

/**
 * floe_keep_read:
 *
 * Returns: (transfer full) (nullable): what is kept under this name; %NULL if that is nothing, or
 *   nothing that only this user could write
 */
FloeSecret *
floe_keep_read (const gchar *dir, const gchar *name)
{
  g_autofree gchar *path = g_build_filename (dir, name, NULL);
  gint fd = g_open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
  FloeSecret *text = NULL;
  struct stat info;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) == 0 && floe_key_file_is_private (&info))
    {
      gsize length = (gsize)info.st_size;
      gchar *bytes = g_malloc0 (length + 1);
      gssize n = read (fd, bytes, length);

      text = floe_secret_new_take (bytes, n > 0 ? (gsize)n : 0);
    }
  else
    g_warning ("%s is not its owner's alone, and is not used", path);
  close (fd);
  return text;
}

/**
 * floe_keep_write:
 *
 * Keeps @text: all of it, or what was there before.
 */
gboolean
floe_keep_write (const gchar *dir, const gchar *name, const FloeSecret *text, GError **error)
{
  const GFileSetContentsFlags flags = G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;
  g_autofree gchar *path = g_build_filename (dir, name, NULL);
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);

  if (g_mkdir_with_parents (dir, 0700) != 0)
    g_set_error (error, G_FILE_ERROR, (gint)g_file_error_from_errno (errno),
                 "%s cannot be written: %s", path, g_strerror (errno));
  else if (g_file_set_contents_full (path, bytes, (gssize)length, flags, 0600, error))
    return TRUE;
  else
    g_prefix_error (error, "%s cannot be written: ", path);
  return FALSE;
}

void
floe_keep_remove (const gchar *dir, const gchar *name)
{
  g_autofree gchar *path = g_build_filename (dir, name, NULL);

  g_unlink (path);
}

/**
 * floe_keep_forget:
 *
 * Forgets whose terminal this was, as one that has enrolled anew must. How often a wrong code was
 * tried is not forgotten.
 */
void
floe_keep_forget (const gchar *dir)
{
  floe_keep_remove (dir, TRUST);
  floe_keep_remove (dir, "terminal-settings");
}

/* The lines of a trust: head, fingerprint of the certificate that it is for, name, key, secret. */
static FloeTrust *
parse_trust (const gchar *text, const gchar *fingerprint)
{
  const gchar *lines[TRUST_LINES];
  gsize lengths[TRUST_LINES];
  g_autofree gchar *name = NULL;
  g_autofree gchar *key = NULL;
  g_autoptr (FloeSecret) secret = NULL;

  for (guint i = 0; i < TRUST_LINES; i++)
    {
      lines[i] = text;
      lengths[i] = strcspn (text, "\n");
      if (lengths[i] == 0 || text[lengths[i]] == '\0')
        return NULL;
      text += lengths[i] + 1;
    }
  if (strncmp (lines[0], TRUST_HEAD, lengths[0]) != 0 || lengths[0] != strlen (TRUST_HEAD)
      || strncmp (lines[1], fingerprint, lengths[1]) != 0 || lengths[1] != strlen (fingerprint))
    return NULL;
  name = g_strndup (lines[2], lengths[2]);
  key = g_strndup (lines[3], lengths[3]);
  secret = floe_secret_new (lines[4], (gssize)lengths[4]);
  return floe_trust_new (name, key, secret);
}

/**
 * floe_keep_read_trust:
 * @fingerprint: of the certificate that this machine shows
 *
 * Returns: (transfer full) (nullable): what was kept with that certificate
 */
FloeTrust *
floe_keep_read_trust (const gchar *dir, const gchar *fingerprint)
{
  g_autoptr (FloeSecret) text = floe_keep_read (dir, TRUST);

  return text != NULL ? parse_trust (floe_secret_get (text, NULL), fingerprint) : NULL;
}

/**
 * floe_keep_write_trust:
 * @fingerprint: of the certificate that this machine shows
 */
gboolean
floe_keep_write_trust (const gchar *dir, const gchar *fingerprint, const FloeTrust *trust,
                       GError **error)
{
  gchar *text = g_strdup_printf (TRUST_HEAD "\n%s\n%s\n%s\n%s\n", fingerprint, trust->name,
                                 trust->key, floe_secret_get (trust->secret, NULL));
  g_autoptr (FloeSecret) whole = floe_secret_new_take (text, strlen (text));

  return floe_keep_write (dir, TRUST, whole, error);
}
