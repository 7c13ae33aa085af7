/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-day.h"

#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* engine-loop: what an engine of 3,000 VMs in ten pools is asked, and what that costs us. Time is
 * simulated; see tests/integration/engine-day.h. Prints one JSON object. */

#define POOLS       ENGINE_DAY_POOLS
#define VMS         300
#define FEW         10 /* of each pool, where only growth is looked at */
#define TEN_MINUTES 600
#define RUSH        120 /* of which the hour is thirty times as much */
#define POLLS       10000
#define ALLOCATIONS 50

static gdouble
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (gdouble)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (gdouble)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

/* All of it, ten pools once. */
static gdouble
measure_idle (EngineDay *day, gdouble *poll_cpu_ms)
{
  gdouble cpu = cpu_seconds ();
  guint polls = day->n_listed;

  engine_day_count_requests (day);
  engine_day_pass (day, TEN_MINUTES);
  *poll_cpu_ms = (cpu_seconds () - cpu) * 1000 / MAX (day->n_listed - polls, 1);
  return engine_day_count_requests (day) * 6.0;
}

/* One after the other, with the engine's own work taken off. */
static gdouble
measure_allocations (EngineDay *day)
{
  gdouble busy = engine_day_get_busy (day);
  gint64 begun = g_get_monotonic_time ();
  gdouble took;

  for (guint i = 0; i < ALLOCATIONS; i++)
    {
      engine_day_arrive (day);
      engine_day_settle (day);
    }
  took = (gdouble)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
  return (took - (engine_day_get_busy (day) - busy)) * 1000 / ALLOCATIONS;
}

/* At the pace of a thousand people in ten minutes, and half as many who leave again. */
static gdouble
measure_rush (EngineDay *day)
{
  engine_day_count_requests (day);
  for (guint i = 0; i < RUSH; i++)
    {
      for (guint j = 0; j < (i % 3 != 0 ? 2u : 1u); j++)
        engine_day_arrive (day);
      if (i % 6 != 0)
        engine_day_leave (day);
      engine_day_pass (day, 1);
    }
  return engine_day_count_requests (day) * 3600.0 / RUSH;
}

static gdouble
measure_growth (void)
{
  g_autoptr (EngineDay) day = engine_day_new (FEW);
  struct mallinfo2 before, after;

  engine_day_pass (day, 30 * 50); /* until nothing is new any more */
  malloc_trim (0);
  before = mallinfo2 ();
  engine_day_pass (day, 30 * POLLS / POOLS);
  malloc_trim (0);
  after = mallinfo2 ();
  return ((gdouble)after.uordblks - (gdouble)before.uordblks) / (1024 * 1024);
}

int
main (int argc, char **argv)
{
  g_autoptr (EngineDay) day = NULL;
  FILE *out;
  gdouble idle, rush, cpu, allocate, growth;

  out = fdopen (dup (STDOUT_FILENO), "w");
  if (out == NULL || freopen ("/dev/null", "w", stdout) == NULL)
    return 1;
  g_test_init (&argc, &argv, NULL); /* which writes to the output that there is then */
  day = engine_day_new (VMS);
  engine_day_pass (day, 60);
  idle = measure_idle (day, &cpu);
  allocate = measure_allocations (day);
  engine_day_pass (day, 180);
  rush = measure_rush (day);
  growth = measure_growth ();
  fprintf (out,
           "{\"idle\": %.0f, \"rush\": %.0f, \"poll_cpu_ms\": %.2f, \"allocate_ms\": %.2f, "
           "\"growth_mib\": %.3f, \"done\": %u, \"failed\": %u}\n",
           idle, rush, cpu, allocate, growth, day->n_given, day->n_refused);
  return fclose (out) == 0 ? 0 : 1;
}
