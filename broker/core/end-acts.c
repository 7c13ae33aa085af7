/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/end-acts.h"

#include "core/error.h"

/* Longer than an agent may take; what was asked for is asked for again when nothing is known then,
 * because the broker ended meanwhile. */
#define ASK_AGAIN (300 * G_USEC_PER_SEC)

static FloeCause
cause_of (const FloeEndAct *end)
{
  return (FloeCause){ .now = end->now, .detail = end->detail, .end_reason = end->reason };
}

static gboolean
drop_timer (FloeTx *tx, const FloeChange *change, const gchar *kind, GError **error)
{
  return floe_tx_delete_timer (tx, kind, change->desktop->id, error);
}

static gboolean
run_and_save (FloeChange *change, FloeTx *tx, FloeEvent event, const FloeCause *cause,
              GError **error)
{
  return floe_change_event (change, tx, event, cause, error)
         && (!change->changed || floe_change_save (change, tx, error));
}

static gboolean
audit (FloeTx *tx, const FloeChange *change, const FloeEndAct *end, const gchar *action,
       const gchar *outcome, GError **error)
{
  const FloeCause cause = cause_of (end);
  g_autoptr (FloeAudit) row = floe_cause_audit (&cause, action, change->desktop->name, outcome);

  return floe_tx_put_audit (tx, row, error);
}

/* The acts. */

static gboolean
shut_down (FloeChange *change, FloeTx *tx, const FloeEndAct *end, GError **error)
{
  const FloeCause cause = cause_of (end);
  const FloeFacts *facts = &change->desktop->facts;

  if (facts->power != FLOE_POWER_ON)
    return TRUE;
  if (facts->intent == FLOE_INTENT_NONE)
    return run_and_save (change, tx, FLOE_EVENT_SHUT_DOWN_DUE, &cause, error);
  return end->timer == NULL
         || floe_change_set_timer (change, tx, end->timer, end->now + FLOE_END_LOOK_AGAIN, error);
}

/**
 * floe_end_act_release:
 *
 * Ends the lease, whatever the act is.
 */
gboolean
floe_end_act_release (FloeChange *change, FloeTx *tx, const FloeEndAct *end, GError **error)
{
  const FloeCause cause = cause_of (end);

  return audit (tx, change, end, "release", "done", error)
         && run_and_save (change, tx, FLOE_EVENT_RELEASE, &cause, error);
}

static gboolean
ask_agent (FloeChange *change, FloeTx *tx, const FloeEndAct *end, GError **error)
{
  FloeDesktop *desktop = change->desktop;
  gint64 due = end->now + ASK_AGAIN;

  if (desktop->facts.power != FLOE_POWER_ON)
    return TRUE;
  if (!desktop->has_agent && end->act == FLOE_ACT_LOG_OFF)
    return shut_down (change, tx, end, error);
  if (!desktop->has_agent)
    return audit (tx, change,
                  &(FloeEndAct){ .detail = "the guest has no agent to lock it", .now = end->now },
                  "lock", "failed", error);
  change->act = end->act;
  change->act_timer = end->timer;
  change->act_due = due;
  if (end->act == FLOE_ACT_LOG_OFF && end->reason != NULL)
    floe_desktop_set_end (desktop, end->reason, end->now, "broker", NULL);
  return audit (tx, change, end, floe_pool_act_name (end->act), "intent", error)
         && floe_change_set_timer (change, tx, end->timer, due, error)
         && floe_change_save (change, tx, error);
}

/* An engine's guest restarts with its VM running: nothing is taken from its holder. */
static gboolean
restart (FloeChange *change, FloeTx *tx, const FloeEndAct *end, GError **error)
{
  if (change->desktop->facts.power != FLOE_POWER_ON)
    return TRUE;
  change->act = end->act;
  change->act_timer = end->timer;
  change->act_due = end->now + ASK_AGAIN;
  return floe_change_find_request (change, tx, "desktop-restart", "done", error)
         && audit (tx, change, end, "restart", "intent", error)
         && floe_change_set_timer (change, tx, end->timer, change->act_due, error)
         && floe_change_save (change, tx, error);
}

/**
 * floe_end_act_run:
 * @change: what became of a desktop that is lent
 *
 * Does it, or notes it in @change for its guest's agent.
 */
gboolean
floe_end_act_run (FloeChange *change, FloeTx *tx, const FloeEndAct *end, GError **error)
{
  switch (end->act)
    {
    case FLOE_ACT_LOCK:
    case FLOE_ACT_LOG_OFF:
      return ask_agent (change, tx, end, error);
    case FLOE_ACT_RESTART:
      return restart (change, tx, end, error);
    case FLOE_ACT_SHUT_DOWN:
      return shut_down (change, tx, end, error);
    case FLOE_ACT_RESET:
      return floe_end_act_release (change, tx, end, error);
    default:
      return TRUE;
    }
}

/* Outcomes. */

void
floe_act_outcome_free (FloeActOutcome *self)
{
  g_free (self->desktop_id);
  g_free (self->timer);
  g_free (self->problem);
  g_free (self);
}

/**
 * floe_end_act_record_outcome:
 * @input: a #FloeActOutcome
 *
 * Notes what the agent answered. A guest that cannot be logged off is shut down, unless a reconnect
 * or a later heartbeat has cancelled the end meanwhile: then its timer's row is not the same any
 * more.
 *
 * Returns: (transfer full): the #FloeChange
 */
gpointer
floe_end_act_record_outcome (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeActOutcome *in = input;
  g_autoptr (FloeChange) change = floe_change_new (floe_tx_get_desktop (tx, in->desktop_id, error));
  const FloeEndAct end = { .detail = in->problem, .now = in->now };
  gboolean standing;
  gint64 due;

  if (change->desktop == NULL || !floe_tx_get_timer (tx, in->timer, in->desktop_id, &due, error))
    return NULL;
  standing = due == in->due;
  if (!audit (tx, change, &end, floe_pool_act_name (in->act),
              in->problem != NULL ? "failed" : "done", error))
    return NULL;
  if (standing && !drop_timer (tx, change, in->timer, error))
    return NULL;
  if (standing && in->problem != NULL && in->act == FLOE_ACT_LOG_OFF
      && change->desktop->facts.lease == FLOE_LEASE_HELD
      && !shut_down (
          change, tx,
          &(FloeEndAct){ .timer = in->timer, .detail = "logging off failed", .now = in->now },
          error))
    return NULL;
  return g_steal_pointer (&change);
}
