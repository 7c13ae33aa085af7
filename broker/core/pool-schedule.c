/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool-schedule.h"

#include "core/error.h"
#include "core/names.h"

#define DAY_MINUTES  1440
#define WEEK_MINUTES (7 * DAY_MINUTES)
#define MAX_WINDOWS  64

static const gchar *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/**
 * floe_weekday_name:
 * @day: 0 for Monday to 6 for Sunday
 */
const gchar *
floe_weekday_name (guint day)
{
  return day < G_N_ELEMENTS (weekdays) ? weekdays[day] : "unknown";
}

gboolean
floe_weekday_from_name (const gchar *name, guint *day)
{
  gint found = floe_names_find (weekdays, G_N_ELEMENTS (weekdays), name);

  if (found >= 0)
    *day = (guint)found;
  return found >= 0;
}

/**
 * floe_spare_window_describe:
 *
 * Returns: (transfer full): "mon,tue 08:30-10:00 12", for people
 */
gchar *
floe_spare_window_describe (const FloeSpareWindow *window)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint day = 0; day < 7; day++)
    if (window->days & 1u << day)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", weekdays[day]);
  g_string_append_printf (text, " %02u:%02u-%02u:%02u %u", window->from_minute / 60,
                          window->from_minute % 60, window->to_minute / 60, window->to_minute % 60,
                          window->spares);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
invalid (GError **error, guint i, const gchar *member, const gchar *what)
{
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "schedule[%u]%s: %s", i, member, what);
  return FALSE;
}

static gboolean
check_window (const FloeSpareWindow *window, guint i, guint maximum, GError **error)
{
  g_autofree gchar *limit =
      g_strdup_printf ("expected at most %u, as many desktops as there may be", maximum);

  if (window->days == 0 || window->days > 0x7f)
    return invalid (error, i, ".days",
                    "expected at least one of mon, tue, wed, thu, fri, sat, sun");
  if (window->from_minute >= DAY_MINUTES)
    return invalid (error, i, ".from", "expected a time from 00:00 to 23:59");
  if (window->to_minute >= DAY_MINUTES)
    return invalid (error, i, ".to", "expected a time from 00:00 to 23:59");
  if (window->from_minute == window->to_minute)
    return invalid (error, i, ".to", "expected another time than \"from\": this one never opens");
  return window->spares <= maximum || invalid (error, i, ".spares", limit);
}

/* Writes which window it is, from 1, into the minutes of the week that it takes; %FALSE when
 * another one with another number has one of them. */
static gboolean
take_minutes (const GArray *windows, guint i, guint8 *week, GError **error)
{
  const FloeSpareWindow *window = &g_array_index (windows, FloeSpareWindow, i);
  guint length = (window->to_minute + DAY_MINUTES - window->from_minute) % DAY_MINUTES;

  for (guint day = 0; day < 7; day++)
    for (guint k = 0; window->days & 1u << day && k < length; k++)
      {
        guint minute = (day * DAY_MINUTES + window->from_minute + k) % WEEK_MINUTES;
        guint8 other = week[minute];

        if (other != 0
            && g_array_index (windows, FloeSpareWindow, other - 1).spares != window->spares)
          {
            g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                         "schedule[%u]: expected no other number than schedule[%u] has at %s "
                         "%02u:%02u",
                         i, other - 1u, weekdays[minute / DAY_MINUTES], minute % DAY_MINUTES / 60,
                         minute % 60);
            return FALSE;
          }
        week[minute] = (guint8)(i + 1);
      }
  return TRUE;
}

/**
 * floe_pool_check_schedule:
 * @maximum: of desktops in the pool
 *
 * Returns: whether each window opens, and none contradicts another; otherwise %FLOE_ERROR_INVALID
 */
gboolean
floe_pool_check_schedule (const FloePool *self, guint maximum, GError **error)
{
  g_autofree guint8 *week = g_malloc0 (WEEK_MINUTES);

  if (self->windows->len > MAX_WINDOWS)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "schedule: expected at most %u windows",
                   MAX_WINDOWS);
      return FALSE;
    }
  for (guint i = 0; i < self->windows->len; i++)
    if (!check_window (&g_array_index (self->windows, FloeSpareWindow, i), i, maximum, error)
        || !take_minutes (self->windows, i, week, error))
      return FALSE;
  return TRUE;
}

/* When a wall clock shows @minute of @date, in seconds since 1970. Where clocks are put back it
 * shows it twice, and the first or the last time is taken; where they are put forward it may never
 * show it, and it is the moment of the jump. */
static gint64
moment (GTimeZone *zone, const GDate *date, guint minute, gboolean last)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) as_utc =
      g_date_time_new (utc, g_date_get_year (date), (gint)g_date_get_month (date),
                       g_date_get_day (date), (gint)minute / 60, (gint)minute % 60, 0);
  gint64 wall[2] = { g_date_time_to_unix (as_utc), g_date_time_to_unix (as_utc) };
  gint intervals[2] = { g_time_zone_adjust_time (zone, G_TIME_TYPE_STANDARD, &wall[0]),
                        g_time_zone_adjust_time (zone, G_TIME_TYPE_DAYLIGHT, &wall[1]) };
  gint64 a = wall[0] - g_time_zone_get_offset (zone, intervals[0]);
  gint64 b = wall[1] - g_time_zone_get_offset (zone, intervals[1]);

  return last ? MAX (a, b) : MIN (a, b);
}

typedef struct
{
  gint64 from, to; /* seconds since 1970; to is not included */
  guint window;
} Opening;

/* All openings that may touch yesterday to a week from now, which is longer than any schedule takes
 * to come round. */
static GArray *
list_openings (const GArray *windows, GDateTime *local_now)
{
  GArray *openings = g_array_new (FALSE, FALSE, sizeof (Opening));
  GTimeZone *zone = g_date_time_get_timezone (local_now);
  gint year, month, day;
  GDate date, next;

  g_date_time_get_ymd (local_now, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  g_date_subtract_days (&date, 1);
  for (guint n = 0; n < 9; n++, g_date_add_days (&date, 1))
    for (guint i = 0; i < windows->len; i++)
      {
        const FloeSpareWindow *window = &g_array_index (windows, FloeSpareWindow, i);
        Opening opening = { .window = i };

        if (!(window->days & 1u << (g_date_get_weekday (&date) - 1)))
          continue;
        next = date;
        if (window->to_minute < window->from_minute)
          g_date_add_days (&next, 1);
        opening.from = moment (zone, &date, window->from_minute, FALSE);
        opening.to = moment (zone, &next, window->to_minute, TRUE);
        g_array_append_val (openings, opening);
      }
  return openings;
}

static guint
spares_in (const FloePool *self, const GArray *openings, gint64 at)
{
  guint best = G_MAXUINT;

  for (guint i = 0; i < openings->len; i++)
    {
      const Opening *opening = &g_array_index (openings, Opening, i);

      if (opening->from <= at && at < opening->to)
        best = MIN (best, opening->window);
    }
  return best == G_MAXUINT ? self->spares
                           : g_array_index (self->windows, FloeSpareWindow, best).spares;
}

/* The first moment after @at when something opens or closes, or @at. */
static gint64
next_edge (const GArray *openings, gint64 at)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < openings->len; i++)
    {
      const Opening *opening = &g_array_index (openings, Opening, i);

      if (opening->from > at)
        next = MIN (next, opening->from);
      if (opening->to > at)
        next = MIN (next, opening->to);
    }
  return next == G_MAXINT64 ? at : next;
}

/**
 * floe_pool_spares_at:
 * @local_now: now, in the broker's time zone
 * @until: (out): when to ask again, microseconds since 1970 UTC: until then the answer holds;
 *   %G_MAXINT64 without a schedule
 *
 * A window is open while the wall clock is in it, the hour that comes twice included; one that lies
 * in the hour that clocks skip does not open.
 *
 * Returns: how many ready desktops are wanted that nobody has
 */
guint
floe_pool_spares_at (const FloePool *self, GDateTime *local_now, gint64 *until)
{
  gint64 now = g_date_time_to_unix (local_now);
  g_autoptr (GArray) openings = NULL;
  guint spares;
  gint64 at = now;

  *until = G_MAXINT64;
  if (self->windows->len == 0)
    return self->spares;
  openings = list_openings (self->windows, local_now);
  spares = spares_in (self, openings, now);
  for (gint64 next = next_edge (openings, at); next > at; next = next_edge (openings, at))
    {
      at = next;
      if (spares_in (self, openings, at) != spares)
        break;
    }
  if (at > now)
    *until = at * G_USEC_PER_SEC;
  return spares;
}
