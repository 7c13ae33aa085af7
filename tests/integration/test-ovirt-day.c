/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-day.h"

/* Three hours of 3,000 VMs: a quiet one, one in which 300 people come and 150 go while the engine
 * is slow and fails at random, and one with outages. Nobody gets what another one has, an engine is
 * found within one poll once it is back, and none is asked more than it has to be. */

/* A list a pool and half a minute, one of the pools, and the events every three seconds. */
#define QUIET_HOUR (10 * 120 + 120 + 1200)

static void
rush (EngineDay *day)
{
  for (guint i = 0; i < 3600; i++)
    {
      if (i < 300)
        engine_day_arrive (day);
      else if (i < 450)
        engine_day_leave (day);
      engine_day_pass (day, 1);
    }
  engine_fixture_do (day->engine, "{'fault': null}");
  engine_day_pass (day, 120);
}

static void
test_three_hours (void)
{
  g_autoptr (EngineDay) day = engine_day_new (300);
  guint requests, back;

  engine_day_pass (day, 60);
  g_assert_true (day->up);
  engine_day_count_requests (day);
  engine_day_pass (day, 3540);
  requests = engine_day_count_requests (day);
  g_test_message ("a quiet hour: %u requests", requests);
  g_assert_cmpuint (requests, <=, QUIET_HOUR + 100);

  engine_fixture_do (day->engine, "{'fault': {'chance': 0.01}}");
  rush (day);
  requests = engine_day_count_requests (day);
  g_test_message ("a rush: %u requests, %u given, %u refused", requests, day->n_given,
                  day->n_refused);
  g_assert_cmpuint (day->n_open, ==, 0);
  g_assert_cmpuint (day->n_given + day->n_refused, ==, 300);
  g_assert_cmpuint (day->n_given, >=, 285);
  g_assert_cmpuint (day->n_lost, ==, 0);
  /* Besides what a quiet hour takes: lists of pools in which something goes on, and five calls a
   * person. */
  g_assert_cmpuint (requests, <=, QUIET_HOUR + 4000 + 300 * 6 + 150 * 3);

  for (guint i = 0; i < 4; i++)
    {
      engine_fixture_do (day->engine, "{'fault': {'%s': true}}", i % 2 ? "down" : "deploying");
      engine_day_pass (day, 300);
      g_assert_false (day->up);
      engine_fixture_do (day->engine, "{'fault': null}");
      back = day->second;
      while (!day->up && day->second < back + 120)
        engine_day_pass (day, 1);
      g_test_message ("found again after %u s", day->second - back);
      g_assert_cmpuint (day->second - back, <=, 35);
      engine_day_pass (day, 500);
    }
  requests = engine_day_count_requests (day);
  g_test_message ("an hour with outages: %u requests", requests);
  g_assert_cmpuint (requests, <=, QUIET_HOUR + 1000);
}

/* A third of all answers takes up to a minute, which is longer than anybody waits. */
static void
test_slow_hour (void)
{
  g_autoptr (EngineDay) day = engine_day_new (300);
  guint requests;

  engine_day_pass (day, 60);
  engine_day_count_requests (day);
  engine_fixture_do (day->engine, "{'fault': {'chance': 0.01, 'lag': [0.3, 60]}}");
  day->lags = TRUE;
  rush (day);
  requests = engine_day_count_requests (day);
  g_test_message ("a slow hour: %u requests, %u given, %u refused, %u lost", requests, day->n_given,
                  day->n_refused, day->n_lost);
  g_assert_cmpuint (day->n_open, ==, 0);
  g_assert_cmpuint (day->n_given + day->n_refused, ==, 300);
  g_assert_cmpuint (day->n_lost, ==, 0);
  g_assert_cmpuint (requests, <=, QUIET_HOUR + 4000 + 300 * 6 + 150 * 3);
  g_assert_true (day->up);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ovirt-day/three-hours", test_three_hours);
  g_test_add_func ("/ovirt-day/slow-hour", test_slow_hour);
  return g_test_run ();
}
