/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fault-wire.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS_MAX 256
#define LOOK_MS   20
#define DELAY_US  200000

struct _FaultWire
{
  guint16 server_port;
  guint16 port;
  GThread *thread;
  GMutex mutex; /* of what follows */
  gboolean over;
  gboolean armed;
  WireFault fault;
  gsize after_bytes;
  gint64 lasts;
  gint64 until; /* 0: it is whole */
  /* the thread's own */
  gsize from_server;
  guint n_pairs;
  struct pollfd fds[1 + 2 * PAIRS_MAX]; /* listener, then client and server of each */
};

static void
close_one (struct pollfd *end, gboolean rude)
{
  const struct linger at_once = { 1, 0 };

  if (end->fd < 0)
    return;
  if (rude)
    setsockopt (end->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (end->fd);
  end->fd = -1; /* poll() skips it */
  end->revents = 0;
}

static void
close_all (FaultWire *self, gboolean rude)
{
  for (guint i = 1; i < 1 + 2 * self->n_pairs; i++)
    close_one (&self->fds[i], rude);
  self->n_pairs = 0;
}

static struct sockaddr_in
loopback (guint16 port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = htons (port),
                               .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
}

static void
take_connection (FaultWire *self, gboolean refuse, gboolean rude)
{
  struct sockaddr_in server = loopback (self->server_port);
  struct pollfd *pair = &self->fds[1 + 2 * self->n_pairs];

  g_assert_cmpuint (self->n_pairs, <, PAIRS_MAX);
  pair[0] = (struct pollfd){ accept4 (self->fds[0].fd, NULL, NULL, SOCK_CLOEXEC), POLLIN, 0 };
  if (refuse)
    {
      close_one (&pair[0], rude);
      return;
    }
  pair[1] = (struct pollfd){ socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), POLLIN, 0 };
  g_assert_cmpint (connect (pair[1].fd, (struct sockaddr *)&server, sizeof server), ==, 0);
  self->n_pairs++;
}

/* hand_on: as far as the server's next byte that the fault waits for */
static void
hand_on (FaultWire *self, guint nth, gsize limit)
{
  struct pollfd *pair = &self->fds[1 + 2 * nth];
  gchar bytes[16384];

  for (guint from = 0; from < 2; from++)
    {
      gsize room = from == 1 ? MIN (sizeof bytes, limit) : sizeof bytes;
      gssize n;

      if (pair[from].fd < 0 || pair[from].revents == 0 || room == 0)
        continue;
      n = read (pair[from].fd, bytes, room);
      if (n > 0 && from == 1)
        self->from_server += (gsize)n;
      if (n <= 0 || send (pair[1 - from].fd, bytes, (gsize)n, MSG_NOSIGNAL) != n)
        {
          close_one (&pair[0], FALSE);
          close_one (&pair[1], FALSE);
        }
    }
}

/* look: whether it fails now, and how many bytes are still to come before it does */
static gboolean
look (FaultWire *self, WireFault *fault, gsize *limit, gboolean *over)
{
  gint64 now = g_get_monotonic_time ();
  gboolean fails;

  g_mutex_lock (&self->mutex);
  *over = self->over;
  if (self->armed && self->from_server >= self->after_bytes)
    {
      self->armed = FALSE;
      self->until = now + self->lasts;
    }
  if (self->until != 0 && now >= self->until)
    self->until = 0;
  fails = self->until != 0;
  *fault = self->fault;
  *limit = self->armed ? self->after_bytes - self->from_server : G_MAXSIZE;
  g_mutex_unlock (&self->mutex);
  return fails;
}

static gpointer
serve (gpointer data)
{
  FaultWire *self = data;

  for (;;)
    {
      WireFault fault;
      gsize limit;
      gboolean over;
      gboolean fails = look (self, &fault, &limit, &over);
      gboolean rude = fails && fault == WIRE_RESET;
      gboolean refuse = rude || (fails && fault == WIRE_DROP);
      guint n_pairs;

      if (over)
        return NULL;
      if (refuse)
        close_all (self, rude);
      if (fails && fault == WIRE_STALL)
        {
          g_usleep (LOOK_MS * 1000);
          continue;
        }
      n_pairs = self->n_pairs;
      if (poll (self->fds, 1 + 2 * n_pairs, LOOK_MS) <= 0)
        continue;
      if (fails && fault == WIRE_DELAY)
        g_usleep (DELAY_US);
      for (guint i = 0; i < n_pairs; i++)
        hand_on (self, i, limit);
      if (self->fds[0].revents != 0)
        take_connection (self, refuse, rude);
    }
}

FaultWire *
fault_wire_new (guint16 server_port)
{
  FaultWire *self = g_new0 (FaultWire, 1);
  struct sockaddr_in own = loopback (0);
  socklen_t size = sizeof own;

  g_mutex_init (&self->mutex);
  self->server_port = server_port;
  self->fds[0] = (struct pollfd){ socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), POLLIN, 0 };
  g_assert_cmpint (bind (self->fds[0].fd, (struct sockaddr *)&own, size), ==, 0);
  g_assert_cmpint (listen (self->fds[0].fd, 64), ==, 0);
  g_assert_cmpint (getsockname (self->fds[0].fd, (struct sockaddr *)&own, &size), ==, 0);
  self->port = ntohs (own.sin_port);
  self->thread = g_thread_new ("fault-wire", serve, self);
  return self;
}

void
fault_wire_free (FaultWire *self)
{
  g_mutex_lock (&self->mutex);
  self->over = TRUE;
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  close_all (self, FALSE);
  close_one (&self->fds[0], FALSE);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

guint16
fault_wire_get_port (FaultWire *self)
{
  return self->port;
}

/**
 * fault_wire_fail:
 * @after_bytes: from the server, since the wire was made; 0 for at once
 * @milliseconds: until it heals
 */
void
fault_wire_fail (FaultWire *self, WireFault fault, gsize after_bytes, guint milliseconds)
{
  g_mutex_lock (&self->mutex);
  self->armed = TRUE;
  self->fault = fault;
  self->after_bytes = after_bytes;
  self->lasts = milliseconds * (gint64)1000;
  g_mutex_unlock (&self->mutex);
}

/**
 * fault_wire_is_whole:
 *
 * Returns: whether the fault is over, or was never asked for
 */
gboolean
fault_wire_is_whole (FaultWire *self)
{
  gboolean whole;

  g_mutex_lock (&self->mutex);
  whole = !self->armed && self->until == 0;
  g_mutex_unlock (&self->mutex);
  return whole;
}

/**
 * fault_wire_has_failed:
 *
 * Returns: whether the fault that was asked for has begun
 */
gboolean
fault_wire_has_failed (FaultWire *self)
{
  gboolean failed;

  g_mutex_lock (&self->mutex);
  failed = !self->armed;
  g_mutex_unlock (&self->mutex);
  return failed;
}
