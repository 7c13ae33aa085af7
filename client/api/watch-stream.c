/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/watch-private.h"

#include "api/broker-private.h"
#include "api/decode.h"
#include "api/url.h"

#define CHUNK 4096

static gboolean
on_reopen (gpointer user_data)
{
  FloeEventWatch *self = user_data;

  floe_watch_clear_timer (&self->reopen);
  floe_watch_open_stream (self);
  return G_SOURCE_REMOVE;
}

void
floe_watch_drop_stream (FloeEventWatch *self)
{
  floe_watch_clear_timer (&self->silence);
  if (self->stream_cancellable != NULL)
    g_cancellable_cancel (self->stream_cancellable);
  g_clear_object (&self->stream_cancellable);
  g_clear_object (&self->stream);
  self->delivering = FALSE;
}

static void
stream_broke (FloeEventWatch *self)
{
  gboolean delivered = self->delivering;

  floe_watch_drop_stream (self);
  if (delivered)
    floe_backoff_reset (&self->stream_backoff);
  floe_watch_set_timer (self, &self->reopen,
                        floe_backoff_next (&self->stream_backoff, g_random_double ()), on_reopen);
  /* At once: whether the broker is gone or only this stream shows here. */
  if (delivered)
    floe_watch_poll_now (self);
}

static gboolean
on_silence (gpointer user_data)
{
  FloeEventWatch *self = user_data;

  floe_watch_clear_timer (&self->silence);
  stream_broke (self);
  return G_SOURCE_REMOVE;
}

static void
read_message (FloeEventWatch *self, gchar *data, gsize length)
{
  g_auto (FloeJsonSecrets) secrets = { NULL };
  g_autoptr (JsonNode) root = floe_json_parse (data, length, &secrets, &self->news_error);
  FloeMessage *message = root != NULL ? floe_decode_message (root, &self->news_error) : NULL;

  if (message != NULL)
    g_ptr_array_add (self->said, message);
}

static void
read_shadow (FloeEventWatch *self, gchar *data, gsize length)
{
  g_auto (FloeJsonSecrets) secrets = { NULL };
  g_autoptr (JsonNode) root = floe_json_parse (data, length, &secrets, &self->news_error);
  FloeShadow *shadow = root != NULL ? floe_decode_shadow (root, &self->news_error) : NULL;

  if (shadow != NULL)
    g_ptr_array_add (self->shadows, shadow);
}

/* Only collected here: whoever listens may stop the watch, and the reader with it. */
static void
on_event (const gchar *event, gchar *data, gsize length, gpointer user_data)
{
  FloeEventWatch *self = user_data;
  gboolean of_request = self->request_id != NULL;
  g_auto (FloeJsonSecrets) secrets = { NULL };
  g_autoptr (JsonNode) root = NULL;
  gpointer made = NULL;

  if (self->news_error == NULL && !of_request && g_str_equal (event, "message"))
    read_message (self, data, length);
  if (self->news_error == NULL && !of_request && g_str_equal (event, "shadow"))
    read_shadow (self, data, length);
  if (self->news_error != NULL || !g_str_equal (event, of_request ? "state" : "desktop"))
    return;
  root = floe_json_parse (data, length, &secrets, &self->news_error);
  if (root != NULL && of_request)
    made = floe_decode_request (root, &self->news_error);
  else if (root != NULL)
    made = floe_decode_desktop (root, &self->news_error);
  if (made != NULL)
    g_ptr_array_add (self->news, made);
}

GPtrArray *
floe_watch_news_new (FloeEventWatch *self)
{
  return g_ptr_array_new_with_free_func (self->request_id != NULL
                                             ? (GDestroyNotify)floe_connect_request_free
                                             : (GDestroyNotify)floe_desktop_free);
}

static void
tell_news (FloeEventWatch *self)
{
  g_autoptr (GPtrArray) news = g_steal_pointer (&self->news);
  g_autoptr (GPtrArray) said = g_steal_pointer (&self->said);
  g_autoptr (GPtrArray) shadows = g_steal_pointer (&self->shadows);
  g_autoptr (GCancellable) run = g_object_ref (self->running);

  self->news = floe_watch_news_new (self);
  self->said = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_message_free);
  self->shadows = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_shadow_free);
  self->n_events += news->len;
  for (guint i = 0; i < news->len && self->running == run; i++)
    if (self->request_id != NULL)
      floe_watch_take_request (self, floe_connect_request_copy (g_ptr_array_index (news, i)));
    else
      floe_watch_take_desktop (self, floe_desktop_copy (g_ptr_array_index (news, i)));
  for (guint i = 0; i < said->len && self->running == run; i++)
    floe_watch_take_message (self, g_ptr_array_index (said, i));
  for (guint i = 0; i < shadows->len && self->running == run; i++)
    floe_watch_take_shadow (self, g_ptr_array_index (shadows, i));
}

/* What cannot be read from the stream is asked for, which has errors of its own. */
static void
stream_senseless (FloeEventWatch *self, const GError *error)
{
  g_debug ("event stream: %s", error->message);
  stream_broke (self);
}

static void
take_bytes (FloeEventWatch *self, const gchar *bytes, gsize length)
{
  g_autoptr (GCancellable) run = g_object_ref (self->running);
  g_autoptr (GError) error = NULL;
  gboolean good;

  floe_watch_set_timer (self, &self->silence, self->silence_seconds, on_silence);
  if (!self->delivering)
    {
      self->delivering = TRUE;
      floe_backoff_reset (&self->stream_backoff);
      floe_watch_poll_now (self);
    }
  good = floe_sse_feed (self->sse, bytes, length, &error);
  if (good)
    error = g_steal_pointer (&self->news_error);
  g_clear_error (&self->news_error);
  tell_news (self);
  if (error != NULL && self->running == run)
    stream_senseless (self, error);
}

static void read_stream (FloeEventWatch *self);

static void
on_stream_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FloeEventWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize length = 0;
  const gchar *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (self->stream != (gpointer)source)
    return; /* dropped in the meantime */
  if (length == 0)
    {
      stream_broke (self);
      return;
    }
  take_bytes (self, data, length);
  if (self->stream == (gpointer)source)
    read_stream (self);
}

static void
read_stream (FloeEventWatch *self)
{
  g_input_stream_read_bytes_async (self->stream, CHUNK, G_PRIORITY_DEFAULT,
                                   self->stream_cancellable, on_stream_read, g_object_ref (self));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FloeEventWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
      floe_broker_open_events_finish (FLOE_BROKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->running == NULL)
    return;
  if (stream == NULL)
    {
      stream_senseless (self, error);
      return;
    }
  self->stream = g_steal_pointer (&stream);
  g_clear_pointer (&self->sse, floe_sse_free);
  self->sse = floe_sse_new (on_event, self);
  floe_watch_set_timer (self, &self->silence, self->silence_seconds, on_silence);
  read_stream (self);
}

void
floe_watch_open_stream (FloeEventWatch *self)
{
  g_autofree gchar *path = self->request_id != NULL
                               ? floe_url_join (NULL, "requests", self->request_id, "events", NULL)
                               : g_strdup ("events");

  if (path == NULL)
    return; /* the poll says so */
  self->stream_cancellable = g_cancellable_new ();
  floe_broker_open_events_async (self->broker, path, self->stream_cancellable, on_opened,
                                 g_object_ref (self));
}
