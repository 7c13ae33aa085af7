/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/exchange.h"

#include <string.h>

#include "api/answer-head.h"
#include "api/cookie.h"
#include "api/linger.h"
#include "api/outlet.h"
#include "api/secret-text.h"
#include "core/date.h"

typedef enum
{
  OPEN,
  ANSWERED,
  STREAMING,
  ENDED, /* a stream, that is */
} State;

struct _FloeExchange
{
  GObject parent_instance;
  FloeLink *link;       /* NULL once the answer is out; closed when the peer went before */
  FloeRequest *request; /* NULL where it was refused */
  FloeClock *clock;
  FloeIdentity *identity;
  GCancellable *cancellable;
  GString *fields;    /* of the answer's head; NULL for none */
  FloeSecret *cookie; /* NULL for none */
  const gchar *policy;
  const gchar *cache;
  FloeOutlet outlet;
  guint deadline;
  State state;
  gboolean is_gone;
  gboolean is_secret;  /* the answer holds a secret */
  FloeWitness witness; /* NULL for none, and once it was called */
  gpointer witness_data;
};

G_DEFINE_FINAL_TYPE (FloeExchange, floe_exchange, G_TYPE_OBJECT)

static guint gone_signal;

static void
leave (FloeExchange *self)
{
  if (self->is_gone)
    return;
  self->is_gone = TRUE;
  g_object_ref (self);
  floe_clock_clear_timeout (self->clock, &self->deadline);
  floe_outlet_clear (&self->outlet);
  if (self->state == OPEN)
    {
      floe_link_close (self->link);
      g_cancellable_cancel (self->cancellable);
    }
  g_signal_emit (self, gone_signal, 0);
  /* While somebody is at work for it, it has its place among the connections. */
  if (self->state != OPEN)
    g_clear_pointer (&self->link, floe_link_free);
  g_object_unref (self);
}

/* give_up: the peer is gone, or does not read */
static void
give_up (FloeExchange *self)
{
  if (self->state == STREAMING)
    self->state = ENDED;
  leave (self);
}

static gboolean
on_deadline (gpointer data)
{
  FloeExchange *self = data;

  self->deadline = 0;
  give_up (self);
  return G_SOURCE_REMOVE;
}

/* discard: what a peer sends behind its request is thrown away; whether it is still there */
static gboolean
discard (FloeLink *link)
{
  gchar bytes[1024];

  return floe_link_read (link, bytes, sizeof bytes) != 0;
}

static void write_out (FloeExchange *self);

static void
on_link (guint32 events, gpointer data)
{
  FloeExchange *self = data;

  if ((events & (EPOLLHUP | EPOLLERR)) != 0 || ((events & EPOLLIN) != 0 && !discard (self->link)))
    give_up (self);
  else if ((events & EPOLLOUT) != 0)
    write_out (self);
}

/* watch: for room to write, and for the peer's going away. A Unix socket tells a peer that closed
 * from one that only ended its half; TCP does not, so there the end of input counts, while there is
 * no answer. */
static void
watch (FloeExchange *self, gboolean writes)
{
  gboolean reads =
      !floe_link_is_unix (self->link) && (self->state == OPEN || self->state == STREAMING);

  floe_link_watch (self->link, (reads ? EPOLLIN : 0) | (writes ? EPOLLOUT : 0), on_link, self);
}

/* finish: the answer is out */
static void
finish (FloeExchange *self)
{
  if (self->request == NULL)
    floe_linger_start (g_steal_pointer (&self->link), self->clock);
  leave (self);
}

/* write_out: sends what can be sent now. In nearly all cases that is all, with one system call. */
static void
write_out (FloeExchange *self)
{
  if (!floe_outlet_flush (&self->outlet, self->link))
    {
      give_up (self);
      return;
    }
  if (self->state != STREAMING && self->outlet.length == 0)
    {
      finish (self);
      return;
    }
  watch (self, self->outlet.length > 0);
  if (self->state != STREAMING && self->deadline == 0)
    self->deadline = floe_clock_add_timeout (self->clock, FLOE_ANSWER_SECONDS * G_USEC_PER_SEC,
                                             on_deadline, self, NULL);
}

/**
 * floe_exchange_watch:
 * @self: an exchange
 *
 * To be called when it was handed to whoever handles it: if it is not answered yet, from now on it
 * is noticed when the peer goes away.
 */
void
floe_exchange_watch (FloeExchange *self)
{
  if (self->state == OPEN && !self->is_gone)
    watch (self, FALSE);
}

/**
 * floe_exchange_stop:
 * @self: an exchange
 *
 * The broker stops: ends a stream, and tells who waits to stop waiting and answer.
 */
void
floe_exchange_stop (FloeExchange *self)
{
  if (self->state == STREAMING)
    floe_exchange_end_stream (self);
  else if (self->state == OPEN)
    g_cancellable_cancel (self->cancellable);
}

/**
 * floe_exchange_is_gone:
 * @self: an exchange
 *
 * Returns: whether "gone" was emitted
 */
gboolean
floe_exchange_is_gone (FloeExchange *self)
{
  return self->is_gone;
}

/**
 * floe_exchange_get_request:
 * @self: an exchange
 *
 * Returns: (transfer none) (nullable): what was asked for; %NULL only where the gate refused it,
 *   which no handler sees
 */
const FloeRequest *
floe_exchange_get_request (FloeExchange *self)
{
  return self->request;
}

/**
 * floe_exchange_get_segment:
 * @self: an exchange
 *
 * Returns: (transfer none) (nullable): what stands for `{}` in the route's path
 */
const gchar *
floe_exchange_get_segment (FloeExchange *self)
{
  return self->request->segment;
}

/**
 * floe_exchange_get_query:
 * @self: an exchange
 * @name: a parameter that the route names
 *
 * Returns: (transfer none) (nullable): its value
 */
const gchar *
floe_exchange_get_query (FloeExchange *self, const gchar *name)
{
  if (self->request->query == NULL)
    return NULL;
  return g_hash_table_lookup (self->request->query, name);
}

FloeClock *
floe_exchange_get_clock (FloeExchange *self)
{
  return self->clock;
}

/**
 * floe_exchange_get_cancellable:
 * @self: an exchange
 *
 * Returns: (transfer none): cancelled when nobody waits for the answer any more
 */
GCancellable *
floe_exchange_get_cancellable (FloeExchange *self)
{
  return self->cancellable;
}

/**
 * floe_exchange_set_identity:
 * @self: an exchange
 * @identity: (transfer full): who asks
 */
void
floe_exchange_set_identity (FloeExchange *self, FloeIdentity *identity)
{
  g_clear_pointer (&self->identity, floe_identity_free);
  self->identity = identity;
}

const FloeIdentity *
floe_exchange_get_identity (FloeExchange *self)
{
  return self->identity;
}

/**
 * floe_exchange_steal_body:
 * @self: an exchange
 *
 * Returns: (transfer full) (nullable): the body, which the exchange holds no longer
 */
FloeSecret *
floe_exchange_steal_body (FloeExchange *self)
{
  return g_steal_pointer (&self->request->body);
}

/**
 * floe_exchange_add_header:
 * @self: an exchange that is not answered yet
 * @name: a header field that was not added yet
 * @value: its value
 */
void
floe_exchange_add_header (FloeExchange *self, const gchar *name, const gchar *value)
{
  g_return_if_fail (self->state == OPEN && strpbrk (value, "\r\n") == NULL);

  if (self->fields == NULL)
    self->fields = g_string_new (NULL);
  g_string_append_printf (self->fields, "%s: %s\r\n", name, value);
}

/**
 * floe_exchange_set_witness:
 * @witness: called once, instead of the answer
 * @data: its user data
 */
void
floe_exchange_set_witness (FloeExchange *self, FloeWitness witness, gpointer data)
{
  self->witness = witness;
  self->witness_data = data;
}

/**
 * floe_exchange_set_secret:
 *
 * What it is about to be answered with holds a secret.
 */
void
floe_exchange_set_secret (FloeExchange *self)
{
  self->is_secret = TRUE;
}

gboolean
floe_exchange_is_secret (FloeExchange *self)
{
  return self->is_secret;
}

/**
 * floe_exchange_has_header:
 *
 * Returns: whether floe_exchange_add_header() was called with this name
 */
gboolean
floe_exchange_has_header (FloeExchange *self, const gchar *name)
{
  g_autofree gchar *start = g_strconcat (name, ": ", NULL);
  const gchar *line = self->fields != NULL ? self->fields->str : NULL;

  for (; line != NULL && *line != '\0'; line = strchr (line, '\n') + 1)
    if (g_str_has_prefix (line, start))
      return TRUE;
  return FALSE;
}

/**
 * floe_exchange_set_cookie:
 * @self: an exchange that is not answered yet
 * @token: what the browser is to keep; an empty one for nothing any more
 */
void
floe_exchange_set_cookie (FloeExchange *self, const FloeSecret *token)
{
  g_clear_pointer (&self->cookie, floe_secret_unref);
  self->cookie = floe_cookie_write (token);
}

/**
 * floe_exchange_set_page:
 * @self: an exchange that is not answered yet
 * @policy: (nullable): the page's Content-Security-Policy; %NULL for what is no page
 * @cache: its Cache-Control
 *
 * The answer is something of the portal's. Both strings must outlive the exchange.
 */
void
floe_exchange_set_page (FloeExchange *self, const gchar *policy, const gchar *cache)
{
  self->policy = policy;
  self->cache = cache;
}

static void
add_head (FloeExchange *self, FloeAnswerHead *head)
{
  head->date = floe_date_of (floe_clock_now (self->clock));
  head->fields = self->fields != NULL ? self->fields->str : NULL;
  head->cookie = self->cookie;
  head->policy = self->policy;
  head->cache = self->cache;
  floe_outlet_add (&self->outlet, floe_answer_head_write (head));
}

/**
 * floe_exchange_answer:
 * @self: an exchange that is not answered yet
 * @status: the HTTP status
 * @type: (nullable): the body's media type
 * @body: (nullable): the body, which is wiped when it is out and nobody else holds it
 *
 * Answers. "gone" may be emitted before this returns.
 */
void
floe_exchange_answer (FloeExchange *self, guint status, const gchar *type, FloeSecret *body)
{
  FloeAnswerHead head = { .status = status, .type = type };
  FloeWitness witness = g_steal_pointer (&self->witness);

  g_return_if_fail (self->state == OPEN);

  if (witness != NULL)
    {
      witness (self, status, type, body, g_steal_pointer (&self->witness_data));
      return;
    }
  self->state = ANSWERED;
  if (self->is_gone)
    {
      g_clear_pointer (&self->link, floe_link_free);
      return;
    }
  if (body != NULL)
    floe_secret_get (body, &head.length);
  add_head (self, &head);
  if (head.length > 0)
    floe_outlet_add (&self->outlet, floe_secret_ref (body));
  g_object_ref (self);
  write_out (self);
  g_object_unref (self);
}

/**
 * floe_exchange_begin_stream:
 * @self: an exchange that is not answered yet
 * @type: the media type
 *
 * Begins an answer that has no end until floe_exchange_end_stream(), or until "gone". Its head goes
 * out with the first bytes, or else in the next turn of the main loop.
 */
void
floe_exchange_begin_stream (FloeExchange *self, const gchar *type)
{
  FloeAnswerHead head = { .status = 200, .type = type, .in_chunks = TRUE };

  g_return_if_fail (self->state == OPEN);

  self->state = self->is_gone ? ENDED : STREAMING;
  if (self->is_gone)
    {
      g_clear_pointer (&self->link, floe_link_free);
      return;
    }
  add_head (self, &head);
  watch (self, TRUE);
}

/* add_chunk: framed as RFC 9112, 7.1 says */
static void
add_chunk (FloeExchange *self, const FloeSecret *bytes)
{
  g_auto (FloeSecretText) chunk = { NULL, 0, 0 };
  gchar size[24];
  gsize length;
  const gchar *text = floe_secret_get (bytes, &length);

  g_snprintf (size, sizeof size, "%" G_GSIZE_MODIFIER "x\r\n", length);
  floe_secret_text_append (&chunk, size, -1);
  floe_secret_text_append (&chunk, text, (gssize)length);
  floe_secret_text_append (&chunk, "\r\n", 2);
  floe_outlet_add (&self->outlet, floe_secret_text_steal (&chunk));
}

/**
 * floe_exchange_send:
 * @self: an exchange whose stream was begun
 * @bytes: what to send; not empty
 *
 * Sends a part of the stream; does nothing after its end. "gone" may be emitted before this
 * returns.
 */
void
floe_exchange_send (FloeExchange *self, const FloeSecret *bytes)
{
  if (self->state != STREAMING)
    return;
  g_object_ref (self);
  add_chunk (self, bytes);
  write_out (self);
  if (self->outlet.length > FLOE_STREAM_MAX_BYTES)
    {
      g_info ("request %s: the peer does not read its stream", self->request->caller->request);
      give_up (self);
    }
  g_object_unref (self);
}

/**
 * floe_exchange_end_stream:
 * @self: an exchange
 *
 * Ends its stream, if there is one, when what was sent is out. "gone" may be emitted before this
 * returns.
 */
void
floe_exchange_end_stream (FloeExchange *self)
{
  if (self->state != STREAMING)
    return;
  self->state = ENDED;
  floe_outlet_add (&self->outlet, floe_secret_new ("0\r\n\r\n", -1));
  g_object_ref (self);
  write_out (self);
  g_object_unref (self);
}

static void
floe_exchange_dispose (GObject *object)
{
  FloeExchange *self = FLOE_EXCHANGE (object);

  if (self->clock != NULL)
    floe_clock_clear_timeout (self->clock, &self->deadline);
  floe_outlet_clear (&self->outlet);
  g_clear_pointer (&self->link, floe_link_free);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (floe_exchange_parent_class)->dispose (object);
}

static void
floe_exchange_finalize (GObject *object)
{
  FloeExchange *self = FLOE_EXCHANGE (object);

  floe_request_free (self->request);
  floe_identity_free (self->identity);
  if (self->fields != NULL)
    g_string_free (self->fields, TRUE);
  g_clear_pointer (&self->cookie, floe_secret_unref);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (floe_exchange_parent_class)->finalize (object);
}

static void
floe_exchange_class_init (FloeExchangeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_exchange_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_exchange_finalize;
  gone_signal = g_signal_new ("gone", FLOE_TYPE_EXCHANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
floe_exchange_init (FloeExchange *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * floe_exchange_new:
 * @link: (transfer full): whose request it is
 * @request: (transfer full) (nullable): the request; %NULL when it was refused
 * @clock: the clock
 *
 * Returns: (transfer full): an exchange
 */
FloeExchange *
floe_exchange_new (FloeLink *link, FloeRequest *request, FloeClock *clock)
{
  FloeExchange *self = g_object_new (FLOE_TYPE_EXCHANGE, NULL);

  self->link = link;
  self->request = request;
  self->clock = g_object_ref (clock);
  return self;
}
