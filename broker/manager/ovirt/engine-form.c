/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-form.h"

#include <string.h>

#include "core/secret.h"
#include "manager/ovirt/engine-deadline.h"

/* A form is sent by ourselves: libsoup reads a body through a buffer that it lets go of as it is,
 * and what is in a form is a password. So there is one buffer for the request and one for the
 * answer, neither of which grows, and both are wiped. A request of HTTP/1.0 gets an answer in one
 * piece. Of one engine no more are sent at once than the session has connections for calls: when
 * everybody comes in the morning, the others wait, as long as they may. */

#define ROOM       (64 * 1024)
#define HTTPS_PORT 443

/* What the forms of one session share. */
typedef struct
{
  guint n_open;
  GQueue waiting; /* GTask */
} Line;

typedef struct
{
  SoupSession *session;
  gchar *url;
  FloeEngineDeadline *deadline;
  gboolean open;     /* counted among those of the line */
  GSource *patience; /* nullable: while it waits */
  gboolean sent;
  GTlsDatabase *database;
  GSocketConnection *connection;
  GString *request;
  GByteArray *answer; /* ROOM bytes */
  gsize length;
} Post;

void
floe_engine_form_wipe (GString *text)
{
  floe_wipe (text->str, text->len);
  g_string_free (text, TRUE);
}

static void
wipe_answer (GByteArray *answer)
{
  floe_wipe (answer->data, ROOM);
  g_byte_array_unref (answer);
}

static Line *
find_line (SoupSession *session)
{
  static const gchar key[] = "floe-engine-forms";
  Line *line = g_object_get_data (G_OBJECT (session), key);

  if (line == NULL)
    {
      line = g_new0 (Line, 1); /* those who wait keep the session */
      g_object_set_data_full (G_OBJECT (session), key, line, g_free);
    }
  return line;
}

static guint
find_limit (SoupSession *session)
{
  gint limit;

  g_object_get (session, "max-conns-per-host", &limit, NULL);
  return (guint)MAX (limit, 1);
}

static void begin (GTask *task);

/* Takes the reference of who waits. */
static void
begin_next (SoupSession *session)
{
  Line *line = find_line (session);

  while (line->n_open < find_limit (session) && line->waiting.length > 0)
    {
      g_autoptr (GTask) task = g_queue_pop_head (&line->waiting);

      begin (task);
    }
}

static void
stop_waiting (Post *post)
{
  if (post->patience != NULL)
    g_source_destroy (post->patience);
  g_clear_pointer (&post->patience, g_source_unref);
}

static void
post_free (gpointer data)
{
  Post *post = data;

  stop_waiting (post);
  if (post->open)
    {
      find_line (post->session)->n_open--;
      begin_next (post->session);
    }
  g_object_unref (post->session);
  g_free (post->url);
  floe_engine_deadline_free (post->deadline);
  g_clear_object (&post->database);
  g_clear_object (&post->connection);
  g_clear_pointer (&post->request, floe_engine_form_wipe);
  g_clear_pointer (&post->answer, wipe_answer);
  g_free (post);
}

/* Takes @error. */
static void
fail (GTask *task, GError *error)
{
  const Post *post = g_task_get_task_data (task);

  g_task_return_error (task, floe_engine_deadline_judge (post->deadline, error, post->sent));
}

/* The answer. */

static const gchar *
find_end_of_head (const Post *post)
{
  return memmem (post->answer->data, post->length, "\r\n\r\n", 4);
}

/* Returns: the bytes of the body; -1 where the head does not say */
static gssize
find_content_length (const gchar *head, gsize length)
{
  static const gchar name[] = "\r\ncontent-length:";

  for (gsize i = 0; i + sizeof name < length; i++)
    if (g_ascii_strncasecmp (head + i, name, sizeof name - 1) == 0)
      return (gssize)CLAMP (g_ascii_strtoll (head + i + sizeof name - 1, NULL, 10), 0, ROOM);
  return -1;
}

static gboolean
is_whole (const Post *post)
{
  const gchar *head = (const gchar *)post->answer->data;
  const gchar *end = find_end_of_head (post);
  gssize length = end != NULL ? find_content_length (head, (gsize)(end - head)) : -1;

  return length >= 0 && post->length >= (gsize)(end - head) + 4 + (gsize)length;
}

/* Moves the body to the front, for whoever reads it. */
static FloeEngineReply *
take_reply (Post *post)
{
  const gchar *head = (const gchar *)post->answer->data;
  const gchar *end = find_end_of_head (post);
  FloeEngineReply *reply;
  gsize start;

  if (end == NULL || post->length < 12 || strncmp (head, "HTTP/1.", 7) != 0)
    return NULL;
  reply = g_new0 (FloeEngineReply, 1);
  reply->status = (guint)g_ascii_strtoull (head + 9, NULL, 10);
  reply->body = g_steal_pointer (&post->answer);
  start = (gsize)(end - head) + 4;
  memmove (reply->body->data, reply->body->data + start, post->length - start);
  floe_wipe (reply->body->data + post->length - start, start);
  g_byte_array_set_size (reply->body, (guint)(post->length - start));
  return reply;
}

static void
end (GTask *task)
{
  FloeEngineReply *reply = take_reply (g_task_get_task_data (task));

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify)floe_engine_reply_free);
  else
    fail (task,
          g_error_new (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "it answers with half of something"));
}

static void read_on (GTask *task);

static void
got_some (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      fail (task, error);
      return;
    }
  post->length += (gsize)n;
  if (n == 0 || is_whole (post))
    end (task);
  else
    read_on (task);
}

static void
read_on (GTask *task)
{
  Post *post = g_task_get_task_data (task);

  if (post->length == ROOM)
    {
      fail (task, g_error_new (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "its answer is too long"));
      return;
    }
  g_input_stream_read_async (
      g_io_stream_get_input_stream (G_IO_STREAM (post->connection)),
      post->answer->data + post->length, ROOM - post->length, G_PRIORITY_DEFAULT,
      floe_engine_deadline_get_cancellable (post->deadline), got_some, g_object_ref (task));
}

/* The request. */

static void
written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      fail (task, error);
      return;
    }
  g_clear_pointer (&post->request, floe_engine_form_wipe);
  read_on (task);
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;

  post->connection =
      g_socket_client_connect_to_uri_finish (G_SOCKET_CLIENT (source), result, &error);
  if (post->connection == NULL)
    {
      fail (task, error);
      return;
    }
  post->sent = TRUE;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (post->connection)),
                                   post->request->str, post->request->len, G_PRIORITY_DEFAULT,
                                   floe_engine_deadline_get_cancellable (post->deadline), written,
                                   g_object_ref (task));
}

static void
on_event (GSocketClient *client, GSocketClientEvent event, GSocketConnectable *connectable,
          GIOStream *stream, gpointer data)
{
  const Post *post = data;

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && post->database != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (stream), post->database);
}

static GString *
make_request (GUri *uri, const FloeEngineForm *form)
{
  GString *request = g_string_sized_new (1024 + form->fields->len);
  const gchar *host = g_uri_get_host (uri);
  gboolean v6 = strchr (host, ':') != NULL;
  gint port = g_uri_get_port (uri);

  g_string_append_printf (request, "POST %s%s HTTP/1.0\r\nHost: %s%s%s", g_uri_get_path (uri),
                          form->path, v6 ? "[" : "", host, v6 ? "]" : "");
  if (port > 0)
    g_string_append_printf (request, ":%d", port);
  /* Exactly this value of Accept, or the engine calls it missing. */
  g_string_append_printf (request,
                          "\r\nUser-Agent: Floe/" FLOE_VERSION "\r\nAccept: application/json\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n\r\n",
                          form->fields->len);
  g_string_append_len (request, form->fields->str, (gssize)form->fields->len);
  floe_engine_form_wipe (form->fields);
  return request;
}

static Post *
post_new (const FloeEngineForm *form, FloeClock *clock, GCancellable *cancellable)
{
  Post *post = g_new0 (Post, 1);

  post->session = g_object_ref (form->session);
  post->url = g_strdup (form->url);
  post->deadline = floe_engine_deadline_new (clock, form->deadline, cancellable);
  post->database = soup_session_get_tls_database (form->session);
  if (post->database != NULL)
    g_object_ref (post->database);
  return post;
}

static void
begin (GTask *task)
{
  Post *post = g_task_get_task_data (task);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  stop_waiting (post);
  post->open = TRUE;
  find_line (post->session)->n_open++;
  post->answer = g_byte_array_sized_new (ROOM);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_tls (client, TRUE);
  g_signal_connect (client, "event", G_CALLBACK (on_event), post);
  g_socket_client_connect_to_uri_async (client, post->url, HTTPS_PORT,
                                        floe_engine_deadline_get_cancellable (post->deadline),
                                        connected, g_object_ref (task));
}

static gboolean
on_given_up (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = data;
  Post *post = g_task_get_task_data (task);

  stop_waiting (post);
  g_queue_remove (&find_line (post->session)->waiting, task);
  fail (task, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "before its turn"));
  return G_SOURCE_REMOVE;
}

static void
wait_for_turn (GTask *task)
{
  Post *post = g_task_get_task_data (task);

  post->patience = g_cancellable_source_new (floe_engine_deadline_get_cancellable (post->deadline));
  g_source_set_callback (post->patience, G_SOURCE_FUNC (on_given_up), task, NULL);
  g_source_attach (post->patience, g_task_get_context (task));
  g_queue_push_tail (&find_line (post->session)->waiting, g_object_ref (task));
}

/**
 * floe_engine_form_post_async:
 *
 * Sends a form on a connection of its own, when it is its turn, and reads the answer.
 */
void
floe_engine_form_post_async (const FloeEngineForm *form, FloeClock *clock,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (form->session, NULL, callback, user_data);
  g_autoptr (GUri) uri = g_uri_parse (form->url, G_URI_FLAGS_NONE, NULL);
  Post *post = post_new (form, clock, cancellable);

  g_task_set_source_tag (task, floe_engine_form_post_async);
  g_task_set_task_data (task, post, post_free);
  post->request = make_request (uri, form); /* the settings were checked */
  wait_for_turn (task);
  begin_next (form->session);
}

/**
 * floe_engine_form_post_finish:
 *
 * Returns: (transfer full): the answer, whose body is the caller's to wipe; or %NULL as
 *   floe_engine_exchange_finish()
 */
FloeEngineReply *
floe_engine_form_post_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_engine_form_is_busy:
 *
 * Returns: whether a form of @session is under way, or waits for its turn; what has come of one may
 *   still have to be told then
 */
gboolean
floe_engine_form_is_busy (SoupSession *session)
{
  const Line *line = find_line (session);

  return line->n_open > 0 || line->waiting.length > 0;
}
