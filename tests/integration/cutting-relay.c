/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cutting-relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS_MAX 32

struct _CuttingRelay
{
  struct sockaddr_in server;
  guint16 port;
  gint stop;   /* an eventfd */
  gint cuts;   /* atomic */
  gint doomed; /* atomic: the connection to cut, from 1; 0 for none */
  gint spared; /* atomic: how often it may still send */
  gint last;   /* atomic: after that the server is gone */
  gint slow;   /* atomic: the connection to hold up, from 1; 0 for none */
  gint hold;   /* atomic: for how many milliseconds */
  gint all;    /* atomic: and all the others with it */
  gint64 held_until;
  guint n_pairs;
  struct pollfd fds[2 + 2 * PAIRS_MAX]; /* listener, stop, then client and server of each */
  GThread *thread;
};

static void
close_pair (struct pollfd *pair)
{
  for (guint i = 0; i < 2; i++)
    {
      close (pair[i].fd);
      pair[i].fd = -1; /* poll() skips it */
      pair[i].revents = 0;
    }
}

static void
take_connection (CuttingRelay *self)
{
  struct pollfd *pair = &self->fds[2 + 2 * self->n_pairs];

  g_assert_cmpuint (self->n_pairs, <, PAIRS_MAX);
  self->n_pairs++;
  pair[0].fd = accept4 (self->fds[0].fd, NULL, NULL, SOCK_CLOEXEC);
  pair[1].fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  pair[0].events = pair[1].events = POLLIN;
  pair[0].revents = pair[1].revents = 0;
  if (connect (pair[1].fd, (struct sockaddr *)&self->server, sizeof self->server) != 0)
    close_pair (pair);
}

static gboolean
is_cut (CuttingRelay *self, guint nth)
{
  if (g_atomic_int_get (&self->doomed) != (gint)nth + 1)
    return FALSE;
  return g_atomic_int_add (&self->spared, -1) <= 0
         && g_atomic_int_compare_and_exchange (&self->doomed, (gint)nth + 1, 0);
}

static void
go_away (CuttingRelay *self)
{
  close (self->fds[0].fd);
  self->fds[0].fd = -1;
  self->fds[0].revents = 0;
  for (guint i = 0; i < self->n_pairs; i++)
    if (self->fds[2 + 2 * i].fd >= 0)
      close_pair (&self->fds[2 + 2 * i]);
}

/* What a client sends is not read meanwhile. */
static void
listen_to (CuttingRelay *self, gint nth, gshort events)
{
  for (guint i = 0; i < self->n_pairs; i++)
    if (nth < 0 || (guint)nth == i)
      {
        self->fds[2 + 2 * i].events = events;
        self->fds[2 + 2 * i].revents &= events;
      }
}

static void
hold_up (CuttingRelay *self)
{
  gint nth = g_atomic_int_get (&self->slow) - 1;

  if (self->held_until != 0 && g_get_monotonic_time () >= self->held_until)
    {
      self->held_until = 0;
      listen_to (self, -1, POLLIN);
    }
  if (nth < 0 || (guint)nth >= self->n_pairs || self->fds[2 + 2 * nth].revents == 0)
    return;
  g_atomic_int_set (&self->slow, 0);
  self->held_until = g_get_monotonic_time () + g_atomic_int_get (&self->hold) * (gint64)1000;
  listen_to (self, g_atomic_int_get (&self->all) ? -1 : nth, 0);
}

static void
hand_on (CuttingRelay *self, guint nth)
{
  struct pollfd *pair = &self->fds[2 + 2 * nth];
  gchar bytes[16384];

  for (guint from = 0; from < 2; from++)
    {
      gssize n;

      if (pair[from].fd < 0 || pair[from].revents == 0)
        continue;
      n = read (pair[from].fd, bytes, sizeof bytes);
      if (n > 0 && from == 0 && is_cut (self, nth))
        {
          g_atomic_int_inc (&self->cuts);
          n = 0;
          if (g_atomic_int_get (&self->last))
            go_away (self);
        }
      if (pair[0].fd >= 0
          && (n <= 0 || send (pair[1 - from].fd, bytes, (gsize)n, MSG_NOSIGNAL) != n))
        close_pair (pair);
    }
}

static gpointer
serve (gpointer data)
{
  CuttingRelay *self = data;

  for (;;)
    {
      guint n_pairs = self->n_pairs;

      if (poll (self->fds, 2 + 2 * n_pairs, self->held_until != 0 ? 20 : -1) < 0)
        continue;
      hold_up (self);
      if (self->fds[1].revents != 0)
        return NULL;
      for (guint i = 0; i < n_pairs; i++)
        hand_on (self, i);
      if (self->fds[0].revents != 0)
        take_connection (self);
    }
}

/**
 * cutting_relay_new:
 * @address: the server's IPv4 address
 * @port: and port
 *
 * Returns: (transfer full): a relay on a free port of 127.0.0.1
 */
CuttingRelay *
cutting_relay_new (const gchar *address, guint16 port)
{
  CuttingRelay *self = g_new0 (CuttingRelay, 1);
  struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof own;

  self->server.sin_family = AF_INET;
  self->server.sin_port = htons (port);
  g_assert_cmpint (inet_pton (AF_INET, address, &self->server.sin_addr), ==, 1);
  self->fds[0] = (struct pollfd){ socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), POLLIN, 0 };
  self->fds[1] = (struct pollfd){ eventfd (0, EFD_CLOEXEC), POLLIN, 0 };
  self->stop = self->fds[1].fd;
  g_assert_cmpint (bind (self->fds[0].fd, (struct sockaddr *)&own, size), ==, 0);
  g_assert_cmpint (listen (self->fds[0].fd, 64), ==, 0);
  g_assert_cmpint (getsockname (self->fds[0].fd, (struct sockaddr *)&own, &size), ==, 0);
  self->port = ntohs (own.sin_port);
  self->thread = g_thread_new ("cutting-relay", serve, self);
  return self;
}

void
cutting_relay_free (CuttingRelay *self)
{
  if (self == NULL)
    return;
  eventfd_write (self->stop, 1);
  g_thread_join (self->thread);
  for (guint i = 0; i < 2 + 2 * self->n_pairs; i++)
    if (self->fds[i].fd >= 0)
      close (self->fds[i].fd);
  g_free (self);
}

guint16
cutting_relay_get_port (CuttingRelay *self)
{
  return self->port;
}

/**
 * cutting_relay_cut:
 * @self: the relay
 * @nth: which connection, in the order in which they were made
 *
 * Cuts it as soon as the client sends something on it, and throws that away.
 */
void
cutting_relay_cut (CuttingRelay *self, guint nth)
{
  cutting_relay_cut_later (self, nth, 0);
}

/**
 * cutting_relay_cut_all:
 * @nth: as before
 *
 * Likewise, and all others with it; nobody gets through any more.
 */
void
cutting_relay_cut_all (CuttingRelay *self, guint nth)
{
  g_atomic_int_set (&self->last, TRUE);
  cutting_relay_cut (self, nth);
}

/**
 * cutting_relay_cut_later:
 * @spared: how many requests pass before
 */
void
cutting_relay_cut_later (CuttingRelay *self, guint nth, guint spared)
{
  g_atomic_int_set (&self->spared, (gint)spared);
  g_atomic_int_set (&self->doomed, (gint)nth + 1);
}

/**
 * cutting_relay_hold:
 * @nth: which connection, in the order in which they were made
 * @all: whether all the others are held up with it
 * @milliseconds: for how long
 *
 * Holds it up as soon as the client sends something on it, which the server sees only then.
 */
void
cutting_relay_hold (CuttingRelay *self, guint nth, gboolean all, guint milliseconds)
{
  g_atomic_int_set (&self->hold, (gint)milliseconds);
  g_atomic_int_set (&self->all, all);
  g_atomic_int_set (&self->slow, (gint)nth + 1);
}

guint
cutting_relay_get_cuts (CuttingRelay *self)
{
  return (guint)g_atomic_int_get (&self->cuts);
}
