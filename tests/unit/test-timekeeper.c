/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/date.h"
#include "core/timekeeper.h"
#include "counting-store.h"
#include "house.h"
#include "logs.h"

/* The time goes on evenly, whatever is done to a calendar. */

#define DAY     G_TIME_SPAN_DAY
#define SECOND  ((gint64)G_USEC_PER_SEC)
#define MORNING (1800000000 * (gint64)G_USEC_PER_SEC)

/* What it is when a broker begins. */

typedef struct
{
  const gchar *name;
  FloeKeptTime kept;
  FloeTimeLook look;
  gint64 time; /* what it is then */
  gint64 ahead;
} Beginning;

static const Beginning beginnings[] = {
  { "new", { FALSE, FALSE, 0, 0, 0 }, { 100 * SECOND, MORNING, 0 }, MORNING, 0 },
  { "goes-on",
    { TRUE, TRUE, MORNING, 0, MORNING + 90 * SECOND },
    { 100 * SECOND, MORNING + 100 * SECOND, 0 },
    MORNING + 100 * SECOND,
    0 },
  { "set-forward-meanwhile",
    { TRUE, TRUE, MORNING, 0, MORNING + 90 * SECOND },
    { 100 * SECOND, MORNING + 100 * SECOND + DAY, 0 },
    MORNING + 100 * SECOND,
    DAY },
  { "set-back-meanwhile",
    { TRUE, TRUE, MORNING, DAY, MORNING + 90 * SECOND },
    { 100 * SECOND, MORNING + 100 * SECOND, 0 },
    MORNING + 100 * SECOND,
    0 },
  { "another-boot",
    { TRUE, FALSE, 0, 0, MORNING },
    { 100 * SECOND, MORNING + 3600 * SECOND, 0 },
    MORNING + 3600 * SECOND,
    0 },
  { "another-boot-after-it-was-set",
    { TRUE, FALSE, 0, -DAY, MORNING + DAY },
    { 100 * SECOND, MORNING + 3600 * SECOND, 0 },
    MORNING + DAY + 3600 * SECOND,
    -DAY },
  /* No battery: it begins in 1970. */
  { "no-battery",
    { TRUE, FALSE, 0, 0, MORNING },
    { 100 * SECOND, 50 * SECOND, 0 },
    MORNING,
    50 * SECOND - MORNING },
};

static void
test_begin (gconstpointer data)
{
  const Beginning *one = data;
  FloeKeptTime kept = one->kept;

  floe_kept_time_begin (&kept, &one->look);
  g_assert_cmpint (one->look.elapsed + kept.base, ==, one->time);
  g_assert_cmpint (kept.ahead, ==, one->ahead);
  g_assert_cmpint (kept.seen, ==, one->time);
  g_assert_true (kept.is_known && kept.has_base);
}

/* What it is while it runs: a broker whose time is MORNING when nothing has elapsed. */

typedef struct
{
  const gchar *name;
  gint64 kept_ahead;
  gint64 date; /* at 100 s, from what it would be, */
  gint64 doubt;
  gboolean leads;
  FloeCalendar verdict;
  gint64 base; /* from MORNING */
  gint64 ahead;
} Comparison;

static const Comparison comparisons[] = {
  { "same", 0, 0, 0, TRUE, FLOE_CALENDAR_AS_KEPT, 0, 0 },
  { "trembles", 0, 50000, 0, TRUE, FLOE_CALENDAR_AS_KEPT, 0, 0 },
  { "drifts", 0, -500000, 0, TRUE, FLOE_CALENDAR_AS_KEPT, -500000, 0 },
  { "was-long-on-its-way", 0, 500000, 450000, TRUE, FLOE_CALENDAR_AS_KEPT, 0, 0 },
  { "drifts-with-another", 0, 500000, 0, FALSE, FLOE_CALENDAR_AS_KEPT, 500000, 0 },
  { "set-forward", 0, DAY, 0, TRUE, FLOE_CALENDAR_SET, 0, DAY },
  { "set-back", 0, -DAY, 0, TRUE, FLOE_CALENDAR_SET, 0, -DAY },
  { "set-right-again", DAY, -DAY, 0, TRUE, FLOE_CALENDAR_SET, 0, 0 },
  { "set-as-the-leader-says", DAY, 0, 0, FALSE, FLOE_CALENDAR_AS_KEPT, 0, DAY },
  { "stood-still", 0, 3600 * SECOND, 0, FALSE, FLOE_CALENDAR_OTHER, 3600 * SECOND, 0 },
};

static void
test_compare (gconstpointer data)
{
  const Comparison *one = data;
  FloeKeptTime kept = { TRUE, TRUE, 0, one->kept_ahead, 0 };
  const FloeTimeLook look = { 100 * SECOND, MORNING + 100 * SECOND + one->kept_ahead + one->date,
                              one->doubt };

  g_assert_cmpint (floe_kept_time_compare (&kept, MORNING, &look, one->leads), ==, one->verdict);
  g_assert_cmpint (kept.base, ==, MORNING + one->base);
  g_assert_cmpint (kept.ahead, ==, one->ahead);
  g_assert_cmpint (kept.seen, ==, kept.base + 100 * SECOND);
}

static void
test_date (void)
{
  floe_date_set_ahead (-DAY);
  g_assert_cmpint (floe_date_of (MORNING), ==, MORNING - DAY);
  g_assert_cmpint (floe_date_get_time (MORNING), ==, MORNING + DAY);
  g_assert_cmpint (floe_date_get_time (G_MAXINT64), ==, G_MAXINT64); /* never is never */
  g_assert_cmpint (floe_date_of (G_MAXINT64), ==, G_MAXINT64);
  floe_date_set_ahead (DAY);
  g_assert_cmpint (floe_date_get_time (G_MAXINT64), ==, G_MAXINT64);
  g_assert_cmpint (floe_date_of (G_MAXINT64 - 1), ==, G_MAXINT64);
  floe_date_set_ahead (0);
}

/* A broker's, on a store. */

typedef struct
{
  AnyPlace *place;
  FloeStore *store;
  FloeStore *counted; /* knows what is not answered yet */
  FakeClock *clock;
  FloeTimekeeper *keeper;
} Fixture;

static void
open_keeper (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->store = any_place_open (f->place, &error);
  g_assert_no_error (error);
  f->counted = counting_store_new (f->store);
  f->keeper = floe_timekeeper_new (f->counted, FLOE_CLOCK (f->clock));
  floe_timekeeper_begin (f->keeper, !any_store_is_postgres (), &error);
  g_assert_no_error (error);
  floe_timekeeper_start (f->keeper, f->counted, NULL);
}

static void
close_keeper (Fixture *f)
{
  floe_timekeeper_stop (f->keeper);
  any_store_close (f->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&f->keeper);
  g_clear_object (&f->counted);
  g_clear_object (&f->store);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->place = any_place_new ();
  f->clock = fake_clock_new ();
  open_keeper (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_keeper (f);
  g_object_unref (f->clock);
  any_place_free (f->place);
  logs_assert_expected ();
}

static gint64
time_of (Fixture *f)
{
  return floe_clock_now (FLOE_CLOCK (f->clock));
}

static gint64
date_of (Fixture *f)
{
  return floe_date_of (time_of (f));
}

/* Time stands still while the store answers. */
static void
advance (Fixture *f, guint seconds)
{
  for (guint i = 0; i < seconds; i++)
    {
      fake_clock_advance (f->clock, SECOND);
      while (counting_store_get_open (COUNTING_STORE (f->counted)) > 0)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
advance_until (Fixture *f, gint64 time)
{
  for (guint i = 0; i < 12 && time_of (f) < time; i++)
    advance (f, 1);
}

/* As near as it is followed: a second that goes by too fast is taken for drift. */
static void
assert_near (gint64 a, gint64 b)
{
  g_assert_cmpint (ABS (a - b), <, 3 * SECOND);
}

static gint64
ask (Fixture *f, const gchar *sql)
{
  g_autofree gchar *text = any_place_get (f->place, sql);

  return g_ascii_strtoll (text, NULL, 10);
}

static gint64
ahead_of (Fixture *f)
{
  return ask (f, "SELECT ahead FROM kept_time");
}

static gint64
seen_of (Fixture *f)
{
  return ask (f, "SELECT seen FROM kept_time");
}

static void
reopen (Fixture *f)
{
  close_keeper (f);
  floe_date_set_ahead (0);
  floe_clock_set_base (FLOE_CLOCK (f->clock), 0);
  open_keeper (f);
}

/* The machine's calendar is set, which is all that a file has. */
static void
test_machine (Fixture *f, gconstpointer data)
{
  const gint64 by = GPOINTER_TO_INT (data) * DAY;
  gint64 began = time_of (f);
  gint64 date = date_of (f);

  advance (f, 2);
  fake_clock_set_unseen (f->clock, by);
  advance (f, 1);
  g_assert_cmpint (time_of (f), ==, began + 3 * SECOND);
  g_assert_cmpint (date_of (f), ==, date + 3 * SECOND + by);
  reopen (f);
  g_assert_cmpint (time_of (f), ==, began + 3 * SECOND);
  g_assert_cmpint (date_of (f), ==, date + 3 * SECOND + by);
  fake_clock_set_unseen (f->clock, -by);
  reopen (f); /* it was set while nobody looked */
  g_assert_cmpint (time_of (f), ==, began + 3 * SECOND);
  g_assert_cmpint (date_of (f), ==, date + 3 * SECOND);
}

/* The machine is started again, and nothing has elapsed in it. */
static void
test_boot (Fixture *f, gconstpointer data)
{
  gint64 began = time_of (f);

  fake_clock_set_unseen (f->clock, DAY);
  advance (f, 1);
  close_keeper (f);
  any_place_exec (f->place, "UPDATE boots SET boot = 'before', base = 5");
  floe_date_set_ahead (0);
  floe_clock_set_base (FLOE_CLOCK (f->clock), 0);
  fake_clock_advance (f->clock, 600 * SECOND);
  open_keeper (f);
  g_assert_cmpint (time_of (f), ==, began + 601 * SECOND);
  g_assert_cmpint (date_of (f), ==, time_of (f) + DAY);
}

/* What time it is is written each minute, for a machine that has no battery. */
static void
test_seen (Fixture *f, gconstpointer data)
{
  gint64 began = time_of (f);

  advance (f, 72);
  g_assert_cmpint (seen_of (f) - began, >=, 60 * SECOND);
}

/* With a server the machine's calendar counts for nothing, and that one is everybody's. Here much
 * more time elapses than goes by there, as if it were set back all the time. */
static void
test_server (Fixture *f, gconstpointer data)
{
  gint64 began = time_of (f);
  gint64 ahead;

  assert_near (date_of (f), g_get_real_time ());
  fake_clock_set_unseen (f->clock, DAY);
  advance (f, 11);
  assert_near (time_of (f), began + 11 * SECOND);
  ahead = ahead_of (f);
  any_place_exec (f->place, "UPDATE kept_time SET ahead = ahead + 86400000000");
  for (guint i = 0; i < 12 && ahead_of (f) > ahead + DAY / 2; i++)
    advance (f, 1);
  assert_near (date_of (f), g_get_real_time ());
  g_assert_cmpint (time_of (f), <, began + 24 * SECOND);
}

/* A broker that leads says what the calendar is, and this one does not. */
static void
follow (Fixture *f)
{
  g_autoptr (FloeLead) lead = floe_lead_new (f->counted, FLOE_CLOCK (f->clock), "follower");

  floe_timekeeper_stop (f->keeper);
  floe_timekeeper_start (f->keeper, f->counted, lead);
}

/* One of several brokers does not say that it was set: its machine may have stood still. That it
 * did is known when who leads has looked, too, and keeps to what it kept. */
static void
test_follower (Fixture *f, gconstpointer data)
{
  gint64 began = time_of (f);

  follow (f);
  advance (f, 1); /* else there is nothing to compare with */
  fake_clock_advance (f->clock, 60 * SECOND);
  any_place_exec (f->place, "UPDATE kept_time SET ahead = ahead - 86400000000");
  advance (f, 60);
  g_assert_cmpint (time_of (f), >=, began + 115 * SECOND);
  g_assert_cmpint (time_of (f), <, began + 125 * SECOND);
  any_place_exec (f->place, "UPDATE kept_time SET seen = seen + 1");
  logs_expect ("*this broker's time was off by 86*");
  advance_until (f, began + DAY / 2);
  assert_near (time_of (f), g_get_real_time () + DAY);
  assert_near (date_of (f), g_get_real_time ());
}

/* Its own machine's is kept all the same. */
static void
test_keeps (Fixture *f, gconstpointer data)
{
  g_autofree gchar *base = NULL;

  follow (f);
  any_place_exec (f->place, "UPDATE boots SET base = 5");
  any_place_exec (f->place, "UPDATE kept_time SET seen = 5");
  advance (f, 72);
  base = any_place_get (f->place, "SELECT base FROM boots WHERE base <> 5");
  g_assert_nonnull (base);
  g_assert_cmpint (seen_of (f), ==, 5);
}

/* One that has just begun takes what is said at once. */
static void
test_fresh (Fixture *f, gconstpointer data)
{
  gint64 began = time_of (f);

  follow (f);
  any_place_exec (f->place, "UPDATE kept_time SET ahead = ahead - 86400000000");
  logs_expect ("*this broker's time was off by 86*");
  advance_until (f, began + DAY / 2);
  assert_near (time_of (f), g_get_real_time () + DAY);
  assert_near (date_of (f), g_get_real_time ());
}

/* But it does not take the calendar for its own fault before anybody has said so. */
static void
test_fresh_waits (Fixture *f, gconstpointer data)
{
  gint64 began = time_of (f);

  follow (f);
  advance (f, 31); /* which at the server went by within a moment, as if it were set back */
  g_assert_cmpint (time_of (f), >, began + 28 * SECOND);
}

/* What is of all brokers is not written by one that only begins. */
static void
test_begins (Fixture *f, gconstpointer data)
{
  gint64 began = time_of (f);

  any_place_exec (f->place, "UPDATE kept_time SET ahead = 5, seen = 7");
  any_place_exec (f->place, "UPDATE boots SET base = base - 86400000000");
  reopen (f);
  g_assert_cmpint (ahead_of (f), ==, 5);
  g_assert_cmpint (time_of (f), ==, began - DAY); /* its machine was not set anew */
  assert_near (date_of (f), g_get_real_time ());
}

#define ADD(name, func, data)                                                                      \
  g_test_add ("/timekeeper/" name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autofree gchar *path = g_strconcat ("/kept-time/begin/", beginnings[i].name, NULL);

      g_test_add_data_func (path, &beginnings[i], test_begin);
    }
  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    {
      g_autofree gchar *path = g_strconcat ("/kept-time/compare/", comparisons[i].name, NULL);

      g_test_add_data_func (path, &comparisons[i], test_compare);
    }
  g_test_add_func ("/date", test_date);
  if (any_store_is_postgres ())
    {
      ADD ("server", test_server, NULL);
      ADD ("follower", test_follower, NULL);
      ADD ("fresh", test_fresh, NULL);
      ADD ("fresh-waits", test_fresh_waits, NULL);
      ADD ("begins", test_begins, NULL);
      return g_test_run ();
    }
  ADD ("seen", test_seen, NULL);
  ADD ("machine-forward", test_machine, GINT_TO_POINTER (1));
  ADD ("machine-back", test_machine, GINT_TO_POINTER (-1));
  ADD ("boot", test_boot, NULL);
  ADD ("keeps", test_keeps, NULL);
  return g_test_run ();
}
