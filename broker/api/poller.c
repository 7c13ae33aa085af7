/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/poller.h"

#include <errno.h>
#include <unistd.h>

#include "core/error.h"

/* How many are looked after before others get their turn of the main loop. */
#define BATCH 32

struct _FloePoller
{
  GSource source;
  gint epoll;
  struct epoll_event batch[BATCH]; /* what is being dispatched */
  gint n_batch;
};

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  FloePoller *self = (FloePoller *)source;

  self->n_batch = epoll_wait (self->epoll, self->batch, BATCH, 0);
  for (gint i = 0; i < self->n_batch; i++)
    {
      FloeWatch *watch = self->batch[i].data.ptr;

      if (watch != NULL)
        watch->func (self->batch[i].events, watch->data);
    }
  self->n_batch = 0;
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  FloePoller *self = (FloePoller *)source;

  if (self->epoll >= 0)
    close (self->epoll);
}

/**
 * floe_poller_new:
 *
 * Returns: (transfer full) (nullable): a poller on the thread's main loop; or %NULL with
 *   %FLOE_ERROR_UNAVAILABLE
 */
FloePoller *
floe_poller_new (GError **error)
{
  static GSourceFuncs funcs = { .dispatch = dispatch, .finalize = finalize };
  FloePoller *self = (FloePoller *)g_source_new (&funcs, sizeof (FloePoller));

  self->n_batch = 0;
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll < 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, g_strerror (errno));
      g_source_unref (&self->source);
      return NULL;
    }
  g_source_set_static_name (&self->source, "floe connections");
  /* Otherwise GLib takes its file out of the loop and in again around each dispatch, and wakes
   * itself up for each. Inside another dispatch the outer one would only end early. */
  g_source_set_can_recurse (&self->source, TRUE);
  g_source_add_unix_fd (&self->source, self->epoll, G_IO_IN);
  g_source_attach (&self->source, g_main_context_get_thread_default ());
  return self;
}

/**
 * floe_poller_free:
 * @self: (nullable): a poller that watches nothing any more
 */
void
floe_poller_free (FloePoller *self)
{
  if (self == NULL)
    return;
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

/**
 * floe_poller_watch:
 * @self: a poller
 * @watch: what to watch; it must stay where it is until floe_poller_forget()
 * @events: any of EPOLLIN and EPOLLOUT; EPOLLHUP and EPOLLERR are always looked for
 */
void
floe_poller_watch (FloePoller *self, FloeWatch *watch, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  if (watch->is_added && watch->events == events)
    return;
  if (epoll_ctl (self->epoll, watch->is_added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watch->fd, &event)
      != 0)
    {
      /* Everything that waits for a peer has a deadline or a ping, so it does not wait forever. */
      g_warning ("cannot watch a connection: %s", g_strerror (errno));
      return;
    }
  watch->is_added = TRUE;
  watch->events = events;
}

/**
 * floe_poller_forget:
 * @self: a poller
 * @watch: what is watched no longer; its function is not called any more
 *
 * To be called before the file is closed: a process that was forked meanwhile, and did not get to
 * its exec yet, keeps it open, and with it what epoll knows.
 */
void
floe_poller_forget (FloePoller *self, FloeWatch *watch)
{
  if (!watch->is_added)
    return;
  epoll_ctl (self->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
  watch->is_added = FALSE;
  for (gint i = 0; i < self->n_batch; i++)
    if (self->batch[i].data.ptr == watch)
      self->batch[i].data.ptr = NULL;
}
