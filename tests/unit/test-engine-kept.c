/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/claim.h"
#include "core/error.h"
#include "core/helpdesk-assign.h"
#include "core/helpdesk-pools.h"
#include "core/transition.h"
#include "engine-house.h"
#include "logs.h"

/* A pool whose VMs stay with their users at its engine, until they are taken from them there. */

static FloePool *
new_pool (FloePoolKind kind)
{
  return engine_house_new_pool ("developers", kind, "Developers");
}

static House *
new_engine (void)
{
  g_autoptr (FloePool) pool = new_pool (FLOE_POOL_DEDICATED);

  return engine_house_new (pool, "dev-1", "dev-2");
}

static void
connect_to (House *house, const FloeGrant *grant, const gchar *gift)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_be_engine (house->manager, gift);
  answer = house_connect (house, grant->identity, "developers", &error);
  g_assert_no_error (error);
  house_settle (house);
}

static gboolean
is_theirs (House *house, const gchar *id, const FloeGrant *grant)
{
  g_autoptr (FloeDesktop) desktop = house_get_desktop (house, id);

  return floe_desktop_is_held_by (desktop, grant->identity->user->id);
}

static void
take_back (House *house, const gchar *id)
{
  g_autoptr (GError) error = NULL;

  house_take_away (house, id, &error);
  g_assert_no_error (error);
  house_settle (house);
}

/* The engine is asked once; from then on the broker starts what they have. */
static void
test_stays_theirs (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;

  fake_manager_find (house->manager, "id-dev-1")->engine_user = g_strdup ("e-alice");
  connect_to (house, alice, "id-dev-1");
  g_assert_true (is_theirs (house, "id-dev-1", alice));
  desktop = house_get_desktop (house, "id-dev-1");
  g_assert_cmpstr (desktop->engine_user, ==, "e-alice");
  fake_manager_set_power (house->manager, "id-dev-1", FLOE_POWER_OFF);
  house_settle (house);
  house_advance (house, 7200);
  g_assert_true (is_theirs (house, "id-dev-1", alice));
  fake_manager_clear_log (house->manager);
  connect_to (house, alice, "id-dev-2");
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "start dev-1 of alice;");
  g_assert_cmpuint (house_count_audit (house, "allocate", "done"), ==, 1);
}

/* The work that is in it is neither reset nor given to anybody. */
static void
test_taken_back (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;

  connect_to (house, alice, "id-dev-1");
  fake_manager_clear_log (house->manager);
  take_back (house, "id-dev-1");
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "give-back dev-1 of alice;");
  desktop = house_get_desktop (house, "id-dev-1");
  g_assert_null (desktop->lease);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_NONE);
}

/* What was refused or not answered is known, and done again later. */
static void
test_taken_back_later (gconstpointer data)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloeDesktop) after = NULL;

  connect_to (house, alice, "id-dev-1");
  fake_manager_fail_next_job (house->manager, FLOE_JOB_GIVE_BACK, (FloeError)GPOINTER_TO_INT (data),
                              NULL, "no right to that");
  take_back (house, "id-dev-1");
  desktop = house_get_desktop (house, "id-dev-1");
  g_assert_cmpint (desktop->facts.clean, ==, FLOE_CLEAN_BROKEN);
  g_assert_cmpstr (desktop->problem, ==, "no right to that");
  fake_manager_clear_log (house->manager);
  house_advance (house, 600);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "give-back dev-1 of alice;");
  after = house_get_desktop (house, "id-dev-1");
  g_assert_cmpint (after->facts.clean, ==, FLOE_CLEAN_CLEAN);
}

/* Until the engine has taken it back it is theirs there, and nobody's here. */
static void
test_not_meanwhile (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  connect_to (house, alice, "id-dev-1");
  fake_manager_hold (house->manager, TRUE);
  take_back (house, "id-dev-1");
  fake_manager_be_engine (house->manager, "id-dev-1");
  answer = house_connect (house, alice->identity, "developers", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (error), ==, "engine-busy");
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  connect_to (house, alice, "id-dev-2");
  g_assert_true (is_theirs (house, "id-dev-2", alice));
}

static void
assert_taken_away (House *house, const FloeGrant *alice)
{
  g_autoptr (FloeDesktop) desktop = house_get_desktop (house, "id-dev-1");

  g_assert_null (desktop->lease);
  g_assert_cmpstr (desktop->end->reason, ==, "released");
  g_assert_cmpstr (desktop->end->user, ==, alice->identity->user->id);
  g_assert_cmpuint (house_count_audit (house, "release", "done"), ==, 1);
  connect_to (house, alice, "id-dev-2");
  g_assert_true (is_theirs (house, "id-dev-2", alice));
}

/* It was off, and cannot be started, since the engine says that it is nobody's. */
static void
test_taken_away (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");

  connect_to (house, alice, "id-dev-1");
  fake_manager_set_power (house->manager, "id-dev-1", FLOE_POWER_OFF);
  house_settle (house);
  fake_manager_fail_next_job (house->manager, FLOE_JOB_START, FLOE_ERROR_CONFLICT, "taken-away",
                              "it is not theirs");
  connect_to (house, alice, "id-dev-2");
  g_assert_cmpuint (house_count_audit (house, "start", "failed"), ==, 1);
  assert_taken_away (house, alice);
}

/* It runs, and nobody gets in who does not have it. */
static void
test_taken_away_running (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  connect_to (house, alice, "id-dev-1");
  fake_manager_fail_tickets (house->manager, FLOE_ERROR_CONFLICT, "taken-away");
  answer = house_connect (house, alice->identity, "developers", &error);
  g_assert_cmpstr (floe_error_reason (error), ==, "taken-away");
  house_settle (house);
  fake_manager_mend_tickets (house->manager);
  assert_taken_away (house, alice);
}

/* While it is given back the engine takes it off its list. */
static void
test_gone_meanwhile (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloeDesktop) after = NULL;

  connect_to (house, alice, "id-dev-1");
  fake_manager_hold (house->manager, TRUE);
  take_back (house, "id-dev-1");
  fake_manager_undefine (house->manager, "id-dev-1");
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  desktop = house_get_desktop (house, "id-dev-1");
  g_assert_true (floe_desktop_is_owed (desktop));
  fake_manager_clear_log (house->manager);
  house_advance (house, 600);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "give-back dev-1 of alice;");
  after = house_get_desktop (house, "id-dev-1");
  g_assert_false (floe_desktop_is_owed (after));
}

/* One that nobody wrote down goes back, whoever it was for. */
static void
test_left_behind (gconstpointer data)
{
  gboolean service = GPOINTER_TO_INT (data);
  g_autoptr (FloePool) pool = new_pool (FLOE_POOL_DEDICATED);
  g_autoptr (House) house = NULL;

  pool->assign = service ? FLOE_ASSIGN_SERVICE : FLOE_ASSIGN_ON_BEHALF;
  house = engine_house_new (pool, "dev-1", "dev-2");
  fake_manager_find (house->manager, "id-dev-2")->given = TRUE;
  house_advance (house, 240);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
  house_advance (house, 120);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, service ? "give-back dev-2;" : "");
}

static void
pool_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  floe_helpdesk_delete_pool_finish (FLOE_HELPDESK (source), result, &error);
  *(gchar **)data = g_strdup (error != NULL ? error->message : "");
}

/* delete_pool: returns why it is not */
static gchar *
delete_pool (House *house)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  gchar *why = NULL;

  floe_helpdesk_delete_pool_async (house->helpdesk, helen, "developers", NULL, pool_deleted, &why);
  while (why == NULL)
    g_main_context_iteration (NULL, TRUE);
  house_settle (house);
  return why;
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  *(FloeChange **)data = floe_store_finish (FLOE_STORE (source), result, NULL);
}

/* What the engine gave and they may not have is taken from them by whoever leads, until it is. */
static void
test_given_for_nothing (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeChange) change = NULL;
  g_autoptr (FloeChange) again = NULL;

  connect_to (house, alice, "id-dev-1");
  fake_manager_clear_log (house->manager);
  floe_claim_give_back_async (house->counted, alice->identity, "developers",
                              fake_manager_find (house->manager, "id-dev-2"),
                              floe_clock_now (FLOE_CLOCK (house->clock)), recorded, &change);
  house_settle (house);
  floe_keeper_handle (house->keeper, change);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "give-back dev-2 of alice;");
  floe_claim_give_back_async (house->counted, alice->identity, "developers",
                              fake_manager_find (house->manager, "id-dev-1"),
                              floe_clock_now (FLOE_CLOCK (house->clock)), recorded, &again);
  house_settle (house);
  g_assert_false (again->changed); /* it is hers */
  g_assert_true (is_theirs (house, "id-dev-1", alice));
}

/* Whose it was, and how it is given back, stays known until it is. */
static void
test_owed (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloePool) pool = new_pool (FLOE_POOL_DEDICATED);
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autofree gchar *why = NULL;
  g_autofree gchar *none = NULL;
  g_autoptr (GError) error = NULL;

  connect_to (house, alice, "id-dev-1");
  pool->assign = FLOE_ASSIGN_ON_BEHALF;
  g_assert_false (house_try_put_pool (house, pool, &error));
  g_assert_nonnull (strstr (error->message, "assign: 1 desktops of pool developers are lent"));
  fake_manager_fail_next_job (house->manager, FLOE_JOB_GIVE_BACK, FLOE_ERROR_DENIED, NULL, "no");
  take_back (house, "id-dev-1");
  g_clear_error (&error);
  g_assert_false (house_try_put_pool (house, pool, &error));
  why = delete_pool (house);
  g_assert_nonnull (strstr (why, "still is its last user's at its engine (no)"));
  pool->assign = FLOE_ASSIGN_SERVICE;
  g_free (pool->engine_pool);
  pool->engine_pool = g_strdup ("Others");
  house_put_pool (house, pool);
  fake_manager_list (house->manager);
  house_settle (house);
  desktop = house_get_desktop (house, "id-dev-1");
  g_assert_cmpstr (desktop->pool, ==, "developers");
  house_advance (house, 600);
  none = delete_pool (house);
  g_assert_cmpstr (none, ==, "");
}

/* What another manager has to take back stays that manager's. */
static void
test_another_manager (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloePool) pool = house_new_pool ("developers", FLOE_POOL_DEDICATED, NULL);
  g_autoptr (GError) error = NULL;

  connect_to (house, alice, "id-dev-1");
  g_assert_false (house_try_put_pool (house, pool, &error));
  g_assert_nonnull (strstr (error->message, "manager: 1 desktops of pool developers are lent"));
}

/* An administrator took it from them at the engine, and the engine gave it to somebody else. */
static void
test_given_to_another (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");

  connect_to (house, alice, "id-dev-1");
  connect_to (house, bob, "id-dev-1");
  g_assert_true (is_theirs (house, "id-dev-1", bob));
  g_assert_false (is_theirs (house, "id-dev-1", alice));
  connect_to (house, alice, "id-dev-2");
  g_assert_true (is_theirs (house, "id-dev-2", alice));
}

/* A VM that is to be kept is in no pool that takes it back, and the other way round. */
static void
test_other_type (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeDesktop) desktop = NULL;

  fake_manager_find (house->manager, "id-dev-2")->kept_refusal = g_strdup ("it is taken back");
  fake_manager_list (house->manager);
  house_settle (house);
  desktop = house_get_desktop (house, "id-dev-2");
  g_assert_cmpstr (desktop->refusal, ==, "it is taken back");
}

static void
acted (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_helpdesk_act_finish (FLOE_HELPDESK (source), result, (GError **)data);
}

/* What nobody has is as its last user left it, or new: the broker does nothing about that. */
static void
test_reset (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  floe_helpdesk_act_async (house->helpdesk, helen, "id-dev-2", FLOE_DESKTOP_RESET, "a test", acted,
                           &error);
  house_settle (house);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "there is nothing to reset"));
  desktop = house_get_desktop (house, "id-dev-2");
  g_assert_false (floe_desktop_is_owed (desktop));
}

/* Who gets which is the engine's choice. */
static void
test_assign (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (GError) error = NULL;

  g_assert_false (house_assign (house, "id-dev-1", "alice", &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "engine");
  g_assert_false (is_theirs (house, "id-dev-1", alice));
}

static void
test_pool (void)
{
  g_autoptr (FloePool) pool = new_pool (FLOE_POOL_STATIC);
  g_autoptr (GError) error = NULL;

  g_assert_false (floe_pool_validate (pool, &error));
  g_assert_nonnull (strstr (error->message, "kind: expected floating, or dedicated"));
  pool->kind = FLOE_POOL_DEDICATED;
  g_clear_error (&error);
  floe_pool_validate (pool, &error);
  g_assert_no_error (error);
}

static gpointer
record_release (FloeTx *tx, gconstpointer identity, GError **error)
{
  const FloeCause cause = { .now = 1000, .identity = identity };

  return floe_change_one (tx, "id-dev-1", FLOE_EVENT_RELEASE, &cause, error);
}

/* The engine's log has the id of the request, which the audit trail has; also where another broker
 * decided it, and where nobody did. */
static void
test_request (void)
{
  g_autoptr (House) house = new_engine ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeIdentity) there = floe_identity_copy (alice->identity);
  FloeFeedEntry *news = floe_feed_entry_new (1, "desktop", "id-dev-1");
  g_autoptr (FloeChange) change = NULL;

  connect_to (house, alice, "id-dev-1");
  g_assert_cmpstr (fake_manager_get_request (house->manager), ==, "request-1");
  g_free (there->caller->request);
  there->caller->request = g_strdup ("request-2");
  change = house_write (house, record_release, there, NULL);
  g_assert_cmpstr (change->request, ==, "request-2");
  floe_keeper_hear (house->keeper, news);
  floe_feed_entry_free (news);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_request (house->manager), ==, "request-2");
  connect_to (house, alice, "id-dev-1");
  take_back (house, "id-dev-1"); /* by who has no request */
  g_assert_null (fake_manager_get_request (house->manager));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine-kept/stays-theirs", test_stays_theirs);
  g_test_add_func ("/engine-kept/taken-back", test_taken_back);
  g_test_add_data_func ("/engine-kept/taken-back/refused", GINT_TO_POINTER (FLOE_ERROR_DENIED),
                        test_taken_back_later);
  g_test_add_data_func ("/engine-kept/taken-back/silent", GINT_TO_POINTER (FLOE_ERROR_TIMED_OUT),
                        test_taken_back_later);
  g_test_add_func ("/engine-kept/given-to-another", test_given_to_another);
  g_test_add_func ("/engine-kept/not-meanwhile", test_not_meanwhile);
  g_test_add_func ("/engine-kept/taken-away", test_taken_away);
  g_test_add_func ("/engine-kept/taken-away/running", test_taken_away_running);
  g_test_add_func ("/engine-kept/gone-meanwhile", test_gone_meanwhile);
  g_test_add_data_func ("/engine-kept/left-behind/service", GINT_TO_POINTER (TRUE),
                        test_left_behind);
  g_test_add_data_func ("/engine-kept/left-behind/other", GINT_TO_POINTER (FALSE),
                        test_left_behind);
  g_test_add_func ("/engine-kept/given-for-nothing", test_given_for_nothing);
  g_test_add_func ("/engine-kept/owed", test_owed);
  g_test_add_func ("/engine-kept/another-manager", test_another_manager);
  g_test_add_func ("/engine-kept/other-type", test_other_type);
  g_test_add_func ("/engine-kept/reset", test_reset);
  g_test_add_func ("/engine-kept/assign", test_assign);
  g_test_add_func ("/engine-kept/pool", test_pool);
  g_test_add_func ("/engine-kept/request", test_request);
  return g_test_run ();
}
