/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

/**
 * FloeWatchFunc:
 * @events: which of EPOLLIN, EPOLLOUT, EPOLLHUP and EPOLLERR were seen; a hint, since what is done
 *   before it in the same turn may have changed that
 * @data: user data
 */
typedef void (*FloeWatchFunc) (guint32 events, gpointer data);

/**
 * FloeWatch:
 * @fd: what is watched
 * @func: called from the main loop
 * @data: its user data
 * @events: what is looked for now; the poller's
 * @is_added: the poller knows it; the poller's
 *
 * A file that is watched. Part of whatever owns the file; @func and @data may be changed any time.
 */
typedef struct
{
  gint fd;
  FloeWatchFunc func;
  gpointer data;
  guint32 events;
  gboolean is_added;
} FloeWatch;

/**
 * FloePoller:
 *
 * All connections as one source of the main loop. GLib looks at each of its sources in every turn,
 * and each terminal has a connection that is idle nearly always. With a source for each, every
 * request would pay for all terminals that do nothing.
 */
typedef struct _FloePoller FloePoller;

FloePoller *floe_poller_new (GError **error);
void floe_poller_free (FloePoller *self);

void floe_poller_watch (FloePoller *self, FloeWatch *watch, guint32 events);
void floe_poller_forget (FloePoller *self, FloeWatch *watch);

G_END_DECLS
