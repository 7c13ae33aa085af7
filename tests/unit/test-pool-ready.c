/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "pool-house.h"

/* Clones that are made their own before anybody gets one, and those that never get that far. */

static House *
new_personal (FloePersonality personality, FloePoolKind kind, guint minimum, guint spares)
{
  House *house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (kind, minimum, 10, spares);

  pool->template->personality = personality;
  pool->template->canary_percent = 30;
  pool->template->first_boot = g_strdup ("join the domain");
  pool->template->last_words = g_strdup ("leave the domain");
  house_put_pool (house, pool);
  pool_house_pass (house, 20);
  return house;
}

static void
assert_logged (House *house, const gchar *pattern)
{
  if (!g_pattern_match_simple (pattern, fake_manager_get_log (house->manager)))
    g_error ("\"%s\" is not in %s", pattern, fake_manager_get_log (house->manager));
}

static guint
count_jobs (House *house, const gchar *kind)
{
  g_auto (GStrv) parts = g_strsplit (fake_manager_get_log (house->manager), kind, -1);

  return g_strv_length (parts) - 1;
}

static gpointer
list_desktops (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_list_desktops_of_pool (tx, "office", error);
}

typedef struct
{
  guint prepared;
  guint ready;
} Guests;

static Guests
look_at_guests (House *house)
{
  g_autoptr (GPtrArray) list = house_write (house, list_desktops, NULL, NULL);
  Guests guests = { 0 };

  for (guint i = 0; i < list->len; i++)
    {
      const FloeDesktop *desktop = list->pdata[i];

      guests.prepared += desktop->prepared;
      guests.ready += desktop->facts.guest == FLOE_GUEST_READY;
    }
  return guests;
}

/* The pool's scripts go along with the jobs that run them. */
static void
test_scripts (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_CLOUD_INIT, FLOE_POOL_FLOATING, 2, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  assert_logged (house, "*create office-001 floe-office-r1.qcow2 (join the domain);*");
  fake_manager_boot (house->manager);
  house_settle (house);
  answer = house_get_in (house, alice);
  g_assert_nonnull (answer->connection);
  house_release (house, alice->identity, answer->connection->desktop->id, NULL);
  pool_house_pass (house, 2);
  assert_logged (house, "*remove office-00? (leave the domain);*");
  g_assert_cmpuint (count_jobs (house, "personalize"), ==, 0); /* cloud-init did all that */
}

/* It is lent only once cloud-init has ended, however long its spare has been running. */
static void
test_cloud_init (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_CLOUD_INIT, FLOE_POOL_FLOATING, 2, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;

  g_assert_cmpuint (look_at_guests (house).prepared, ==, 0);
  first = house_get_in (house, alice);
  pool_house_pass (house, 60);
  g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_GUEST);
  fake_manager_boot (house->manager);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_READY);
  second = house_get_in (house, alice);
  g_assert_nonnull (second->connection);
  g_assert_cmpuint (look_at_guests (house).prepared, >=, 1);
}

static void
test_agent (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_AGENT, FLOE_POOL_FLOATING, 2, 1);

  fake_manager_hold (house->manager, TRUE);
  fake_manager_boot (house->manager);
  house_settle (house);
  assert_logged (house, "*personalize office-00? (join the domain);*");
  g_assert_cmpuint (look_at_guests (house).ready, ==, 0); /* not before that has ended */
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  g_assert_cmpuint (look_at_guests (house).ready, ==, 1);
  g_assert_cmpuint (look_at_guests (house).prepared, ==, 1);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpuint (count_jobs (house, "personalize"), ==, 1); /* once is enough */
}

static void
assert_removed_and_told (House *house, const gchar *problem)
{
  g_autoptr (FloePoolReport) report = house_get_pool (house, "office");

  assert_logged (house, "*remove office-00? (leave the domain);*");
  g_assert_cmpuint (report->state->failures, ==, 1);
  g_assert_cmpint (report->state->not_before, >, 0);
  g_assert_true (g_str_has_prefix (report->state->note, "a failure: office-00"));
  g_assert_nonnull (strstr (report->state->note, problem));
  g_assert_nonnull (strstr (report->problem, problem));
}

/* The agent says so of its script, and cloud-init's host of that one. */
static void
test_script_fails (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_AGENT, FLOE_POOL_FLOATING, 2, 1);

  fake_manager_fail_next_job (house->manager, FLOE_JOB_PERSONALIZE, FLOE_ERROR_INTERNAL,
                              "script-failed", "the script said: no such domain");
  fake_manager_boot (house->manager);
  pool_house_pass (house, 1);
  assert_removed_and_told (house, "the script said: no such domain");
}

/* The @n-th by name of those with that power. */
static FloeDomain *
find_domain (House *house, FloePower power, guint n)
{
  g_autoptr (GPtrArray) list = house_write (house, list_desktops, NULL, NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const FloeDesktop *desktop = list->pdata[i];

      if (desktop->facts.power == power && n-- == 0)
        return fake_manager_find (house->manager, desktop->id);
    }
  g_assert_not_reached ();
}

/* Tells of the clone that boots that it will never be done. */
static void
doom (House *house, const gchar *problem)
{
  FloeDomain *domain = find_domain (house, FLOE_POWER_ON, 0);

  domain->boot_problem = g_strdup (problem);
  fake_manager_set_power (house->manager, domain->id, FLOE_POWER_ON);
}

static void
test_cloud_init_fails (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_CLOUD_INIT, FLOE_POOL_FLOATING, 2, 1);

  doom (house, "its first-boot script ended with 7");
  pool_house_pass (house, 1);
  assert_removed_and_told (house, "its first-boot script ended with 7");
}

/* Without an agent nobody can tell, and that is no reason to take it for ready. */
static void
test_no_agent (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_CLOUD_INIT, FLOE_POOL_FLOATING, 2, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloePoolState) state = NULL;

  for (guint i = 0; i < 2; i++)
    {
      FloeDomain *domain = find_domain (house, FLOE_POWER_OFF, i);

      domain->has_agent = FALSE;
      fake_manager_set_power (house->manager, domain->id, FLOE_POWER_OFF);
      house_settle (house);
    }
  answer = house_get_in (house, alice);
  pool_house_pass (house, 10);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_GUEST);
  g_assert_cmpuint (look_at_guests (house).ready, ==, 0);
  pool_house_pass (house, 150); /* the next one runs, which is no success either */
  state = pool_house_state (house);
  g_assert_cmpuint (state->failures, ==, 1);
}

/* No canary is tried: the first revision is current at once, and its clones are watched, too. The
 * pool leaves more and more time between them, although it can make as many as it likes. */
static void
test_never_ready (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_CLOUD_INIT, FLOE_POOL_FLOATING, 2, 1);
  g_autoptr (FloePoolState) state = NULL;
  g_autoptr (FloePoolState) later = NULL;
  guint made;

  pool_house_pass (house, 140);
  assert_removed_and_told (house, "its guest was not ready after 120 s");
  pool_house_pass (house, 600);
  state = pool_house_state (house);
  g_assert_cmpuint (state->failures, >=, 3);
  g_assert_cmpint (pool_house_revision_state (house, 1), ==, FLOE_REVISION_CURRENT);
  made = count_jobs (house, "create ");
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 2);
  pool_house_pass (house, 1800);
  g_assert_cmpuint (count_jobs (house, "create ") - made, <=, 6);
  /* It is mended, and says so. */
  for (guint i = 0; i < 12; i++)
    {
      fake_manager_boot (house->manager);
      pool_house_pass (house, 60);
    }
  later = pool_house_state (house);
  g_assert_cmpuint (later->failures, ==, 0);
  g_assert_null (later->note);
  g_assert_cmpuint (look_at_guests (house).ready, ==, 1);
}

/* Who waits for one that never becomes ready gets another one, and no error. */
static void
test_waiter_gets_another (void)
{
  const FloePoolKind kinds[] = { FLOE_POOL_FLOATING, FLOE_POOL_DEDICATED };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (House) house = new_personal (FLOE_PERSONALITY_CLOUD_INIT, kinds[i], 4, 1);
      g_autoptr (FloeGrant) alice = house_enter (house, "alice");
      g_autoptr (FloeConnectAnswer) first = house_get_in (house, alice);
      g_autoptr (FloeConnectAnswer) second = NULL;
      g_autofree gchar *bad = g_strdup (floe_connect_request_get_desktop_id (first->request));

      g_assert_null (first->connection);
      pool_house_pass (house, 100);
      g_assert_nonnull (fake_manager_find (house->manager, bad));
      pool_house_pass (house, 60); /* late now, and another one is on its way for her */
      g_assert_null (fake_manager_find (house->manager, bad));
      g_assert_false (floe_connect_request_is_over (first->request));
      fake_manager_boot (house->manager);
      house_settle (house);
      g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_READY);
      second = house_get_in (house, alice);
      g_assert_nonnull (second->connection);
      g_assert_cmpstr (second->connection->desktop->id, !=, bad);
      g_assert_cmpuint (pool_house_look (house, 1).held, ==, 1);
    }
}

/* What an administrator gave to somebody stays theirs; it is switched off, and they are told. */
static void
test_assigned_stays (void)
{
  g_autoptr (House) house = new_personal (FLOE_PERSONALITY_CLOUD_INIT, FLOE_POOL_STATIC, 1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloePoolState) state = NULL;
  const gchar *id = find_domain (house, FLOE_POWER_OFF, 0)->id;

  g_assert_true (house_assign (house, id, "alice", NULL));
  answer = house_get_in (house, alice);
  pool_house_pass (house, 160);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_FAILED);
  g_assert_cmpstr (floe_error_reason (floe_connect_request_get_error (answer->request)), ==,
                   "start-failed");
  g_assert_nonnull (strstr (floe_connect_request_get_error (answer->request)->message,
                            "its guest was not ready after 120 s"));
  g_assert_cmpuint (pool_house_look (house, 1).held, ==, 1);
  state = pool_house_state (house);
  g_assert_cmpuint (state->failures, ==, 1);
}

static gpointer
get_disk (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_find_disk_of_desktop (tx, input, error);
}

/* Her data is plugged in already when the clone turns out to be bad: it goes along to the next one.
 */
static void
test_data_goes_along (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 4, 10, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;
  g_autoptr (FloeDataDisk) disk = NULL;

  pool->data_gib = 10;
  pool->template->personality = FLOE_PERSONALITY_CLOUD_INIT;
  house_put_pool (house, pool);
  pool_house_pass (house, 20);
  first = house_get_in (house, alice);
  pool_house_pass (house, 5);
  g_assert_cmpuint (count_jobs (house, "attach "), ==, 1);
  pool_house_pass (house, 155);
  fake_manager_boot (house->manager);
  pool_house_pass (house, 5);
  g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_READY);
  second = house_get_in (house, alice);
  g_assert_nonnull (second->connection);
  g_assert_cmpuint (count_jobs (house, "attach "), ==, 2);
  disk = house_write (house, get_disk, second->connection->desktop->id, NULL);
  g_assert_true (disk->made);
}

/* Whichever of two spares is ready is lent first. */
static void
test_ready_first (void)
{
  for (guint n = 0; n < 2; n++)
    {
      g_autoptr (House) house =
          new_personal (FLOE_PERSONALITY_CLOUD_INIT, FLOE_POOL_FLOATING, 3, 2);
      g_autoptr (FloeGrant) alice = house_enter (house, "alice");
      g_autoptr (FloeGrant) bob = house_enter (house, "bob");
      FloeDomain *domain = find_domain (house, FLOE_POWER_ON, n);
      g_autoptr (FloeConnectAnswer) hers = NULL;
      g_autoptr (FloeConnectAnswer) his = NULL;

      domain->agent_connected = TRUE;
      fake_manager_set_power (house->manager, domain->id, FLOE_POWER_ON);
      house_settle (house);
      hers = house_get_in (house, alice);
      g_assert_nonnull (hers->connection);
      g_assert_cmpstr (hers->connection->desktop->id, ==, domain->id);
      his = house_get_in (house, bob); /* the one that boots, rather than one that is off */
      house_settle (house);
      g_assert_cmpint (floe_connect_request_get_state (his->request), ==, FLOE_REQUEST_GUEST);
    }
}

/* A revision whose clones never become ready is not for the rest of the pool. */
static void
test_canary_never_ready (void)
{
  g_autoptr (House) house = pool_house_filled (6, 12, 2);
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 6, 12, 2);
  g_autoptr (FloePoolState) state = NULL;

  pool->template->canary_percent = 30;
  pool->template->personality = FLOE_PERSONALITY_CLOUD_INIT;
  house_put_pool (house, pool);
  pool_house_renew (house);
  pool_house_pass (house, 900);
  g_assert_cmpint (pool_house_revision_state (house, 2), ==, FLOE_REVISION_FAILED);
  g_assert_cmpint (pool_house_revision_state (house, 1), ==, FLOE_REVISION_CURRENT);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 6);
  g_assert_cmpuint (pool_house_look (house, 1).running, ==, 2);
  state = pool_house_state (house);
  g_assert_nonnull (strstr (state->note, "revision 2 of its template failed: office-0"));
  g_assert_nonnull (strstr (state->note, "its guest was not ready after 120 s"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-ready/scripts", test_scripts);
  g_test_add_func ("/pool-ready/cloud-init", test_cloud_init);
  g_test_add_func ("/pool-ready/agent", test_agent);
  g_test_add_func ("/pool-ready/script-fails", test_script_fails);
  g_test_add_func ("/pool-ready/cloud-init-fails", test_cloud_init_fails);
  g_test_add_func ("/pool-ready/no-agent", test_no_agent);
  g_test_add_func ("/pool-ready/never-ready", test_never_ready);
  g_test_add_func ("/pool-ready/waiter-gets-another", test_waiter_gets_another);
  g_test_add_func ("/pool-ready/assigned-stays", test_assigned_stays);
  g_test_add_func ("/pool-ready/data-goes-along", test_data_goes_along);
  g_test_add_func ("/pool-ready/ready-first", test_ready_first);
  g_test_add_func ("/pool-ready/canary-never-ready", test_canary_never_ready);
  return g_test_run ();
}
