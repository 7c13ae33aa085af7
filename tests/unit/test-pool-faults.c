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

static gboolean
was_done (House *house, const gchar *call)
{
  return strstr (fake_manager_get_log (house->manager), call) != NULL;
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

/* Images. The template of "office" is at host1, and host2 has a copy of its image. */

static House *
new_copied (void)
{
  House *house = pool_house_new ();
  g_autoptr (FloePool) pool = new_bad_pool (6, 12, 0);

  pool->template->shared = FALSE;
  house_put_pool (house, pool);
  put_good_pool (house);
  pool_house_pass (house, 20);
  pool_house_assert_at_peace (house, "office", 6, 0);
  fake_manager_clear_log (house->manager);
  return house;
}

static void
lose_image (House *house, const gchar *host)
{
  fake_faults_lose_image (fake_manager_get_faults (house->manager), host, "office", 1);
}

static void
want (House *house, guint minimum, guint spares)
{
  g_autoptr (FloePool) pool = new_bad_pool (minimum, 12, spares);

  pool->template->shared = FALSE;
  pool_house_change_pool (house, pool);
}

/* A copy that is not there any more is brought again, from wherever there is one, and used. */
static void
check_carried_again (const gchar *host)
{
  g_autoptr (House) house = new_copied ();
  g_autofree gchar *carry = g_strdup_printf ("carry floe-office-r1.qcow2 %s;", host);
  const gchar *other = strcmp (host, "host1") == 0 ? "host2" : "host1";

  lose_image (house, host);
  want (house, 12, 0);
  pool_house_pass (house, 120);
  g_assert_true (was_done (house, carry));
  pool_house_assert_at_peace (house, "office", 12, 0);
  pool_house_drain (house, other, TRUE);
  floe_pool_keeper_look_at_all (house->pool_keeper);
  pool_house_pass (house, 60);
  pool_house_assert_at_peace (house, "office", 12, 0);
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, ==, strcmp (host, "host1") == 0 ? 12 : 0);
}

static void
test_copy_vanishes (void)
{
  check_carried_again ("host2");
}

static void
test_original_vanishes (void)
{
  check_carried_again ("host1");
}

/* Nothing can be made any more until somebody renews the pool, and the note says so. */
static void
test_all_copies_vanish (void)
{
  g_autoptr (House) house = new_copied ();

  lose_image (house, "host1");
  lose_image (house, "host2");
  want (house, 12, 0);
  pool_house_pass (house, 60);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 6);
  assert_note (house, "there is no image floe-office-r1.qcow2 at host host");
  assert_good_pool (house);
  pool_house_renew (house);
  pool_house_pass (house, 3600);
  g_assert_cmpuint (pool_house_look (house, 2).revision, ==, 12);
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

/* Clones that stand on an image that is gone do not start: they are made anew when it is back. */
static void
test_base_of_clone_vanishes (void)
{
  g_autoptr (House) house = new_copied ();

  lose_image (house, "host1");
  want (house, 6, 4); /* more than are at one host */
  pool_house_pass (house, 3);
  assert_note (house, " on host host1: Cannot access backing file 'floe-office-r1.qcow2'");
  pool_house_pass (house, 300);
  g_assert_true (was_done (house, "carry floe-office-r1.qcow2 host1;"));
  pool_house_assert_at_peace (house, "office", 6, 4);
  assert_good_pool (house);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-faults/backoff", test_backoff);
  g_test_add_func ("/pool-faults/no-template", test_no_template);
  g_test_add_func ("/pool-faults/no-room", test_no_room);
  g_test_add_func ("/pool-faults/copy-vanishes", test_copy_vanishes);
  g_test_add_func ("/pool-faults/original-vanishes", test_original_vanishes);
  g_test_add_func ("/pool-faults/all-copies-vanish", test_all_copies_vanish);
  g_test_add_func ("/pool-faults/carry-fails", test_carry_fails);
  g_test_add_func ("/pool-faults/base-of-clone-vanishes", test_base_of_clone_vanishes);
  return g_test_run ();
}
