/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/linger.h"

#define LINGER_TIME  (2 * G_USEC_PER_SEC)
#define LINGER_BYTES (256 * 1024)

typedef struct
{
  FloeLink *link;
  FloeClock *clock;
  guint timeout;
  gsize read;
} Linger;

static void
end (Linger *self)
{
  floe_clock_clear_timeout (self->clock, &self->timeout);
  floe_link_free (self->link);
  g_object_unref (self->clock);
  g_free (self);
}

static void
on_link (guint32 events, gpointer data)
{
  Linger *self = data;
  gchar bytes[4096];
  gssize n = floe_link_read (self->link, bytes, sizeof bytes);

  if (n > 0)
    self->read += (gsize)n;
  if (n == 0 || self->read >= LINGER_BYTES)
    end (self);
}

static gboolean
on_timeout (gpointer data)
{
  Linger *self = data;

  self->timeout = 0;
  end (self);
  return G_SOURCE_REMOVE;
}

/**
 * floe_linger_start:
 * @link: (transfer full): whose request was refused, perhaps half way, and whose answer is out
 * @clock: the clock
 *
 * A socket that is closed while bytes of its peer are unread is reset, and the peer may lose the
 * answer that says why. So what it still sends is read for a little while, and thrown away.
 */
void
floe_linger_start (FloeLink *link, FloeClock *clock)
{
  Linger *self = g_new0 (Linger, 1);

  self->link = link;
  self->clock = g_object_ref (clock);
  self->timeout = floe_clock_add_timeout (clock, LINGER_TIME, on_timeout, self, NULL);
  floe_link_end (link);
  floe_link_watch (link, EPOLLIN, on_link, self);
}
