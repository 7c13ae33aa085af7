/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/file.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gchar *
read_all (gint fd, gsize max_bytes, gsize *length, GError **error)
{
  g_autofree gchar *bytes = g_malloc (max_bytes + 2);
  gsize got = 0;

  while (got <= max_bytes)
    {
      gssize n = read (fd, bytes + got, max_bytes + 1 - got);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, g_strerror (errno));
          return NULL;
        }
      if (n == 0)
        break;
      got += n;
    }
  if (got > max_bytes)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "larger than %" G_GSIZE_FORMAT " bytes",
                   max_bytes);
      return NULL;
    }
  bytes[got] = '\0';
  if (length != NULL)
    *length = got;
  return g_realloc (g_steal_pointer (&bytes), got + 1);
}

/**
 * floe_file_read:
 * @path: a regular file, or a symlink to one
 * @max_bytes: a larger one is refused
 * @length: (out) (optional): how many bytes
 * @error: why not: %FLOE_ERROR_INVALID, without the path
 *
 * Never waits, as opening a FIFO would.
 *
 * Returns: (transfer full) (nullable): its bytes, with a NUL after them that is not counted
 */
gchar *
floe_file_read (const gchar *path, gsize max_bytes, gsize *length, GError **error)
{
  gint fd = g_open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0);
  struct stat st;
  gchar *bytes;

  if (fd < 0 || fstat (fd, &st) != 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (!S_ISREG (st.st_mode))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "not a regular file");
      close (fd);
      return NULL;
    }
  bytes = read_all (fd, max_bytes, length, error);
  close (fd);
  return bytes;
}
