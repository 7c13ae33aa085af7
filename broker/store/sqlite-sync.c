/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-sync.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define PAUSE (100 * 1000)

struct _FloeSqliteSync
{
  gchar *log_path;
  GThread *thread;

  GMutex lock; /* guards what follows */
  GCond wake;
  gboolean marked;
  gboolean closing;
};

/* Any descriptor of the log will do: the kernel keeps what is unwritten by file. SQLite makes the
 * log anew now and then, so it is opened each time. */
static void
sync_log (FloeSqliteSync *self)
{
  gint fd = g_open (self->log_path, O_RDWR | O_CLOEXEC, 0);

  if (fd >= 0 && fdatasync (fd) < 0)
    g_warning ("%s was not brought to the disk: %s", self->log_path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
}

static gpointer
sync_main (gpointer data)
{
  FloeSqliteSync *self = data;

  g_mutex_lock (&self->lock);
  while (!self->closing || self->marked)
    {
      gint64 until = g_get_monotonic_time () + PAUSE;

      if (!self->marked)
        {
          g_cond_wait (&self->wake, &self->lock);
          continue;
        }
      while (!self->closing && g_cond_wait_until (&self->wake, &self->lock, until))
        ;
      self->marked = FALSE;
      g_mutex_unlock (&self->lock);
      sync_log (self);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

/**
 * floe_sqlite_sync_mark:
 *
 * Something was committed that is not on the disk yet. From any thread; costs no system call while
 * a sync is due already.
 */
void
floe_sqlite_sync_mark (FloeSqliteSync *self)
{
  g_mutex_lock (&self->lock);
  if (!self->marked)
    g_cond_signal (&self->wake);
  self->marked = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * floe_sqlite_sync_new:
 * @path: of the database
 *
 * Returns: (transfer full): a thread that waits for floe_sqlite_sync_mark()
 */
FloeSqliteSync *
floe_sqlite_sync_new (const gchar *path)
{
  FloeSqliteSync *self = g_new0 (FloeSqliteSync, 1);

  self->log_path = g_strconcat (path, "-wal", NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  self->thread = g_thread_new ("store-sync", sync_main, self);
  return self;
}

/**
 * floe_sqlite_sync_free:
 *
 * Syncs what is marked and ends the thread. Blocks.
 */
void
floe_sqlite_sync_free (FloeSqliteSync *self)
{
  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  g_free (self->log_path);
  g_free (self);
}
