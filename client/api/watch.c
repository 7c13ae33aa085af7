/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/watch-private.h"

/* The broker sends a comment every 15 seconds; two may be late. */
#define SILENCE_SECONDS 40

G_DEFINE_FINAL_TYPE (FloeEventWatch, floe_event_watch, G_TYPE_OBJECT)

enum
{
  SIGNAL_REQUEST,
  SIGNAL_DESKTOP,
  SIGNAL_MESSAGE,
  SIGNAL_SHADOW,
  SIGNAL_INTERRUPTED,
  SIGNAL_RESUMED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Timers. */

void
floe_watch_clear_timer (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
floe_watch_set_timer (FloeEventWatch *self, GSource **timer, gdouble seconds, GSourceFunc function)
{
  floe_watch_clear_timer (timer);
  *timer = g_timeout_source_new ((guint)(seconds * self->second_ms));
  g_source_set_callback (*timer, function, self, NULL);
  g_source_attach (*timer, g_main_context_get_thread_default ());
}

/* What is told. Each of these may stop the watch, since the one who listens may. */

void
floe_watch_fail (FloeEventWatch *self, GError *error)
{
  floe_event_watch_stop (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

void
floe_watch_interrupted (FloeEventWatch *self, GError *error)
{
  if (self->interrupted)
    return;
  self->interrupted = TRUE;
  g_signal_emit (self, signals[SIGNAL_INTERRUPTED], 0, error);
}

void
floe_watch_resumed (FloeEventWatch *self)
{
  floe_backoff_reset (&self->poll_backoff);
  if (!self->interrupted)
    return;
  self->interrupted = FALSE;
  g_signal_emit (self, signals[SIGNAL_RESUMED], 0);
}

void
floe_watch_take_request (FloeEventWatch *self, FloeConnectRequest *request)
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

void
floe_watch_take_desktop (FloeEventWatch *self, FloeDesktop *desktop)
{
  g_autoptr (FloeDesktop) news = desktop;

  if (floe_desktop_equal (g_hash_table_lookup (self->desktops, news->id), news))
    return;
  g_hash_table_replace (self->desktops, g_strdup (news->id), floe_desktop_copy (news));
  g_signal_emit (self, signals[SIGNAL_DESKTOP], 0, news);
}

void
floe_watch_take_message (FloeEventWatch *self, const FloeMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

void
floe_watch_take_shadow (FloeEventWatch *self, const FloeShadow *shadow)
{
  g_signal_emit (self, signals[SIGNAL_SHADOW], 0, shadow);
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
  floe_watch_open_stream (self);
  floe_watch_poll_now (self);
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
  floe_watch_clear_timer (&self->next_poll);
  floe_watch_clear_timer (&self->reopen);
  floe_watch_drop_stream (self);
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
  self->news = floe_watch_news_new (self);
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
  self->news = floe_watch_news_new (self);
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
  g_clear_pointer (&self->said, g_ptr_array_unref);
  g_clear_pointer (&self->shadows, g_ptr_array_unref);
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
  signals[SIGNAL_MESSAGE] = make_signal ("message", FLOE_TYPE_MESSAGE);
  signals[SIGNAL_SHADOW] = make_signal ("shadow", FLOE_TYPE_SHADOW);
  signals[SIGNAL_INTERRUPTED] = make_signal ("interrupted", G_TYPE_ERROR);
  signals[SIGNAL_RESUMED] = make_signal ("resumed", G_TYPE_NONE);
  signals[SIGNAL_FAILED] = make_signal ("failed", G_TYPE_ERROR);
}

static void
floe_event_watch_init (FloeEventWatch *self)
{
  self->second_ms = 1000;
  self->said = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_message_free);
  self->shadows = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_shadow_free);
  self->silence_seconds = SILENCE_SECONDS;
  self->desktops =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_desktop_free);
}
