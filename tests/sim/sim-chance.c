/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/random.h>

#include "sim.h"

/*
 * What is random or different in each run, made repeatable: these stand in for the functions of the
 * same name that the broker's static libraries call. Token hashes and request ids order rows and
 * tables, and a pass over a pool that the machine interrupts puts off the next one.
 */

static guint64 state = 1;
static SimClock *time_source;

static guint64
next (guint64 *dice)
{
  guint64 z = (*dice += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)); /* SplitMix64 */

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void
sim_chance_set_seed (guint64 seed)
{
  state = ~seed;
}

void
sim_chance_set_clock (SimClock *clock)
{
  time_source = clock;
}

ssize_t
getrandom (void *buffer, size_t length, unsigned int flags)
{
  guint8 *out = buffer;

  for (size_t i = 0; i < length; i++)
    out[i] = (guint8)next (&state);
  return (ssize_t)length;
}

gchar *
g_uuid_string_random (void)
{
  guint64 a = next (&state);
  guint64 b = next (&state);

  return g_strdup_printf ("%08x-%04x-4%03x-a%03x-%012" G_GINT64_MODIFIER "x", (guint)(a >> 32),
                          (guint)(a >> 16) & 0xffff, (guint)a & 0xfff, (guint)(b >> 52),
                          b & G_GUINT64_CONSTANT (0xffffffffffff));
}

gint64
g_get_monotonic_time (void)
{
  return time_source != NULL ? floe_clock_elapsed (FLOE_CLOCK (time_source)) : 0;
}

/* Dice. */

guint
sim_below (Sim *sim, guint n)
{
  return n > 1 ? (guint)(next (&sim->dice) % n) : 0;
}

gboolean
sim_chance (Sim *sim, guint per_mille)
{
  return sim_below (sim, 1000) < per_mille;
}

gint64
sim_between (Sim *sim, gint64 from, gint64 to)
{
  return from + (gint64)(next (&sim->dice) % (guint64)MAX (to - from, 1));
}

/* Time. */

gint64
sim_elapsed_now (Sim *sim)
{
  return floe_clock_elapsed (FLOE_CLOCK (sim->clock));
}

gint64
sim_time (Sim *sim)
{
  return floe_clock_now (FLOE_CLOCK (sim->clock));
}

guint
sim_minute_of_day (Sim *sim)
{
  return (guint)(sim_elapsed_now (sim) % DAY / MINUTE);
}

/* The simulation begins on a Monday, 1970 on a Thursday. */
gboolean
sim_is_workday (Sim *sim)
{
  return (sim_elapsed_now (sim) / DAY + 3) % 7 < 5;
}

guint
sim_at (Sim *sim, gint64 delay, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  return sim_clock_add (sim->clock, delay, func, data, notify);
}

/* What is told when something is wrong. */

static void G_GNUC_PRINTF (2, 0) write_event (Sim *sim, const gchar *format, va_list args)
{
  gchar *line = sim->events[sim->n_events++ % N_EVENTS];
  gint64 now = sim_elapsed_now (sim);
  gint n = g_snprintf (line, EVENT_LENGTH, "day %u %02u:%02u:%02u.%03u ", sim->days,
                       (guint)(now % DAY / HOUR), (guint)(now % HOUR / MINUTE),
                       (guint)(now % MINUTE / SECOND), (guint)(now % SECOND / 1000));

  g_vsnprintf (line + n, EVENT_LENGTH - (gulong)n, format, args);
  if (sim->trace)
    g_print ("%s\n", line);
}

/* An operation. */
void
sim_note (Sim *sim, const gchar *format, ...)
{
  va_list args;

  sim->operations++;
  va_start (args, format);
  write_event (sim, format, args);
  va_end (args);
}

/* What came of one. */
void
sim_say (Sim *sim, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  write_event (sim, format, args);
  va_end (args);
}

void
sim_violation (Sim *sim, const gchar *rule, const gchar *format, ...)
{
  va_list args;
  g_autofree gchar *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  sim->violations++;
  if (sim->violations > 20)
    return; /* the first ones tell it all */
  g_print ("VIOLATION of %s at operation %" G_GUINT64_FORMAT ", day %u: %s\n", rule,
           sim->operations, sim->days, text);
  for (guint i = sim->trace                 ? sim->n_events
                 : sim->n_events > N_EVENTS ? sim->n_events - N_EVENTS
                                            : 0;
       i < sim->n_events; i++)
    g_print ("  %s\n", sim->events[i % N_EVENTS]);
}
