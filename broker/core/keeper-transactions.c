/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/keeper-transactions.h"

#include <string.h>

#include "core/collect.h"
#include "core/ends.h"
#include "core/error.h"
#include "core/shadow-acts.h"

/**
 * floe_keeper_event_new:
 *
 * Returns: (transfer full): an event of which nothing else is known; the maker fills it before it
 *   lets go of it
 */
FloeKeeperEvent *
floe_keeper_event_new (const gchar *desktop_id, FloeEvent event, gint64 now)
{
  FloeKeeperEvent *self = g_new0 (FloeKeeperEvent, 1);

  self->desktop_id = g_strdup (desktop_id);
  self->event = event;
  self->now = now;
  return self;
}

void
floe_keeper_event_free (FloeKeeperEvent *self)
{
  if (self == NULL)
    return;
  g_free (self->desktop_id);
  g_free (self->holder);
  g_free (self->host);
  g_free (self->timer);
  g_free (self->problem);
  g_free (self);
}

static gboolean
run_and_save (FloeChange *change, FloeTx *tx, FloeEvent event, const FloeCause *cause,
              GError **error)
{
  return floe_change_event (change, tx, event, cause, error)
         && (!change->changed || floe_change_save (change, tx, error));
}

/**
 * floe_keeper_record_event:
 *
 * Runs the event, unless it is stale.
 */
gpointer
floe_keeper_record_event (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeKeeperEvent *in = input;
  const FloeCause cause = { .now = in->now, .problem = in->problem };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  if ((in->only_with != FLOE_INTENT_NONE && desktop->facts.intent != in->only_with)
      || (in->holder != NULL && !floe_desktop_is_held_by (desktop, in->holder)))
    return g_steal_pointer (&change);
  return run_and_save (change, tx, in->event, &cause, error) ? g_steal_pointer (&change) : NULL;
}

/**
 * floe_keeper_record_gone:
 *
 * Notes that the desktop's domain is not defined any more at its host; one that has moved to
 * another host meanwhile is there.
 */
gpointer
floe_keeper_record_gone (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeKeeperEvent *in = input;
  const FloeCause cause = { .now = in->now, .problem = in->problem };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  if (g_strcmp0 (desktop->host, in->host) != 0)
    return g_steal_pointer (&change);
  desktop->present = FALSE;
  if (!floe_change_event (change, tx, FLOE_EVENT_GONE, &cause, error)
      || !floe_change_save (change, tx, error))
    return NULL;
  return g_steal_pointer (&change);
}

/* A broken desktop is reset again; one that was mended meanwhile has nothing to retry. */
static gboolean
retry (FloeTx *tx, FloeChange *change, const FloeKeeperEvent *in, GError **error)
{
  const FloeCause cause = { .now = in->now };
  const FloeFacts *facts = &change->desktop->facts;

  if (facts->clean != FLOE_CLEAN_BROKEN || facts->lease == FLOE_LEASE_HELD
      || facts->intent != FLOE_INTENT_NONE)
    return TRUE;
  return run_and_save (change, tx, FLOE_EVENT_RESET_DUE, &cause, error);
}

static gboolean
end_ticket (FloeTx *tx, FloeChange *change, const FloeKeeperEvent *in, GError **error)
{
  const FloeCause cause = { .now = in->now };

  return run_and_save (change, tx, FLOE_EVENT_TICKET_UNUSED, &cause, error);
}

static gboolean
run_timer (FloeTx *tx, FloeChange *change, const FloeKeeperEvent *in, GError **error)
{
  if (strcmp (in->timer, "retry") == 0)
    return retry (tx, change, in, error);
  if (strcmp (in->timer, "ticket") == 0)
    return end_ticket (tx, change, in, error);
  if (strcmp (in->timer, "collect") == 0)
    return floe_collect_end (change, tx, in->now, error);
  if (strcmp (in->timer, FLOE_SHADOW_TIMER) == 0)
    return floe_shadow_come_due (change, tx, in->now, error);
  return floe_ends_run_timer (change, tx, in->timer, in->now, error);
}

/* Somebody's pool may have been deleted with them; their timers have nothing to do then. */
static FloeDesktop *
find_subject (FloeTx *tx, const gchar *desktop_id, gboolean *ok, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *desktop = floe_tx_get_desktop (tx, desktop_id, &local_error);

  *ok = desktop != NULL || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  if (!*ok)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return desktop;
}

/**
 * floe_keeper_record_timer:
 *
 * Does what a timer that is due was set for, and removes it. One that was removed or set anew since
 * somebody saw it due, because its desktop's holder came back, does nothing. The change of a
 * desktop that is not there any more holds none.
 */
gpointer
floe_keeper_record_timer (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeKeeperEvent *in = input;
  gboolean taken, ok;
  FloeDesktop *desktop = find_subject (tx, in->desktop_id, &ok, error);
  g_autoptr (FloeChange) change = floe_change_new (desktop);

  if (!ok || !floe_tx_take_timer (tx, in->timer, in->desktop_id, in->now, &taken, error))
    return NULL;
  if (taken && desktop != NULL && !run_timer (tx, change, in, error))
    return NULL;
  return g_steal_pointer (&change);
}
