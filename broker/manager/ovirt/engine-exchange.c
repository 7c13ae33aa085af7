/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-exchange.h"

#include "core/error.h"
#include "manager/ovirt/engine-deadline.h"

/* One request and its answer, with a deadline and a limit to what is read. */

#define CHUNK (64 * 1024)

typedef struct
{
  FloeEngineDeadline *deadline;
  SoupMessage *message;
  GByteArray *body;
} Exchange;

void
floe_engine_reply_free (FloeEngineReply *self)
{
  g_byte_array_unref (self->body);
  g_free (self);
}

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  floe_engine_deadline_free (exchange->deadline);
  g_object_unref (exchange->message);
  g_clear_pointer (&exchange->body, g_byte_array_unref);
  g_free (exchange);
}

/* Before anything of the request can have gone out. */
static gboolean
is_before_sending (const GError *error)
{
  static const gint codes[] = { G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_HOST_UNREACHABLE,
                                G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_HOST_NOT_FOUND };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, G_IO_ERROR, codes[i]))
      return TRUE;
  return error->domain == G_RESOLVER_ERROR || error->domain == G_TLS_ERROR;
}

/* Takes @error. */
static void
fail (GTask *task, GError *error)
{
  const Exchange *exchange = g_task_get_task_data (task);
  gboolean begun = !is_before_sending (error);

  g_task_return_error (task, floe_engine_deadline_judge (exchange->deadline, error, begun));
}

static void read_on (GInputStream *stream, GTask *task);

static void
got_chunk (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  FloeEngineReply *reply;

  if (bytes == NULL)
    fail (task, error);
  else if (exchange->body->len + g_bytes_get_size (bytes) > FLOE_ENGINE_MAX_BYTES)
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE,
                             "the engine's answer is too long");
  else if (g_bytes_get_size (bytes) > 0)
    {
      g_byte_array_append (exchange->body, g_bytes_get_data (bytes, NULL),
                           (guint)g_bytes_get_size (bytes));
      read_on (G_INPUT_STREAM (source), task);
    }
  else
    {
      reply = g_new0 (FloeEngineReply, 1);
      reply->status = soup_message_get_status (exchange->message);
      reply->body = g_steal_pointer (&exchange->body);
      g_task_return_pointer (task, reply, (GDestroyNotify)floe_engine_reply_free);
    }
}

static void
read_on (GInputStream *stream, GTask *task)
{
  const Exchange *exchange = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT,
                                   floe_engine_deadline_get_cancellable (exchange->deadline),
                                   got_chunk, g_object_ref (task));
}

static void
sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
      soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    fail (task, error);
  else
    read_on (stream, task);
}

/**
 * floe_engine_exchange_async:
 * @deadline: microseconds for all of it
 *
 * Sends @message and reads the answer, whatever its status is.
 */
void
floe_engine_exchange_async (SoupSession *session, SoupMessage *message, FloeClock *clock,
                            gint64 deadline, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, NULL, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, floe_engine_exchange_async);
  exchange->deadline = floe_engine_deadline_new (clock, deadline, cancellable);
  exchange->message = g_object_ref (message);
  exchange->body = g_byte_array_new ();
  g_task_set_task_data (task, exchange, exchange_free);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT,
                           floe_engine_deadline_get_cancellable (exchange->deadline), sent,
                           g_object_ref (task));
}

/**
 * floe_engine_exchange_finish:
 *
 * Returns: (transfer full): the answer; or %NULL with %FLOE_ERROR_TIMED_OUT (nobody knows what
 *   became of it), %FLOE_ERROR_UNAVAILABLE (reason "host-silent": likewise; "host-down": nothing
 * was sent) or %FLOE_ERROR_CANCELLED
 */
FloeEngineReply *
floe_engine_exchange_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
