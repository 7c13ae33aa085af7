/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/ends.h"

#include <string.h>

#include "core/collect.h"
#include "core/end-acts.h"
#include "core/error.h"

/* Somebody who logged off and connects again within this keeps their desktop. */
#define AFTER_LOG_OFF (5 * G_USEC_PER_SEC)
/* A guest that was to be restarted and is off only after this is left off. */
#define RESTART_WITHIN (600 * G_USEC_PER_SEC)

static gint64
after (gint64 now, guint seconds)
{
  return now + (gint64)seconds * G_USEC_PER_SEC;
}

static gboolean
drop_timer (FloeTx *tx, const FloeChange *change, const gchar *kind, GError **error)
{
  return floe_tx_delete_timer (tx, kind, change->desktop->id, error);
}

/* Timers. */

static gboolean
end_grace (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeDesktop *desktop = change->desktop;
  const FloeEndAct end = { .timer = "grace",
                           .act = pool->on_disconnect,
                           .reason = pool->on_disconnect == FLOE_ACT_RESET ? "released" : NULL,
                           .detail = "nobody came back within the grace",
                           .now = now };

  if (desktop->facts.console == FLOE_CONSOLE_CONNECTED)
    return TRUE;
  /* A grace that is shorter must not take it from who waits for it. */
  if (floe_collect_is_on_its_way (desktop, now))
    return floe_change_set_timer (change, tx, "grace", now + FLOE_END_LOOK_AGAIN, error);
  /* The right to come back without a password lasts as long as the grace, whatever follows. */
  return floe_tx_delete_tokens_of_desktop (tx, desktop->id, NULL, error)
         && floe_end_act_run (change, tx, &end, error);
}

static gboolean
end_limit (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeEndAct end = { .timer = "limit",
                           .act = pool->on_limit,
                           .reason = "limit",
                           .detail = "the session lasted as long as its pool allows",
                           .now = now };

  return floe_end_act_run (change, tx, &end, error);
}

static gboolean
end_idle (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeEndAct end = { .timer = "idle",
                           .act = pool->on_idle,
                           .reason = "idle",
                           .detail = "nobody used it for as long as its pool allows",
                           .now = now };

  return change->desktop->facts.console != FLOE_CONSOLE_CONNECTED
         || floe_end_act_run (change, tx, &end, error);
}

static gboolean
end_log_off (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeEndAct end = { .timer = "log-off",
                           .act = pool->on_log_off,
                           .reason = "logged-off",
                           .detail = "its holder logged off in the guest",
                           .now = now };

  return change->desktop->facts.guest == FLOE_GUEST_LOGGED_IN
         || floe_end_act_run (change, tx, &end, error);
}

static gboolean
end_asked (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeEndAct end = { .timer = "asked-off",
                           .act = FLOE_ACT_LOG_OFF,
                           .reason = "admin",
                           .detail = "the staff asked for it",
                           .now = now };

  return floe_end_act_run (change, tx, &end, error);
}

/* is_overdue: the time that was left before its maintenance, or its pool's, is over */
static gboolean
is_overdue (FloeTx *tx, const FloeDesktop *desktop, gint64 now, gboolean *overdue, GError **error)
{
  g_autoptr (FloeMaintenance) own = NULL;
  g_autoptr (FloeMaintenance) of_pool = NULL;

  if (desktop->maintenance && !floe_tx_find_maintenance (tx, desktop->id, NULL, &own, error))
    return FALSE;
  if (!floe_tx_find_maintenance (tx, NULL, desktop->pool, &of_pool, error))
    return FALSE;
  *overdue = (own != NULL && floe_maintenance_is_over (own, now))
             || (of_pool != NULL && floe_maintenance_is_over (of_pool, now));
  return TRUE;
}

static gboolean
end_maintenance (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  gboolean floating = change->desktop->kind == FLOE_POOL_FLOATING;
  gboolean overdue;
  const FloeEndAct end = { .timer = "maintenance",
                           .act = floating ? FLOE_ACT_RESET : FLOE_ACT_SHUT_DOWN,
                           .reason = "drained",
                           .detail = "the desktop is in maintenance",
                           .now = now };

  if (!is_overdue (tx, change->desktop, now, &overdue, error))
    return FALSE;
  return !overdue || floe_end_act_run (change, tx, &end, error);
}

static gboolean
end_reboot (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeEndAct end = {
    .timer = "reboot", .act = FLOE_ACT_RESTART, .detail = "it was asked for", .now = now
  };

  return floe_end_act_run (change, tx, &end, error);
}

static gboolean
end_account (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeEndAct end = { .timer = "account",
                           .act = pool->on_account_end,
                           .reason = pool->on_account_end == FLOE_ACT_RESET ? "released" : NULL,
                           .detail = "its holder's account is gone or disabled",
                           .now = now };

  return floe_end_act_run (change, tx, &end, error);
}

/* Only as long as nobody knows what became of it. Its intent stays open until its host is back and
 * a reset was seen, so that nobody else gets it before. */
static gboolean
end_lost (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  const FloeEndAct end = { .act = FLOE_ACT_RESET,
                           .reason = "host-lost",
                           .detail = "its host did not come back in time",
                           .now = now };

  return change->desktop->kind != FLOE_POOL_FLOATING
         || floe_end_act_release (change, tx, &end, error);
}

static const struct
{
  const gchar *kind;
  gboolean on_lost; /* it is about a host that is lost; the others wait for it */
  gboolean (*run) (FloeChange *change, FloeTx *tx, const FloePool *pool, gint64 now,
                   GError **error);
} ends[] = {
  { "grace", FALSE, end_grace },     { "limit", FALSE, end_limit },
  { "idle", FALSE, end_idle },       { "log-off", FALSE, end_log_off },
  { "account", FALSE, end_account }, { "lost", TRUE, end_lost },
  { "asked-off", FALSE, end_asked }, { "maintenance", FALSE, end_maintenance },
  { "reboot", FALSE, end_reboot },
};

/**
 * floe_ends_run_timer:
 * @change: what became of the timer's desktop so far
 * @kind: of a timer that was due and is taken
 * @now: microseconds since 1970 UTC
 *
 * Does what the timer was set for; nothing when @kind is no end's, or when there is nothing left to
 * end.
 */
gboolean
floe_ends_run_timer (FloeChange *change, FloeTx *tx, const gchar *kind, gint64 now, GError **error)
{
  const FloeDesktop *desktop = change->desktop;
  gboolean is_lost = desktop->facts.power == FLOE_POWER_UNKNOWN;

  for (guint i = 0; desktop->facts.lease == FLOE_LEASE_HELD && i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (FloePool) pool = NULL;

      if (strcmp (ends[i].kind, kind) != 0)
        continue;
      if (ends[i].on_lost && !is_lost)
        return TRUE;
      /* Nobody knows whether somebody is there: the lease survives the host's absence. */
      if (!ends[i].on_lost && is_lost)
        return floe_change_set_timer (change, tx, kind, now + FLOE_END_LOOK_AGAIN, error);
      pool = floe_tx_get_pool (tx, desktop->pool, error);
      return pool != NULL && ends[i].run (change, tx, pool, now, error);
    }
  return TRUE;
}

/**
 * floe_ends_drain:
 * @change: what became of a desktop that is lent, on a host that must be emptied now
 * @detail: why, for the audit trail
 *
 * A floating desktop's lease ends; one that is kept is shut down, and stays its holder's.
 */
gboolean
floe_ends_drain (FloeChange *change, FloeTx *tx, const gchar *detail, gint64 now, GError **error)
{
  gboolean floating = change->desktop->kind == FLOE_POOL_FLOATING;
  const FloeEndAct end = { .act = floating ? FLOE_ACT_RESET : FLOE_ACT_SHUT_DOWN,
                           .reason = "drained",
                           .detail = detail,
                           .now = now };

  return floe_end_act_run (change, tx, &end, error);
}

/**
 * floe_ends_plan_account:
 * @change: a desktop whose holder's account is gone or disabled
 *
 * Its pool's act is due at once. It is a row of its own, since only the broker that leads may do
 * it, and because a host that is lost has to be waited for.
 */
gboolean
floe_ends_plan_account (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, change->desktop->pool, error);

  if (pool == NULL)
    return FALSE;
  return pool->on_account_end == FLOE_ACT_KEEP
         || (floe_change_set_timer (change, tx, "account", now, error)
             && floe_change_save (change, tx, error));
}

/**
 * floe_ends_plan_log_off:
 * @change: a desktop that is lent and runs
 *
 * Whoever is logged in to its guest is logged off, at once. A row of its own, for the same reasons.
 */
gboolean
floe_ends_plan_log_off (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  return floe_change_set_timer (change, tx, "asked-off", now, error);
}

/**
 * floe_ends_plan_reboot:
 * @change: a desktop of an engine that is lent and runs
 *
 * Its guest is restarted at once. A row of its own, for the same reasons.
 */
gboolean
floe_ends_plan_reboot (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  return floe_change_set_timer (change, tx, "reboot", now, error);
}

/**
 * floe_ends_plan_restart:
 * @change: a desktop whose guest is being shut down
 *
 * It is started again as soon as it is off.
 */
gboolean
floe_ends_plan_restart (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  return floe_change_set_timer (change, tx, "restart", now + RESTART_WITHIN, error);
}

/* What events plan and cancel. */

static gboolean
restart (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  const FloeCause cause = { .now = now, .detail = "restarted" };
  const FloeFacts *facts = &change->desktop->facts;
  FloeEvent event = facts->lease == FLOE_LEASE_HELD ? FLOE_EVENT_CONNECT : FLOE_EVENT_START_DUE;
  gint64 due;

  if (!floe_tx_get_timer (tx, "restart", change->desktop->id, &due, error))
    return FALSE;
  if (due == 0)
    return TRUE;
  if (!drop_timer (tx, change, "restart", error))
    return FALSE;
  /* One that is to be reset first, or that is broken, is its pool's business again. */
  return floe_lifecycle_find_row (floe_desktop_get_nature (change->desktop), facts, event) < 0
         || floe_change_event (change, tx, event, &cause, error);
}

/* A reconnect is the same session: its limit goes on. */
static gboolean
begin_limit (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  g_autoptr (FloePool) pool = NULL;
  gint64 due;

  if (!floe_tx_get_timer (tx, "limit", change->desktop->id, &due, error))
    return FALSE;
  if (due != 0)
    return TRUE;
  pool = floe_tx_get_pool (tx, change->desktop->pool, error);
  if (pool == NULL)
    return FALSE;
  if (pool->limit_seconds == 0 || pool->on_limit == FLOE_ACT_KEEP)
    return TRUE;
  return floe_change_set_timer (change, tx, "limit", after (now, pool->limit_seconds), error);
}

static gboolean
note_logged_off (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, change->desktop->pool, error);

  if (pool == NULL || !drop_timer (tx, change, "limit", error))
    return FALSE;
  /* Whoever logs in next at the same console begins a session of their own. */
  if (change->desktop->facts.console == FLOE_CONSOLE_CONNECTED
      && !begin_limit (change, tx, now, error))
    return FALSE;
  return pool->on_log_off == FLOE_ACT_KEEP
         || floe_change_set_timer (change, tx, "log-off", now + AFTER_LOG_OFF, error);
}

static gboolean
note_lost (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  g_autoptr (FloePool) pool = NULL;

  /* What an engine does not tell goes on: it is the VM's host that would have to be lost. */
  if (change->desktop->kind != FLOE_POOL_FLOATING || change->desktop->engine)
    return TRUE;
  pool = floe_tx_get_pool (tx, change->desktop->pool, error);
  return pool != NULL
         && floe_change_set_timer (change, tx, "lost", after (now, pool->host_loss_seconds), error);
}

static gboolean
note_shut_down (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  g_autoptr (FloePool) pool = NULL;
  const FloeEndAct end = { .act = FLOE_ACT_RESET, .detail = "shut down in the guest", .now = now };

  if (change->desktop->engine) /* which has taken it back already */
    return TRUE;
  pool = floe_tx_get_pool (tx, change->desktop->pool, error);
  if (pool == NULL)
    return FALSE;
  return pool->on_shut_down != FLOE_ACT_RESET || floe_end_act_release (change, tx, &end, error);
}

static gboolean
end_session (FloeChange *change, FloeTx *tx, GError **error)
{
  return drop_timer (tx, change, "limit", error) && drop_timer (tx, change, "idle", error)
         && drop_timer (tx, change, "log-off", error)
         && drop_timer (tx, change, "asked-off", error);
}

static gboolean
is_down (FloePower power)
{
  return power == FLOE_POWER_OFF || power == FLOE_POWER_CRASHED;
}

static gboolean
follow_power (FloeChange *change, FloeTx *tx, const FloeFacts *before, FloeEvent event, gint64 now,
              GError **error)
{
  FloePower power = change->desktop->facts.power;

  if (power == before->power)
    return TRUE;
  if (power == FLOE_POWER_UNKNOWN)
    return note_lost (change, tx, now, error);
  if (before->power == FLOE_POWER_UNKNOWN && !drop_timer (tx, change, "lost", error))
    return FALSE;
  if (is_down (power) && !end_session (change, tx, error))
    return FALSE;
  /* Not what a lost host did while nobody looked: that was no wish of its holder's. */
  return event != FLOE_EVENT_POWERED_OFF || before->power != FLOE_POWER_ON
         || before->intent != FLOE_INTENT_NONE || note_shut_down (change, tx, now, error);
}

/* What could not be shut down when its time was over is tried again; hosts are looked at again
 * anyway. */
static gboolean
try_maintenance_again (FloeChange *change, FloeTx *tx, gint64 now, GError **error)
{
  gboolean overdue;

  if (!is_overdue (tx, change->desktop, now, &overdue, error))
    return FALSE;
  return !overdue
         || floe_change_set_timer (change, tx, "maintenance", now + FLOE_END_LOOK_AGAIN, error);
}

static gboolean
follow_session (FloeChange *change, FloeTx *tx, const FloeFacts *before, FloeEvent event,
                gint64 now, GError **error)
{
  switch (event)
    {
    case FLOE_EVENT_CONSOLE_CONNECTED:
      return drop_timer (tx, change, "log-off", error) && begin_limit (change, tx, now, error);
    case FLOE_EVENT_CONSOLE_ENDED:
      return drop_timer (tx, change, "idle", error);
    case FLOE_EVENT_CONNECT:
    case FLOE_EVENT_TICKET_SET:
    case FLOE_EVENT_GUEST_LOGGED_IN:
      return drop_timer (tx, change, "log-off", error);
    case FLOE_EVENT_STOP_FAILED:
      return try_maintenance_again (change, tx, now, error);
    case FLOE_EVENT_GUEST_LOGGED_OFF:
      return before->guest != FLOE_GUEST_LOGGED_IN || note_logged_off (change, tx, now, error);
    default:
      return TRUE;
    }
}

/**
 * floe_ends_follow:
 * @change: a desktop after an event
 * @before: its facts as they were
 * @event: what happened
 * @now: microseconds since 1970 UTC
 *
 * Plans and cancels ends as the desktop's pool wants it, in the event's own transaction.
 */
gboolean
floe_ends_follow (FloeChange *change, FloeTx *tx, const FloeFacts *before, FloeEvent event,
                  gint64 now, GError **error)
{
  const FloeFacts *facts = &change->desktop->facts;
  gboolean went_down = !is_down (before->power) && is_down (facts->power);

  if (facts->lease == FLOE_LEASE_HELD)
    {
      if (!follow_session (change, tx, before, event, now, error)
          || !follow_power (change, tx, before, event, now, error))
        return FALSE;
    }
  else if (before->lease == FLOE_LEASE_HELD
           && (!end_session (change, tx, error) || !drop_timer (tx, change, "account", error)
               || !drop_timer (tx, change, "lost", error)))
    return FALSE;
  return !went_down || restart (change, tx, now, error);
}
