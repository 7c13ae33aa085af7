/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

/* A clock that moves from one event to the next, and knows nothing between them. Events of the same
 * moment come in the order in which they were asked for. */
#define SIM_TYPE_CLOCK (sim_clock_get_type ())
G_DECLARE_FINAL_TYPE (SimClock, sim_clock, SIM, CLOCK, GObject)
SimClock *sim_clock_new (void);
guint sim_clock_add (SimClock *self, gint64 delay, GSourceFunc func, gpointer data,
                     GDestroyNotify notify);
void sim_clock_forget (SimClock *self); /* all that was not asked for by sim_clock_add() */
gboolean sim_clock_step (SimClock *self);
void sim_clock_sleep (SimClock *self, gint64 microseconds); /* nothing runs meanwhile */

G_END_DECLS
