/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "silent-server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct _SilentServer
{
  SilentMode mode;
  guint16 port;
  gint listener;
  gint stop;        /* an eventfd */
  gint connections; /* atomic */
  GArray *peers;
  GThread *thread;
};

/* Byte 4 is the message id, which is below 128 on a new connection. */
static void
agree_to_starttls (gint fd)
{
  guint8 request[256];
  guint8 reply[] = { 0x30, 0x0c, 0x02, 0x01, 0x00, 0x78, 0x07,
                     0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00 };

  if (read (fd, request, sizeof request) < 5)
    return;
  reply[4] = request[4];
  g_assert_cmpint (write (fd, reply, sizeof reply), ==, sizeof reply);
}

static void
greet (SilentServer *self, gint fd)
{
  static const guint8 record[] = { 0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3f, 0xfc };

  if (self->mode == SILENT_STARTTLS)
    agree_to_starttls (fd);
  else if (self->mode == SILENT_DRIBBLES)
    g_assert_cmpint (write (fd, record, sizeof record), ==, sizeof record);
  if (self->mode == SILENT_CLOSES)
    close (fd);
  else
    g_array_append_val (self->peers, fd);
}

static void
dribble (SilentServer *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    if (send (g_array_index (self->peers, gint, i), "\x03", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
      continue; /* that one has given up */
}

static gpointer
serve (gpointer data)
{
  SilentServer *self = data;
  struct pollfd fds[] = { { self->listener, POLLIN, 0 }, { self->stop, POLLIN, 0 } };

  for (;;)
    {
      gint n = poll (fds, 2, self->mode == SILENT_DRIBBLES ? 50 : -1);

      if (fds[1].revents != 0)
        return NULL;
      if (n == 0)
        dribble (self);
      if (n <= 0)
        continue;
      g_atomic_int_inc (&self->connections);
      greet (self, accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC));
    }
}

/* The kernel drops what comes when more wait already than shall, and nobody takes those. */
static void
fill_queue (SilentServer *self, const struct sockaddr_in *address)
{
  for (;;)
    {
      gint fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      struct pollfd poll_fd = { fd, POLLOUT, 0 };

      g_array_append_val (self->peers, fd);
      if (connect (fd, (const struct sockaddr *)address, sizeof *address) != 0
          && poll (&poll_fd, 1, 200) == 0)
        return;
    }
}

/**
 * silent_server_new:
 *
 * Returns: (transfer full): a server on a free port of 127.0.0.1
 */
SilentServer *
silent_server_new (SilentMode mode)
{
  SilentServer *self = g_new0 (SilentServer, 1);
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;

  self->mode = mode;
  self->peers = g_array_new (FALSE, FALSE, sizeof (gint));
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *)&address, size), ==, 0);
  g_assert_cmpint (listen (self->listener, mode == SILENT_DROPS ? 0 : 64), ==, 0);
  g_assert_cmpint (getsockname (self->listener, (struct sockaddr *)&address, &size), ==, 0);
  self->port = ntohs (address.sin_port);
  self->stop = eventfd (0, EFD_CLOEXEC);
  if (mode == SILENT_DROPS)
    fill_queue (self, &address);
  else
    self->thread = g_thread_new ("silent-server", serve, self);
  return self;
}

void
silent_server_free (SilentServer *self)
{
  if (self == NULL)
    return;
  eventfd_write (self->stop, 1);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  for (guint i = 0; i < self->peers->len; i++)
    close (g_array_index (self->peers, gint, i));
  g_array_unref (self->peers);
  close (self->listener);
  close (self->stop);
  g_free (self);
}

guint16
silent_server_get_port (SilentServer *self)
{
  return self->port;
}

guint
silent_server_get_connections (SilentServer *self)
{
  return (guint)g_atomic_int_get (&self->connections);
}
