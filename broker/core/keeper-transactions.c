/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/keeper-transactions.h"

#include "core/error.h"

/* After this a grace that cannot end now is looked at again. */
#define LOOK_AGAIN (60 * G_USEC_PER_SEC)
/* How long its holder has at least to come after their desktop was got ready for them. */
#define TIME_TO_COME (60 * G_USEC_PER_SEC)

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
  if (in->only_with != FLOE_INTENT_NONE && desktop->facts.intent != in->only_with)
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

/* It is being started, or its guest is waited for, or was until just now: a grace that is shorter
 * than that must not take it from who waits for it. */
static gboolean
is_on_its_way (const FloeDesktop *desktop, gint64 now)
{
  gint64 ready = desktop->times[0] + (gint64)desktop->ready_seconds * G_USEC_PER_SEC;

  return desktop->facts.intent == FLOE_INTENT_START
         || (desktop->facts.power == FLOE_POWER_ON && now < ready + TIME_TO_COME);
}

static gboolean
end_grace (FloeTx *tx, FloeChange *change, const FloeKeeperEvent *in, GError **error)
{
  const FloeCause cause = { .now = in->now,
                            .detail = "nobody came back within the grace",
                            .end_reason = "released" };
  FloeDesktop *desktop = change->desktop;
  g_autoptr (FloeAudit) row = NULL;

  if (desktop->facts.lease != FLOE_LEASE_HELD || desktop->facts.console == FLOE_CONSOLE_CONNECTED)
    return TRUE;
  /* Nobody knows whether somebody is there: the lease survives the host's absence. */
  if (desktop->facts.power == FLOE_POWER_UNKNOWN || is_on_its_way (desktop, in->now))
    return floe_change_set_timer (change, tx, "grace", in->now + LOOK_AGAIN, error);
  if (desktop->kind == FLOE_POOL_DEDICATED)
    return floe_tx_delete_tokens_of_desktop (tx, desktop->id, NULL, error);
  row = floe_cause_audit (&cause, "release", desktop->name, "done");
  return floe_tx_put_audit (tx, row, error)
         && run_and_save (change, tx, FLOE_EVENT_RELEASE, &cause, error);
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

static const struct
{
  const gchar *kind;
  gboolean (*run) (FloeTx *tx, FloeChange *change, const FloeKeeperEvent *in, GError **error);
} timers[] = { { "grace", end_grace }, { "retry", retry }, { "ticket", end_ticket } };

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
  for (guint i = 0; taken && desktop != NULL && i < G_N_ELEMENTS (timers); i++)
    if (g_strcmp0 (timers[i].kind, in->timer) == 0 && !timers[i].run (tx, change, in, error))
      return NULL;
  return g_steal_pointer (&change);
}
