/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/pinger.h"

#define INTERVAL (FLOE_PING_SECONDS * G_USEC_PER_SEC)

/* Who is due so soon is called with the others: fewer turns of the loop, and nobody waits longer.
 */
#define SLACK (250 * G_TIME_SPAN_MILLISECOND)

struct _FloePinger
{
  FloeClock *clock;
  GQueue pings; /* since all wait equally long, the first one is due first */
  guint timeout;
};

static gboolean on_due (gpointer data);

static void
arm (FloePinger *self)
{
  const FloePing *first = g_queue_peek_head (&self->pings);

  if (first != NULL && self->timeout == 0)
    self->timeout = floe_clock_add_timeout (
        self->clock, first->due - floe_clock_elapsed (self->clock), on_due, self, NULL);
}

static void
append (FloePinger *self, FloePing *ping)
{
  ping->due = floe_clock_elapsed (self->clock) + INTERVAL;
  g_queue_push_tail_link (&self->pings, &ping->node);
}

static gboolean
on_due (gpointer data)
{
  FloePinger *self = data;
  gint64 until = floe_clock_elapsed (self->clock) + SLACK;
  FloePing *ping;

  self->timeout = 0;
  while ((ping = g_queue_peek_head (&self->pings)) != NULL && ping->due <= until)
    {
      g_queue_unlink (&self->pings, &ping->node);
      append (self, ping);
      ping->func (ping->data); /* may remove it, or others */
    }
  arm (self);
  return G_SOURCE_REMOVE;
}

FloePinger *
floe_pinger_new (FloeClock *clock)
{
  FloePinger *self = g_new0 (FloePinger, 1);

  self->clock = g_object_ref (clock);
  return self;
}

/**
 * floe_pinger_free:
 * @self: (nullable): a pinger from which all were removed
 */
void
floe_pinger_free (FloePinger *self)
{
  if (self == NULL)
    return;
  floe_clock_clear_timeout (self->clock, &self->timeout);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * floe_pinger_add:
 * @self: a pinger
 * @ping: what is called, for the first time after %FLOE_PING_SECONDS; it must stay where it is
 * until it is removed
 */
void
floe_pinger_add (FloePinger *self, FloePing *ping)
{
  ping->node = (GList){ .data = ping };
  ping->is_added = TRUE;
  append (self, ping);
  arm (self);
}

/**
 * floe_pinger_remove:
 * @self: a pinger
 * @ping: what is not called any more; nothing happens if it was removed already
 */
void
floe_pinger_remove (FloePinger *self, FloePing *ping)
{
  if (!ping->is_added)
    return;
  ping->is_added = FALSE;
  g_queue_unlink (&self->pings, &ping->node);
  if (g_queue_is_empty (&self->pings))
    floe_clock_clear_timeout (self->clock, &self->timeout);
}
