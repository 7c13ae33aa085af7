/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/transition.h"

#include <string.h>

#include "core/collect.h"
#include "core/ends.h"
#include "core/error.h"
#include "core/made.h"

/* How long a desktop that failed is left alone, and how often that doubles when it fails again. */
#define RETRY_AFTER   (60 * G_USEC_PER_SEC)
#define MAX_DOUBLINGS 6
/* So many of the last rows about a desktop are looked through; one decision makes a few. */
#define LAST_ROWS 16

/**
 * floe_change_new:
 * @desktop: (transfer full) (nullable): as the store has it
 *
 * Returns: (transfer full): a change that holds nothing yet
 */
FloeChange *
floe_change_new (FloeDesktop *desktop)
{
  FloeChange *self = g_new0 (FloeChange, 1);

  self->desktop = desktop;
  return self;
}

void
floe_change_free (FloeChange *self)
{
  if (self == NULL)
    return;
  floe_desktop_free (self->desktop);
  g_free (self->request);
  g_free (self);
}

/**
 * floe_cause_audit:
 *
 * Returns: (transfer full): an audit row that says who and why as @cause does
 */
FloeAudit *
floe_cause_audit (const FloeCause *cause, const gchar *action, const gchar *object,
                  const gchar *outcome)
{
  FloeAudit *row = floe_audit_new (cause->now, action, object, outcome);

  if (cause->identity != NULL)
    floe_audit_set_identity (row, cause->identity);
  row->detail = g_strdup (cause->detail != NULL ? cause->detail : cause->problem);
  return row;
}

static gboolean
audit (FloeTx *tx, const FloeDesktop *desktop, const FloeCause *cause, const gchar *action,
       const gchar *outcome, GError **error)
{
  g_autoptr (FloeAudit) row = floe_cause_audit (cause, action, desktop->name, outcome);

  return floe_tx_put_audit (tx, row, error);
}

/* An intent that opens is a decision, and one that closes is its outcome; the rest was only seen.
 */
static gboolean
audit_intent (FloeTx *tx, const FloeDesktop *desktop, const FloeFacts *before,
              const FloeCause *cause, FloeEvent event, GError **error)
{
  const FloeFacts *after = &desktop->facts;
  gboolean failed = event >= FLOE_EVENT_START_FAILED || event == FLOE_EVENT_GONE
                    || event == FLOE_EVENT_CRASHED || event == FLOE_EVENT_TAKEN_AWAY;

  if (before->intent == after->intent)
    return TRUE;
  if (before->intent != FLOE_INTENT_NONE
      && !audit (tx, desktop, cause, floe_intent_name (before->intent),
                 after->intent != FLOE_INTENT_NONE || failed ? "failed" : "done", error))
    return FALSE;
  return after->intent == FLOE_INTENT_NONE
         || audit (tx, desktop, cause, floe_intent_name (after->intent), "intent", error);
}

/* Nobody here decided that, so that it stands in the trail by itself. */
static gboolean
audit_taken (FloeTx *tx, const FloeDesktop *desktop, const FloeFacts *before,
             const FloeCause *cause, FloeEvent event, GError **error)
{
  return event != FLOE_EVENT_TAKEN_AWAY || before->lease == FLOE_LEASE_NONE
         || audit (tx, desktop, cause, "release", "done", error);
}

static void
note_times (FloeDesktop *desktop, const FloeFacts *before, gint64 now)
{
  const FloeFacts *after = &desktop->facts;
  const gboolean changed[FLOE_N_FACTS] = {
    before->power != after->power, before->guest != after->guest, before->console != after->console,
    before->lease != after->lease, before->clean != after->clean, before->intent != after->intent
  };

  for (guint i = 0; i < FLOE_N_FACTS; i++)
    if (changed[i])
      desktop->times[i] = now;
}

/* What the holder will be told when they ask why their session ended. */
static void
note_end (FloeDesktop *desktop, const FloeFacts *before, FloeEvent event, const FloeCause *cause)
{
  gboolean session = before->console == FLOE_CONSOLE_CONNECTED;
  const gchar *reason = cause->end_reason;

  if (event == FLOE_EVENT_POWERED_OFF && before->power != FLOE_POWER_OFF
      && before->intent == FLOE_INTENT_NONE)
    reason = "powered-off";
  else if (event == FLOE_EVENT_GONE)
    reason = "powered-off";
  else if (event == FLOE_EVENT_TAKEN_AWAY)
    reason = "released";
  else if (event == FLOE_EVENT_CRASHED)
    reason = "crashed";
  else if (event == FLOE_EVENT_HOST_LOST && session)
    reason = "host-lost";
  else if (event == FLOE_EVENT_CONSOLE_ENDED && session
           && (desktop->end == NULL || desktop->end->at < desktop->times[2]))
    reason = "network";
  if (reason != NULL)
    floe_desktop_set_end (desktop, reason, cause->now,
                          cause->identity != NULL ? cause->identity->user->name : "broker", NULL);
}

static gint64
find_time (const GPtrArray *rows, const gchar *action, const gchar *outcome)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (g_str_equal (row->action, action) && g_strcmp0 (row->outcome, outcome) == 0)
        return row->at;
    }
  return 0;
}

/**
 * floe_change_find_request:
 * @action: of an audit row about the desktop, the newest such
 * @outcome: of that row
 *
 * Finds out for which request that was decided, where whoever does it is not who decided it. The
 * rows of one decision have one time.
 *
 * Returns: %FALSE with a store's error; that it was for none is no error
 */
gboolean
floe_change_find_request (FloeChange *self, FloeTx *tx, const gchar *action, const gchar *outcome,
                          GError **error)
{
  const FloeAuditFilter filter = { .limit = LAST_ROWS, .object = self->desktop->name };
  g_autoptr (GPtrArray) rows = floe_tx_list_audit (tx, &filter, error);
  gint64 at = rows != NULL ? find_time (rows, action, outcome) : 0;

  for (guint i = 0; at != 0 && i < rows->len && self->request == NULL; i++)
    if (((const FloeAudit *)rows->pdata[i])->at == at)
      self->request = g_strdup (((const FloeAudit *)rows->pdata[i])->request);
  return rows != NULL;
}

/**
 * floe_change_set_timer:
 *
 * Sets the timer @kind of this desktop, in place of the one it may have.
 */
gboolean
floe_change_set_timer (FloeChange *self, FloeTx *tx, const gchar *kind, gint64 due, GError **error)
{
  g_autoptr (FloeTimer) timer = floe_timer_new (kind, self->desktop->id, due);

  if (self->due == 0 || due < self->due)
    self->due = due;
  return floe_tx_put_timer (tx, timer, error);
}

static gboolean
keep_timers (FloeChange *self, FloeTx *tx, FloeActions actions, gint64 now, GError **error)
{
  FloeDesktop *desktop = self->desktop;

  if ((actions & FLOE_ACTION_CANCEL_GRACE)
      && !floe_tx_delete_timer (tx, "grace", desktop->id, error))
    return FALSE;
  if ((actions & FLOE_ACTION_START_GRACE)
      && !floe_change_set_timer (self, tx, "grace",
                                 now + (gint64)desktop->grace_seconds * G_USEC_PER_SEC, error))
    return FALSE;
  if (actions & FLOE_ACTION_RETRY_LATER)
    {
      desktop->not_before = now + ((gint64)RETRY_AFTER << MIN (desktop->failures, MAX_DOUBLINGS));
      desktop->failures++;
      return floe_change_set_timer (self, tx, "retry", desktop->not_before, error);
    }
  return TRUE;
}

static gboolean
is_session (const FloeFacts *facts)
{
  return facts->console == FLOE_CONSOLE_CONNECTED || facts->console == FLOE_CONSOLE_LOST;
}

/* tell_end: of a session, which nobody decided, and so is in no audit trail; before its lease is
 * taken off the desktop */
static gboolean
tell_end (FloeTx *tx, const FloeDesktop *desktop, const FloeFacts *before, gint64 now,
          GError **error)
{
  const FloeLease *lease = desktop->lease;
  const FloeEnd *end = desktop->end;
  const gchar *why = NULL;

  if (lease == NULL || !is_session (before) || is_session (&desktop->facts))
    return TRUE;
  if (end != NULL && end->at >= lease->since)
    why = end->reason;
  return floe_webhook_tell (tx, "session-end", desktop->name, lease->holder_name, why, now, error);
}

static gboolean
end_lease (FloeChange *self, FloeTx *tx, const FloeFacts *before, GError **error)
{
  if (before->lease == self->desktop->facts.lease || before->lease == FLOE_LEASE_NONE)
    return TRUE;
  g_clear_pointer (&self->desktop->lease, floe_lease_free);
  return floe_tx_delete_tokens_of_desktop (tx, self->desktop->id, NULL, error);
}

static gboolean
take_step (FloeChange *self, FloeTx *tx, FloeEvent event, const FloeCause *cause, GError **error)
{
  FloeDesktop *desktop = self->desktop;
  FloeFacts before = desktop->facts;
  FloeActions actions;

  if (!floe_lifecycle_next (floe_desktop_get_nature (desktop), &before, event, &desktop->facts,
                            &actions, error))
    {
      g_prefix_error (error, "desktop %s: ", desktop->name);
      return FALSE;
    }
  note_end (desktop, &before, event, cause);
  note_times (desktop, &before, cause->now);
  if (desktop->facts.intent != before.intent)
    {
      g_free (desktop->intent_by);
      desktop->intent_by =
          g_strdup (cause->identity != NULL ? cause->identity->user->name : "broker");
    }
  if (cause->problem != NULL)
    {
      g_free (desktop->problem);
      desktop->problem = g_strdup (cause->problem);
    }
  else if (event == FLOE_EVENT_POWERED_ON && before.power != FLOE_POWER_ON)
    {
      g_clear_pointer (&desktop->problem, g_free);
      desktop->failures = 0;
    }
  self->actions = (self->actions & ~FLOE_ACTION_POWER_ON) | actions;
  self->changed |= memcmp (&before, &desktop->facts, sizeof before) != 0 || actions != 0;
  return tell_end (tx, desktop, &before, cause->now, error) && end_lease (self, tx, &before, error)
         && keep_timers (self, tx, actions, cause->now, error)
         && audit_intent (tx, desktop, &before, cause, event, error)
         && audit_taken (tx, desktop, &before, cause, event, error)
         && (!desktop->made || floe_made_note (tx, desktop, &before, event, cause, error))
         && floe_collect_follow (self, tx, &before, event, error)
         && floe_ends_follow (self, tx, &before, event, cause->now, error);
}

/**
 * floe_change_event:
 * @self: the change so far
 * @tx: the transaction
 * @event: what happened
 * @cause: why
 *
 * Runs an event through the lifecycle, and what follows from it at once: a guest without an agent
 * is ready when it runs, its holder's data disk goes in, and a dirty desktop that nobody has is
 * reset. Writes timers, tokens and audit; the desktop itself is written by floe_change_save().
 *
 * Returns: %FALSE with %FLOE_ERROR_CONFLICT when the event cannot happen, or with a store's error
 */
gboolean
floe_change_event (FloeChange *self, FloeTx *tx, FloeEvent event, const FloeCause *cause,
                   GError **error)
{
  const FloeCause own = { .now = cause->now };
  const FloeFacts *facts = &self->desktop->facts;
  gboolean wants_disk;

  if (self->request == NULL && cause->identity != NULL)
    self->request = g_strdup (cause->identity->caller->request);
  if (!take_step (self, tx, event, cause, error))
    return FALSE;
  if (event == FLOE_EVENT_POWERED_ON && !self->desktop->has_agent && self->desktop->prepared
      && facts->guest == FLOE_GUEST_BOOTING
      && !take_step (self, tx, FLOE_EVENT_GUEST_READY, &own, error))
    return FALSE;
  if (!floe_made_wants_disk (tx, self->desktop, &wants_disk, error)
      || (wants_disk && !take_step (self, tx, FLOE_EVENT_ATTACH_DUE, &own, error)))
    return FALSE;
  if (self->desktop->present
      && floe_lifecycle_wants_reset (floe_desktop_get_nature (self->desktop), facts)
      && self->desktop->refusal == NULL)
    return take_step (self, tx, FLOE_EVENT_RESET_DUE, &own, error);
  return TRUE;
}

/**
 * floe_change_save:
 *
 * Writes the desktop, and tells the other brokers: in this order, so that a place in the feed is
 * taken only once the transaction has locked what it changes.
 */
gboolean
floe_change_save (FloeChange *self, FloeTx *tx, GError **error)
{
  self->changed = TRUE;
  return floe_tx_put_desktop (tx, self->desktop, error)
         && floe_tx_put_feed (tx, "desktop", self->desktop->id, error);
}

/**
 * floe_change_one:
 *
 * Reads a desktop, runs one event, writes it back.
 *
 * Returns: (transfer full): the change, or %NULL
 */
FloeChange *
floe_change_one (FloeTx *tx, const gchar *desktop_id, FloeEvent event, const FloeCause *cause,
                 GError **error)
{
  FloeDesktop *desktop = floe_tx_get_desktop (tx, desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  if (!floe_change_event (change, tx, event, cause, error))
    return NULL;
  if (change->changed && !floe_change_save (change, tx, error))
    return NULL;
  return g_steal_pointer (&change);
}
