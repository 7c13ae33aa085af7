/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/made.h"

#include "core/error.h"
#include "core/keeper-transactions.h"

/* After the first failure of a pool it is left alone for so long, and twice as long after each. */
#define BACKOFF_FIRST (5 * G_USEC_PER_SEC)
#define BACKOFF_LAST  (10 * 60 * (gint64)G_USEC_PER_SEC)
#define MAX_DOUBLINGS 7

static gboolean
is_down (FloePower power)
{
  return power == FLOE_POWER_OFF || power == FLOE_POWER_CRASHED;
}

static gboolean
not_found_is_fine (GError **local_error, GError **error)
{
  if (*local_error == NULL || g_error_matches (*local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (local_error));
  return FALSE;
}

/* It was plugged in until the domain stopped, and may go to its holder's next desktop now. */
static gboolean
free_disk (FloeTx *tx, const FloeDesktop *desktop, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeDataDisk) disk = floe_tx_find_disk_of_desktop (tx, desktop->id, &local_error);

  if (disk == NULL)
    return not_found_is_fine (&local_error, error);
  g_clear_pointer (&disk->desktop_id, g_free);
  return floe_tx_put_disk (tx, disk, error);
}

static gchar *
describe (const FloeDesktop *desktop, const FloeCause *cause)
{
  return g_strdup_printf ("%s on host %s: %s", desktop->name, desktop->host,
                          cause->problem != NULL ? cause->problem : "it failed");
}

static gboolean
note_failure (FloeTx *tx, const FloeDesktop *desktop, const FloeCause *cause, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (tx, desktop->pool, error);

  if (state == NULL)
    return FALSE;
  state->not_before =
      cause->now + MIN (BACKOFF_FIRST << MIN (state->failures, MAX_DOUBLINGS), BACKOFF_LAST);
  state->failures++;
  g_free (state->problem);
  state->problem = describe (desktop, cause);
  return floe_tx_put_pool_state (tx, state, error);
}

/**
 * floe_made_forget_failures:
 * @pool: a pool of which something went well, or that leaves behind what failed
 */
gboolean
floe_made_forget_failures (FloeTx *tx, const gchar *pool, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (tx, pool, error);

  if (state == NULL)
    return FALSE;
  if (state->failures == 0)
    return TRUE;
  state->failures = 0;
  state->not_before = 0;
  g_clear_pointer (&state->problem, g_free);
  return floe_tx_put_pool_state (tx, state, error);
}

/* A canary counts how many of its desktops became ready for the first time. Any other revision
 * counts how many failed one after the other: as long as some do, that further ones can be made
 * says nothing about the pool. */
static gboolean
note_trial (FloeTx *tx, const FloeDesktop *desktop, FloeEvent event, const FloeCause *cause,
            GError **error)
{
  gboolean good = event == FLOE_EVENT_GUEST_READY;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeRevision) revision =
      floe_tx_get_revision (tx, desktop->pool, desktop->revision, &local_error);
  gboolean canary = revision != NULL && revision->state == FLOE_REVISION_CANARY;

  if (revision == NULL)
    return not_found_is_fine (&local_error, error);
  if (!canary && (event == FLOE_EVENT_CREATE_FAILED || (good && revision->failures == 0)))
    return TRUE;
  if (canary)
    revision->tries++;
  if (!good)
    revision->failures++;
  else if (!canary)
    revision->failures = 0;
  if (canary && !good)
    {
      g_free (revision->problem);
      revision->problem = describe (desktop, cause);
    }
  return floe_tx_put_revision (tx, revision, error);
}

static gboolean
note_created (FloeTx *tx, const FloeDesktop *desktop, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeRevision) revision =
      floe_tx_get_revision (tx, desktop->pool, desktop->revision, &local_error);

  if (!not_found_is_fine (&local_error, error))
    return FALSE;
  return (revision != NULL && revision->failures > 0)
         || floe_made_forget_failures (tx, desktop->pool, error);
}

/* That one person's data cannot be plugged in keeps nobody from making desktops, so the pool goes
 * on and only says so, until the next data disk is in; what fails in the pool itself is told first.
 */
static gboolean
note_attach (FloeTx *tx, const FloeDesktop *desktop, const gchar *problem, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (tx, desktop->pool, error);

  if (state == NULL)
    return FALSE;
  if (state->failures > 0 || (problem == NULL && state->problem == NULL))
    return TRUE;
  g_free (state->problem);
  state->problem = problem != NULL ? g_strdup_printf ("%s: a data disk could not be plugged in: %s",
                                                      desktop->name, problem)
                                   : NULL;
  return floe_tx_put_pool_state (tx, state, error);
}

static gboolean
note_counts (FloeTx *tx, const FloeDesktop *desktop, const FloeFacts *before, FloeEvent event,
             const FloeCause *cause, GError **error)
{
  gboolean changed = before->intent != desktop->facts.intent;

  /* One that has failed, and is being removed, may get there all the same: too late to count. */
  if (event == FLOE_EVENT_GUEST_READY && before->guest == FLOE_GUEST_BOOTING
      && desktop->facts.intent != FLOE_INTENT_REMOVE)
    return floe_made_forget_failures (tx, desktop->pool, error)
           && note_trial (tx, desktop, event, cause, error);
  if (!changed)
    return TRUE;
  switch (event)
    {
    case FLOE_EVENT_CREATE_FAILED:
    case FLOE_EVENT_START_FAILED:
    case FLOE_EVENT_GUEST_FAILED:
      return note_failure (tx, desktop, cause, error)
             && note_trial (tx, desktop, event, cause, error);
    case FLOE_EVENT_ATTACHED:
      return note_attach (tx, desktop, NULL, error);
    case FLOE_EVENT_ATTACH_FAILED:
      return note_attach (tx, desktop, cause->problem != NULL ? cause->problem : "it failed",
                          error);
    case FLOE_EVENT_CREATED:
      return note_created (tx, desktop, error);
    default:
      return TRUE;
    }
}

/**
 * floe_made_note:
 * @before: its facts before @event
 *
 * Writes down what follows from an event that was run.
 */
gboolean
floe_made_note (FloeTx *tx, const FloeDesktop *desktop, const FloeFacts *before, FloeEvent event,
                const FloeCause *cause, GError **error)
{
  if (desktop->data_gib > 0 && !is_down (before->power) && is_down (desktop->facts.power)
      && !free_disk (tx, desktop, error))
    return FALSE;
  return note_counts (tx, desktop, before, event, cause, error);
}

/**
 * floe_made_wants_disk:
 * @wants: (out): whether it runs for a holder whose data disk is not in yet
 */
gboolean
floe_made_wants_disk (FloeTx *tx, const FloeDesktop *desktop, gboolean *wants, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeDataDisk) disk = NULL;

  *wants = FALSE;
  if (!desktop->made || desktop->data_gib == 0 || desktop->facts.lease != FLOE_LEASE_HELD
      || desktop->facts.power != FLOE_POWER_ON || desktop->facts.intent != FLOE_INTENT_NONE)
    return TRUE;
  disk = floe_tx_find_disk_of_desktop (tx, desktop->id, &local_error);
  *wants = disk == NULL || !disk->made;
  return not_found_is_fine (&local_error, error);
}

/* Outcomes. */

static FloeChange *
begin (FloeTx *tx, const FloeKeeperEvent *in, FloeEvent event, GError **error)
{
  const FloeCause cause = { .now = in->now, .problem = in->problem };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  return floe_change_event (change, tx, event, &cause, error) ? g_steal_pointer (&change) : NULL;
}

static FloeChange *
finish (FloeTx *tx, FloeChange *change, GError **error)
{
  g_autoptr (FloeChange) made = change;

  if (made == NULL || !floe_change_save (made, tx, error))
    return NULL;
  return g_steal_pointer (&made);
}

/**
 * floe_made_record_off:
 *
 * A call that was to switch a desktop off ended: its reset, or the stop of a spare too many.
 */
gpointer
floe_made_record_off (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeKeeperEvent *in = input;
  const FloeCause cause = { .now = in->now, .problem = in->problem };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;
  FloeEvent event = in->event;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  if (desktop->facts.intent != FLOE_INTENT_RESET && desktop->facts.intent != FLOE_INTENT_STOP)
    return g_steal_pointer (&change);
  if (event == FLOE_EVENT_RESET_FAILED && desktop->facts.intent == FLOE_INTENT_STOP)
    event = FLOE_EVENT_STOP_FAILED;
  if (!floe_change_event (change, tx, event, &cause, error))
    return NULL;
  return finish (tx, g_steal_pointer (&change), error);
}

/**
 * floe_made_record_removed:
 *
 * Its domain and its disks are gone, and so is its row. One that is not being removed any more
 * stays.
 */
gpointer
floe_made_record_removed (FloeTx *tx, gconstpointer input, GError **error)
{
  static const gchar *const timers[] = { "grace",       "retry",   "ticket",  "idle",
                                         "limit",       "lost",    "log-off", "asked-off",
                                         "maintenance", "collect", "shadow" };
  const FloeKeeperEvent *in = input;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  if (desktop->facts.intent != FLOE_INTENT_REMOVE)
    return floe_change_new (g_steal_pointer (&desktop));
  change = begin (tx, in, FLOE_EVENT_REMOVED, error);
  if (change == NULL || !free_disk (tx, desktop, error))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (timers); i++)
    if (!floe_tx_delete_timer (tx, timers[i], desktop->id, error))
      return NULL;
  change->desktop->present = FALSE;
  change->changed = TRUE;
  return floe_tx_delete_desktop (tx, desktop->id, error) ? g_steal_pointer (&change) : NULL;
}

/**
 * floe_made_record_moved:
 *
 * It is defined on its new host.
 */
gpointer
floe_made_record_moved (FloeTx *tx, gconstpointer input, GError **error)
{
  FloeChange *change = begin (tx, input, FLOE_EVENT_MOVED, error);

  if (change != NULL && change->desktop->target != NULL && change->changed)
    {
      g_free (change->desktop->host);
      change->desktop->host = g_steal_pointer (&change->desktop->target);
    }
  return finish (tx, change, error);
}

/**
 * floe_made_record_attached:
 *
 * Its holder's data disk is there, and plugged in.
 */
gpointer
floe_made_record_attached (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeKeeperEvent *in = input;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeDataDisk) disk = floe_tx_find_disk_of_desktop (tx, in->desktop_id, &local_error);

  if (!not_found_is_fine (&local_error, error))
    return NULL;
  if (disk != NULL)
    disk->made = TRUE;
  if (disk != NULL && !floe_tx_put_disk (tx, disk, error))
    return NULL;
  return finish (tx, begin (tx, in, FLOE_EVENT_ATTACHED, error), error);
}

/* Those that do not become ready. */

static gboolean
may_fail (const FloeDesktop *desktop)
{
  const FloeFacts *facts = &desktop->facts;

  return desktop->made && facts->power == FLOE_POWER_ON && facts->intent == FLOE_INTENT_NONE
         && (facts->clean == FLOE_CLEAN_CLEAN || facts->clean == FLOE_CLEAN_DIRTY);
}

/**
 * floe_made_is_late:
 * @pool: its pool
 * @trial: its revision is being tried
 *
 * A guest that nobody prepares may be without an agent that answers, so it is lent after its time
 * all the same. One whose first boot has not ended may not, whoever waits for it; and of others
 * that nobody has it is known that an agent answered once.
 *
 * Returns: whether it was waited for long enough
 */
gboolean
floe_made_is_late (const FloeDesktop *desktop, const FloePool *pool, gboolean trial, gint64 now)
{
  gint64 patience = (gint64)desktop->ready_seconds * G_USEC_PER_SEC;
  gboolean has_personality =
      pool->template != NULL && pool->template->personality != FLOE_PERSONALITY_NONE;

  if (!may_fail (desktop))
    return FALSE;
  if (!desktop->prepared)
    return now - desktop->times[0] > patience;
  return desktop->lease == NULL && desktop->facts.guest == FLOE_GUEST_BOOTING
         && (trial || (has_personality && desktop->kind == FLOE_POOL_FLOATING))
         && now - desktop->times[1] > patience;
}

/**
 * floe_made_give_up:
 * @change: of a desktop that runs and will not be what it must be
 * @cause: with what is wrong with it, in words
 *
 * It goes, and counts as a failure of its pool and its revision; whoever waits for it gets another
 * one. One that an administrator gave to somebody is only switched off, so that it stays theirs.
 */
gboolean
floe_made_give_up (FloeChange *change, FloeTx *tx, const FloeCause *cause, GError **error)
{
  const FloeDesktop *desktop = change->desktop;

  if (!may_fail (desktop))
    return TRUE;
  if (desktop->kind != FLOE_POOL_STATIC || desktop->lease == NULL)
    return floe_change_event (change, tx, FLOE_EVENT_GUEST_FAILED, cause, error);
  return note_failure (tx, desktop, cause, error)
         && note_trial (tx, desktop, FLOE_EVENT_GUEST_FAILED, cause, error)
         && floe_change_event (change, tx, FLOE_EVENT_FORCE_OFF_DUE, cause, error);
}

/**
 * floe_made_record_prepared:
 *
 * Its first boot was run by its guest agent: it is ready; or, with a problem, it never will be.
 */
gpointer
floe_made_record_prepared (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeKeeperEvent *in = input;
  const FloeCause cause = { .now = in->now, .problem = in->problem };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;
  gboolean done;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  if (desktop->prepared)
    return g_steal_pointer (&change); /* by an earlier call, whose answer was late */
  desktop->prepared = in->problem == NULL;
  done = in->problem != NULL
             ? floe_made_give_up (change, tx, &cause, error)
             : floe_change_event (change, tx, FLOE_EVENT_GUEST_READY, &cause, error);
  return done ? finish (tx, g_steal_pointer (&change), error) : NULL;
}
