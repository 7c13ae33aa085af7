/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/date.h"

#include <stdatomic.h>

/* There is one calendar in a process, as there is one time zone. */
static _Atomic gint64 calendar_ahead;

/* And the machine's own, which is another one where the calendar is a database's. */
static _Atomic gint64 machine_ahead;

/* For ever is as long by any clock. */
static gint64
shift (gint64 from, gint64 by)
{
  gint64 to;

  if (from == G_MAXINT64 || __builtin_add_overflow (from, by, &to))
    return from < 0 ? G_MININT64 : G_MAXINT64;
  return to;
}

/**
 * floe_date_of:
 * @time: by floe_clock_now()
 *
 * What the calendar says of a time. The two are alike until somebody sets the clock: time goes on
 * then as if nobody had, and what waits, ends or is measured is told by it; the calendar follows,
 * and what people read, the trail, codes (TOTP), schedules and other programs go by that. May be
 * called on any thread.
 *
 * Returns: microseconds since 1970 UTC
 */
gint64
floe_date_of (gint64 time)
{
  return shift (time, floe_date_get_ahead ());
}

/**
 * floe_date_get_time:
 * @date: microseconds since 1970 UTC, by the calendar; %G_MAXINT64 for never
 *
 * Returns: the time, by floe_clock_now(), of which the calendar says so
 */
gint64
floe_date_get_time (gint64 date)
{
  return shift (date, -floe_date_get_ahead ());
}

/**
 * floe_date_get_ahead:
 *
 * Returns: by how much the calendar is ahead of the time, microseconds
 */
gint64
floe_date_get_ahead (void)
{
  return atomic_load_explicit (&calendar_ahead, memory_order_relaxed);
}

void
floe_date_set_ahead (gint64 ahead)
{
  atomic_store_explicit (&calendar_ahead, ahead, memory_order_relaxed);
}

/**
 * floe_date_of_machine:
 * @time: by floe_clock_now()
 *
 * What this machine's own calendar says of it, for those that judge by theirs and know of no
 * database: a display's host.
 *
 * Returns: microseconds since 1970 UTC
 */
gint64
floe_date_of_machine (gint64 time)
{
  return shift (time, atomic_load_explicit (&machine_ahead, memory_order_relaxed));
}

void
floe_date_set_machine_ahead (gint64 ahead)
{
  atomic_store_explicit (&machine_ahead, ahead, memory_order_relaxed);
}
