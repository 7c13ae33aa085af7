/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/transport.h"

#include <libsoup/soup.h>
#include <string.h>

#include "api/ca-file.h"
#include "api/error.h"
#include "api/failure.h"
#include "api/url.h"

#define CONNECT_MS 10000
#define ANSWER_MS  30000
#define FIRST_ROOM 8192
/* Less than any proxy in front of the broker keeps an unused connection. */
#define IDLE_SECONDS 5

/* Some of them wait for a long time: the stream of events, and what whoever looks at the screen
 * does; beside these there is room for what somebody wants done at once. */
#define CONNECTIONS 8

struct _FloeTransport
{
  GObject parent_instance;
  gchar *url;
  gboolean tls;
  SoupSession *session;
  GTlsCertificate *certificate; /* this terminal's, or NULL */
  guint connect_ms;
  guint answer_ms;
};

G_DEFINE_FINAL_TYPE (FloeTransport, floe_transport, G_TYPE_OBJECT)

/* One request under way; the task's data. @inner ends it for any of three reasons: the caller's own
 * cancellable, a time-out, or a TLS version that is too old; @gave_up is set for the last two. */
typedef struct
{
  FloeTransport *transport;
  SoupMessage *message;
  FloeSecret *body; /* for when it has to be sent again, or NULL */
  gchar *type;      /* what that is, or NULL */
  GCancellable *inner;
  gulong cancel_id;
  GSource *timer;
  gboolean stream;
  GTlsCertificateFlags flags;
  GError *gave_up;
  GInputStream *input;
  FloeReply *reply;
  gsize room;
} Sending;

void
floe_reply_free (FloeReply *self)
{
  floe_wipe (self->body, self->length);
  g_free (self->body);
  g_free (self->content_type);
  g_free (self->tag);
  g_clear_object (&self->stream);
  g_free (self);
}

static void
clear_timer (Sending *s)
{
  if (s->timer == NULL)
    return;
  g_source_destroy (s->timer);
  g_clear_pointer (&s->timer, g_source_unref);
}

static void
sending_free (Sending *s)
{
  clear_timer (s);
  if (s->message != NULL)
    {
      g_signal_handlers_disconnect_by_data (s->message, s);
      soup_message_set_request_body (s->message, NULL, NULL, 0); /* wipes it now */
    }
  g_clear_object (&s->message);
  g_clear_pointer (&s->body, floe_secret_unref);
  g_free (s->type);
  g_clear_object (&s->inner);
  g_clear_object (&s->input);
  g_clear_object (&s->transport);
  g_clear_pointer (&s->reply, floe_reply_free);
  g_clear_error (&s->gave_up);
  g_free (s);
}

static void
give_up (Sending *s, const gchar *reason, const gchar *words)
{
  if (s->gave_up != NULL)
    return;
  s->gave_up = floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, reason, "%s", words);
  g_cancellable_cancel (s->inner);
}

static gboolean
on_connect_timeout (gpointer data)
{
  give_up (data, "timeout", "no connection to the broker in time");
  return G_SOURCE_REMOVE;
}

static gboolean
on_answer_timeout (gpointer data)
{
  give_up (data, "timeout", "the broker did not answer in time");
  return G_SOURCE_REMOVE;
}

static void
arm (Sending *s, guint ms, GSourceFunc on_timeout)
{
  clear_timer (s);
  s->timer = g_timeout_source_new (ms);
  g_source_set_callback (s->timer, on_timeout, s, NULL);
  g_source_attach (s->timer, g_main_context_get_thread_default ());
}

static void
set_body (SoupMessage *message, FloeSecret *body, const gchar *type)
{
  gsize length;
  const gchar *text = floe_secret_get (body, &length);
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (
      text, length, (GDestroyNotify)floe_secret_unref, floe_secret_ref (body));

  soup_message_set_request_body_from_bytes (message, type != NULL ? type : "application/json",
                                            bytes);
}

/* A connection that was kept was closed at the other end, just when something was sent on it.
 * libsoup 3.2 sends that again, but by then it has read the body to its end, and sends none. */
static void
on_restarted (SoupMessage *message, Sending *s)
{
  if (s->body != NULL)
    set_body (message, s->body, s->type);
}

/* The connection stands; the request is about to be written. */
static void
on_starting (SoupMessage *message, Sending *s)
{
  arm (s, s->transport->answer_ms, on_answer_timeout);
}

static gboolean
on_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags,
                Sending *s)
{
  s->flags = flags;
  return FALSE;
}

/* GnuTLS's settings are the machine's, and may allow old versions. Nothing has been written yet. */
static void
on_network_event (SoupMessage *message, GSocketClientEvent event, GIOStream *connection, Sending *s)
{
  GTlsProtocolVersion version;

  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKED || !G_IS_TLS_CONNECTION (connection))
    return;
  version = g_tls_connection_get_protocol_version (G_TLS_CONNECTION (connection));
  if (version < G_TLS_PROTOCOL_VERSION_TLS_1_2)
    give_up (s, "tls-protocol", "the broker's TLS is older than version 1.2");
}

static void
on_outer_cancelled (GCancellable *outer, GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

static void
finish (GTask *task)
{
  Sending *s = g_task_get_task_data (task);

  clear_timer (s);
  g_cancellable_disconnect (g_task_get_cancellable (task), s->cancel_id);
  s->cancel_id = 0;
}

static void
fail (GTask *task, const GError *error)
{
  Sending *s = g_task_get_task_data (task);
  g_autoptr (GError) mapped = NULL;

  finish (task);
  if (s->input != NULL)
    g_input_stream_close_async (s->input, G_PRIORITY_DEFAULT, s->inner, NULL, NULL);
  mapped = s->gave_up != NULL ? g_steal_pointer (&s->gave_up) : floe_failure_map (error, s->flags);
  g_task_return_error (task, g_steal_pointer (&mapped));
}

static void
succeed (GTask *task)
{
  Sending *s = g_task_get_task_data (task);

  finish (task);
  g_task_return_pointer (task, g_steal_pointer (&s->reply), (GDestroyNotify)floe_reply_free);
}

static gboolean
on_rested (gpointer task)
{
  succeed (task);
  return G_SOURCE_REMOVE;
}

/* The whole of it was read: closing waits for nothing. The library then puts the connection away
 * from a source of its own, which is let go first, so that what is asked next can have it. */
static void
succeed_after_rest (GTask *task)
{
  Sending *s = g_task_get_task_data (task);
  g_autoptr (GSource) source = g_idle_source_new ();

  g_input_stream_close (s->input, NULL, NULL);
  g_source_set_priority (source, G_PRIORITY_DEFAULT + 10);
  g_source_set_callback (source, on_rested, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

/* Moving to a larger buffer by hand: realloc would leave the old one as it is. */
static void
make_room (Sending *s)
{
  gsize room = MAX (FIRST_ROOM, s->room * 2);
  gchar *larger;

  if (s->room > s->reply->length + 1)
    return;
  larger = g_malloc (room);
  if (s->reply->length > 0)
    memcpy (larger, s->reply->body, s->reply->length);
  floe_wipe (s->reply->body, s->reply->length);
  g_free (s->reply->body);
  s->reply->body = larger;
  s->room = room;
}

static void read_more (GTask *task);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *s = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      fail (task, error);
      return;
    }
  s->reply->length += (gsize)n;
  s->reply->body[s->reply->length] = '\0';
  if (s->reply->length > FLOE_ANSWER_LIMIT)
    {
      error = floe_client_error_new (FLOE_CLIENT_ERROR_PROTOCOL, "too-large",
                                     "the broker's answer is larger than 1 MiB");
      fail (task, error);
    }
  else if (n == 0)
    succeed_after_rest (task);
  else
    read_more (g_steal_pointer (&task));
}

static void
read_more (GTask *task)
{
  Sending *s = g_task_get_task_data (task);

  make_room (s);
  g_input_stream_read_async (s->input, s->reply->body + s->reply->length,
                             s->room - s->reply->length - 1, G_PRIORITY_DEFAULT, s->inner, on_read,
                             task);
}

static guint
retry_after (SoupMessage *message)
{
  const gchar *text =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  guint64 seconds;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, 3600, &seconds, NULL))
    return 0;
  return (guint)seconds;
}

/* An answer that came in plain to an https:// request is the proxy's refusal to build a tunnel. */
static gboolean
is_from_proxy (Sending *s)
{
  return soup_message_get_status (s->message) == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED
         || (s->transport->tls && soup_message_get_tls_peer_certificate (s->message) == NULL);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *s = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (s->message);
  g_autoptr (GError) error = NULL;

  s->input = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (s->input != NULL && is_from_proxy (s))
    error = floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "proxy",
                                   "the network's proxy refuses the way to the broker (%u)",
                                   soup_message_get_status (s->message));
  if (error != NULL)
    {
      fail (task, error);
      return;
    }
  s->reply = g_new0 (FloeReply, 1);
  s->reply->status = soup_message_get_status (s->message);
  s->reply->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  s->reply->retry_after = retry_after (s->message);
  s->reply->tag = g_strdup (soup_message_headers_get_one (headers, "ETag"));
  if (s->stream && s->reply->status == SOUP_STATUS_OK
      && g_strcmp0 (s->reply->content_type, "text/event-stream") == 0)
    {
      s->reply->stream = g_steal_pointer (&s->input);
      succeed (task);
    }
  else
    read_more (g_steal_pointer (&task));
}

static void
set_headers (SoupMessage *message, const FloeCall *call)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_headers_replace (headers, "Accept",
                                call->stream ? "text/event-stream, application/problem+json"
                                             : "application/json, application/problem+json");
  if (call->if_match != NULL)
    soup_message_headers_replace (headers, "If-Match", call->if_match);
  if (call->key != NULL)
    soup_message_headers_replace (headers, "Idempotency-Key", call->key);
  if (call->token != NULL)
    {
      g_autofree gchar *value = g_strconcat ("Bearer ", floe_secret_get (call->token, NULL), NULL);

      soup_message_headers_replace (headers, "Authorization", value);
      floe_wipe (value, strlen (value));
    }
}

static SoupMessage *
make_message (FloeTransport *self, const FloeCall *call)
{
  g_autofree gchar *uri = g_strconcat (self->url, "/api/v1/", call->path, NULL);
  SoupMessage *message = soup_message_new (call->method, uri);

  if (message == NULL)
    return NULL;
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (call->again)
    soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  if (self->certificate != NULL)
    soup_message_set_tls_client_certificate (message, self->certificate);
  set_headers (message, call);
  if (call->body != NULL)
    set_body (message, call->body, call->type);
  return message;
}

/**
 * floe_transport_send_async:
 * @self: the transport
 * @call: what to send; copied where needed
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 */
void
floe_transport_send_async (FloeTransport *self, const FloeCall *call, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Sending *s = g_new0 (Sending, 1);

  g_task_set_source_tag (task, floe_transport_send_async);
  g_task_set_task_data (task, s, (GDestroyNotify)sending_free);
  s->transport = g_object_ref (self);
  s->stream = call->stream;
  s->inner = g_cancellable_new ();
  s->message = make_message (self, call);
  if (s->message == NULL)
    {
      g_task_return_error (task, floe_client_error_new (FLOE_CLIENT_ERROR_INVALID, "bad-url",
                                                        "that cannot be asked for"));
      return;
    }
  if (cancellable != NULL)
    s->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (on_outer_cancelled),
                                          g_object_ref (s->inner), g_object_unref);
  if (call->body != NULL)
    s->body = floe_secret_ref (call->body);
  s->type = g_strdup (call->type);
  g_signal_connect (s->message, "restarted", G_CALLBACK (on_restarted), s);
  g_signal_connect (s->message, "starting", G_CALLBACK (on_starting), s);
  g_signal_connect (s->message, "accept-certificate", G_CALLBACK (on_certificate), s);
  g_signal_connect (s->message, "network-event", G_CALLBACK (on_network_event), s);
  arm (s, self->connect_ms, on_connect_timeout);
  soup_session_send_async (self->session, s->message, G_PRIORITY_DEFAULT, s->inner, on_sent,
                           g_steal_pointer (&task));
}

/**
 * floe_transport_send_finish:
 * @self: the transport
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_NETWORK, %FLOE_CLIENT_ERROR_PROTOCOL or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the answer, whatever its status
 */
FloeReply *
floe_transport_send_finish (FloeTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* GIO begins each connection with the default database, even where another one is named right
 * afterwards, and the system's hundred authorities take ten milliseconds and three megabytes. Who
 * has an own one needs none of them. What decides is what the session is told, in any case. */
static GTlsDatabase *
find_trust (GTlsDatabase *ca)
{
  GTlsBackend *backend = g_tls_backend_get_default ();

  g_tls_backend_set_default_database (backend, ca);
  return ca != NULL ? g_object_ref (ca) : g_tls_backend_get_default_database (backend);
}

static SoupSession *
make_session (gboolean tls, GTlsDatabase *ca)
{
  SoupSession *session = soup_session_new_with_options ("max-conns-per-host", CONNECTIONS, NULL);

  soup_session_set_user_agent (session, "floe/" FLOE_VERSION);
  soup_session_set_idle_timeout (session, IDLE_SECONDS);
  /* Compressed answers could grow without end, and nothing here answers a challenge. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  if (tls)
    {
      g_autoptr (GTlsDatabase) trust = find_trust (ca);

      soup_session_set_tls_database (session, trust);
    }
  /* Plain HTTP is for this machine alone, and must not leave it through a proxy. */
  if (!tls)
    soup_session_set_proxy_resolver (session, NULL);
  return session;
}

/**
 * floe_transport_new:
 * @url: as floe_url_normalize() takes it
 * @ca_file: (nullable): certificates in PEM that are trusted instead of the system's; read at once
 * @error: %FLOE_CLIENT_ERROR_INVALID
 *
 * Returns: (transfer full) (nullable): the transport
 */
FloeTransport *
floe_transport_new (const gchar *url, const gchar *ca_file, GError **error)
{
  g_autofree gchar *normal = floe_url_normalize (url, error);
  g_autoptr (GTlsDatabase) ca = NULL;
  FloeTransport *self;

  if (normal == NULL)
    return NULL;
  if (ca_file != NULL)
    {
      ca = floe_ca_file_load (ca_file, error);
      if (ca == NULL)
        return NULL;
    }
  self = g_object_new (FLOE_TYPE_TRANSPORT, NULL);
  self->tls = g_str_has_prefix (normal, "https://");
  self->url = g_steal_pointer (&normal);
  self->session = make_session (self->tls, ca);
  return self;
}

const gchar *
floe_transport_get_url (FloeTransport *self)
{
  return self->url;
}

/**
 * floe_transport_set_certificate:
 * @self: the transport
 * @certificate: with its key, for whoever asks for one
 */
void
floe_transport_set_certificate (FloeTransport *self, GTlsCertificate *certificate)
{
  g_set_object (&self->certificate, certificate);
}

/**
 * floe_transport_set_timeouts:
 * @self: the transport
 * @connect_ms: until a connection stands, with DNS and TLS; 10 s if never set
 * @answer_ms: from then until the whole answer is in, or a stream begins; 30 s if never set
 */
void
floe_transport_set_timeouts (FloeTransport *self, guint connect_ms, guint answer_ms)
{
  self->connect_ms = connect_ms;
  self->answer_ms = answer_ms;
}

static void
floe_transport_finalize (GObject *object)
{
  FloeTransport *self = FLOE_TRANSPORT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->certificate);
  g_free (self->url);
  G_OBJECT_CLASS (floe_transport_parent_class)->finalize (object);
}

static void
floe_transport_class_init (FloeTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_transport_finalize;
}

static void
floe_transport_init (FloeTransport *self)
{
  self->connect_ms = CONNECT_MS;
  self->answer_ms = ANSWER_MS;
}
