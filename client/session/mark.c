/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/mark.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define PREFIX "floe-open."

/* The file is empty: that it is there says all. Whose program lives is known by a lock, which ends
 * with it. */
struct _FloeMark
{
  gchar *path;
  gint fd;
};

/**
 * floe_mark_new:
 * @dir: (nullable): where; %NULL for what lasts as long as the person's session on this computer
 *
 * Returns: (transfer full) (nullable): a mark; %NULL if there can be none
 */
FloeMark *
floe_mark_new (const gchar *dir)
{
  g_autofree gchar *path =
      g_build_filename (dir != NULL ? dir : g_get_user_runtime_dir (), PREFIX "XXXXXX", NULL);
  gint fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  FloeMark *self;

  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) != 0)
    g_info ("an end in the middle of a session would not be noticed: %s", g_strerror (errno));
  if (fd < 0)
    return NULL;
  self = g_new0 (FloeMark, 1);
  self->path = g_steal_pointer (&path);
  self->fd = fd;
  return self;
}

void
floe_mark_free (FloeMark *self)
{
  if (self == NULL)
    return;
  g_unlink (self->path);
  close (self->fd);
  g_free (self->path);
  g_free (self);
}

/* is_left: whether nobody lives who made it */
static gboolean
is_left (const gchar *path)
{
  gint fd = g_open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
  gboolean left = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;

  if (fd >= 0)
    close (fd);
  return left;
}

/**
 * floe_mark_sweep:
 * @dir: as for floe_mark_new()
 *
 * Takes away the marks of programs that are there no more.
 *
 * Returns: whether there were any
 */
gboolean
floe_mark_sweep (const gchar *dir)
{
  const gchar *place = dir != NULL ? dir : g_get_user_runtime_dir ();
  g_autoptr (GDir) folder = g_dir_open (place, 0, NULL);
  const gchar *name;
  gboolean found = FALSE;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (place, name, NULL);

      if (g_str_has_prefix (name, PREFIX) && is_left (path) && g_unlink (path) == 0)
        found = TRUE;
    }
  return found;
}
