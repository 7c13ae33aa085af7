/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/server.h"

#include <gio/gunixconnection.h>
#include <gio/gunixsocketaddress.h>
#include <libsoup/soup.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/answer-stream.h"
#include "api/intake.h"
#include "api/listen.h"
#include "core/error.h"

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

  SoupServer *soup;      /* never listens itself */
  GSocketAddress *local; /* libsoup wants one */
  GSocket *socket;
  gchar *path; /* of the Unix socket */
  struct stat made;
  GSource *accepting;
  guint accept_pause;
  gboolean accept_failed; /* said once */
  GHashTable *intakes;    /* GSocketConnection to FloeIntake, both borrowed */
  GHashTable *exchanges;  /* FloeExchange, owned */
  guint connections;
};

G_DEFINE_FINAL_TYPE (FloeApiServer, floe_api_server, G_TYPE_OBJECT)

static void start_accepting (FloeApiServer *self);

static GQuark
exchange_quark (void)
{
  return g_quark_from_static_string ("floe-exchange");
}

static void
stop_accepting (FloeApiServer *self)
{
  if (self->accepting == NULL)
    return;
  g_source_destroy (self->accepting);
  g_clear_pointer (&self->accepting, g_source_unref);
}

static void
on_connection_freed (gpointer data, GObject *connection)
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

/* answer: hands the connection to libsoup, which calls on_message() with it */
static void
answer (FloeApiServer *self, GSocketConnection *connection, FloeExchange *exchange, gboolean unread)
{
  g_autoptr (GIOStream) stream = floe_answer_stream_new (connection, self->clock, unread);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) remote = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GError) error = NULL;

  g_object_set_qdata_full (G_OBJECT (remote), exchange_quark (), g_object_ref (exchange),
                           g_object_unref);
  if (!soup_server_accept_iostream (self->soup, stream, self->local, remote, &error))
    g_warning ("cannot answer: %s", error->message);
}

static void
on_intake_done (GSocketConnection *connection, FloeRequest *request, FloeProblem *problem,
                gpointer data)
{
  FloeApiServer *self = data;
  g_autoptr (FloeExchange) exchange = NULL;

  g_hash_table_remove (self->intakes, connection);
  if (request == NULL && problem == NULL)
    {
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      return;
    }
  if (problem != NULL)
    g_info ("refused a request: %s", problem->detail);
  exchange = floe_exchange_new (connection, request, self->clock);
  if (problem != NULL)
    g_object_set_data_full (G_OBJECT (exchange), "floe-problem", problem,
                            (GDestroyNotify)floe_problem_free);
  answer (self, connection, exchange, problem != NULL);
}

/* on_message: libsoup has read the request that is always the same; the real one is at hand */
static void
on_message (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  FloeApiServer *self = data;
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  g_autoptr (FloeExchange) exchange = NULL;
  const FloeProblem *problem;

  exchange = g_object_steal_qdata (G_OBJECT (remote), exchange_quark ());
  if (exchange == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL);
      return;
    }
  g_hash_table_add (self->exchanges, g_object_ref (exchange));
  g_signal_connect_object (exchange, "gone", G_CALLBACK (on_gone), self, 0);
  floe_exchange_attach (exchange, message);
  problem = g_object_get_data (G_OBJECT (exchange), "floe-problem");
  if (problem != NULL)
    floe_exchange_answer_problem (exchange, problem);
  else
    self->dispatch (exchange, self->data);
}

static gboolean
is_trusted (FloeApiServer *self, GSocket *socket)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCredentials) credentials = g_socket_get_credentials (socket, &error);
  uid_t uid;

  if (credentials == NULL)
    {
      g_warning ("refused a connection, since its peer is not known: %s", error->message);
      return FALSE;
    }
  uid = g_credentials_get_unix_user (credentials, NULL);
  for (guint i = 0; i < self->trusted_uids->len; i++)
    if (g_array_index (self->trusted_uids, uid_t, i) == uid)
      return TRUE;
  g_warning ("refused a connection of the user id %lu, which is not trusted", (gulong)uid);
  return FALSE;
}

static void
take_socket (FloeApiServer *self, GSocket *socket)
{
  g_autoptr (GSocketConnection) connection = NULL;

  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX && !is_trusted (self, socket))
    return;
  g_socket_set_blocking (socket, FALSE);
  connection = g_socket_connection_factory_create_connection (socket);
  self->connections++;
  g_object_weak_ref (G_OBJECT (connection), on_connection_freed, g_object_ref (self));
  g_hash_table_insert (
      self->intakes, connection,
      floe_intake_start (connection, &self->gate, self->clock, on_intake_done, self));
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
pause_accepting (FloeApiServer *self, const GError *error)
{
  if (!self->accept_failed)
    g_warning ("cannot accept a connection, trying again: %s", error->message);
  self->accept_failed = TRUE;
  self->accept_pause =
      floe_clock_add_timeout (self->clock, ACCEPT_PAUSE, after_accept_pause, self, NULL);
}

static gboolean
on_acceptable (GSocket *listener, GIOCondition condition, gpointer data)
{
  FloeApiServer *self = data;

  for (guint i = 0; i < ACCEPT_BATCH && self->connections < self->max_connections; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);

      if (socket != NULL)
        {
          self->accept_failed = FALSE;
          take_socket (self, socket);
          continue;
        }
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;
      stop_accepting (self);
      pause_accepting (self, error);
      return G_SOURCE_REMOVE;
    }
  if (self->connections < self->max_connections)
    return G_SOURCE_CONTINUE;
  /* The next one that ends makes room. */
  g_info ("%u connections are open, which is the limit", self->connections);
  stop_accepting (self);
  return G_SOURCE_REMOVE;
}

static void
start_accepting (FloeApiServer *self)
{
  if (self->socket == NULL || self->accepting != NULL || self->connections >= self->max_connections)
    return;
  self->accepting = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->accepting, G_SOURCE_FUNC (on_acceptable), self, NULL);
  g_source_attach (self->accepting, g_main_context_get_thread_default ());
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

  self->socket = floe_listen_unix (path, error);
  if (self->socket == NULL)
    return FALSE;
  self->path = g_strdup (path);
  if (lstat (path, &self->made) != 0)
    self->made.st_ino = 0;
  start_accepting (self);
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

  self->socket = floe_listen_loopback (address, error);
  if (self->socket == NULL)
    return FALSE;
  start_accepting (self);
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
  g_autoptr (GList) connections = g_hash_table_get_keys (self->intakes);
  g_autolist (FloeExchange) exchanges = g_hash_table_get_keys (self->exchanges);

  stop_accepting (self);
  floe_clock_clear_timeout (self->clock, &self->accept_pause);
  remove_path (self);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  for (GList *at = connections; at != NULL; at = at->next)
    {
      FloeIntake *intake = g_hash_table_lookup (self->intakes, at->data);

      g_hash_table_remove (self->intakes, at->data);
      floe_intake_cancel (intake);
    }
  /* Held meanwhile, since to stop one may end it. */
  g_list_foreach (exchanges, (GFunc)g_object_ref, NULL);
  for (GList *at = exchanges; at != NULL; at = at->next)
    floe_exchange_stop (at->data);
}

static void
floe_api_server_dispose (GObject *object)
{
  FloeApiServer *self = FLOE_API_SERVER (object);

  if (self->soup != NULL)
    {
      floe_api_server_stop (self);
      soup_server_disconnect (self->soup);
    }
  g_clear_object (&self->soup);
  G_OBJECT_CLASS (floe_api_server_parent_class)->dispose (object);
}

static void
floe_api_server_finalize (GObject *object)
{
  FloeApiServer *self = FLOE_API_SERVER (object);

  g_hash_table_unref (self->intakes);
  g_hash_table_unref (self->exchanges);
  g_array_unref (self->trusted_uids);
  g_object_unref (self->local);
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
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  self->local = g_inet_socket_address_new (loopback, 0);
  self->intakes = g_hash_table_new (NULL, NULL);
  self->exchanges = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->soup = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (self->soup, NULL, on_message, self, NULL);
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
