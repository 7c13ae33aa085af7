/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/backoff.h"
#include "api/sse.h"
#include "api/watch.h"

G_BEGIN_DECLS

/* Two halves that know little of each other. The stream is opened, and opened again after a growing
 * pause whenever it breaks. Polling runs as long as no stream has delivered a byte, so that a proxy
 * which holds answers back costs nothing but time. When the first byte comes, one more poll closes
 * the gap between the last one and the stream's beginning. */
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
  GPtrArray *said;    /* FloeMessage, what it brought of those */
  GPtrArray *shadows; /* FloeShadow, likewise */
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

/* watch.c: timers of the watch's own context, and what is told. Each of the latter may stop the
 * watch, since the one who listens may. */
void floe_watch_clear_timer (GSource **timer);
void floe_watch_set_timer (FloeEventWatch *self, GSource **timer, gdouble seconds,
                           GSourceFunc function);
void floe_watch_fail (FloeEventWatch *self, GError *error);
void floe_watch_interrupted (FloeEventWatch *self, GError *error);
void floe_watch_resumed (FloeEventWatch *self);
void floe_watch_take_request (FloeEventWatch *self, FloeConnectRequest *request);
void floe_watch_take_desktop (FloeEventWatch *self, FloeDesktop *desktop);
void floe_watch_take_message (FloeEventWatch *self, const FloeMessage *message);
void floe_watch_take_shadow (FloeEventWatch *self, const FloeShadow *shadow);

/* watch-poll.c */
void floe_watch_poll_now (FloeEventWatch *self);

/* watch-stream.c */
void floe_watch_open_stream (FloeEventWatch *self);
void floe_watch_drop_stream (FloeEventWatch *self);
GPtrArray *floe_watch_news_new (FloeEventWatch *self);

G_END_DECLS
