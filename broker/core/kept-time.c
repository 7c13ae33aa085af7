/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/kept-time.h"

/* What clocks are apart without that anybody set one. */
#define APART (2 * G_USEC_PER_SEC)
/* And what is not worth following: an answer of a server takes some time itself. */
#define NEAR (100 * G_TIME_SPAN_MILLISECOND)

static gboolean
is_more_than (gint64 difference, gint64 limit)
{
  return ABS (difference) > limit;
}

/* While the machine was off nothing but the calendar counted. One that begins anew each time, for
 * want of a battery, does not take the time back. */
static void
go_on_by_date (FloeKeptTime *self, const FloeTimeLook *look)
{
  gint64 time = look->date - self->ahead;

  if (time < self->seen - APART)
    {
      time = self->seen;
      self->ahead = look->date - time;
    }
  self->base = time - look->elapsed;
}

/**
 * floe_kept_time_begin:
 * @self: what was kept last; then what it is now
 * @look: at the clocks
 *
 * How the time goes on when a broker begins: evenly if its machine is still up in which it was
 * kept; else by the calendar.
 */
void
floe_kept_time_begin (FloeKeptTime *self, const FloeTimeLook *look)
{
  gint64 off = look->date - self->ahead - look->elapsed - self->base;

  if (!self->is_known)
    self->base = look->date - look->elapsed;
  else if (!self->has_base)
    go_on_by_date (self, look);
  else if (is_more_than (off, APART))
    self->ahead += off;
  self->is_known = self->has_base = TRUE;
  self->seen = look->elapsed + self->base;
}

/**
 * floe_kept_time_compare:
 * @self: what is kept; then what is to be
 * @base: of the time of this broker
 * @look: at the clocks
 * @leads: whether this broker is who says that the calendar was set
 *
 * Clocks that run apart by themselves are followed: a broker's time stays with the calendar.
 *
 * Returns: what it is; @self is to be kept in the store only if this broker leads
 */
FloeCalendar
floe_kept_time_compare (FloeKeptTime *self, gint64 base, const FloeTimeLook *look, gboolean leads)
{
  gint64 off = look->date - self->ahead - look->elapsed - base;
  FloeCalendar verdict = FLOE_CALENDAR_AS_KEPT;

  self->base = base;
  if (is_more_than (off, APART) && leads)
    {
      self->ahead += off;
      verdict = FLOE_CALENDAR_SET;
    }
  else if (is_more_than (off, APART))
    verdict = FLOE_CALENDAR_OTHER;
  if (verdict == FLOE_CALENDAR_OTHER
      || (verdict != FLOE_CALENDAR_SET && is_more_than (off, NEAR + look->doubt)))
    self->base += off;
  self->seen = look->elapsed + self->base;
  return verdict;
}
