/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool-house.h"

#include <string.h>

/* Pools that cannot have what they want, each beside one, "design", that is none the worse for it.
 */

static FloePool *
new_bad_pool (guint minimum, guint maximum, guint spares)
{
  return pool_house_pool (FLOE_POOL_FLOATING, minimum, maximum, spares);
}

static void
put_good_pool (House *house)
{
  g_autoptr (FloePool) pool = pool_house_pool_named ("design", FLOE_POOL_FLOATING, 3, 6, 1);

  house_put_pool (house, pool);
}

static void
assert_good_pool (House *house)
{
  pool_house_assert_at_peace (house, "design", 3, 1);
}

static void
assert_note (House *house, const gchar *text)
{
  g_autoptr (FloePoolState) state = pool_house_state (house);

  if (state->note == NULL || strstr (state->note, text) == NULL)
    g_error ("\"%s\" is not in the note %s", text, state->note);
}

/* What fails is left alone for longer and longer, and says why. */
static void
test_backoff (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = new_bad_pool (1, 4, 0);
  g_autoptr (FloePoolState) first = NULL;
  g_autoptr (FloePoolState) later = NULL;

  fake_faults_break_pool (fake_manager_get_faults (house->manager), "office", FLOE_JOB_CREATE,
                          FLOE_ERROR_EXHAUSTED, "storage-full", "storage images is full");
  house_put_pool (house, pool);
  put_good_pool (house);
  pool_house_pass (house, 4);
  first = pool_house_state (house);
  g_assert_cmpuint (first->failures, ==, 1);
  g_assert_true (g_str_has_prefix (first->note, "a failure: office-001 on host host"));
  g_assert_nonnull (strstr (first->note, ": storage images is full"));
  g_assert_cmpint (first->not_before, >, floe_clock_now (FLOE_CLOCK (house->clock)));
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 0); /* nothing half made is left */
  pool_house_pass (house, 60);
  later = pool_house_state (house);
  g_assert_cmpuint (later->failures, >, 2);
  g_assert_cmpuint (later->failures, <, 6);
  assert_note (house, "failures one after the other, the last: office-001 on host host");
  assert_good_pool (house);
  fake_faults_mend_pool (fake_manager_get_faults (house->manager));
  pool_house_pass (house, 120);
  pool_house_assert_at_peace (house, "office", 1, 0);
}

static void
test_no_template (void)
{
  g_autoptr (House) house = house_new (); /* of one host */
  g_autoptr (FloePool) pool = new_bad_pool (1, 4, 0);
  g_autoptr (FloePoolState) state = NULL;

  fake_faults_break_pool (fake_manager_get_faults (house->manager), "office", FLOE_JOB_PUBLISH,
                          FLOE_ERROR_NOT_FOUND, "no-template", "there is no domain golden");
  house_put_pool (house, pool);
  put_good_pool (house);
  pool_house_pass (house, 1);
  state = pool_house_state (house);
  g_assert_cmpstr (state->note, ==, "its template cannot be looked for: no host answers");
  fake_manager_list (house->manager);
  pool_house_pass (house, 30);
  assert_note (house, "there is no domain golden");
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 0);
  assert_good_pool (house);
  fake_faults_mend_pool (fake_manager_get_faults (house->manager));
  pool_house_pass (house, 60);
  pool_house_assert_at_peace (house, "office", 1, 0);
}

/* Hosts without room take nothing; what is there already is lent as before. */
static void
test_no_room (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = new_bad_pool (4, 6, 0);
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  put_good_pool (house);
  pool_house_pass (house, 20);
  fake_manager_measure (house->manager, "host1", 64000, 100);
  fake_manager_measure (house->manager, "host2", 64000, 100);
  house_put_pool (house, pool);
  pool_house_pass (house, 40);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 0);
  assert_note (house, "no host answers that has room");
  assert_good_pool (house);
  alice = house_enter (house, "alice");
  answer = house_connect (house, alice->identity, "design", NULL);
  g_assert_nonnull (answer->connection);
}

/* The note "is not at host": the way there fails. */
static void
test_carry_fails (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = new_bad_pool (6, 12, 0);

  fake_faults_break_pool (fake_manager_get_faults (house->manager), "office", FLOE_JOB_CARRY,
                          FLOE_ERROR_EXHAUSTED, "storage-full", "storage images is full");
  pool->template->shared = FALSE;
  house_put_pool (house, pool);
  put_good_pool (house);
  pool_house_pass (house, 30);
  assert_note (house, "the image of revision 1 is not at host host2: storage images is full");
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 6); /* all where it is */
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, ==, 6);
  assert_good_pool (house);
  fake_faults_mend_pool (fake_manager_get_faults (house->manager));
  pool_house_pass (house, 120);
  pool_house_assert_at_peace (house, "office", 6, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-faults/backoff", test_backoff);
  g_test_add_func ("/pool-faults/no-template", test_no_template);
  g_test_add_func ("/pool-faults/no-room", test_no_room);
  g_test_add_func ("/pool-faults/carry-fails", test_carry_fails);
  return g_test_run ();
}
