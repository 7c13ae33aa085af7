/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/exchange.h"

#include <gio/gunixconnection.h>

#include "core/error.h"

typedef enum
{
  OPEN,
  ANSWERED,
  STREAMING,
  ENDED, /* a stream, that is */
} State;

struct _FloeExchange
{
  GObject parent_instance;
  GSocketConnection *connection; /* NULL once the message is finished */
  FloeRequest *request;          /* NULL where the gate refused it */
  FloeClock *clock;
  FloeIdentity *identity;
  GCancellable *cancellable;
  SoupServerMessage *message; /* NULL before it is attached, and once it is finished */
  GSource *watch;             /* for the peer's going away */
  guint deadline;
  State state;
  gboolean is_gone;
  gsize unsent; /* bytes of a stream */
};

G_DEFINE_FINAL_TYPE (FloeExchange, floe_exchange, G_TYPE_OBJECT)

static guint gone_signal;

static void
stop_watching (FloeExchange *self)
{
  if (self->watch == NULL)
    return;
  g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static void
shut (FloeExchange *self)
{
  if (self->connection == NULL)
    return;
  /* Wakes whatever waits for the socket; who owns it closes it. */
  g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE, TRUE, NULL);
}

static void
leave (FloeExchange *self)
{
  if (self->is_gone)
    return;
  self->is_gone = TRUE;
  g_object_ref (self);
  stop_watching (self);
  floe_clock_clear_timeout (self->clock, &self->deadline);
  if (self->state == OPEN)
    g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, gone_signal, 0);
  g_object_unref (self);
}

static void
on_finished (SoupServerMessage *message, gpointer data)
{
  FloeExchange *self = data;

  g_object_ref (self);
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  leave (self);
  /* Whoever still holds the exchange does not hold the connection's place. */
  g_clear_object (&self->connection);
  g_object_unref (self);
}

/* unpause: not a message that is finished: libsoup has nothing to go on with then */
static void
unpause (FloeExchange *self)
{
  if (self->message != NULL)
    soup_server_message_unpause (self->message);
}

/**
 * floe_exchange_abort:
 * @self: an exchange
 *
 * Gives the peer up. Who handles the request is told to stop waiting.
 */
void
floe_exchange_abort (FloeExchange *self)
{
  g_object_ref (self);
  shut (self);
  if (self->state == STREAMING)
    floe_exchange_end_stream (self);
  leave (self);
  g_object_unref (self);
}

/**
 * floe_exchange_stop:
 * @self: an exchange
 *
 * The broker stops: ends a stream, and tells who waits to stop waiting and answer.
 */
void
floe_exchange_stop (FloeExchange *self)
{
  if (self->state == STREAMING)
    floe_exchange_end_stream (self);
  else if (self->state == OPEN)
    g_cancellable_cancel (self->cancellable);
}

/* discard: what a peer sends behind its request is thrown away; whether it is still there */
static gboolean
discard (GSocket *socket)
{
  gchar bytes[1024];
  g_autoptr (GError) error = NULL;
  gssize n = g_socket_receive_with_blocking (socket, bytes, sizeof bytes, FALSE, NULL, &error);

  return n > 0 || (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
}

static gboolean
on_socket (GSocket *socket, GIOCondition condition, gpointer data)
{
  FloeExchange *self = data;

  if ((condition & (G_IO_HUP | G_IO_ERR)) == 0 && discard (socket))
    return G_SOURCE_CONTINUE;
  floe_exchange_abort (self);
  return G_SOURCE_REMOVE;
}

/* start_watching: a paused message is not polled by libsoup. A Unix socket tells a peer that closed
 * from one that only ended its half; TCP does not, so there the end of input counts. */
static void
start_watching (FloeExchange *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  gboolean is_unix = G_IS_UNIX_CONNECTION (self->connection);

  self->watch = g_socket_create_source (socket, is_unix ? G_IO_HUP : G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_socket), self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
}

/**
 * floe_exchange_attach:
 * @self: an exchange
 * @message: the message that the answer is given to; it waits for that from now on
 */
void
floe_exchange_attach (FloeExchange *self, SoupServerMessage *message)
{
  self->message = g_object_ref (message);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), self);
  soup_server_message_pause (message);
  start_watching (self);
}

/**
 * floe_exchange_get_request:
 * @self: an exchange
 *
 * Returns: (transfer none) (nullable): what was asked for; %NULL only where the gate refused it,
 *   which no handler sees
 */
const FloeRequest *
floe_exchange_get_request (FloeExchange *self)
{
  return self->request;
}

/**
 * floe_exchange_get_segment:
 * @self: an exchange
 *
 * Returns: (transfer none) (nullable): what stands for `{}` in the route's path
 */
const gchar *
floe_exchange_get_segment (FloeExchange *self)
{
  return self->request->segment;
}

/**
 * floe_exchange_get_query:
 * @self: an exchange
 * @name: a parameter that the route names
 *
 * Returns: (transfer none) (nullable): its value
 */
const gchar *
floe_exchange_get_query (FloeExchange *self, const gchar *name)
{
  return g_hash_table_lookup (self->request->query, name);
}

FloeClock *
floe_exchange_get_clock (FloeExchange *self)
{
  return self->clock;
}

/**
 * floe_exchange_get_cancellable:
 * @self: an exchange
 *
 * Returns: (transfer none): cancelled when nobody waits for the answer any more
 */
GCancellable *
floe_exchange_get_cancellable (FloeExchange *self)
{
  return self->cancellable;
}

/**
 * floe_exchange_set_identity:
 * @self: an exchange
 * @identity: (transfer full): who asks
 */
void
floe_exchange_set_identity (FloeExchange *self, FloeIdentity *identity)
{
  g_clear_pointer (&self->identity, floe_identity_free);
  self->identity = identity;
}

const FloeIdentity *
floe_exchange_get_identity (FloeExchange *self)
{
  return self->identity;
}

/**
 * floe_exchange_steal_body:
 * @self: an exchange
 *
 * Returns: (transfer full) (nullable): the body, which the exchange holds no longer
 */
FloeSecret *
floe_exchange_steal_body (FloeExchange *self)
{
  return g_steal_pointer (&self->request->body);
}

/**
 * floe_exchange_add_header:
 * @self: an exchange that is not answered yet
 * @name: a header field
 * @value: its value
 */
void
floe_exchange_add_header (FloeExchange *self, const gchar *name, const gchar *value)
{
  if (self->message != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                  value);
}

static gboolean
on_deadline (gpointer data)
{
  FloeExchange *self = data;

  self->deadline = 0;
  shut (self);
  return G_SOURCE_REMOVE;
}

static void
set_head (FloeExchange *self, guint status, const gchar *type)
{
  soup_server_message_set_status (self->message, status, NULL);
  floe_exchange_add_header (self, "Cache-Control", "no-store");
  floe_exchange_add_header (self, "X-Content-Type-Options", "nosniff");
  /* One request a connection: HAProxy's next one is on a new one anyway. */
  floe_exchange_add_header (self, "Connection", "close");
  if (type != NULL)
    floe_exchange_add_header (self, "Content-Type", type);
}

static void
append_body (FloeExchange *self, FloeSecret *body)
{
  gsize length;
  const gchar *text = floe_secret_get (body, &length);
  g_autoptr (GBytes) bytes = NULL;

  /* Without a copy: libsoup drops its reference, which wipes the text, as soon as it is out. */
  bytes = g_bytes_new_with_free_func (text, length, (GDestroyNotify)floe_secret_unref,
                                      floe_secret_ref (body));
  soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), bytes);
}

/**
 * floe_exchange_answer:
 * @self: an exchange that is not answered yet
 * @status: the HTTP status
 * @type: (nullable): the body's media type
 * @body: (nullable): the body, which is wiped when it is out and nobody else holds it
 */
void
floe_exchange_answer (FloeExchange *self, guint status, const gchar *type, FloeSecret *body)
{
  g_return_if_fail (self->state == OPEN);

  self->state = ANSWERED;
  if (self->message == NULL)
    return;
  stop_watching (self);
  set_head (self, status, type);
  if (body != NULL && !floe_secret_is_empty (body))
    append_body (self, body);
  if (!self->is_gone)
    self->deadline = floe_clock_add_timeout (self->clock, FLOE_ANSWER_SECONDS * G_USEC_PER_SEC,
                                             on_deadline, self, NULL);
  unpause (self);
}

/**
 * floe_exchange_answer_json:
 * @self: an exchange that is not answered yet
 * @status: the HTTP status
 * @writer: whose text is the body; it is empty afterwards
 */
void
floe_exchange_answer_json (FloeExchange *self, guint status, FloeJsonWriter *writer)
{
  g_autoptr (FloeSecret) body = floe_json_writer_finish (writer);

  floe_exchange_answer (self, status, "application/json", body);
}

/**
 * floe_exchange_answer_problem:
 * @self: an exchange that is not answered yet
 * @problem: why it was not done
 */
void
floe_exchange_answer_problem (FloeExchange *self, const FloeProblem *problem)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeSecret) body = NULL;
  guint status = floe_problem_get_status (problem);

  floe_problem_write (problem, writer, NULL);
  body = floe_json_writer_finish (writer);
  if (status == SOUP_STATUS_UNAUTHORIZED)
    floe_exchange_add_header (self, "WWW-Authenticate", "Bearer");
  if (problem->kind == FLOE_PROBLEM_BUSY)
    floe_exchange_add_header (self, "Retry-After", G_STRINGIFY (FLOE_RETRY_SECONDS));
  if (problem->allow != NULL)
    floe_exchange_add_header (self, "Allow", problem->allow);
  floe_exchange_answer (self, status, "application/problem+json",
                        problem->without_body ? NULL : body);
}

/**
 * floe_exchange_answer_error:
 * @self: an exchange that is not answered yet
 * @error: why it was not done; logged here if nobody but the administrator can do something
 */
void
floe_exchange_answer_error (FloeExchange *self, const GError *error)
{
  g_autoptr (FloeProblem) problem = floe_problem_new_for_error (error);
  const FloeRequest *request = self->request;

  if (problem->kind == FLOE_PROBLEM_INTERNAL)
    g_warning ("request %s, %s %s: %s", request->caller->request, request->route->method,
               request->route->path, error->message);
  else
    g_info ("request %s, %s %s: %s", request->caller->request, request->route->method,
            request->route->path, error->message);
  floe_exchange_answer_problem (self, problem);
}

static void
on_body_data (SoupServerMessage *message, guint n, gpointer data)
{
  FloeExchange *self = data;

  self->unsent -= MIN (self->unsent, n);
}

/**
 * floe_exchange_begin_stream:
 * @self: an exchange that is not answered yet
 * @type: the media type
 *
 * Begins an answer that has no end until floe_exchange_end_stream(), or until "gone".
 */
void
floe_exchange_begin_stream (FloeExchange *self, const gchar *type)
{
  SoupMessageBody *body;

  g_return_if_fail (self->state == OPEN);

  self->state = STREAMING;
  if (self->message == NULL)
    return;
  body = soup_server_message_get_response_body (self->message);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (self->message),
                                     SOUP_ENCODING_CHUNKED);
  g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (on_body_data), self);
  set_head (self, SOUP_STATUS_OK, type);
  unpause (self);
}

/**
 * floe_exchange_send:
 * @self: an exchange whose stream was begun
 * @bytes: what to send; not empty
 */
void
floe_exchange_send (FloeExchange *self, FloeSecret *bytes)
{
  gsize length;

  floe_secret_get (bytes, &length);
  if (self->state != STREAMING || self->message == NULL || self->is_gone)
    return;
  if (self->unsent + length > FLOE_STREAM_MAX_BYTES)
    {
      g_info ("request %s: the peer does not read its stream", self->request->caller->request);
      floe_exchange_abort (self);
      return;
    }
  self->unsent += length;
  append_body (self, bytes);
  unpause (self);
}

void
floe_exchange_end_stream (FloeExchange *self)
{
  if (self->state != STREAMING)
    return;
  self->state = ENDED;
  if (self->message == NULL)
    return;
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
  if (!self->is_gone && self->deadline == 0)
    self->deadline = floe_clock_add_timeout (self->clock, FLOE_ANSWER_SECONDS * G_USEC_PER_SEC,
                                             on_deadline, self, NULL);
  unpause (self);
}

static void
floe_exchange_dispose (GObject *object)
{
  FloeExchange *self = FLOE_EXCHANGE (object);

  stop_watching (self);
  if (self->clock != NULL)
    floe_clock_clear_timeout (self->clock, &self->deadline);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  g_clear_object (&self->connection);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (floe_exchange_parent_class)->dispose (object);
}

static void
floe_exchange_finalize (GObject *object)
{
  FloeExchange *self = FLOE_EXCHANGE (object);

  floe_request_free (self->request);
  floe_identity_free (self->identity);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (floe_exchange_parent_class)->finalize (object);
}

static void
floe_exchange_class_init (FloeExchangeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_exchange_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_exchange_finalize;
  gone_signal = g_signal_new ("gone", FLOE_TYPE_EXCHANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
floe_exchange_init (FloeExchange *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * floe_exchange_new:
 * @connection: whose request it is
 * @request: (transfer full) (nullable): the request
 * @clock: the clock
 *
 * Returns: (transfer full): an exchange, to be attached to what writes its answer
 */
FloeExchange *
floe_exchange_new (GSocketConnection *connection, FloeRequest *request, FloeClock *clock)
{
  FloeExchange *self = g_object_new (FLOE_TYPE_EXCHANGE, NULL);

  self->connection = g_object_ref (connection);
  self->request = request;
  self->clock = g_object_ref (clock);
  return self;
}
