/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim-book.h"
#include "sim-trouble.h"

/*
 * sim [--seed N] [--operations N] [--days N] [--quiet] [--trace]
 *
 * Plays a company on the broker's core, with everything that may go wrong, and checks the rules of
 * the design on the way. An operation is a transaction, a call to a host, its answer, something
 * that a host tells, or something that a person does. Prints a line for each week, and a JSON
 * object at the end. Exit status: 0 when no rule was broken, 1 otherwise, 2 for wrong use.
 */

#define TOO_MANY 20

static gchar *seed_text;
static gint64 most_operations = G_MAXINT64;
static gint most_days = G_MAXINT;
static gboolean quiet, trace;

static const GOptionEntry options[] = {
  { "seed", 's', 0, G_OPTION_ARG_STRING, &seed_text, "Repeats a run", "N" },
  { "operations", 'o', 0, G_OPTION_ARG_INT64, &most_operations, "Ends after so many", "N" },
  { "days", 'd', 0, G_OPTION_ARG_INT, &most_days, "Ends after so many days", "N" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Prints only what is wrong, and the end", NULL },
  { "trace", 't', 0, G_OPTION_ARG_NONE, &trace, "Prints each event", NULL },
  { NULL },
};

/* A warning that a healthy broker has no reason for is a violation, too. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  Sim *sim = data;
  const gchar *message = "";

  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      message = fields[i].value;
  sim_secrets_check (sim, message);
  if ((level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR)) != 0)
    sim_violation (sim, "the log", "%s", message);
  else if ((level & G_LOG_LEVEL_WARNING) != 0 && !sim->doomed
           && !g_pattern_match_simple ("host * is lost: *", message))
    sim_violation (sim, "the log", "%s", message);
  if ((level & G_LOG_LEVEL_ERROR) != 0)
    abort ();
  return G_LOG_WRITER_HANDLED;
}

static gboolean
quiet_due (gpointer data)
{
  sim_check_quiet (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
restart_due (gpointer data)
{
  Sim *sim = data;

  sim_broker_start (sim);
  if (sim_chance (sim, 300)) /* killed again while it recovers */
    sim->doom.commits = 1 + sim_below (sim, 12);
  return G_SOURCE_REMOVE;
}

static gboolean
day_due (gpointer data)
{
  Sim *sim = data;

  sim->days++;
  sim_store_prune (sim->store_keeper);
  if (sim->life != 0)
    sim_book_compare (sim->book);
  sim_people_begin_day (sim->people);
  return G_SOURCE_CONTINUE;
}

/* Most nights the machine that everything runs on is put to sleep, the world with it. */
static gboolean
evening_due (gpointer data)
{
  Sim *sim = data;

  if (sim_chance (sim, 800))
    {
      sim_note (sim, "everything sleeps until the morning");
      sim_clock_sleep (sim->clock, 7 * HOUR - sim_between (sim, 0, HOUR));
      sim->trouble->last_jump = sim_elapsed_now (sim);
      /* Nobody could mend anything meanwhile: what is wrong has all of its time again. */
      g_hash_table_remove_all (sim->book->wrong_since);
    }
  sim_at (sim, DAY - (sim_elapsed_now (sim) - 22 * HOUR) % DAY, evening_due, sim, NULL);
  return G_SOURCE_REMOVE;
}

static void
set_up (Sim *sim)
{
  sim->dice = sim->seed;
  sim_chance_set_seed (sim->seed);
  sim->clock = sim_clock_new ();
  sim_chance_set_clock (sim->clock);
  sim->directory = fake_directory_new ();
  sim->book = sim_book_new (sim);
  sim->store_keeper = sim_store_new (sim);
  sim->world = sim_world_new (sim);
  sim->people = sim_people_new (sim);
  sim->trouble = sim_trouble_new (sim);
  sim_broker_start (sim);
  sim_desk_set_up (sim);
  sim_settle (sim);
  sim_desk_new (sim);
  sim_people_begin_day (sim->people);
  sim_at (sim, 2 * MINUTE, quiet_due, sim, NULL);
  sim_at (sim, DAY, day_due, sim, NULL);
  sim_at (sim, 22 * HOUR, evening_due, sim, NULL);
}

static void
tear_down (Sim *sim)
{
  sim_broker_kill (sim);
  sim_manager_forget (sim->world);
  g_object_unref (sim->directory);
  sim_chance_set_clock (NULL);
  g_object_unref (sim->clock);
  sim_people_free (sim->people);
  sim_trouble_free (sim->trouble);
  sim_world_free (sim->world);
  sim_store_free (sim->store_keeper);
  sim_book_free (sim->book);
}

static void
tell_phase (Sim *sim, GTimer *timer)
{
  if (quiet)
    return;
  g_print ("day %u: %" G_GUINT64_FORMAT " operations, %.0f a second; %" G_GUINT64_FORMAT
           " connections, %" G_GUINT64_FORMAT " sessions, %" G_GUINT64_FORMAT
           " refusals, %u desktops of %u lent; %" G_GUINT64_FORMAT
           " calls, %u lives, %" G_GUINT64_FORMAT " hosts lost; %" G_GUINT64_FORMAT " violations\n",
           sim->days, sim->operations, (gdouble)sim->operations / g_timer_elapsed (timer, NULL),
           sim->people->connects, sim->world->n_sessions, sim->people->denied,
           sim_book_count_held (sim->book), g_hash_table_size (sim->world->by_id),
           sim->world->n_calls, sim->lives, sim->trouble->losses, sim->violations);
}

/* Nothing comes from outside. */
static gint
do_not_poll (GPollFD *fds, guint n, gint timeout)
{
  return 0;
}

static void
play (Sim *sim, GTimer *timer)
{
  guint told = 0;

  while (sim->operations < (guint64)most_operations && sim->days < (guint)most_days
         && sim->violations < TOO_MANY && sim_clock_step (sim->clock))
    {
      if (sim->life != 0)
        sim_settle (sim);
      if (sim->doomed)
        {
          sim_broker_kill (sim);
          sim_at (sim, sim_between (sim, SECOND, sim_chance (sim, 100) ? HOUR : MINUTE),
                  restart_due, sim, NULL);
        }
      if (sim->days >= told + 7)
        {
          told = sim->days;
          tell_phase (sim, timer);
        }
    }
  tell_phase (sim, timer);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GTimer) timer = NULL;
  g_autoptr (GError) error = NULL;
  Sim sim = { 0 };

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "sim takes options only");
      return 2;
    }
  setvbuf (stdout, NULL, _IOLBF, 0);
  mallopt (M_TRIM_THRESHOLD, 256 << 20); /* nothing is given back only to be asked for again */
  sim.seed = seed_text != NULL ? g_ascii_strtoull (seed_text, NULL, 10) : g_random_int ();
  sim.trace = trace;
  sim.secrets = sim_secrets_new ();
  g_print ("seed %" G_GUINT64_FORMAT "\n", sim.seed);
  g_setenv ("TZ", "UTC", TRUE);
  g_log_set_writer_func (write_log, &sim, NULL);
  g_main_context_set_poll_func (NULL, do_not_poll);
  timer = g_timer_new ();
  set_up (&sim);
  play (&sim, timer);
  g_print ("{\"seed\": %" G_GUINT64_FORMAT ", \"operations\": %" G_GUINT64_FORMAT
           ", \"days\": %u, \"violations\": %" G_GUINT64_FORMAT ", \"seconds\": %.1f}\n",
           sim.seed, sim.operations, sim.days, sim.violations, g_timer_elapsed (timer, NULL));
  tear_down (&sim);
  sim_secrets_free (sim.secrets);
  return sim.violations == 0 ? 0 : 1;
}
