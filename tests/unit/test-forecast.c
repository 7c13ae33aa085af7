/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/forecast.h"

/* When a pool gets too small, from histories that are made up. Today is a Monday. */

#define TODAY ((guint32)739943)

typedef struct
{
  FloeDailyPeak peaks[FLOE_FORECAST_BACK];
  guint n;
} History;

static gboolean
is_weekend (guint32 day)
{
  return (day - 1) % 7 >= 5;
}

static void
put (History *history, guint32 day, gint peak)
{
  history->peaks[history->n].day = day;
  history->peaks[history->n++].peak = (guint)MAX (peak, 0);
}

/* noise: the same each time, from -n to n */
static gint
noise (guint32 day, gint n)
{
  return (gint)(day * 2654435761u >> 8) % (2 * n + 1) - n;
}

/* grow: @days days until yesterday, of which the working days grow from @from by @tenths a week */
static History
grow (guint days, gint from, gint tenths, gint wild)
{
  History history = { .n = 0 };

  for (guint32 day = TODAY - days; day < TODAY; day++)
    {
      gint peak = from + (gint)(day - (TODAY - days)) * tenths / 70;

      put (&history, day, is_weekend (day) ? 1 : peak + (wild > 0 ? noise (day, wild) : 0));
    }
  return history;
}

static FloeForecast
ask (const History *history, guint size)
{
  FloeForecast forecast;

  floe_forecast_make (history->peaks, history->n, TODAY, size, &forecast);
  return forecast;
}

static void
test_monday (void)
{
  GDate day;

  g_date_clear (&day, 1);
  g_date_set_julian (&day, TODAY);
  g_assert_cmpint (g_date_get_weekday (&day), ==, G_DATE_MONDAY);
}

static void
test_nothing (void)
{
  History history = { .n = 0 };
  FloeForecast forecast = ask (&history, 10);

  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_UNKNOWN);
  g_assert_cmpuint (forecast.n_days, ==, 0);
}

/* However steep it is. */
static void
test_two_points (void)
{
  History history = { .n = 0 };
  FloeForecast forecast;

  put (&history, TODAY - 20, 1);
  put (&history, TODAY - 5, 9);
  forecast = ask (&history, 10);
  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_UNKNOWN);
  g_assert_cmpuint (forecast.n_days, ==, 2);
}

static void
test_one_week (void)
{
  History history = grow (7, 5, 10, 0);

  g_assert_cmpint (ask (&history, 10).verdict, ==, FLOE_FORECAST_UNKNOWN);
}

static void
test_constant (void)
{
  History history = grow (56, 8, 0, 0);
  FloeForecast forecast = ask (&history, 10);

  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_ENOUGH);
  g_assert_cmpuint (forecast.n_days, ==, 40);
  g_assert_cmpint (forecast.days, ==, FLOE_DAYS_WORKING);
  g_assert_cmpfloat (forecast.usual, ==, 8);
  g_assert_cmpfloat (forecast.busy_then, ==, 8);
  /* As many as there are is enough; one more is not. */
  g_assert_cmpint (ask (&history, 8).verdict, ==, FLOE_FORECAST_ENOUGH);
  g_assert_cmpint (ask (&history, 7).verdict, ==, FLOE_FORECAST_NOW);
}

/* From 20 by two a week: 36 today, and 45 are passed in a good month. */
static void
test_growing (void)
{
  History history = grow (56, 20, 20, 0);
  FloeForecast forecast = ask (&history, 45);

  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_SOON);
  g_assert_cmpuint (forecast.on, >=, TODAY + 28);
  g_assert_cmpuint (forecast.on, <=, TODAY + 38);
  g_assert_cmpuint (forecast.earliest, <=, forecast.on);
  g_assert_cmpuint (forecast.latest, >=, forecast.on);
  g_assert_cmpint (ask (&history, 100).verdict, ==, FLOE_FORECAST_ENOUGH);
}

/* The same with noise: the range holds what it is without. */
static void
test_growing_noisily (void)
{
  History plain = grow (56, 20, 20, 0);
  History wild = grow (56, 20, 20, 4);
  FloeForecast without = ask (&plain, 50);
  FloeForecast with = ask (&wild, 50);

  g_assert_cmpint (with.verdict, ==, FLOE_FORECAST_SOON);
  g_assert_cmpuint (with.earliest, <, without.on);
  g_assert_cmpuint (with.latest, >, without.on);
  g_assert_cmpuint (with.on, <, without.on); /* for busy days it is too small before */
}

/* Noise alone is no trend. */
static void
test_noisy (void)
{
  History history = grow (56, 30, 0, 6);
  FloeForecast forecast = ask (&history, 40);

  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_ENOUGH);
  g_assert_cmpfloat (forecast.usual, ==, forecast.usual_then);
  g_assert_cmpfloat (forecast.busy, >, forecast.usual);
}

static void
test_shrinking (void)
{
  History history = grow (56, 40, -20, 0);
  FloeForecast forecast = ask (&history, 30);

  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_ENOUGH);
  g_assert_cmpfloat (forecast.usual_then, <, forecast.usual);
  g_assert_cmpfloat (forecast.usual_then, >=, 0);
}

/* One day on which everybody came, and a week of holidays, move it little. */
static void
test_outliers (void)
{
  History plain = grow (56, 20, 20, 0);
  History odd = plain;
  FloeForecast without = ask (&plain, 45);
  FloeForecast with;

  odd.peaks[10].peak = 200;
  for (guint i = 30; i < 37; i++)
    odd.peaks[i].peak = 0;
  with = ask (&odd, 45);
  g_assert_cmpint (with.verdict, ==, FLOE_FORECAST_SOON);
  g_assert_cmpuint (ABS ((gint)with.on - (gint)without.on), <=, 10);
}

/* Days of which nothing is known are not days without anybody. */
static void
test_gaps (void)
{
  History full = grow (56, 20, 20, 0);
  History history = { .n = 0 };
  FloeForecast forecast;

  for (guint i = 0; i < full.n; i++)
    if (i < 14 || i >= 35)
      history.peaks[history.n++] = full.peaks[i];
  forecast = ask (&history, 45);
  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_SOON);
  g_assert_cmpuint (forecast.on, >=, TODAY + 26);
  g_assert_cmpuint (forecast.on, <=, TODAY + 38);
}

/* Nobody looked for three weeks. */
static void
test_stale (void)
{
  History full = grow (56, 20, 20, 0);
  History history = { .n = 0 };

  for (guint i = 0; i < 35; i++)
    history.peaks[history.n++] = full.peaks[i];
  g_assert_cmpint (ask (&history, 45).verdict, ==, FLOE_FORECAST_UNKNOWN);
}

/* A pool that is made larger is judged by what it is now; one that is made smaller, too. */
static void
test_resized (void)
{
  History history = grow (56, 20, 20, 0);

  g_assert_cmpint (ask (&history, 37).verdict, ==, FLOE_FORECAST_SOON);
  g_assert_cmpint (ask (&history, 120).verdict, ==, FLOE_FORECAST_ENOUGH);
  g_assert_cmpint (ask (&history, 30).verdict, ==, FLOE_FORECAST_NOW);
  g_assert_cmpint (ask (&history, 0).verdict, ==, FLOE_FORECAST_UNKNOWN);
}

/* A call centre whose weekends are what is too much for it. */
static void
test_weekends (void)
{
  History history = { .n = 0 };
  FloeForecast forecast;

  for (guint32 day = TODAY - 56; day < TODAY; day++)
    put (&history, day, is_weekend (day) ? 10 + (gint)(day - TODAY + 56) / 3 : 5);
  forecast = ask (&history, 32);
  g_assert_cmpint (forecast.verdict, ==, FLOE_FORECAST_SOON);
  g_assert_cmpint (forecast.days, ==, FLOE_DAYS_WEEKEND);
  g_assert_cmpuint (forecast.n_days, ==, 16);
}

/* Today is not over, and a day that begins twice is one. */
static void
test_days (void)
{
  History history = grow (55, 8, 0, 0);

  put (&history, TODAY - 1, 3);
  g_assert_cmpint (ask (&history, 8).verdict, ==, FLOE_FORECAST_ENOUGH);
  history.n--;
  put (&history, TODAY, 100);
  g_assert_cmpint (ask (&history, 8).verdict, ==, FLOE_FORECAST_ENOUGH);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forecast/monday", test_monday);
  g_test_add_func ("/forecast/nothing", test_nothing);
  g_test_add_func ("/forecast/two-points", test_two_points);
  g_test_add_func ("/forecast/one-week", test_one_week);
  g_test_add_func ("/forecast/constant", test_constant);
  g_test_add_func ("/forecast/growing", test_growing);
  g_test_add_func ("/forecast/growing-noisily", test_growing_noisily);
  g_test_add_func ("/forecast/noisy", test_noisy);
  g_test_add_func ("/forecast/shrinking", test_shrinking);
  g_test_add_func ("/forecast/outliers", test_outliers);
  g_test_add_func ("/forecast/gaps", test_gaps);
  g_test_add_func ("/forecast/stale", test_stale);
  g_test_add_func ("/forecast/resized", test_resized);
  g_test_add_func ("/forecast/weekends", test_weekends);
  g_test_add_func ("/forecast/days", test_days);
  return g_test_run ();
}
