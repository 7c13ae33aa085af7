/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeKeptTime:
 * @is_known: that anything is kept
 * @has_base: that this machine is still up in which @base was kept
 * @base: what this broker's time is ahead of floe_clock_elapsed()
 * @ahead: by how much the calendar is ahead of the time, see floe_date_of()
 * @seen: the time, not long ago
 *
 * How time goes on, whatever the calendar says, when the broker is started again or another one
 * joins in. The calendar is that of the store, where it has one, and else the machine's. All in
 * microseconds.
 */
typedef struct
{
  gboolean is_known;
  gboolean has_base;
  gint64 base;
  gint64 ahead;
  gint64 seen;
} FloeKeptTime;

/**
 * FloeTimeLook:
 * @elapsed: floe_clock_elapsed() at that moment
 * @date: what the calendar said then
 * @doubt: or so much earlier or later
 *
 * A look at two clocks at once.
 */
typedef struct
{
  gint64 elapsed;
  gint64 date;
  gint64 doubt;
} FloeTimeLook;

typedef enum
{
  FLOE_CALENDAR_AS_KEPT,
  FLOE_CALENDAR_SET,  /* somebody set it: the time goes on, and the calendar follows */
  FLOE_CALENDAR_OTHER /* it is as kept by who leads, and this broker's time is not */
} FloeCalendar;

void floe_kept_time_begin (FloeKeptTime *self, const FloeTimeLook *look);
FloeCalendar floe_kept_time_compare (FloeKeptTime *self, gint64 base, const FloeTimeLook *look,
                                     gboolean leads);

G_END_DECLS
