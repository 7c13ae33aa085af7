/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/intake.h"

#include <gio/gunixconnection.h>
#include <string.h>

#include "api/http-chunks.h"
#include "api/json-scan.h"
#include "api/peer.h"
#include "api/secret-text.h"

#define READ_BYTES 4096

struct _FloeIntake
{
  GSocketConnection *connection;
  const FloeGate *gate;
  FloeClock *clock;
  FloeIntakeDone done;
  gpointer data;

  GSource *source;
  guint deadline;
  FloeSecretText head_text; /* all that came before the head was complete */
  FloeSecretText body;
  FloeHttpHead *head; /* set once it is complete */
  FloeHttpChunks chunks;
  FloeRequest *request;
  FloeProblem *problem;
};

static void
intake_free (FloeIntake *self)
{
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  floe_clock_clear_timeout (self->clock, &self->deadline);
  floe_secret_text_clear (&self->head_text);
  floe_secret_text_clear (&self->body);
  floe_http_head_free (self->head);
  floe_request_free (self->request);
  floe_problem_free (self->problem);
  g_object_unref (self->clock);
  g_object_unref (self->connection);
  g_free (self);
}

static void
finish (FloeIntake *self)
{
  g_autoptr (GSocketConnection) connection = g_object_ref (self->connection);
  FloeRequest *request = g_steal_pointer (&self->request);
  FloeProblem *problem = g_steal_pointer (&self->problem);
  FloeIntakeDone done = self->done;
  gpointer data = self->data;

  if (problem != NULL)
    {
      g_clear_pointer (&request, floe_request_free);
      problem->without_body = self->head != NULL && strcmp (self->head->method, "HEAD") == 0;
    }
  intake_free (self);
  done (connection, request, problem, data);
}

/* head_end: how many bytes the head has with its empty line; 0 when that did not come yet. Lines
 * that end in LF alone are found too, so that they are refused at once and not waited for. */
static gsize
head_end (const gchar *text, gsize from, gsize length)
{
  for (gsize i = MAX (from, 1); i < length; i++)
    {
      if (text[i] != '\n')
        continue;
      if (text[i - 1] == '\n' || (i >= 2 && text[i - 1] == '\r' && text[i - 2] == '\n'))
        return i + 1;
    }
  return 0;
}

static void
say_continue (FloeIntake *self)
{
  static const gchar line[] = "HTTP/1.1 100 Continue\r\n\r\n";

  /* A fresh connection takes 25 bytes without waiting; if it does not, the client goes on by
   * itself after a while. */
  g_socket_send (g_socket_connection_get_socket (self->connection), line, sizeof line - 1, NULL,
                 NULL);
}

/* take_head: judges the head; whether the body may be read */
static gboolean
take_head (FloeIntake *self, gsize length)
{
  g_autoptr (GSocketAddress) remote = NULL;

  self->head = floe_http_head_parse (self->head_text.bytes, length, &self->problem);
  if (self->head == NULL)
    return FALSE;
  self->request = floe_gate_check (self->gate, self->head, &self->problem);
  if (self->request == NULL)
    return FALSE;
  if (!G_IS_UNIX_CONNECTION (self->connection))
    {
      remote = g_socket_connection_get_remote_address (self->connection, NULL);
      if (remote == NULL)
        {
          g_clear_pointer (&self->request, floe_request_free);
          return FALSE;
        }
    }
  self->request->caller = floe_peer_read (self->head, remote, &self->problem);
  return self->request->caller != NULL;
}

static gboolean
body_is_whole (FloeIntake *self)
{
  if (self->head->chunked)
    return floe_http_chunks_is_over (&self->chunks);
  return self->body.length == self->head->content_length;
}

/* take_body: what is behind the body is never looked at */
static void
take_body (FloeIntake *self, const gchar *bytes, gsize length)
{
  if (self->head->chunked)
    floe_http_chunks_feed (&self->chunks, bytes, length, &self->body, &self->problem);
  else
    floe_secret_text_append (&self->body, bytes,
                             (gssize)MIN (length, self->head->content_length - self->body.length));
}

/* take: one piece of what came; whether the intake is over */
static gboolean
take (FloeIntake *self, const gchar *bytes, gsize n)
{
  gsize before = self->head_text.length;
  gsize end;

  if (self->head == NULL)
    {
      floe_secret_text_append (&self->head_text, bytes, (gssize)n);
      end = head_end (self->head_text.bytes, before, self->head_text.length);
      if (end > FLOE_HTTP_MAX_HEAD_BYTES
          || (end == 0 && self->head_text.length > FLOE_HTTP_MAX_HEAD_BYTES))
        {
          self->problem = floe_problem_new (FLOE_PROBLEM_TOO_LARGE, "the head is too long");
          return TRUE;
        }
      if (end == 0)
        return FALSE;
      if (!take_head (self, end))
        return TRUE;
      bytes += end - before;
      n -= end - before;
      if (self->head->expects_continue && n == 0 && !body_is_whole (self))
        say_continue (self);
    }
  take_body (self, bytes, n);
  return self->problem != NULL || body_is_whole (self);
}

static gboolean
readable (GObject *stream, gpointer data)
{
  FloeIntake *self = data;
  gchar bytes[READ_BYTES];
  g_autoptr (GError) error = NULL;
  gssize n;

  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), bytes,
                                                sizeof bytes, NULL, &error);
  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n > 0)
    {
      gboolean over = take (self, bytes, (gsize)n);

      floe_wipe (bytes, (gsize)n);
      if (!over)
        return G_SOURCE_CONTINUE;
      if (self->problem == NULL && self->request != NULL && self->body.length > 0)
        self->request->body = floe_secret_text_steal (&self->body);
    }
  else /* the peer went away in the middle */
    g_clear_pointer (&self->request, floe_request_free);
  finish (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_deadline (gpointer data)
{
  FloeIntake *self = data;

  self->deadline = 0;
  g_clear_pointer (&self->request, floe_request_free);
  finish (self);
  return G_SOURCE_REMOVE;
}

/**
 * floe_intake_start:
 * @connection: a new connection, non-blocking
 * @gate: (transfer none): what is let in; must outlive the intake
 * @clock: the clock
 * @done: called at the end
 * @data: its user data
 *
 * Returns: (transfer none): the intake, which lives until @done was called or it was cancelled
 */
FloeIntake *
floe_intake_start (GSocketConnection *connection, const FloeGate *gate, FloeClock *clock,
                   FloeIntakeDone done, gpointer data)
{
  FloeIntake *self = g_new0 (FloeIntake, 1);
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (connection));

  self->connection = g_object_ref (connection);
  self->gate = gate;
  self->clock = g_object_ref (clock);
  self->done = done;
  self->data = data;
  self->deadline =
      floe_clock_add_timeout (clock, FLOE_INTAKE_SECONDS * G_USEC_PER_SEC, on_deadline, self, NULL);
  self->source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (stream), NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (readable), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

/**
 * floe_intake_cancel:
 * @self: (transfer full): an intake
 *
 * Frees it; its callback is not called any more.
 */
void
floe_intake_cancel (FloeIntake *self)
{
  intake_free (self);
}
