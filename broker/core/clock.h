/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeClock:
 *
 * The clock port. Everything that waits or dates goes through it, so that a test can hold the time
 * in its hand. Times are microseconds.
 *
 * @now goes on evenly whatever is done to the machine's calendar, which is @calendar; what that
 * says of a time is floe_date_of(). #FloeTimekeeper keeps the three together.
 */
#define FLOE_TYPE_CLOCK (floe_clock_get_type ())
G_DECLARE_INTERFACE (FloeClock, floe_clock, FLOE, CLOCK, GObject)

struct _FloeClockInterface
{
  GTypeInterface parent_iface;

  gint64 (*now) (FloeClock *self);
  gint64 (*elapsed) (FloeClock *self);
  gint64 (*calendar) (FloeClock *self);
  void (*set_base) (FloeClock *self, gint64 base);
  guint (*add_timeout) (FloeClock *self, gint64 delay, GSourceFunc func, gpointer data,
                        GDestroyNotify notify);
  void (*remove_timeout) (FloeClock *self, guint id);
};

gint64 floe_clock_now (FloeClock *self);
gint64 floe_clock_elapsed (FloeClock *self);
gint64 floe_clock_calendar (FloeClock *self);
void floe_clock_set_base (FloeClock *self, gint64 base);
guint floe_clock_add_timeout (FloeClock *self, gint64 delay, GSourceFunc func, gpointer data,
                              GDestroyNotify notify);
void floe_clock_remove_timeout (FloeClock *self, guint id);
void floe_clock_clear_timeout (FloeClock *self, guint *id);

#define FLOE_TYPE_SYSTEM_CLOCK (floe_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (FloeSystemClock, floe_system_clock, FLOE, SYSTEM_CLOCK, GObject)

FloeClock *floe_system_clock_new (void);

G_END_DECLS
