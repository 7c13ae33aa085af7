/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/host-notes.h"

#include <string.h>

#include "core/ends.h"

/* After this a host is looked at again on which something could not be ended yet. */
#define LOOK_AGAIN (60 * G_USEC_PER_SEC)

FloeDrainInput *
floe_drain_input_new (const gchar *host, gint64 now)
{
  FloeDrainInput *self = g_new0 (FloeDrainInput, 1);

  self->host = g_strdup (host);
  self->now = now;
  return self;
}

void
floe_drain_input_free (FloeDrainInput *self)
{
  g_free (self->host);
  g_free (self);
}

/**
 * floe_host_note_find:
 *
 * Returns: (transfer full): what is noted of a host, which may be nothing; or %NULL with a store's
 *   error
 */
FloeHostNote *
floe_host_note_find (FloeTx *tx, const gchar *name, GError **error)
{
  g_autoptr (GPtrArray) notes = floe_tx_list_hosts (tx, error);

  if (notes == NULL)
    return NULL;
  for (guint i = 0; i < notes->len; i++)
    if (strcmp (((FloeHostNote *)notes->pdata[i])->name, name) == 0)
      return floe_host_note_copy (notes->pdata[i]);
  return floe_host_note_new (name);
}

/**
 * floe_host_note_set_lost:
 * @lost: that it does not answer any more; or does
 *
 * Notes it, and tells webhooks, unless that is known already.
 */
gboolean
floe_host_note_set_lost (FloeTx *tx, const gchar *name, gboolean lost, gint64 now, GError **error)
{
  g_autoptr (FloeHostNote) note = floe_host_note_find (tx, name, error);

  if (note == NULL)
    return FALSE;
  if ((note->lost_since != 0) == lost)
    return TRUE;
  note->lost_since = lost ? now : 0;
  return floe_tx_put_host (tx, note, error)
         && floe_webhook_tell (tx, lost ? "host-lost" : "host-back", name, "broker", NULL, now,
                               error);
}

/**
 * floe_host_note_list_held:
 *
 * Returns: (transfer full) (element-type FloeChange): the desktops of a host that are lent,
 *   unchanged, for those who sit at them to be told; or %NULL
 */
GPtrArray *
floe_host_note_list_held (FloeTx *tx, const gchar *name, GError **error)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  g_autoptr (GPtrArray) all = floe_tx_list_desktops_of_host (tx, name, error);

  if (all == NULL)
    return NULL;
  while (all->len > 0)
    {
      g_autoptr (FloeDesktop) desktop = g_ptr_array_steal_index_fast (all, all->len - 1);

      if (desktop->facts.lease == FLOE_LEASE_HELD)
        g_ptr_array_add (held, floe_change_new (g_steal_pointer (&desktop)));
    }
  return g_steal_pointer (&held);
}

/* It is kept, and something is under way with it after which it runs. */
static gboolean
must_wait (const FloeDesktop *desktop)
{
  return desktop->facts.lease == FLOE_LEASE_HELD && desktop->facts.intent != FLOE_INTENT_NONE
         && desktop->facts.intent != FLOE_INTENT_STOP;
}

/**
 * floe_host_note_end_drain:
 * @input: a #FloeDrainInput
 *
 * The time that people had to leave a host is over.
 *
 * Returns: (transfer full) (element-type FloeChange): what became of each desktop that was lent
 *   there; or %NULL
 */
gpointer
floe_host_note_end_drain (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeDrainInput *in = input;
  g_autofree gchar *detail = g_strdup_printf ("host %s is drained", in->host);
  g_autoptr (FloeHostNote) note = floe_host_note_find (tx, in->host, error);
  g_autoptr (GPtrArray) changes = NULL;
  gboolean taken, again = FALSE;

  if (note == NULL || !floe_tx_take_timer (tx, "drain", in->host, in->now, &taken, error))
    return NULL;
  if (!taken || !note->draining)
    return g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  changes = floe_host_note_list_held (tx, in->host, error);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      FloeChange *change = changes->pdata[i];

      if (!floe_ends_drain (change, tx, detail, in->now, error))
        return NULL;
      again |= must_wait (change->desktop);
    }
  if (changes != NULL && again)
    {
      g_autoptr (FloeTimer) timer = floe_timer_new ("drain", in->host, in->now + LOOK_AGAIN);

      if (!floe_tx_put_timer (tx, timer, error))
        return NULL;
    }
  return g_steal_pointer (&changes);
}
