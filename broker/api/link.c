/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

struct _FloeLink
{
  FloeWatch watch;
  FloePoller *poller;
  gboolean is_unix;
  GDestroyNotify released;
  gpointer data;
};

/**
 * floe_link_new:
 * @fd: (transfer full): an accepted socket, non-blocking
 * @is_unix: of the Unix socket, whose peers are trusted; otherwise of TCP
 * @poller: (transfer none): what watches it; must outlive it
 * @released: called when the link is freed
 * @data: its user data
 *
 * Returns: (transfer full): the link
 */
FloeLink *
floe_link_new (gint fd, gboolean is_unix, FloePoller *poller, GDestroyNotify released,
               gpointer data)
{
  FloeLink *self = g_new0 (FloeLink, 1);

  self->watch.fd = fd;
  self->poller = poller;
  self->is_unix = is_unix;
  self->released = released;
  self->data = data;
  return self;
}

/**
 * floe_link_close:
 * @self: a link
 *
 * Gives the peer up. The link still counts until it is freed, but nothing is heard of it any more.
 */
void
floe_link_close (FloeLink *self)
{
  if (self->watch.fd < 0)
    return;
  floe_poller_forget (self->poller, &self->watch);
  close (self->watch.fd);
  self->watch.fd = -1;
}

void
floe_link_free (FloeLink *self)
{
  if (self == NULL)
    return;
  floe_link_close (self);
  self->released (self->data);
  g_free (self);
}

gboolean
floe_link_is_unix (const FloeLink *self)
{
  return self->is_unix;
}

/**
 * floe_link_get_address:
 * @self: a link of TCP
 *
 * Returns: (transfer full) (nullable): the peer's address as text; %NULL when the peer is gone
 */
gchar *
floe_link_get_address (const FloeLink *self)
{
  struct sockaddr_storage storage = { 0 };
  socklen_t length = sizeof storage;
  gchar text[INET6_ADDRSTRLEN];
  const void *address = &((struct sockaddr_in *)&storage)->sin_addr;

  if (getpeername (self->watch.fd, (struct sockaddr *)&storage, &length) != 0)
    return NULL;
  if (storage.ss_family == AF_INET6)
    address = &((struct sockaddr_in6 *)&storage)->sin6_addr;
  return g_strdup (inet_ntop (storage.ss_family, address, text, sizeof text));
}

/**
 * floe_link_watch:
 * @self: a link
 * @events: EPOLLIN, EPOLLOUT, both or neither; the peer's going away is always looked for
 * @func: called from the main loop, instead of what was called before
 * @data: its user data
 */
void
floe_link_watch (FloeLink *self, guint32 events, FloeWatchFunc func, gpointer data)
{
  self->watch.func = func;
  self->watch.data = data;
  floe_poller_watch (self->poller, &self->watch, events);
}

static gboolean
would_block (void)
{
  return errno == EAGAIN || errno == EINTR;
}

/**
 * floe_link_read:
 * @self: a link
 * @bytes: (array length=length): where what came goes to
 * @length: how much room there is
 *
 * Returns: how many bytes came; 0 when none will come any more; -1 when none are there yet
 */
gssize
floe_link_read (FloeLink *self, gchar *bytes, gsize length)
{
  gssize n = recv (self->watch.fd, bytes, length, 0);

  return n < 0 && !would_block () ? 0 : n;
}

/**
 * floe_link_write:
 * @self: a link
 * @pieces: (array length=n_pieces): what goes out, in one system call
 * @n_pieces: how many
 *
 * Returns: how many bytes went out, perhaps 0; -1 when none ever will
 */
gssize
floe_link_write (FloeLink *self, const struct iovec *pieces, gsize n_pieces)
{
  struct msghdr message = { .msg_iov = (struct iovec *)pieces, .msg_iovlen = n_pieces };
  gssize n = sendmsg (self->watch.fd, &message, MSG_NOSIGNAL);

  return n < 0 && would_block () ? 0 : n;
}

/**
 * floe_link_end:
 * @self: a link
 *
 * Tells the peer that nothing more is sent; what it sends can still be read.
 */
void
floe_link_end (FloeLink *self)
{
  shutdown (self->watch.fd, SHUT_WR);
}
