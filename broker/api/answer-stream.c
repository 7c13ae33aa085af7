/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/answer-stream.h"

static const gchar request[] = "GET / HTTP/1.1\r\nHost: floe\r\nConnection: close\r\n\r\n";

struct _FloeAnswerStream
{
  GIOStream parent_instance;
  GSocketConnection *connection;
  GInputStream *input;
  FloeClock *clock;
  gboolean unread;
};

G_DEFINE_FINAL_TYPE (FloeAnswerStream, floe_answer_stream, G_TYPE_IO_STREAM)

/*
 * A socket that is closed while bytes of its peer are unread is reset, and the peer may lose the
 * answer that says why. So a request that was refused half way is read to its end for a little
 * while, and thrown away.
 */
#define LINGER_TIME  (2 * G_USEC_PER_SEC)
#define LINGER_BYTES (256 * 1024)

typedef struct
{
  GSocketConnection *connection;
  FloeClock *clock;
  GSource *source;
  guint timeout;
  gsize read;
} Linger;

static void
linger_end (Linger *linger)
{
  g_source_destroy (linger->source);
  g_source_unref (linger->source);
  floe_clock_clear_timeout (linger->clock, &linger->timeout);
  g_io_stream_close (G_IO_STREAM (linger->connection), NULL, NULL);
  g_object_unref (linger->connection);
  g_object_unref (linger->clock);
  g_free (linger);
}

static gboolean
linger_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  Linger *linger = data;
  gchar bytes[4096];
  g_autoptr (GError) error = NULL;
  gssize n = g_socket_receive_with_blocking (socket, bytes, sizeof bytes, FALSE, NULL, &error);

  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n > 0)
    {
      linger->read += (gsize)n;
      if (linger->read < LINGER_BYTES)
        return G_SOURCE_CONTINUE;
    }
  linger_end (linger);
  return G_SOURCE_REMOVE;
}

static gboolean
linger_timeout (gpointer data)
{
  Linger *linger = data;

  linger->timeout = 0;
  linger_end (linger);
  return G_SOURCE_REMOVE;
}

static void
linger_start (FloeAnswerStream *self)
{
  Linger *linger = g_new0 (Linger, 1);
  GSocket *socket = g_socket_connection_get_socket (self->connection);

  linger->connection = g_object_ref (self->connection);
  linger->clock = g_object_ref (self->clock);
  linger->timeout = floe_clock_add_timeout (self->clock, LINGER_TIME, linger_timeout, linger, NULL);
  linger->source = g_socket_create_source (socket, G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
  g_source_set_callback (linger->source, G_SOURCE_FUNC (linger_readable), linger, NULL);
  g_source_attach (linger->source, g_main_context_get_thread_default ());
}

static gboolean
floe_answer_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  FloeAnswerStream *self = FLOE_ANSWER_STREAM (stream);
  GSocket *socket = g_socket_connection_get_socket (self->connection);

  if (!self->unread || g_io_stream_is_closed (G_IO_STREAM (self->connection)))
    return g_io_stream_close (G_IO_STREAM (self->connection), cancellable, error);
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  linger_start (self);
  return TRUE;
}

static GInputStream *
floe_answer_stream_get_input_stream (GIOStream *stream)
{
  return FLOE_ANSWER_STREAM (stream)->input;
}

static GOutputStream *
floe_answer_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (G_IO_STREAM (FLOE_ANSWER_STREAM (stream)->connection));
}

static void
floe_answer_stream_finalize (GObject *object)
{
  FloeAnswerStream *self = FLOE_ANSWER_STREAM (object);

  g_object_unref (self->connection);
  g_object_unref (self->input);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_answer_stream_parent_class)->finalize (object);
}

static void
floe_answer_stream_class_init (FloeAnswerStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_answer_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = floe_answer_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = floe_answer_stream_get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = floe_answer_stream_close;
}

static void
floe_answer_stream_init (FloeAnswerStream *self)
{
  self->input = g_memory_input_stream_new_from_data (request, sizeof request - 1, NULL);
}

/**
 * floe_answer_stream_new:
 * @connection: whose request was read
 * @clock: the clock
 * @unread: the peer may still be sending
 *
 * Returns: (transfer full): a stream for soup_server_accept_iostream()
 */
GIOStream *
floe_answer_stream_new (GSocketConnection *connection, FloeClock *clock, gboolean unread)
{
  FloeAnswerStream *self = g_object_new (FLOE_TYPE_ANSWER_STREAM, NULL);

  self->connection = g_object_ref (connection);
  self->clock = g_object_ref (clock);
  self->unread = unread;
  return G_IO_STREAM (self);
}
