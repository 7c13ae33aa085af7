/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/clock.h"

#include <time.h>

G_DEFINE_INTERFACE (FloeClock, floe_clock, G_TYPE_OBJECT)

static void
floe_clock_default_init (FloeClockInterface *iface)
{
}

/**
 * floe_clock_now:
 * @self: a clock
 *
 * Returns: the time of day in microseconds since 1970 UTC; what rows and audit hold
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
};

static gint64
system_now (FloeClock *self)
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
}

/**
 * floe_system_clock_new:
 *
 * Returns: (transfer full): the machine's clocks and GLib's time-outs
 */
FloeClock *
floe_system_clock_new (void)
{
  return g_object_new (FLOE_TYPE_SYSTEM_CLOCK, NULL);
}
