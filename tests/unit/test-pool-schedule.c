/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool-schedule.h"

#define MON     0x01
#define WEEKEND 0x60

typedef struct
{
  const gchar *at; /* local */
  guint spares;
  const gchar *until; /* local */
} Moment;

static FloePool *
pool_of (const FloeSpareWindow *windows, guint n)
{
  FloePool *pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  pool->spares = 3;
  g_array_append_vals (pool->windows, windows, n);
  return pool;
}

/* A time with its offset: as it is said in @zone. */
static GDateTime *
local (const gchar *text, GTimeZone *zone)
{
  g_autoptr (GDateTime) said = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (said);
  return g_date_time_to_timezone (said, zone);
}

static void
check (const FloePool *pool, const gchar *zone_name, const Moment *moments, guint n)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zone_name);

  g_assert_nonnull (zone);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GDateTime) at = local (moments[i].at, zone);
      gint64 until = 0;
      guint spares = floe_pool_spares_at (pool, at, &until);
      g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (until / G_USEC_PER_SEC);
      g_autoptr (GDateTime) there = g_date_time_to_timezone (utc, zone);
      g_autofree gchar *text = g_date_time_format (there, "%Y-%m-%dT%H:%M:%S%:z");

      g_test_message ("%s", moments[i].at);
      g_assert_cmpuint (spares, ==, moments[i].spares);
      g_assert_cmpstr (text, ==, moments[i].until);
    }
}

static void
test_none (void)
{
  g_autoptr (FloePool) pool = pool_of (NULL, 0);
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 25, 12, 0, 0);
  gint64 until = 0;

  g_assert_cmpuint (floe_pool_spares_at (pool, now, &until), ==, 3);
  g_assert_cmpint (until, ==, G_MAXINT64);
}

static void
test_week (void)
{
  static const FloeSpareWindow windows[] = { { 0x1f, 8 * 60 + 30, 10 * 60, 12 },
                                             { 0x1f, 10 * 60, 11 * 60, 12 },
                                             { MON, 11 * 60, 12 * 60, 3 } };
  static const Moment moments[] = {
    { "2026-11-25T08:29:59+01:00", 3, "2026-11-25T08:30:00+01:00" },
    { "2026-11-25T08:30:00+01:00", 12, "2026-11-25T11:00:00+01:00" },
    { "2026-11-25T10:59:59.9+01:00", 12, "2026-11-25T11:00:00+01:00" },
    { "2026-11-25T11:00:00+01:00", 3, "2026-11-26T08:30:00+01:00" },
    /* Friday: nothing opens at the weekend. */
    { "2026-11-27T11:00:00+01:00", 3, "2026-11-30T08:30:00+01:00" },
    /* A window that wants what is wanted anyway changes nothing. */
    { "2026-11-30T11:00:00+01:00", 3, "2026-12-01T08:30:00+01:00" },
  };
  g_autoptr (FloePool) pool = pool_of (windows, G_N_ELEMENTS (windows));

  check (pool, "Europe/Berlin", moments, G_N_ELEMENTS (moments));
}

static void
test_midnight (void)
{
  static const FloeSpareWindow windows[] = { { WEEKEND, 22 * 60, 2 * 60, 9 },
                                             { MON, 18 * 60, 0, 5 } };
  static const Moment moments[] = {
    { "2026-11-28T21:59:00+09:00", 3, "2026-11-28T22:00:00+09:00" },
    { "2026-11-28T23:59:00+09:00", 9, "2026-11-29T02:00:00+09:00" },
    { "2026-11-29T01:59:59+09:00", 9, "2026-11-29T02:00:00+09:00" },
    /* Sunday's reaches into Monday. */
    { "2026-11-30T00:30:00+09:00", 9, "2026-11-30T02:00:00+09:00" },
    { "2026-11-30T20:00:00+09:00", 5, "2026-12-01T00:00:00+09:00" },
    { "2026-12-01T00:00:00+09:00", 3, "2026-12-05T22:00:00+09:00" },
  };
  g_autoptr (FloePool) pool = pool_of (windows, G_N_ELEMENTS (windows));

  check (pool, "Asia/Tokyo", moments, G_N_ELEMENTS (moments));
}

/* One window a week, far away, and one that has just closed. */
static void
test_a_week_ahead (void)
{
  static const FloeSpareWindow windows[] = { { MON, 8 * 60, 9 * 60, 9 } };
  static const Moment moments[] = {
    { "2026-11-30T09:00:00Z", 3, "2026-12-07T08:00:00+00:00" },
    { "2026-12-07T08:00:00Z", 9, "2026-12-07T09:00:00+00:00" },
  };
  g_autoptr (FloePool) pool = pool_of (windows, 1);

  check (pool, "Etc/UTC", moments, G_N_ELEMENTS (moments));
}

/* 2026-03-29, 02:00 to 03:00 is skipped. */
static void
test_spring (void)
{
  static const FloeSpareWindow across[] = { { WEEKEND, 23 * 60, 4 * 60, 9 } };
  static const FloeSpareWindow skipped[] = { { WEEKEND, 2 * 60 + 15, 2 * 60 + 45, 9 } };
  static const FloeSpareWindow half[] = { { WEEKEND, 2 * 60 + 30, 3 * 60 + 30, 9 } };
  static const FloeSpareWindow until_half[] = { { WEEKEND, 1 * 60, 2 * 60 + 30, 9 } };
  static const Moment in_across[] = {
    { "2026-03-28T23:00:00+01:00", 9, "2026-03-29T04:00:00+02:00" },
    { "2026-03-29T03:00:00+02:00", 9, "2026-03-29T04:00:00+02:00" },
    { "2026-03-29T04:00:00+02:00", 3, "2026-03-29T23:00:00+02:00" },
  };
  static const Moment in_skipped[] = {
    { "2026-03-28T02:15:00+01:00", 9, "2026-03-28T02:45:00+01:00" },
    { "2026-03-29T01:59:59+01:00", 3, "2026-04-04T02:15:00+02:00" },
    { "2026-03-29T03:00:00+02:00", 3, "2026-04-04T02:15:00+02:00" },
  };
  static const Moment in_half[] = {
    { "2026-03-29T01:00:00+01:00", 3, "2026-03-29T03:00:00+02:00" },
    { "2026-03-29T03:00:00+02:00", 9, "2026-03-29T03:30:00+02:00" },
  };
  static const Moment in_until_half[] = {
    { "2026-03-29T01:30:00+01:00", 9, "2026-03-29T03:00:00+02:00" },
    { "2026-03-29T03:00:00+02:00", 3, "2026-04-04T01:00:00+02:00" },
  };
  g_autoptr (FloePool) a = pool_of (across, 1);
  g_autoptr (FloePool) b = pool_of (skipped, 1);
  g_autoptr (FloePool) c = pool_of (half, 1);
  g_autoptr (FloePool) d = pool_of (until_half, 1);

  check (a, "Europe/Berlin", in_across, G_N_ELEMENTS (in_across));
  check (b, "Europe/Berlin", in_skipped, G_N_ELEMENTS (in_skipped));
  check (c, "Europe/Berlin", in_half, G_N_ELEMENTS (in_half));
  check (d, "Europe/Berlin", in_until_half, G_N_ELEMENTS (in_until_half));
}

/* 2026-10-25, 02:00 to 03:00 comes twice. */
static void
test_autumn (void)
{
  static const FloeSpareWindow windows[] = { { WEEKEND, 2 * 60 + 15, 2 * 60 + 45, 9 },
                                             { WEEKEND, 23 * 60, 60, 7 } };
  static const Moment moments[] = {
    { "2026-10-25T00:30:00+02:00", 7, "2026-10-25T01:00:00+02:00" },
    { "2026-10-25T02:14:00+02:00", 3, "2026-10-25T02:15:00+02:00" },
    { "2026-10-25T02:15:00+02:00", 9, "2026-10-25T02:45:00+01:00" },
    { "2026-10-25T02:30:00+01:00", 9, "2026-10-25T02:45:00+01:00" },
    { "2026-10-25T02:45:00+01:00", 3, "2026-10-25T23:00:00+01:00" },
  };
  g_autoptr (FloePool) pool = pool_of (windows, G_N_ELEMENTS (windows));

  check (pool, "Europe/Berlin", moments, G_N_ELEMENTS (moments));
}

/* Each minute of the days around both switches in zones with odd rules: the answer is what the wall
 * clock says, and it holds until the moment that was told, and no longer. */
static void
test_every_minute (void)
{
  static const FloeSpareWindow windows[] = { { 0x7f, 7 * 60, 19 * 60, 8 },
                                             { 0x7f, 23 * 60, 30, 5 } };
  static const gchar *const zones[] = { "Europe/Dublin", "Australia/Lord_Howe", "America/St_Johns",
                                        "Pacific/Apia" };
  static const gchar *const days[] = { "2026-03-28T12:00:00Z", "2026-04-04T12:00:00Z",
                                       "2026-10-03T12:00:00Z", "2026-10-31T12:00:00Z" };
  g_autoptr (FloePool) pool = pool_of (windows, G_N_ELEMENTS (windows));

  for (guint z = 0; z < G_N_ELEMENTS (zones) * G_N_ELEMENTS (days); z++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zones[z / G_N_ELEMENTS (days)]);
      g_autoptr (GDateTime) start = NULL;
      gint64 told = 0;
      guint before = 0;

      g_assert_nonnull (zone);
      start = local (days[z % G_N_ELEMENTS (days)], zone);
      for (gint k = 0; k < 2 * 24 * 60; k++)
        {
          g_autoptr (GDateTime) at = g_date_time_add_minutes (start, k);
          gint minute = g_date_time_get_hour (at) * 60 + g_date_time_get_minute (at);
          guint wanted = minute >= 420 && minute < 1140 ? 8 : minute >= 1380 || minute < 30 ? 5 : 3;
          gint64 until = 0;
          guint spares = floe_pool_spares_at (pool, at, &until);

          g_assert_cmpuint (spares, ==, wanted);
          if (k > 0)
            g_assert_cmpint (spares != before, ==,
                             told == g_date_time_to_unix (at) * G_USEC_PER_SEC);
          told = until;
          before = spares;
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-schedule/none", test_none);
  g_test_add_func ("/pool-schedule/week", test_week);
  g_test_add_func ("/pool-schedule/midnight", test_midnight);
  g_test_add_func ("/pool-schedule/a-week-ahead", test_a_week_ahead);
  g_test_add_func ("/pool-schedule/spring", test_spring);
  g_test_add_func ("/pool-schedule/autumn", test_autumn);
  g_test_add_func ("/pool-schedule/every-minute", test_every_minute);
  return g_test_run ();
}
