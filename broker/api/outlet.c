/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/outlet.h"

/* How many go out with one system call: head and body, or the events of a slow reader. */
#define PIECES 16

/**
 * floe_outlet_add:
 * @self: an outlet
 * @bytes: (transfer full): what goes out next; wiped when it is out and nobody else holds it
 */
void
floe_outlet_add (FloeOutlet *self, FloeSecret *bytes)
{
  gsize length;

  floe_secret_get (bytes, &length);
  self->length += length;
  g_queue_push_tail (&self->pieces, bytes);
}

static gsize
gather (const FloeOutlet *self, struct iovec *pieces)
{
  gsize skip = self->sent;
  gsize n = 0;

  for (GList *at = self->pieces.head; at != NULL && n < PIECES; at = at->next)
    {
      gsize length;
      const gchar *bytes = floe_secret_get (at->data, &length);

      pieces[n].iov_base = (gchar *)bytes + skip;
      pieces[n].iov_len = length - skip;
      n++;
      skip = 0;
    }
  return n;
}

/* drop: what is out */
static void
drop (FloeOutlet *self, gsize n)
{
  self->length -= n;
  self->sent += n;
  while (!g_queue_is_empty (&self->pieces))
    {
      gsize length;

      floe_secret_get (g_queue_peek_head (&self->pieces), &length);
      if (self->sent < length)
        return;
      self->sent -= length;
      floe_secret_unref (g_queue_pop_head (&self->pieces));
    }
}

/**
 * floe_outlet_flush:
 * @self: an outlet
 * @link: where it goes
 *
 * Sends as much as the peer takes now; @length says what is left.
 *
 * Returns: %FALSE when the peer is gone
 */
gboolean
floe_outlet_flush (FloeOutlet *self, FloeLink *link)
{
  while (self->length > 0)
    {
      struct iovec pieces[PIECES];
      gsize n_pieces = gather (self, pieces);
      gssize n = floe_link_write (link, pieces, n_pieces);

      if (n <= 0)
        return n == 0;
      drop (self, (gsize)n);
    }
  return TRUE;
}

void
floe_outlet_clear (FloeOutlet *self)
{
  g_queue_clear_full (&self->pieces, (GDestroyNotify)floe_secret_unref);
  self->length = 0;
  self->sent = 0;
}
