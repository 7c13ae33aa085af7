/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/clock.h"

#include <stdatomic.h>
#include <time.h>

G_DEFINE_INTERFACE (FloeClock, floe_clock, G_TYPE_OBJECT)

/* By default its calendar is its time, and goes on by itself. */

static gint64
default_calendar (FloeClock *self)
{
  return floe_clock_now (self);
}

static void
default_set_base (FloeClock *self, gint64 base)
{
}

static void
floe_clock_default_init (FloeClockInterface *iface)
{
  iface->calendar = default_calendar;
  iface->set_base = default_set_base;
}

/**
 * floe_clock_now:
 * @self: a clock
 *
 * What rows hold. Nobody can set it: an hour between two of these was an hour. May be called on any
 * thread.
 *
 * Returns: the time in microseconds, about since 1970 UTC; floe_date_of() tells the date
 */
gint64
floe_clock_now (FloeClock *self)
{
  return FLOE_CLOCK_GET_IFACE (self)->now (self);
}

/**
 * floe_clock_elapsed:
 * @self: a clock
 *
 * Returns: microseconds that nobody can set back, suspended time included (CLOCK_BOOTTIME)
 */
gint64
floe_clock_elapsed (FloeClock *self)
{
  return FLOE_CLOCK_GET_IFACE (self)->elapsed (self);
}

/**
 * floe_clock_calendar:
 * @self: a clock
 *
 * Returns: what the machine's calendar says, in microseconds since 1970 UTC; anybody can set it
 */
gint64
floe_clock_calendar (FloeClock *self)
{
  return FLOE_CLOCK_GET_IFACE (self)->calendar (self);
}

/**
 * floe_clock_set_base:
 * @self: a clock
 * @base: what floe_clock_now() is ahead of floe_clock_elapsed() from now on
 */
void
floe_clock_set_base (FloeClock *self, gint64 base)
{
  FLOE_CLOCK_GET_IFACE (self)->set_base (self, base);
}

/**
 * floe_clock_add_timeout:
 * @self: a clock
 * @delay: microseconds from now; 0 or less means the next turn of the main loop
 * @func: called on the main thread; again after @delay while it returns %G_SOURCE_CONTINUE
 * @data: for @func
 * @notify: (nullable): frees @data
 *
 * Returns: an id for floe_clock_remove_timeout(), never 0
 */
guint
floe_clock_add_timeout (FloeClock *self, gint64 delay, GSourceFunc func, gpointer data,
                        GDestroyNotify notify)
{
  return FLOE_CLOCK_GET_IFACE (self)->add_timeout (self, MAX (delay, 0), func, data, notify);
}

void
floe_clock_remove_timeout (FloeClock *self, guint id)
{
  FLOE_CLOCK_GET_IFACE (self)->remove_timeout (self, id);
}

/**
 * floe_clock_clear_timeout:
 * @self: a clock
 * @id: (inout): a time-out or 0; 0 afterwards
 */
void
floe_clock_clear_timeout (FloeClock *self, guint *id)
{
  if (*id != 0)
    floe_clock_remove_timeout (self, *id);
  *id = 0;
}

struct _FloeSystemClock
{
  GObject parent_instance;

  _Atomic gint64 base;
};

static gint64
system_calendar (FloeClock *self)
{
  return g_get_real_time ();
}

static gint64
system_elapsed (FloeClock *self)
{
  struct timespec t;

  clock_gettime (CLOCK_BOOTTIME, &t);
  return (gint64)t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

static void
system_set_base (FloeClock *clock, gint64 base)
{
  FloeSystemClock *self = FLOE_SYSTEM_CLOCK (clock);

  atomic_store_explicit (&self->base, base, memory_order_relaxed);
}

static gint64
system_now (FloeClock *clock)
{
  FloeSystemClock *self = FLOE_SYSTEM_CLOCK (clock);

  return system_elapsed (clock) + atomic_load_explicit (&self->base, memory_order_relaxed);
}

static guint
system_add_timeout (FloeClock *self, gint64 delay, GSourceFunc func, gpointer data,
                    GDestroyNotify notify)
{
  guint ms = (guint)MIN ((delay + 999) / 1000, G_MAXINT);

  return g_timeout_add_full (G_PRIORITY_DEFAULT, ms, func, data, notify);
}

static void
system_remove_timeout (FloeClock *self, guint id)
{
  g_source_remove (id);
}

static void
system_clock_iface_init (FloeClockInterface *iface)
{
  iface->now = system_now;
  iface->elapsed = system_elapsed;
  iface->calendar = system_calendar;
  iface->set_base = system_set_base;
  iface->add_timeout = system_add_timeout;
  iface->remove_timeout = system_remove_timeout;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeSystemClock, floe_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_CLOCK, system_clock_iface_init))

static void
floe_system_clock_class_init (FloeSystemClockClass *klass)
{
}

static void
floe_system_clock_init (FloeSystemClock *self)
{
  FloeClock *clock = FLOE_CLOCK (self);

  self->base = system_calendar (clock) - system_elapsed (clock);
}

/**
 * floe_system_clock_new:
 *
 * Its time begins as the calendar says.
 *
 * Returns: (transfer full): the machine's clocks and GLib's time-outs
 */
FloeClock *
floe_system_clock_new (void)
{
  return g_object_new (FLOE_TYPE_SYSTEM_CLOCK, NULL);
}
