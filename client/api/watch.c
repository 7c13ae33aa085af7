/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/watch.h"

#include "api/backoff.h"
#include "api/broker-private.h"
#include "api/decode.h"
#include "api/error.h"
#include "api/sse.h"
#include "api/url.h"

/* Two halves that know little of each other. The stream is opened, and opened again after a growing
 * pause whenever it breaks. Polling runs as long as no stream has delivered a byte, so that a proxy
 * which holds answers back costs nothing but time. When the first byte comes, one more poll closes
 * the gap between the last one and the stream's beginning. */

/* The broker sends a comment every 15 seconds; two may be late. */
#define SILENCE_SECONDS   40
#define CHUNK             4096
#define RETRY_AFTER_LIMIT 60

struct _FloeEventWatch
{
  GObject parent_instance;
  FloeBroker *broker;
  gchar *request_id; /* NULL: the caller's desktops */
  guint second_ms;
  guint silence_seconds;

  GCancellable *running; /* NULL when stopped; a new one for each start */
  gboolean interrupted;

  GInputStream *stream;
  GCancellable *stream_cancellable;
  FloeSse *sse;
  GPtrArray *news;    /* what one piece of the stream brought, of the watch's type */
  GError *news_error; /* what was wrong in it */
  gboolean delivering;
  FloeBackoff stream_backoff;
  GSource *reopen;
  GSource *silence;

  gboolean polling;
  FloeBackoff poll_backoff;
  GSource *next_poll;
  guint n_events;       /* of the stream, ever */
  guint n_events_asked; /* the same, when the poll under way began */

  FloeConnectRequest *last;
  GHashTable *desktops; /* id -> FloeDesktop */
};

G_DEFINE_FINAL_TYPE (FloeEventWatch, floe_event_watch, G_TYPE_OBJECT)

enum
{
  SIGNAL_REQUEST,
  SIGNAL_DESKTOP,
  SIGNAL_INTERRUPTED,
  SIGNAL_RESUMED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void open_stream (FloeEventWatch *self);
static void poll_now (FloeEventWatch *self);

/* Timers. */

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_timer (FloeEventWatch *self, GSource **timer, gdouble seconds, GSourceFunc function)
{
  clear_source (timer);
  *timer = g_timeout_source_new ((guint)(seconds * self->second_ms));
  g_source_set_callback (*timer, function, self, NULL);
  g_source_attach (*timer, g_main_context_get_thread_default ());
}

static gboolean
on_reopen (gpointer user_data)
{
  FloeEventWatch *self = user_data;

  clear_source (&self->reopen);
  open_stream (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_next_poll (gpointer user_data)
{
  FloeEventWatch *self = user_data;

  clear_source (&self->next_poll);
  poll_now (self);
  return G_SOURCE_REMOVE;
}

/* What is told. Each of these may stop the watch, since the one who listens may. */

static void
fail (FloeEventWatch *self, GError *error)
{
  floe_event_watch_stop (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
interrupted (FloeEventWatch *self, GError *error)
{
  if (self->interrupted)
    return;
  self->interrupted = TRUE;
  g_signal_emit (self, signals[SIGNAL_INTERRUPTED], 0, error);
}

static void
resumed (FloeEventWatch *self)
{
  floe_backoff_reset (&self->poll_backoff);
  if (!self->interrupted)
    return;
  self->interrupted = FALSE;
  g_signal_emit (self, signals[SIGNAL_RESUMED], 0);
}

static void
take_request (FloeEventWatch *self, FloeConnectRequest *request)
{
  g_autoptr (FloeConnectRequest) news = request;
  gboolean over =
      news->state == FLOE_REQUEST_STATE_READY || news->state == FLOE_REQUEST_STATE_FAILED;

  if (over)
    floe_event_watch_stop (self);
  if (floe_connect_request_equal (self->last, news))
    return;
  g_clear_pointer (&self->last, floe_connect_request_free);
  self->last = floe_connect_request_copy (news);
  g_signal_emit (self, signals[SIGNAL_REQUEST], 0, news);
}

static void
take_desktop (FloeEventWatch *self, FloeDesktop *desktop)
{
  g_autoptr (FloeDesktop) news = desktop;

  if (floe_desktop_equal (g_hash_table_lookup (self->desktops, news->id), news))
    return;
  g_hash_table_replace (self->desktops, g_strdup (news->id), floe_desktop_copy (news));
  g_signal_emit (self, signals[SIGNAL_DESKTOP], 0, news);
}

/* Polling. */

static void
schedule_poll (FloeEventWatch *self)
{
  gdouble dice = g_random_double ();

  /* Somebody looks at a progress bar; desktops only change now and then. */
  if (!self->delivering)
    set_timer (self, &self->next_poll, self->request_id != NULL ? 1.0 + dice : 10.0 + 5.0 * dice,
               on_next_poll);
}

/* Whether what was polled is older than what the stream has told since; then it is polled again. */
static gboolean
is_outrun (FloeEventWatch *self)
{
  if (self->n_events == self->n_events_asked)
    return FALSE;
  poll_now (self);
  return TRUE;
}

static void
poll_failed (FloeEventWatch *self, GCancellable *run, GError *error)
{
  gdouble seconds;

  if (!floe_client_error_is_passing (error))
    {
      fail (self, error);
      return;
    }
  interrupted (self, error);
  if (self->running != run)
    return;
  /* Also while a stream delivers: the poll that closes the gap is wanted all the same. */
  seconds = floe_backoff_next (&self->poll_backoff, g_random_double ());
  seconds = MAX (seconds, MIN (floe_client_error_retry_after (error), RETRY_AFTER_LIMIT));
  set_timer (self, &self->next_poll, seconds, on_next_poll);
}

static void
on_request_polled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FloeEventWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) run = NULL;
  g_autoptr (FloeConnectRequest) request =
      floe_broker_get_request_finish (FLOE_BROKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->running == NULL)
    return;
  run = g_object_ref (self->running);
  self->polling = FALSE;
  if (request == NULL)
    {
      poll_failed (self, run, error);
      return;
    }
  resumed (self);
  if (self->running != run || is_outrun (self))
    return;
  schedule_poll (self);
  take_request (self, g_steal_pointer (&request));
}

static void
on_pools_polled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FloeEventWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) run = NULL;
  g_autoptr (GPtrArray) pools =
      floe_broker_list_pools_finish (FLOE_BROKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->running == NULL)
    return;
  run = g_object_ref (self->running);
  self->polling = FALSE;
  if (pools == NULL)
    {
      poll_failed (self, run, error);
      return;
    }
  resumed (self);
  if (self->running != run || is_outrun (self))
    return;
  schedule_poll (self);
  for (guint i = 0; i < pools->len && self->running == run; i++)
    {
      const FloePool *pool = g_ptr_array_index (pools, i);

      if (pool->desktop != NULL)
        take_desktop (self, floe_desktop_copy (pool->desktop));
    }
}

static void
poll_now (FloeEventWatch *self)
{
  if (self->polling)
    return;
  clear_source (&self->next_poll);
  self->polling = TRUE;
  self->n_events_asked = self->n_events;
  if (self->request_id != NULL)
    floe_broker_get_request_async (self->broker, self->request_id, self->running, on_request_polled,
                                   g_object_ref (self));
  else
    floe_broker_list_pools_async (self->broker, self->running, on_pools_polled,
                                  g_object_ref (self));
}

/* The stream. */

static void
drop_stream (FloeEventWatch *self)
{
  clear_source (&self->silence);
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

  drop_stream (self);
  if (delivered)
    floe_backoff_reset (&self->stream_backoff);
  set_timer (self, &self->reopen, floe_backoff_next (&self->stream_backoff, g_random_double ()),
             on_reopen);
  /* At once: whether the broker is gone or only this stream shows here. */
  if (delivered)
    poll_now (self);
}

static gboolean
on_silence (gpointer user_data)
{
  FloeEventWatch *self = user_data;

  clear_source (&self->silence);
  stream_broke (self);
  return G_SOURCE_REMOVE;
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

static GPtrArray *
news_new (FloeEventWatch *self)
{
  return g_ptr_array_new_with_free_func (self->request_id != NULL
                                             ? (GDestroyNotify)floe_connect_request_free
                                             : (GDestroyNotify)floe_desktop_free);
}

static void
tell_news (FloeEventWatch *self)
{
  g_autoptr (GPtrArray) news = g_steal_pointer (&self->news);
  g_autoptr (GCancellable) run = g_object_ref (self->running);

  self->news = news_new (self);
  self->n_events += news->len;
  for (guint i = 0; i < news->len && self->running == run; i++)
    if (self->request_id != NULL)
      take_request (self, floe_connect_request_copy (g_ptr_array_index (news, i)));
    else
      take_desktop (self, floe_desktop_copy (g_ptr_array_index (news, i)));
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

  set_timer (self, &self->silence, self->silence_seconds, on_silence);
  if (!self->delivering)
    {
      self->delivering = TRUE;
      floe_backoff_reset (&self->stream_backoff);
      poll_now (self);
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
  set_timer (self, &self->silence, self->silence_seconds, on_silence);
  read_stream (self);
}

static void
open_stream (FloeEventWatch *self)
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

/**
 * floe_event_watch_start:
 * @self: a watch
 *
 * Begins to follow. Nothing happens if it does already.
 */
void
floe_event_watch_start (FloeEventWatch *self)
{
  if (self->running != NULL)
    return;
  self->running = g_cancellable_new ();
  self->interrupted = FALSE;
  floe_backoff_reset (&self->stream_backoff);
  floe_backoff_reset (&self->poll_backoff);
  open_stream (self);
  poll_now (self);
}

/**
 * floe_event_watch_stop:
 * @self: a watch
 *
 * No signal comes any more. It can be started again. Stop it before giving up the last reference: a
 * watch that runs holds itself.
 */
void
floe_event_watch_stop (FloeEventWatch *self)
{
  if (self->running == NULL)
    return;
  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  self->polling = FALSE;
  clear_source (&self->next_poll);
  clear_source (&self->reopen);
  drop_stream (self);
}

/**
 * floe_event_watch_set_timing:
 * @self: a watch that is not started
 * @second_ms: how long a second is, for tests
 * @silence_seconds: after how many of them without a byte a stream counts as broken
 */
void
floe_event_watch_set_timing (FloeEventWatch *self, guint second_ms, guint silence_seconds)
{
  self->second_ms = second_ms;
  self->silence_seconds = silence_seconds;
}

/**
 * floe_event_watch_new_request:
 * @broker: where somebody is logged in
 * @request_id: the #FloeConnectRequest's id
 *
 * Returns: (transfer full): a watch of one request
 */
FloeEventWatch *
floe_event_watch_new_request (FloeBroker *broker, const gchar *request_id)
{
  FloeEventWatch *self = g_object_new (FLOE_TYPE_EVENT_WATCH, NULL);

  self->broker = g_object_ref (broker);
  self->request_id = g_strdup (request_id);
  self->news = news_new (self);
  return self;
}

/**
 * floe_event_watch_new_desktops:
 * @broker: where somebody is logged in
 *
 * While it streams it counts as use, so that the log-in does not end for being idle.
 *
 * Returns: (transfer full): a watch of the caller's desktops
 */
FloeEventWatch *
floe_event_watch_new_desktops (FloeBroker *broker)
{
  FloeEventWatch *self = g_object_new (FLOE_TYPE_EVENT_WATCH, NULL);

  self->broker = g_object_ref (broker);
  self->news = news_new (self);
  return self;
}

static void
floe_event_watch_dispose (GObject *object)
{
  FloeEventWatch *self = FLOE_EVENT_WATCH (object);

  floe_event_watch_stop (self);
  g_clear_object (&self->broker);
  G_OBJECT_CLASS (floe_event_watch_parent_class)->dispose (object);
}

static void
floe_event_watch_finalize (GObject *object)
{
  FloeEventWatch *self = FLOE_EVENT_WATCH (object);

  g_clear_pointer (&self->sse, floe_sse_free);
  g_clear_pointer (&self->news, g_ptr_array_unref);
  g_clear_error (&self->news_error);
  g_clear_pointer (&self->last, floe_connect_request_free);
  g_hash_table_unref (self->desktops);
  g_free (self->request_id);
  G_OBJECT_CLASS (floe_event_watch_parent_class)->finalize (object);
}

static guint
make_signal (const gchar *name, GType argument)
{
  return g_signal_new (name, FLOE_TYPE_EVENT_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, argument == G_TYPE_NONE ? 0 : 1, argument);
}

static void
floe_event_watch_class_init (FloeEventWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_event_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_event_watch_finalize;
  signals[SIGNAL_REQUEST] = make_signal ("request", FLOE_TYPE_CONNECT_REQUEST);
  signals[SIGNAL_DESKTOP] = make_signal ("desktop", FLOE_TYPE_DESKTOP);
  signals[SIGNAL_INTERRUPTED] = make_signal ("interrupted", G_TYPE_ERROR);
  signals[SIGNAL_RESUMED] = make_signal ("resumed", G_TYPE_NONE);
  signals[SIGNAL_FAILED] = make_signal ("failed", G_TYPE_ERROR);
}

static void
floe_event_watch_init (FloeEventWatch *self)
{
  self->second_ms = 1000;
  self->silence_seconds = SILENCE_SECONDS;
  self->desktops =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_desktop_free);
}
