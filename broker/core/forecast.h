/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Forecasts look so many days ahead, and back. */
#define FLOE_FORECAST_AHEAD 90
#define FLOE_FORECAST_BACK  56

/**
 * FloeDailyPeak:
 * @day: a Julian day, as in #GDate
 * @peak: the most desktops that were lent or waited for at once on it
 */
typedef struct
{
  guint32 day;
  guint peak;
} FloeDailyPeak;

/**
 * FloeForecastVerdict:
 * @FLOE_FORECAST_UNKNOWN: too little is known yet
 * @FLOE_FORECAST_ENOUGH: the pool is large enough for the next 90 days
 * @FLOE_FORECAST_SOON: it will be too small within these
 * @FLOE_FORECAST_NOW: it is too small already
 */
typedef enum
{
  FLOE_FORECAST_UNKNOWN,
  FLOE_FORECAST_ENOUGH,
  FLOE_FORECAST_SOON,
  FLOE_FORECAST_NOW,
} FloeForecastVerdict;

const gchar *floe_forecast_verdict_name (FloeForecastVerdict verdict);

/**
 * FloeForecastDays:
 * @FLOE_DAYS_WORKING: Monday to Friday
 * @FLOE_DAYS_WEEKEND: Saturday and Sunday
 */
typedef enum
{
  FLOE_DAYS_WORKING,
  FLOE_DAYS_WEEKEND,
} FloeForecastDays;

/**
 * FloeForecast:
 * @verdict: what comes of it; when it is unknown, only @n_days is set
 * @n_days: from how many days it was made
 * @days: which days decide: those that need the more
 * @on: with %FLOE_FORECAST_SOON, the first day on which one busy day in ten is too busy
 * @earliest: with it, the day on which that may be if use grows as fast as it may
 * @latest: and the day on which any usual day is too busy if use grows as slowly as it may; 0 for
 *   later than in three years
 * @today: the day that it was made on
 * @usual: how many a usual day's peak takes today
 * @busy: and one busy day's in ten
 * @usual_then: and those at the end, %FLOE_FORECAST_AHEAD days from today
 * @busy_then: likewise
 *
 * When a pool gets too small.
 */
typedef struct
{
  FloeForecastVerdict verdict;
  guint n_days;
  FloeForecastDays days;
  guint32 on;
  guint32 earliest;
  guint32 latest;
  guint32 today;
  gdouble usual;
  gdouble busy;
  gdouble usual_then;
  gdouble busy_then;
} FloeForecast;

void floe_forecast_make (const FloeDailyPeak *peaks, guint n_peaks, guint32 today, guint size,
                         FloeForecast *forecast);

G_END_DECLS
