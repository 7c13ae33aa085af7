/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "pool-house.h"

static gpointer
count_by_name (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) list = floe_tx_list_desktops_of_pool (tx, "office", error);
  guint n = 1;

  for (guint i = 0; i < list->len; i++)
    n += strcmp (((FloeDesktop *)list->pdata[i])->name, input) == 0;
  return GUINT_TO_POINTER (n);
}

static guint
count_named (House *house, const gchar *name)
{
  return GPOINTER_TO_UINT (house_write (house, count_by_name, (gpointer)name, NULL)) - 1;
}

static void
test_fill (void)
{
  g_autoptr (House) house = pool_house_filled (6, 10, 2);
  PoolCount count = pool_house_look (house, 1);

  g_assert_cmpuint (count.total, ==, 6);
  g_assert_cmpuint (count.running, ==, 2);
  g_assert_cmpuint (count.revision, ==, 6);
  g_assert_cmpuint (count.on_host1, ==, 3); /* both hosts are alike */
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "create office-006 "));
  g_assert_null (strstr (fake_manager_get_log (house->manager), "create office-007 "));
  /* It rests when it has all that it wants. */
  fake_manager_clear_log (house->manager);
  pool_house_pass (house, 120);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
}

/* Taking a spare brings the next one at once, and giving it back brings a new desktop under a new
 * id in the place of the used one. */
static void
test_refill (void)
{
  g_autoptr (House) house = pool_house_filled (3, 10, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autofree gchar *id = g_strdup (answer->connection->desktop->id);
  PoolCount count;

  pool_house_pass (house, 3);
  count = pool_house_look (house, 1);
  g_assert_cmpuint (count.held, ==, 1);
  g_assert_cmpuint (count.running, ==, 2); /* hers, and a spare */
  house_release (house, alice->identity, id, NULL);
  pool_house_pass (house, 5);
  count = pool_house_look (house, 1);
  g_assert_cmpuint (count.held, ==, 0);
  g_assert_cmpuint (count.total, ==, 3);
  g_assert_cmpuint (count.running, ==, 1);
  g_assert_null (fake_manager_find (house->manager, id));
}

static void
test_grow_and_shrink (void)
{
  g_autoptr (House) house = pool_house_filled (2, 8, 1);
  g_autoptr (FloePool) more = pool_house_pool (FLOE_POOL_FLOATING, 5, 8, 3);
  g_autoptr (FloePool) less = pool_house_pool (FLOE_POOL_FLOATING, 1, 2, 0);

  pool_house_change_pool (house, more);
  pool_house_pass (house, 20);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 5);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 3);
  pool_house_change_pool (house, less);
  pool_house_pass (house, 30);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 0);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 1);
}

/* A new revision is tried on a share first; then the idle ones follow, a few at a time, and those
 * that people have at their reset. */
static void
test_renew (void)
{
  g_autoptr (House) house = pool_house_filled (10, 12, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autofree gchar *id = g_strdup (answer->connection->desktop->id);
  g_autoptr (FloeDesktop) hers = NULL;

  pool_house_renew (house);
  pool_house_pass (house, 5);
  floe_pool_keeper_look_at_all (house->pool_keeper);
  pool_house_pass (house, 120);
  g_assert_cmpint (pool_house_revision_state (house, 2), ==, FLOE_REVISION_CURRENT);
  hers = house_get_desktop (house, id);
  g_assert_nonnull (hers->lease);
  g_assert_cmpuint (hers->revision, ==, 1);
  g_assert_cmpuint (pool_house_look (house, 2).revision, ==, pool_house_look (house, 2).total - 1);
  house_release (house, alice->identity, id, NULL);
  pool_house_pass (house, 60);
  g_assert_cmpuint (pool_house_look (house, 2).revision, ==, pool_house_look (house, 2).total);
  g_assert_cmpuint (pool_house_look (house, 2).total, ==, 10);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "drop-image floe-office-r1"));
}

/* A template that cannot be published waits by itself: the pool refills from what it has. */
static void
test_renew_fails (void)
{
  g_autoptr (House) house = pool_house_filled (3, 10, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (FloePoolState) state = NULL;

  fake_manager_fail_next_job (house->manager, FLOE_JOB_PUBLISH, FLOE_ERROR_CONFLICT,
                              "template-runs", "domain golden runs");
  pool_house_renew (house);
  floe_pool_keeper_look_at_all (house->pool_keeper);
  pool_house_pass (house, 2);
  report = house_get_pool (house, "office");
  g_assert_cmpstr (report->problem, ==, "its template: host host1: domain golden runs");
  g_assert_nonnull (strstr (report->state->note, "domain golden runs"));
  answer = house_get_in (house, alice);
  pool_house_pass (house, 4);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 2); /* hers, and the next spare */
  g_assert_cmpint (pool_house_revision_state (house, 2), ==, FLOE_REVISION_MAKING);
  pool_house_pass (house, 10);
  g_assert_cmpint (pool_house_revision_state (house, 2), !=, FLOE_REVISION_MAKING);
  state = pool_house_state (house);
  g_assert_null (state->note);
}

static void
test_canary_fails (void)
{
  g_autoptr (House) house = pool_house_filled (10, 12, 2);
  g_autoptr (FloePoolState) state = NULL;

  pool_house_renew (house);
  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no bootable device");
  floe_pool_keeper_look_at_all (house->pool_keeper);
  pool_house_pass (house, 120);
  g_assert_cmpint (pool_house_revision_state (house, 2), ==, FLOE_REVISION_FAILED);
  g_assert_cmpint (pool_house_revision_state (house, 1), ==, FLOE_REVISION_CURRENT);
  g_assert_cmpuint (pool_house_look (house, 2).revision, ==, 0);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 10);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 2);
  state = pool_house_state (house);
  g_assert_nonnull (strstr (state->note, "no bootable device"));
}

static void
test_drain (void)
{
  g_autoptr (House) house = pool_house_filled (6, 10, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  gboolean on_host1 = strcmp (answer->connection->desktop->host, "host1") == 0;

  pool_house_pass (house, 5);
  pool_house_drain (house, "host1", TRUE);
  floe_pool_keeper_look_at_all (house->pool_keeper);
  pool_house_pass (house, 60);
  /* Only hers may still be there. */
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, ==, on_host1 ? 1 : 0);
  g_assert_cmpuint (pool_house_look (house, 1).held, ==, 1);
  g_assert_cmpuint (pool_house_look (house, 1).total, >=, 6);
}

/* A crash at each moment: what was under way is taken up again, and nothing is made twice. */
static void
test_crash_anywhere (void)
{
  for (guint steps = 1; steps < 12; steps++)
    {
      g_autoptr (House) house = pool_house_new ();
      g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 4, 6, 2);
      PoolCount count;

      house_put_pool (house, pool);
      fake_manager_hold (house->manager, TRUE);
      for (guint i = 0; i < steps; i++)
        {
          fake_clock_advance (house->clock, G_USEC_PER_SEC / 5);
          house_settle (house);
          if (fake_manager_get_pending (house->manager) > 0)
            fake_manager_answer (house->manager, NULL);
          house_settle (house);
        }
      house_crash (house);
      fake_manager_hold (house->manager, FALSE);
      house_start (house);
      fake_manager_measure (house->manager, "host1", 64000, 60000);
      fake_manager_measure (house->manager, "host2", 64000, 60000);
      pool_house_pass (house, 30);
      count = pool_house_look (house, 1);
      g_assert_cmpuint (count.total, ==, 4);
      g_assert_cmpuint (count.running, ==, 2);
    }
}

/* Storage of its own on each host: the image is brought there before anything is made there. */
static void
test_carry (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 6, 8, 0);

  pool->template->shared = FALSE;
  house_put_pool (house, pool);
  pool_house_pass (house, 20);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "carry floe-office-r1.qcow2"));
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 6);
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, >, 0);
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, <, 6);
}

/* Somebody else's domain has a name that a clone would get, on one of two hosts, and on both. */
static void
test_foreign_names (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 4, 8, 0);
  g_autoptr (FloePoolState) state = NULL;
  g_autoptr (FloePoolState) later = NULL;
  PoolCount count;

  fake_manager_add (house->manager, "office-002", FLOE_POWER_ON);
  fake_manager_add (house->manager, "office-003", FLOE_POWER_OFF);
  fake_manager_list (house->manager);
  pool_house_drain (house, "host1", TRUE);
  house_put_pool (house, pool);
  pool_house_pass (house, 20);
  count = pool_house_look (house, 1);
  g_assert_cmpuint (count.total, ==, 4);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "create office-002"));

  pool_house_drain (house, "host1", FALSE);
  pool_house_drain (house, "host2", TRUE);
  pool_house_pass (house, 60);
  count = pool_house_look (house, 1);
  g_assert_cmpuint (count.total, ==, 4);
  g_assert_cmpuint (count.on_host1, ==, 4);
  g_assert_cmpuint (count_named (house, "office-002") + count_named (house, "office-003"), ==, 0);
  state = pool_house_state (house);
  g_assert_cmpuint (state->failures, ==, 0);
  g_assert_cmpstr (state->note, ==,
                   "office-002 on host host1 and 1 more are not of this pool: their names"
                   " are left out");
  fake_manager_undefine (house->manager, "id-office-002");
  fake_manager_undefine (house->manager, "id-office-003");
  pool_house_pass (house, 60);
  later = pool_house_state (house);
  g_assert_null (later->note);
}

/* Which disk was plugged in last, by a manager's log. */
static gchar *
find_attached (const gchar *log)
{
  const gchar *at = g_strrstr (log, "attach office-");
  g_auto (GStrv) words = at != NULL ? g_strsplit_set (at, " ;", 4) : NULL; /* attach NAME VOLUME */

  g_assert_nonnull (words);
  return g_strdup (words[2]);
}

/* Somebody's data goes from one desktop to the next, and is plugged in before they see it. */
static void
test_data_disk (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 3, 8, 1);
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;
  g_autoptr (FloeConnectAnswer) third = NULL;
  g_autofree gchar *disk = NULL;
  g_autofree gchar *again = NULL;

  pool->data_gib = 10;
  house_put_pool (house, pool);
  pool_house_pass (house, 20);
  alice = house_enter (house, "alice");
  first = house_connect (house, alice->identity, "office", NULL);
  g_assert_nonnull (first->request); /* not before her disk is in */
  pool_house_pass (house, 2);
  second = house_connect (house, alice->identity, "office", NULL);
  g_assert_nonnull (second->connection);
  disk = find_attached (fake_manager_get_log (house->manager));
  house_release (house, alice->identity, second->connection->desktop->id, NULL);
  pool_house_pass (house, 5);
  fake_manager_clear_log (house->manager);
  g_clear_pointer (&first, floe_connect_answer_free);
  first = house_connect (house, alice->identity, "office", NULL);
  pool_house_pass (house, 3);
  third = house_connect (house, alice->identity, "office", NULL);
  g_assert_nonnull (third->connection);
  g_assert_cmpstr (third->connection->desktop->id, !=, second->connection->desktop->id);
  again = find_attached (fake_manager_get_log (house->manager));
  g_assert_true (g_str_has_prefix (disk, "floe-data-office-"));
  g_assert_cmpstr (again, ==, disk);
}

/* Her data cannot be plugged in: she is told why, the pool says so and goes on for the others,
 * until it went well again. */
static void
test_data_fails (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 3, 8, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (FloePoolState) later = NULL;
  const GError *error;

  pool->data_gib = 10;
  house_put_pool (house, pool);
  pool_house_pass (house, 20);
  fake_manager_fail_next_job (house->manager, FLOE_JOB_ATTACH, FLOE_ERROR_EXHAUSTED, "storage-full",
                              "storage images is full");
  first = house_get_in (house, alice);
  pool_house_pass (house, 3);
  error = floe_connect_request_get_error (first->request);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (error), ==, "data-failed");
  g_assert_cmpstr (error->message, ==, "storage images is full");
  report = house_get_pool (house, "office");
  g_assert_nonnull (report->problem);
  g_assert_nonnull (
      strstr (report->problem, "a data disk could not be plugged in: storage images"));
  g_assert_cmpstr (report->state->note, ==, report->problem);
  g_assert_cmpint (report->state->not_before, ==, 0);
  g_assert_cmpuint (pool_house_look (house, 1).held, ==, 0);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 1); /* the next spare */
  floe_connect_answer_free (house_get_in (house, alice));
  pool_house_pass (house, 3);
  second = house_get_in (house, alice);
  g_assert_nonnull (second->connection);
  pool_house_pass (house, 35);
  later = pool_house_state (house);
  g_assert_null (later->problem);
  g_assert_null (later->note);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-keeper/fill", test_fill);
  g_test_add_func ("/pool-keeper/refill", test_refill);
  g_test_add_func ("/pool-keeper/grow-and-shrink", test_grow_and_shrink);
  g_test_add_func ("/pool-keeper/renew", test_renew);
  g_test_add_func ("/pool-keeper/renew-fails", test_renew_fails);
  g_test_add_func ("/pool-keeper/canary-fails", test_canary_fails);
  g_test_add_func ("/pool-keeper/drain", test_drain);
  g_test_add_func ("/pool-keeper/crash-anywhere", test_crash_anywhere);
  g_test_add_func ("/pool-keeper/carry", test_carry);
  g_test_add_func ("/pool-keeper/foreign-names", test_foreign_names);
  g_test_add_func ("/pool-keeper/data-disk", test_data_disk);
  g_test_add_func ("/pool-keeper/data-fails", test_data_fails);
  return g_test_run ();
}
