/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/service.h"

#include "core/ends.h"
#include "core/error.h"
#include "core/host-notes.h"

/* After this a pool is looked at again in which something could not be ended yet. */
#define LOOK_AGAIN (60 * G_USEC_PER_SEC)

static gint64
end_of (const FloeMaintenance *maintenance)
{
  return maintenance->ends != 0 ? maintenance->ends : G_MAXINT64;
}

/* The one that ends first is what counts. */
static void
take_sooner (FloeMaintenance **found, FloeMaintenance *other)
{
  if (other != NULL && (*found == NULL || end_of (other) < end_of (*found)))
    {
      floe_maintenance_free (*found);
      *found = other;
    }
  else
    floe_maintenance_free (other);
}

static FloeMaintenance *
of_host (const FloeHostNote *note)
{
  FloeMaintenance *self = NULL;

  if (!note->draining)
    return NULL;
  self = floe_maintenance_new (NULL, NULL);
  self->since = note->since;
  self->by = g_strdup (note->by);
  self->message = g_strdup (note->message);
  self->ends = note->ends;
  return self;
}

/**
 * floe_service_find_maintenance:
 * @found: (out) (transfer full) (nullable): what there is of it, of the desktop itself, its pool
 *   and its host the one that ends first; %NULL for none
 */
gboolean
floe_service_find_maintenance (FloeTx *tx, const FloeDesktop *desktop, FloeMaintenance **found,
                               GError **error)
{
  FloeMaintenance *own = NULL;
  FloeMaintenance *of_pool = NULL;
  g_autoptr (FloeHostNote) note = NULL;

  *found = NULL;
  if ((desktop->maintenance && !floe_tx_find_maintenance (tx, desktop->id, NULL, &own, error)))
    return FALSE;
  take_sooner (found, own);
  if (!floe_tx_find_maintenance (tx, NULL, desktop->pool, &of_pool, error))
    return FALSE;
  take_sooner (found, of_pool);
  note = floe_host_note_find (tx, desktop->host, error);
  if (note == NULL)
    return FALSE;
  take_sooner (found, of_host (note));
  return TRUE;
}

/* has_ended: sessions in it were ended. What was to do that is there until then, whatever the time
 * of day is said to be: a clock that was set back lets nobody in again. */
static gboolean
has_ended (FloeTx *tx, const FloeMaintenance *found, gint64 now, gboolean *ended, GError **error)
{
  const gchar *subject = found->desktop_id != NULL ? found->desktop_id : found->pool;
  gint64 due;

  *ended = floe_maintenance_is_over (found, now);
  if (*ended || found->ends == 0 || subject == NULL)
    return TRUE;
  if (!floe_tx_get_timer (tx, found->desktop_id != NULL ? "maintenance" : "close", subject, &due,
                          error))
    return FALSE;
  *ended = due == 0;
  return TRUE;
}

/**
 * floe_service_check:
 * @pool: the desktop's pool, as it is now
 * @desktop: one that its holder wants to open
 *
 * Where nothing speaks of maintenance, as nearly always, nothing is read.
 *
 * Returns: %FALSE with %FLOE_ERROR_EXHAUSTED and the reason "maintenance" when it may not be
 *   opened, or a store's error
 */
gboolean
floe_service_check (FloeTx *tx, const FloePool *pool, const FloeDesktop *desktop, gint64 now,
                    GError **error)
{
  gboolean runs = desktop->facts.power == FLOE_POWER_ON;
  gboolean ended = FALSE;
  g_autoptr (FloeMaintenance) found = NULL;

  if (!desktop->maintenance && !pool->closed && runs)
    return TRUE;
  if (!floe_service_find_maintenance (tx, desktop, &found, error)
      || (found != NULL && !has_ended (tx, found, now, &ended, error)))
    return FALSE;
  if (found == NULL || (!ended && !(desktop->maintenance && !runs)))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "maintenance", "%s",
                         found->message != NULL ? found->message : "it is being worked on");
  return FALSE;
}

/**
 * floe_service_list_held:
 *
 * Returns: (transfer full) (element-type FloeChange): the desktops of a pool that are lent,
 *   unchanged; or %NULL
 */
GPtrArray *
floe_service_list_held (FloeTx *tx, const gchar *pool, GError **error)
{
  const FloeDesktopFilter filter = { .pool = pool,
                                     .leases = 1u << FLOE_LEASE_HELD,
                                     .limit = G_MAXINT };
  g_autoptr (GPtrArray) all = floe_tx_list_desktops (tx, &filter, error);
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);

  if (all == NULL)
    return NULL;
  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (held, floe_change_new (floe_desktop_copy (all->pdata[i])));
  return g_steal_pointer (&held);
}

/**
 * floe_service_tell_held:
 * @held: (element-type FloeChange): desktops that are lent
 *
 * Other brokers hear of each: its holder may have their client there, and the leader the timer.
 */
gboolean
floe_service_tell_held (FloeTx *tx, GPtrArray *held, GError **error)
{
  for (guint i = 0; i < held->len; i++)
    if (!floe_tx_put_feed (tx, "desktop", ((FloeChange *)held->pdata[i])->desktop->id, error))
      return FALSE;
  return TRUE;
}

FloeServiceInput *
floe_service_input_new (const gchar *pool, gint64 now)
{
  FloeServiceInput *self = g_new0 (FloeServiceInput, 1);

  self->pool = g_strdup (pool);
  self->now = now;
  return self;
}

void
floe_service_input_free (FloeServiceInput *self)
{
  g_free (self->pool);
  g_free (self);
}

/* Something is under way with it, after which it may run. */
static gboolean
must_wait (const FloeDesktop *desktop)
{
  return desktop->facts.lease == FLOE_LEASE_HELD
         && ((desktop->facts.intent != FLOE_INTENT_NONE
              && desktop->facts.intent != FLOE_INTENT_STOP)
             || desktop->facts.power == FLOE_POWER_UNKNOWN);
}

/**
 * floe_service_end_pool:
 * @input: a #FloeServiceInput
 *
 * The time that people had in a pool that is closed is over.
 *
 * Returns: (transfer full) (element-type FloeChange): what became of each of its desktops that was
 *   lent; or %NULL
 */
gpointer
floe_service_end_pool (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeServiceInput *in = input;
  g_autofree gchar *detail = g_strdup_printf ("pool %s is in maintenance", in->pool);
  g_autoptr (FloeMaintenance) found = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  gboolean taken, again = FALSE;

  if (!floe_tx_take_timer (tx, "close", in->pool, in->now, &taken, error)
      || !floe_tx_find_maintenance (tx, NULL, in->pool, &found, error))
    return NULL;
  if (!taken || found == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  changes = floe_service_list_held (tx, in->pool, error);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      FloeChange *change = changes->pdata[i];

      /* Nobody knows whether somebody is there: the lease survives the host's absence. */
      if (change->desktop->facts.power != FLOE_POWER_UNKNOWN
          && !floe_ends_drain (change, tx, detail, in->now, error))
        return NULL;
      again |= must_wait (change->desktop);
    }
  if (changes != NULL && again)
    {
      g_autoptr (FloeTimer) timer = floe_timer_new ("close", in->pool, in->now + LOOK_AGAIN);

      if (!floe_tx_put_timer (tx, timer, error))
        return NULL;
    }
  return g_steal_pointer (&changes);
}
