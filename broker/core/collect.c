/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/collect.h"

#define KIND "collect"
/* What cannot be given back now is looked at again after this. */
#define LOOK_AGAIN (60 * G_USEC_PER_SEC)
/* How long its holder has at least to come after their desktop was got ready for them. */
#define TIME_TO_COME (60 * G_USEC_PER_SEC)

/**
 * floe_collect_plan:
 * @change: a desktop that was claimed for somebody who does not know it yet
 * @until: when they must have come for it, microseconds since 1970 UTC
 */
gboolean
floe_collect_plan (FloeChange *change, FloeTx *tx, gint64 until, GError **error)
{
  return floe_change_set_timer (change, tx, KIND, until, error);
}

/**
 * floe_collect_follow:
 * @change: a desktop after an event
 * @before: its facts as they were
 * @event: what happened
 *
 * Whoever has a ticket, or is logged in to its guest by another way, has come; and the next lease
 * begins without what was planned for this one.
 */
gboolean
floe_collect_follow (FloeChange *change, FloeTx *tx, const FloeFacts *before, FloeEvent event,
                     GError **error)
{
  const FloeFacts *facts = &change->desktop->facts;
  gboolean ended = before->lease == FLOE_LEASE_HELD && facts->lease == FLOE_LEASE_NONE;
  gboolean seen = facts->lease == FLOE_LEASE_HELD
                  && (event == FLOE_EVENT_TICKET_SET
                      || (event == FLOE_EVENT_GUEST_LOGGED_IN && before->guest != facts->guest));

  return (!ended && !seen) || floe_tx_delete_timer (tx, KIND, change->desktop->id, error);
}

/**
 * floe_collect_is_on_its_way:
 * @desktop: one that somebody has
 * @now: microseconds since 1970 UTC
 *
 * Returns: whether it is being started, or its guest is waited for, or was until just now, so that
 *   its holder cannot have come yet
 */
gboolean
floe_collect_is_on_its_way (const FloeDesktop *desktop, gint64 now)
{
  gint64 ready = desktop->times[0] + (gint64)desktop->ready_seconds * G_USEC_PER_SEC;

  return desktop->facts.intent == FLOE_INTENT_START
         || (desktop->facts.power == FLOE_POWER_ON && now < ready + TIME_TO_COME);
}

/* One that is kept stays as it is, and can be had by the next one at once. */
static gboolean
give_back (FloeChange *change, FloeTx *tx, FloeEvent event, gint64 now, GError **error)
{
  const FloeCause cause = { .now = now,
                            .detail = "nobody came for it from the line",
                            .end_reason = "released" };
  g_autoptr (FloeAudit) row = floe_cause_audit (&cause, "release", change->desktop->name, "done");

  return floe_tx_put_audit (tx, row, error) && floe_change_event (change, tx, event, &cause, error)
         && floe_change_save (change, tx, error);
}

/**
 * floe_collect_end:
 * @change: the desktop of a timer that was due and is taken
 * @now: microseconds since 1970 UTC
 */
gboolean
floe_collect_end (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  const FloeDesktop *desktop = change->desktop;
  FloeNature nature = floe_desktop_get_nature (desktop);
  FloeEvent event = nature == FLOE_NATURE_KEPT ? FLOE_EVENT_NOT_COLLECTED : FLOE_EVENT_RELEASE;

  if (desktop->facts.lease != FLOE_LEASE_HELD)
    return TRUE;
  /* While its host is lost nobody can come; and what is under way is let come to its end. */
  if (desktop->facts.power == FLOE_POWER_UNKNOWN || floe_collect_is_on_its_way (desktop, now)
      || floe_lifecycle_find_row (nature, &desktop->facts, event) < 0)
    return floe_change_set_timer (change, tx, KIND, now + LOOK_AGAIN, error);
  return give_back (change, tx, event, now, error);
}
