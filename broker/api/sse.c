/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/sse.h"

#include "api/secret-text.h"

struct _FloeSse
{
  GObject parent_instance;
  FloeExchange *exchange;
  FloePinger *pinger;
  FloePing ping;
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (FloeSse, floe_sse, G_TYPE_OBJECT)

enum
{
  PING,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
send_text (FloeSse *self, FloeSecretText *text)
{
  g_autoptr (FloeSecret) bytes = floe_secret_text_steal (text);

  floe_exchange_send (self->exchange, bytes);
}

static void
on_ping (gpointer data)
{
  g_autoptr (FloeSse) self = g_object_ref (data);
  g_auto (FloeSecretText) text = { NULL, 0, 0 };

  floe_secret_text_append (&text, ": ping\n\n", -1);
  send_text (self, &text);
  if (!self->ended)
    g_signal_emit (self, signals[PING], 0);
}

static void
mark_ended (FloeSse *self)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  floe_pinger_remove (self->pinger, &self->ping);
  g_signal_emit (self, signals[ENDED], 0);
}

static void
on_gone (FloeExchange *exchange, gpointer data)
{
  g_autoptr (FloeSse) self = g_object_ref (data);

  mark_ended (self);
}

/**
 * floe_sse_send_numbered:
 * @self: a stream
 * @event: the event's name
 * @id: (nullable): what the client says that it saw last, when it comes back
 * @data: its data, one line
 *
 * Sends an event; does nothing after the end.
 */
void
floe_sse_send_numbered (FloeSse *self, const gchar *event, const gchar *id, const FloeSecret *data)
{
  g_auto (FloeSecretText) text = { NULL, 0, 0 };
  gsize length;
  const gchar *bytes = floe_secret_get (data, &length);

  if (self->ended)
    return;
  floe_secret_text_append (&text, "event: ", -1);
  floe_secret_text_append (&text, event, -1);
  if (id != NULL)
    {
      floe_secret_text_append (&text, "\nid: ", -1);
      floe_secret_text_append (&text, id, -1);
    }
  floe_secret_text_append (&text, "\ndata: ", -1);
  floe_secret_text_append (&text, bytes, (gssize)length);
  floe_secret_text_append (&text, "\n\n", -1);
  send_text (self, &text);
}

void
floe_sse_send (FloeSse *self, const gchar *event, const FloeSecret *data)
{
  floe_sse_send_numbered (self, event, NULL, data);
}

/**
 * floe_sse_end:
 * @self: a stream
 *
 * Ends it when what was sent is out. "ended" is emitted before this returns.
 */
void
floe_sse_end (FloeSse *self)
{
  g_object_ref (self);
  floe_exchange_end_stream (self->exchange);
  mark_ended (self);
  g_object_unref (self);
}

gboolean
floe_sse_has_ended (FloeSse *self)
{
  return self->ended;
}

static void
floe_sse_dispose (GObject *object)
{
  FloeSse *self = FLOE_SSE (object);

  if (self->exchange != NULL)
    {
      floe_pinger_remove (self->pinger, &self->ping);
      g_signal_handlers_disconnect_by_data (self->exchange, self);
      floe_exchange_end_stream (self->exchange);
    }
  g_clear_object (&self->exchange);
  G_OBJECT_CLASS (floe_sse_parent_class)->dispose (object);
}

static void
floe_sse_class_init (FloeSseClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_sse_dispose;
  signals[PING] =
      g_signal_new ("ping", FLOE_TYPE_SSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] =
      g_signal_new ("ended", FLOE_TYPE_SSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_sse_init (FloeSse *self)
{
}

/**
 * floe_sse_new:
 * @exchange: an exchange that is not answered yet; the stream begins at once
 * @pinger: (transfer none): what reminds it of its pings; must outlive it
 *
 * Returns: (transfer full): the stream; it ends when the last reference goes
 */
FloeSse *
floe_sse_new (FloeExchange *exchange, FloePinger *pinger)
{
  FloeSse *self = g_object_new (FLOE_TYPE_SSE, NULL);

  self->exchange = g_object_ref (exchange);
  g_signal_connect (exchange, "gone", G_CALLBACK (on_gone), self);
  floe_exchange_begin_stream (exchange, "text/event-stream");
  self->pinger = pinger;
  self->ping.func = on_ping;
  self->ping.data = self;
  floe_pinger_add (pinger, &self->ping);
  return self;
}
