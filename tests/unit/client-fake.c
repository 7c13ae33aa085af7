/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client-fake.h"

#include <glib/gstdio.h>
#include <string.h>

typedef enum
{
  ACT_ANSWER,
  ACT_HANG,
  ACT_DROP,
  ACT_STREAM,
} Act;

typedef struct
{
  gchar *route;
  Act act;
  guint status;
  gchar *type;
  gchar *body;
  gboolean used;
} Script;

typedef enum
{
  MANNER_SANE,
  MANNER_RAW,
  MANNER_DEAF,
} Manner;

struct _FakeBroker
{
  GSocketService *service;
  SoupServer *server;
  GTlsCertificate *certificate;
  guint16 port;
  Manner manner;
  gchar *raw;
  gchar *header_name;
  gchar *header_value;
  GPtrArray *scripts;
  GPtrArray *requests;
  GPtrArray *streams; /* SoupServerMessage, open */
  GPtrArray *held;    /* SoupServerMessage, never answered */
  GPtrArray *sockets; /* connections that are not HTTP */
};

static void
script_free (Script *script)
{
  g_free (script->route);
  g_free (script->type);
  g_free (script->body);
  g_free (script);
}

static void
request_free (FakeRequest *request)
{
  g_free (request->route);
  g_free (request->body);
  g_free (request->token);
  g_free (request->accept);
  g_free (request->if_match);
  g_free (request->key);
  g_free (request);
}

static Script *
find_script (FakeBroker *self, const gchar *route)
{
  Script *last = NULL;

  for (guint i = 0; i < self->scripts->len; i++)
    {
      Script *script = g_ptr_array_index (self->scripts, i);

      if (!g_str_equal (script->route, route))
        continue;
      last = script;
      if (!script->used)
        break;
    }
  if (last != NULL)
    last->used = TRUE;
  return last;
}

static const FakeRequest *
remember (FakeBroker *self, SoupServerMessage *message)
{
  FakeRequest *request = g_new0 (FakeRequest, 1);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autofree gchar *path = g_uri_to_string (soup_server_message_get_uri (message));
  const gchar *token = soup_message_headers_get_one (headers, "Authorization");

  request->route = g_strconcat (soup_server_message_get_method (message), " ",
                                strchr (strstr (path, "://") + 3, '/'), NULL);
  request->body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (token != NULL && g_str_has_prefix (token, "Bearer "))
    request->token = g_strdup (token + 7);
  request->accept = g_strdup (soup_message_headers_get_one (headers, "Accept"));
  request->if_match = g_strdup (soup_message_headers_get_one (headers, "If-Match"));
  request->key = g_strdup (soup_message_headers_get_one (headers, "Idempotency-Key"));
  g_ptr_array_add (self->requests, request);
  return request;
}

static void
on_stream_finished (SoupServerMessage *message, FakeBroker *self)
{
  g_signal_handlers_disconnect_by_data (message, self);
  g_ptr_array_remove (self->streams, message);
}

static void
begin_stream (FakeBroker *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_content_type (headers, "text/event-stream", NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_ptr_array_add (self->streams, g_object_ref (message));
  g_signal_connect (message, "finished", G_CALLBACK (on_stream_finished), self);
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  FakeBroker *self = user_data;
  const FakeRequest *request = remember (self, message);
  Script *script = find_script (self, request->route);

  if (script == NULL)
    {
      g_autofree gchar *what = g_strdup_printf (
          "{\"type\":\"urn:floe:problem:not-found\",\"status\":404,\"detail\":\"no %s\"}",
          request->route);

      soup_server_message_set_status (message, 404, NULL);
      soup_server_message_set_response (message, "application/problem+json", SOUP_MEMORY_COPY, what,
                                        strlen (what));
      return;
    }
  if (script->act == ACT_DROP)
    {
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

      g_io_stream_close (stream, NULL, NULL);
      return;
    }
  if (script->act == ACT_HANG)
    {
      soup_server_message_pause (message);
      g_ptr_array_add (self->held, g_object_ref (message));
      return;
    }
  if (script->act == ACT_STREAM)
    {
      begin_stream (self, message);
      return;
    }
  soup_server_message_set_status (message, script->status, NULL);
  if (self->header_name != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  self->header_name, self->header_value);
  if (script->body != NULL)
    soup_server_message_set_response (message, script->type, SOUP_MEMORY_COPY, script->body,
                                      strlen (script->body));
}

static void
on_raw_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FakeBroker *self = user_data;
  GIOStream *stream = g_object_get_data (source, "connection");
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (self->raw != NULL && bytes != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), self->raw,
                               strlen (self->raw), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
  g_ptr_array_remove (self->sockets, stream);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source,
             gpointer user_data)
{
  FakeBroker *self = user_data;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GIOStream) stream = G_IO_STREAM (g_object_ref (connection));

  if (self->manner != MANNER_SANE)
    {
      GInputStream *input = g_io_stream_get_input_stream (stream);

      g_ptr_array_add (self->sockets, g_object_ref (stream));
      if (self->manner == MANNER_DEAF)
        return TRUE;
      g_object_set_data (G_OBJECT (input), "connection", stream);
      g_input_stream_read_bytes_async (input, 16384, 0, NULL, on_raw_read, self);
      return TRUE;
    }
  if (self->certificate != NULL)
    {
      GIOStream *tls = g_tls_server_connection_new (stream, self->certificate, NULL);

      g_object_unref (stream);
      stream = tls;
    }
  g_assert_true (soup_server_accept_iostream (self->server, stream, local, remote, NULL));
  return TRUE;
}

/**
 * fake_broker_new_tls:
 * @pem_file: (nullable): certificate and key, or plain HTTP
 */
FakeBroker *
fake_broker_new_tls (const gchar *pem_file)
{
  FakeBroker *self = g_new0 (FakeBroker, 1);
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (address, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->scripts = g_ptr_array_new_with_free_func ((GDestroyNotify)script_free);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  self->streams = g_ptr_array_new_with_free_func (g_object_unref);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  if (pem_file != NULL)
    {
      self->certificate = g_tls_certificate_new_from_file (pem_file, &error);
      g_assert_no_error (error);
    }
  /* Not SoupServer's own listener: Debian 12's leaks a socket for each connection. */
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->service);
  return self;
}

FakeBroker *
fake_broker_new (void)
{
  return fake_broker_new_tls (NULL);
}

void
fake_broker_free (FakeBroker *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  for (guint i = 0; i < self->streams->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->streams, i), self);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->sockets, g_ptr_array_unref);
  g_clear_object (&self->certificate);
  g_ptr_array_unref (self->scripts);
  g_ptr_array_unref (self->requests);
  g_free (self->raw);
  g_free (self->header_name);
  g_free (self->header_value);
  g_free (self);
}

guint16
fake_broker_port (FakeBroker *self)
{
  return self->port;
}

gchar *
fake_broker_url (FakeBroker *self)
{
  return g_strdup_printf ("%s://%s:%u", self->certificate != NULL ? "https" : "http",
                          self->certificate != NULL ? "localhost" : "127.0.0.1", self->port);
}

static void
add_script (FakeBroker *self, const gchar *route, Act act, guint status, const gchar *type,
            const gchar *body)
{
  Script *script = g_new0 (Script, 1);

  script->route = g_strdup (route);
  script->act = act;
  script->status = status;
  script->type = g_strdup (type);
  script->body = g_strdup (body);
  g_ptr_array_add (self->scripts, script);
}

void
fake_broker_answer (FakeBroker *self, const gchar *route, guint status, const gchar *type,
                    const gchar *body)
{
  add_script (self, route, ACT_ANSWER, status, type, body);
}

gchar *
fake_file (const gchar *name)
{
  g_autofree gchar *path = g_test_build_filename (G_TEST_DIST, "tests", "data", "api", name, NULL);
  gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

void
fake_broker_answer_file (FakeBroker *self, const gchar *route, guint status, const gchar *name)
{
  g_autofree gchar *body = fake_file (name);

  add_script (self, route, ACT_ANSWER, status,
              status >= 400 ? "application/problem+json" : "application/json", body);
}

void
fake_broker_header (FakeBroker *self, const gchar *name, const gchar *value)
{
  g_free (self->header_name);
  g_free (self->header_value);
  self->header_name = g_strdup (name);
  self->header_value = g_strdup (value);
}

void
fake_broker_drop (FakeBroker *self, const gchar *route)
{
  add_script (self, route, ACT_DROP, 0, NULL, NULL);
}

void
fake_broker_hang (FakeBroker *self, const gchar *route)
{
  add_script (self, route, ACT_HANG, 0, NULL, NULL);
}

void
fake_broker_raw (FakeBroker *self, const gchar *bytes)
{
  self->manner = MANNER_RAW;
  g_free (self->raw);
  self->raw = g_strdup (bytes);
}

void
fake_broker_deaf (FakeBroker *self)
{
  self->manner = MANNER_DEAF;
}

void
fake_broker_sane (FakeBroker *self)
{
  self->manner = MANNER_SANE;
}

void
fake_broker_stream (FakeBroker *self, const gchar *route)
{
  add_script (self, route, ACT_STREAM, 0, NULL, NULL);
}

guint
fake_broker_n_streams (FakeBroker *self)
{
  return self->streams->len;
}

void
fake_broker_push (FakeBroker *self, const gchar *text)
{
  for (guint i = 0; i < self->streams->len; i++)
    {
      SoupServerMessage *message = g_ptr_array_index (self->streams, i);

      soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY,
                                text, strlen (text));
      soup_server_message_unpause (message);
    }
}

void
fake_broker_end_streams (FakeBroker *self)
{
  for (guint i = 0; i < self->streams->len; i++)
    {
      SoupServerMessage *message = g_ptr_array_index (self->streams, i);

      soup_message_body_complete (soup_server_message_get_response_body (message));
      soup_server_message_unpause (message);
    }
}

void
fake_broker_forget (FakeBroker *self)
{
  fake_broker_end_streams (self);
  g_ptr_array_set_size (self->scripts, 0);
  g_ptr_array_set_size (self->requests, 0);
}

guint
fake_broker_n_requests (FakeBroker *self, const gchar *route)
{
  guint n = 0;

  for (guint i = 0; i < self->requests->len; i++)
    n += g_str_equal (((FakeRequest *)g_ptr_array_index (self->requests, i))->route, route);
  return n;
}

const FakeRequest *
fake_broker_first (FakeBroker *self, const gchar *route)
{
  for (guint i = 0; i < self->requests->len; i++)
    if (g_str_equal (((FakeRequest *)self->requests->pdata[i])->route, route))
      return self->requests->pdata[i];
  return NULL;
}

const FakeRequest *
fake_broker_last (FakeBroker *self, const gchar *route)
{
  for (guint i = self->requests->len; i > 0; i--)
    {
      const FakeRequest *request = g_ptr_array_index (self->requests, i - 1);

      if (g_str_equal (request->route, route))
        return request;
    }
  return NULL;
}

void
fake_on_done (GObject *source, GAsyncResult *result, gpointer slot)
{
  GAsyncResult **place = slot;

  g_assert_null (*place); /* exactly once */
  *place = g_object_ref (result);
}

/* Returns: (transfer full): what came; the slot is empty again */
GAsyncResult *
fake_wait (GAsyncResult **slot)
{
  g_assert_null (*slot); /* never before the call returned */
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (slot);
}

gchar *
fake_dir_new (void)
{
  g_autoptr (GError) error = NULL;
  gchar *dir = g_dir_make_tmp ("floe-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

void
fake_dir_remove (const gchar *dir)
{
  g_autoptr (GDir) open = g_dir_open (dir, 0, NULL);
  const gchar *name;

  while (open != NULL && (name = g_dir_read_name (open)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (dir, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        fake_dir_remove (path);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

void
fake_openssl (const gchar *dir, const gchar *arguments)
{
  g_auto (GStrv) argv = NULL;
  g_autofree gchar *line = g_strconcat ("openssl ", arguments, NULL);
  g_autofree gchar *out = NULL;
  g_autofree gchar *err = NULL;
  g_autoptr (GError) error = NULL;
  gint status = 0;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  g_spawn_sync (dir, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("%s: %s", line, err);
}

/* Makes NAME.key and NAME.crt. */
void
fake_make_ca (const gchar *dir, const gchar *name)
{
  g_autofree gchar *line = g_strdup_printf (
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -out %s.crt "
      "-days 2 -subj '/CN=Test %s' -addext basicConstraints=critical,CA:TRUE "
      "-addext keyUsage=critical,keyCertSign",
      name, name, name);

  fake_openssl (dir, line);
}

/* Makes NAME.pem: a certificate by @ca that ends in @days, which may be negative, and its key. */
void
fake_make_certificate (const gchar *dir, const gchar *ca, const gchar *name,
                       const gchar *subject_alt_name, gint days)
{
  g_autofree gchar *request = g_strdup_printf (
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -out %s.csr "
      "-subj /CN=%s -addext subjectAltName=%s",
      name, name, name, subject_alt_name);
  g_autofree gchar *sign = g_strdup_printf ("x509 -req -in %s.csr -CA %s.crt -CAkey %s.key "
                                            "-CAcreateserial -copy_extensions copy -days %d "
                                            "-out %s.crt",
                                            name, ca, ca, days, name);
  g_autofree gchar *crt = g_strdup_printf ("%s/%s.crt", dir, name);
  g_autofree gchar *key = g_strdup_printf ("%s/%s.key", dir, name);
  g_autofree gchar *pem = g_strdup_printf ("%s/%s.pem", dir, name);
  g_autofree gchar *crt_text = NULL;
  g_autofree gchar *key_text = NULL;
  g_autofree gchar *both = NULL;

  fake_openssl (dir, request);
  fake_openssl (dir, sign);
  g_assert_true (g_file_get_contents (crt, &crt_text, NULL, NULL));
  g_assert_true (g_file_get_contents (key, &key_text, NULL, NULL));
  both = g_strconcat (crt_text, key_text, NULL);
  g_assert_true (g_file_set_contents (pem, both, -1, NULL));
}
