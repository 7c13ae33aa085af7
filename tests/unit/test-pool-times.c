/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-pools.h"
#include "pool-house.h"

/* What a pool wants at one time and not at another: its schedule, and maintenance. */

/* From 08:01 to 08:02, every day. */
static FloePool *
new_scheduled_pool (void)
{
  FloePool *pool = pool_house_pool (FLOE_POOL_FLOATING, 6, 10, 1);
  const FloeSpareWindow morning = {
    .days = 0x7f, .from_minute = 8 * 60 + 1, .to_minute = 8 * 60 + 2, .spares = 4
  };

  g_array_append_val (pool->windows, morning);
  return pool;
}

/* The tests' clock begins at eight o'clock UTC; from now on it is thirteen seconds later, so that
 * the keeper's own looks, every half minute, are at no whole one. */
static House *
new_house_past_eight (void)
{
  House *house = pool_house_new ();

  fake_clock_set (house->clock, 13 * G_USEC_PER_SEC);
  return house;
}

static void
test_schedule (void)
{
  g_autoptr (House) house = new_house_past_eight ();
  g_autoptr (FloePool) pool = new_scheduled_pool ();

  house_put_pool (house, pool);
  pool_house_pass (house, 46); /* 08:00:59 */
  pool_house_assert_at_peace (house, "office", 6, 1);
  pool_house_pass (house, 2);
  pool_house_assert_at_peace (house, "office", 6, 4);
  pool_house_pass (house, 57); /* 08:01:58 */
  pool_house_assert_at_peace (house, "office", 6, 4);
  pool_house_pass (house, 4);
  pool_house_assert_at_peace (house, "office", 6, 1);
}

/* A spare that is taken short of an edge is replaced at once, and the edge still comes. */
static void
test_taken_before_edge (void)
{
  g_autoptr (House) house = new_house_past_eight ();
  g_autoptr (FloePool) pool = new_scheduled_pool ();
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  house_put_pool (house, pool);
  pool_house_pass (house, 35); /* 08:00:48 */
  alice = house_enter (house, "alice");
  answer = house_get_in (house, alice);
  g_assert_nonnull (answer->connection);
  pool_house_pass (house, 5);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 2);
  pool_house_pass (house, 9); /* 08:01:02 */
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 5);
}

static void
close_for_work (House *house)
{
  g_autoptr (FloeIdentity) helen = house_helen ();

  floe_helpdesk_close_pool_async (house->helpdesk, helen, "office", "new disks", TRUE, 0, NULL,
                                  NULL);
  pool_house_pass (house, 10);
}

static void
open_again (House *house)
{
  g_autoptr (FloeIdentity) helen = house_helen ();

  floe_helpdesk_open_pool_async (house->helpdesk, helen, "office", NULL, NULL);
  pool_house_pass (house, 10);
}

/* What nobody has is switched off, and nothing is started in its place. */
static void
test_drained (void)
{
  g_autoptr (House) house = pool_house_filled (6, 10, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  PoolCount count;

  pool_house_pass (house, 5);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 3); /* hers, and two spares */
  close_for_work (house);
  count = pool_house_look (house, 1);
  g_assert_cmpuint (count.held, ==, 1);
  g_assert_cmpuint (count.running, ==, 1);
  g_assert_cmpuint (count.total, ==, 6);
  house_release (house, alice->identity, answer->connection->desktop->id, NULL);
  pool_house_pass (house, 60);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 0);
  open_again (house);
  pool_house_assert_at_peace (house, "office", 6, 2);
}

/* An administrator's own, too, although their pool says nothing about spares. */
static void
test_own_drained (void)
{
  g_autoptr (House) house = house_office (1, 3);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);

  g_assert_nonnull (answer->connection);
  pool_house_pass (house, 40);
  g_assert_cmpuint (pool_house_look (house, 0).running, ==, 3);
  close_for_work (house);
  g_assert_cmpuint (pool_house_look (house, 0).held, ==, 1);
  g_assert_cmpuint (pool_house_look (house, 0).running, ==, 1);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-times/schedule", test_schedule);
  g_test_add_func ("/pool-times/taken-before-edge", test_taken_before_edge);
  g_test_add_func ("/pool-times/drained", test_drained);
  g_test_add_func ("/pool-times/own-drained", test_own_drained);
  return g_test_run ();
}
