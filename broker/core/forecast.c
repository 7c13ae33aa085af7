/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/forecast.h"

#include <math.h>
#include <stdlib.h>

/* A line is put through the daily peaks by Theil and Sen: its slope is the median of the slopes
 * between all pairs of days, so that a holiday, or one day on which everybody came, moves it
 * little. How sure that slope is, is read off the same slopes by their ranks (Kendall, Sen): 90 %
 * of lines through such days are between the two outer ones. Where one of these falls and the other
 * one rises, no trend is shown, and the line is level. */

/* 90 %, both sides of a normal distribution. */
#define Z 1.645
/* A busy day is one that only one day in ten is busier than. */
#define BUSY 0.9
/* What was last seen longer ago says nothing of today. */
#define STALE 14
#define NEVER (3 * 365)

/* So many days, the first and the last of them so far apart, at least. */
static const struct
{
  guint n;
  guint span;
} needed[] = { [FLOE_DAYS_WORKING] = { 10, 11 }, [FLOE_DAYS_WEEKEND] = { 6, 14 } };

typedef struct
{
  gdouble x[FLOE_FORECAST_BACK]; /* days before today: negative */
  gdouble y[FLOE_FORECAST_BACK];
  guint n;
} Series;

typedef struct
{
  gdouble slope;
  gdouble low;
  gdouble high;
  gdouble x0;    /* all three lines meet there */
  gdouble usual; /* at x0 */
  gdouble busy;
} Line;

const gchar *
floe_forecast_verdict_name (FloeForecastVerdict verdict)
{
  static const gchar *const names[] = { "unknown", "enough", "soon", "now" };

  return names[verdict];
}

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  const gdouble *x = a;
  const gdouble *y = b;

  return (*x > *y) - (*x < *y);
}

/* of: sorted */
static gdouble
median (const gdouble *of, guint n)
{
  return n % 2 == 1 ? of[n / 2] : (of[n / 2 - 1] + of[n / 2]) / 2;
}

static gdouble
pick (const gdouble *of, guint n, gdouble rank)
{
  return of[CLAMP ((gint)rank, 0, (gint)n - 1)];
}

static void
find_slopes (const Series *s, Line *line)
{
  guint n = s->n * (s->n - 1) / 2;
  g_autofree gdouble *slopes = g_new (gdouble, n);
  gdouble spread = Z * sqrt ((gdouble)s->n * (s->n - 1) * (2 * s->n + 5) / 18);
  guint k = 0;

  for (guint i = 0; i < s->n; i++)
    for (guint j = i + 1; j < s->n; j++)
      slopes[k++] = (s->y[j] - s->y[i]) / (s->x[j] - s->x[i]);
  qsort (slopes, n, sizeof *slopes, compare_doubles);
  line->slope = median (slopes, n);
  line->low = pick (slopes, n, floor ((n - spread) / 2));
  line->high = pick (slopes, n, ceil ((n + spread) / 2));
  if (line->low <= 0 && line->high >= 0)
    line->slope = 0;
}

static void
find_levels (const Series *s, Line *line)
{
  gdouble rest[FLOE_FORECAST_BACK];

  line->x0 = median (s->x, s->n);
  for (guint i = 0; i < s->n; i++)
    rest[i] = s->y[i] - line->slope * (s->x[i] - line->x0);
  qsort (rest, s->n, sizeof *rest, compare_doubles);
  line->usual = median (rest, s->n);
  line->busy = pick (rest, s->n, ceil (BUSY * s->n) - 1);
}

/* In how many days from today a line is above @size that is at @level at x0; it rises. */
static gdouble
cross (const Line *line, gdouble level, gdouble slope, guint size)
{
  return floor (line->x0 + (size - level) / slope) + 1;
}

static void
set_dates (FloeForecast *forecast, const Line *line, guint size, gdouble on)
{
  gdouble earliest = MAX (cross (line, line->busy, line->high, size), 1);
  gdouble latest = cross (line, line->usual, line->low, size);

  forecast->verdict = FLOE_FORECAST_SOON;
  forecast->on = forecast->today + (guint32)on;
  forecast->earliest = forecast->today + (guint32)MIN (earliest, on);
  forecast->latest = latest <= NEVER ? forecast->today + (guint32)MAX (latest, on) : 0;
}

static void
judge (FloeForecast *forecast, const Line *line, guint size)
{
  gdouble on = line->slope > 0 ? cross (line, line->busy, line->slope, size) : G_MAXDOUBLE;

  forecast->usual = MAX (line->usual - line->slope * line->x0, 0);
  forecast->busy = MAX (line->busy - line->slope * line->x0, 0);
  forecast->usual_then = MAX (forecast->usual + line->slope * FLOE_FORECAST_AHEAD, 0);
  forecast->busy_then = MAX (forecast->busy + line->slope * FLOE_FORECAST_AHEAD, 0);
  forecast->verdict = FLOE_FORECAST_ENOUGH;
  if (forecast->busy > size)
    forecast->verdict = FLOE_FORECAST_NOW;
  else if (on <= FLOE_FORECAST_AHEAD)
    set_dates (forecast, line, size, MAX (on, 1));
}

static gboolean
is_known (const Series *s, FloeForecastDays days)
{
  return s->n >= needed[days].n && s->x[s->n - 1] - s->x[0] >= needed[days].span
         && s->x[s->n - 1] >= -STALE;
}

static gboolean
is_worse (const FloeForecast *a, const FloeForecast *b)
{
  if (a->verdict != b->verdict)
    return a->verdict > b->verdict;
  return a->verdict == FLOE_FORECAST_SOON ? a->on < b->on : a->busy > b->busy;
}

static void
look_at (const Series *s, FloeForecastDays days, guint size, FloeForecast *forecast)
{
  FloeForecast one = { .n_days = s->n, .days = days, .today = forecast->today };
  Line line;

  if (!is_known (s, days))
    return;
  find_slopes (s, &line);
  find_levels (s, &line);
  judge (&one, &line, size);
  if (is_worse (&one, forecast))
    *forecast = one;
}

static void
add_peak (Series *s, gdouble x, guint peak)
{
  /* A day may have begun twice, when the time zone was changed. */
  if (s->n > 0 && s->x[s->n - 1] >= x)
    s->y[s->n - 1] = MAX (s->y[s->n - 1], peak);
  else
    {
      s->x[s->n] = x;
      s->y[s->n++] = peak;
    }
}

/**
 * floe_forecast_make:
 * @peaks: (array length=n_peaks): in their order; those of today and later, and those
 *   longer ago than %FLOE_FORECAST_BACK days, are not looked at
 * @today: a Julian day
 * @size: how many desktops the pool can lend in all
 * @forecast: (out): what comes of it
 */
void
floe_forecast_make (const FloeDailyPeak *peaks, guint n_peaks, guint32 today, guint size,
                    FloeForecast *forecast)
{
  Series series[] = { [FLOE_DAYS_WORKING] = { .n = 0 }, [FLOE_DAYS_WEEKEND] = { .n = 0 } };

  *forecast = (FloeForecast){ .today = today };
  for (guint i = 0; i < n_peaks; i++)
    {
      guint32 day = peaks[i].day;
      /* The first Julian day was a Monday. */
      Series *s = &series[(day - 1) % 7 < 5 ? FLOE_DAYS_WORKING : FLOE_DAYS_WEEKEND];

      if (day < today && today - day <= FLOE_FORECAST_BACK)
        add_peak (s, -(gdouble)(today - day), peaks[i].peak);
    }
  forecast->n_days = series[FLOE_DAYS_WORKING].n + series[FLOE_DAYS_WEEKEND].n;
  for (guint days = 0; days < G_N_ELEMENTS (series) && size > 0; days++)
    look_at (&series[days], (FloeForecastDays)days, size, forecast);
}
