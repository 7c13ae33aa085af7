/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/server.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/intake.h"
#include "api/listen.h"
#include "api/poller.h"

/* Files that are open for other things: database, directory, hosts. */
#define OTHER_FILES 128

/* After a failed accept, which is nearly always the limit of open files. */
#define ACCEPT_PAUSE (200 * G_TIME_SPAN_MILLISECOND)

/* How many are accepted before others get their turn of the main loop. */
#define ACCEPT_BATCH 32

struct _FloeApiServer
{
  GObject parent_instance;
  FloeClock *clock;
  FloeGate gate;
  GArray *trusted_uids;
  guint max_connections;
  FloeHandler dispatch;
  gpointer data;

  FloePoller *poller;
  GSocket *socket;
  FloeWatch watch; /* of the socket */
  gchar *path;     /* of the Unix socket */
  struct stat made;
  guint accept_pause;
  gboolean accept_failed; /* said once */
  GHashTable *intakes;    /* FloeLink to FloeIntake, both borrowed: what is not read yet */
  GHashTable *exchanges;  /* FloeExchange, owned: what is not answered yet */
  guint connections;
};

G_DEFINE_FINAL_TYPE (FloeApiServer, floe_api_server, G_TYPE_OBJECT)

static void start_accepting (FloeApiServer *self);

static gboolean
can_accept (FloeApiServer *self)
{
  return self->socket != NULL && self->connections < self->max_connections;
}

static void
stop_accepting (FloeApiServer *self)
{
  floe_poller_forget (self->poller, &self->watch);
}

static void
on_link_released (gpointer data)
{
  FloeApiServer *self = data;

  self->connections--;
  if (self->accept_pause == 0)
    start_accepting (self);
  g_object_unref (self);
}

static void
on_gone (FloeExchange *exchange, gpointer data)
{
  FloeApiServer *self = data;

  g_hash_table_remove (self->exchanges, exchange);
}

/* on_read: there is a request, or a problem, or nobody any more */
static void
on_read (FloeLink *link, FloeRequest *request, FloeProblem *problem, gpointer data)
{
  FloeApiServer *self = data;
  g_autoptr (FloeExchange) exchange = NULL;

  g_hash_table_remove (self->intakes, link);
  if (request == NULL && problem == NULL)
    {
      floe_link_free (link);
      return;
    }
  exchange = floe_exchange_new (link, request, self->clock);
  if (problem != NULL)
    {
      g_info ("refused a request: %s", problem->detail);
      floe_exchange_answer_problem (exchange, problem);
      floe_problem_free (problem);
    }
  else
    self->dispatch (exchange, self->data);
  if (floe_exchange_is_gone (exchange))
    return;
  g_hash_table_add (self->exchanges, g_object_ref (exchange));
  g_signal_connect (exchange, "gone", G_CALLBACK (on_gone), self);
  floe_exchange_watch (exchange);
}

static gboolean
is_trusted (FloeApiServer *self, gint fd)
{
  struct ucred peer;
  socklen_t length = sizeof peer;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
    {
      g_warning ("refused a connection, since its peer is not known: %s", g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < self->trusted_uids->len; i++)
    if (g_array_index (self->trusted_uids, uid_t, i) == peer.uid)
      return TRUE;
  g_warning ("refused a connection of the user id %lu, which is not trusted", (gulong)peer.uid);
  return FALSE;
}

static void
take_connection (FloeApiServer *self, gint fd)
{
  gboolean is_unix = self->path != NULL;
  FloeLink *link;
  FloeIntake *intake;

  if (is_unix && !is_trusted (self, fd))
    {
      close (fd);
      return;
    }
  self->connections++;
  link = floe_link_new (fd, is_unix, self->poller, on_link_released, g_object_ref (self));
  intake = floe_intake_start (link, &self->gate, self->clock, on_read, self);
  if (intake != NULL)
    g_hash_table_insert (self->intakes, link, intake);
}

static gboolean
after_accept_pause (gpointer data)
{
  FloeApiServer *self = data;

  self->accept_pause = 0;
  start_accepting (self);
  return G_SOURCE_REMOVE;
}

static void
pause_accepting (FloeApiServer *self, gint number)
{
  if (!self->accept_failed)
    g_warning ("cannot accept a connection, trying again: %s", g_strerror (number));
  self->accept_failed = TRUE;
  stop_accepting (self);
  self->accept_pause =
      floe_clock_add_timeout (self->clock, ACCEPT_PAUSE, after_accept_pause, self, NULL);
}

static void
on_acceptable (guint32 events, gpointer data)
{
  g_autoptr (FloeApiServer) self = g_object_ref (data);

  for (guint i = 0; i < ACCEPT_BATCH && can_accept (self); i++)
    {
      gint fd = accept4 (self->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        {
          self->accept_failed = FALSE;
          take_connection (self, fd);
          continue;
        }
      if (errno == EINTR || errno == ECONNABORTED)
        continue;
      if (errno != EAGAIN)
        pause_accepting (self, errno);
      return;
    }
  if (self->socket == NULL || can_accept (self))
    return;
  /* The next one that ends makes room. */
  g_info ("%u connections are open, which is the limit", self->connections);
  stop_accepting (self);
}

static void
start_accepting (FloeApiServer *self)
{
  if (can_accept (self))
    floe_poller_watch (self->poller, &self->watch, EPOLLIN);
}

/* begin: accepts what comes to the socket */
static void
begin (FloeApiServer *self)
{
  self->watch =
      (FloeWatch){ .fd = g_socket_get_fd (self->socket), .func = on_acceptable, .data = self };
  start_accepting (self);
}

static gboolean
have_poller (FloeApiServer *self, GError **error)
{
  if (self->poller == NULL)
    self->poller = floe_poller_new (error);
  return self->poller != NULL;
}

/**
 * floe_api_server_listen_unix:
 * @self: a server that does not listen yet
 * @path: where the socket is made, with mode 0660
 *
 * Returns: whether it listens; otherwise see floe_listen_unix()
 */
gboolean
floe_api_server_listen_unix (FloeApiServer *self, const gchar *path, GError **error)
{
  g_return_val_if_fail (self->socket == NULL, FALSE);

  if (have_poller (self, error))
    self->socket = floe_listen_unix (path, error);
  if (self->socket == NULL)
    return FALSE;
  self->path = g_strdup (path);
  if (lstat (path, &self->made) != 0)
    self->made.st_ino = 0;
  begin (self);
  return TRUE;
}

/**
 * floe_api_server_listen_loopback:
 * @self: a server that does not listen yet
 * @address: such as "127.0.0.1:8080"
 *
 * Returns: whether it listens; otherwise see floe_listen_loopback()
 */
gboolean
floe_api_server_listen_loopback (FloeApiServer *self, const gchar *address, GError **error)
{
  g_return_val_if_fail (self->socket == NULL, FALSE);

  if (have_poller (self, error))
    self->socket = floe_listen_loopback (address, error);
  if (self->socket == NULL)
    return FALSE;
  begin (self);
  return TRUE;
}

/**
 * floe_api_server_get_port:
 * @self: a server
 *
 * Returns: the TCP port that it listens on; 0 for none
 */
guint16
floe_api_server_get_port (FloeApiServer *self)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (self->socket != NULL)
    address = g_socket_get_local_address (self->socket, NULL);
  return G_IS_INET_SOCKET_ADDRESS (address)
             ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
             : 0;
}

guint
floe_api_server_get_connections (FloeApiServer *self)
{
  return self->connections;
}

static void
remove_path (FloeApiServer *self)
{
  struct stat now;

  if (self->path == NULL)
    return;
  /* A broker that was started meanwhile may have put its own there. */
  if (lstat (self->path, &now) == 0 && now.st_dev == self->made.st_dev
      && now.st_ino == self->made.st_ino)
    unlink (self->path);
  g_clear_pointer (&self->path, g_free);
}

/**
 * floe_api_server_stop:
 * @self: a server
 *
 * Accepts nothing more, drops what was only half read, ends the streams and tells who waits to stop
 * waiting. What is being written goes on: run the main loop until no connection is left, or for as
 * long as is fitting.
 */
void
floe_api_server_stop (FloeApiServer *self)
{
  g_autoptr (GList) intakes = g_hash_table_get_values (self->intakes);
  g_autolist (FloeExchange) exchanges = g_hash_table_get_keys (self->exchanges);

  stop_accepting (self);
  floe_clock_clear_timeout (self->clock, &self->accept_pause);
  remove_path (self);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  g_hash_table_remove_all (self->intakes);
  for (GList *at = intakes; at != NULL; at = at->next)
    floe_intake_cancel (at->data);
  /* Held meanwhile, since to stop one may end it. */
  g_list_foreach (exchanges, (GFunc)g_object_ref, NULL);
  for (GList *at = exchanges; at != NULL; at = at->next)
    floe_exchange_stop (at->data);
}

static void
floe_api_server_dispose (GObject *object)
{
  floe_api_server_stop (FLOE_API_SERVER (object));
  G_OBJECT_CLASS (floe_api_server_parent_class)->dispose (object);
}

static void
floe_api_server_finalize (GObject *object)
{
  FloeApiServer *self = FLOE_API_SERVER (object);

  floe_poller_free (self->poller);
  g_hash_table_unref (self->intakes);
  g_hash_table_unref (self->exchanges);
  g_array_unref (self->trusted_uids);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_api_server_parent_class)->finalize (object);
}

static void
floe_api_server_class_init (FloeApiServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_api_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_api_server_finalize;
}

static void
floe_api_server_init (FloeApiServer *self)
{
  self->intakes = g_hash_table_new (NULL, NULL);
  self->exchanges = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/* possible_connections: as many as wanted, or as many files as may be open; the soft limit is
 * raised as far as the hard one allows */
static guint
possible_connections (guint wanted)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return wanted;
  if (limit.rlim_cur < wanted + OTHER_FILES && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = MIN (wanted + OTHER_FILES, limit.rlim_max);
      setrlimit (RLIMIT_NOFILE, &limit);
      getrlimit (RLIMIT_NOFILE, &limit);
    }
  if (limit.rlim_cur >= wanted + OTHER_FILES)
    return wanted;
  return limit.rlim_cur > 2 * OTHER_FILES ? (guint)limit.rlim_cur - OTHER_FILES : OTHER_FILES;
}

/**
 * floe_api_server_new:
 * @settings: what it serves; copied, except for what the gate points to
 *
 * Returns: (transfer full): a server that does not listen yet
 */
FloeApiServer *
floe_api_server_new (const FloeApiServerSettings *settings)
{
  FloeApiServer *self = g_object_new (FLOE_TYPE_API_SERVER, NULL);

  self->clock = g_object_ref (settings->clock);
  self->gate = settings->gate;
  self->trusted_uids = g_array_new (FALSE, FALSE, sizeof (uid_t));
  if (settings->n_trusted_uids > 0)
    g_array_append_vals (self->trusted_uids, settings->trusted_uids,
                         (guint)settings->n_trusted_uids);
  self->max_connections = possible_connections (
      settings->max_connections > 0 ? settings->max_connections : FLOE_MAX_CONNECTIONS);
  self->dispatch = settings->dispatch;
  self->data = settings->data;
  return self;
}
