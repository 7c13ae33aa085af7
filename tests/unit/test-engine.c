/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-pools.h"
#include "engine-house.h"
#include "logs.h"

/* A pool that an engine owns: it gives, starts and takes back, and the broker records that. */

static House *
new_engine (guint per_user)
{
  g_autoptr (FloePool) pool = engine_house_new_pool ("office", FLOE_POOL_FLOATING, "Office PCs");

  pool->per_user = per_user;
  return engine_house_new (pool, "pc-1", "pc-2");
}

static FloeDesktop *
get (House *house, const FloeGrant *grant, const gchar *gift)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_be_engine (house->manager, gift);
  answer = house_connect (house, grant->identity, "office", &error);
  g_assert_no_error (error);
  return house_get_desktop (house, gift);
}

/* Nothing is started for spares, reset because nobody knows who was in it, or lent unasked. */
static void
test_left_alone (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeDesktop) desktop = NULL;

  house_advance (house, 120);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
  desktop = house_get_desktop (house, "id-pc-1");
  g_assert_true (desktop->engine);
  g_assert_cmpint (floe_desktop_get_nature (desktop), ==, FLOE_NATURE_ENGINE);
}

static void
test_given_running (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = get (house, alice, "id-pc-1");
  g_autoptr (FloeDesktop) again = NULL;

  g_assert_true (floe_desktop_is_held_by (desktop, alice->identity->user->id));
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==,
                   "allocate Office PCs alice;ticket pc-1;");
  g_assert_cmpuint (house_count_audit (house, "allocate", "intent"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "allocate", "done"), ==, 1);
  /* Whoever has one is not given another one. */
  again = get (house, alice, "id-pc-1");
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "ticket pc-1;ticket pc-1"));
}

/* What was asked for before that says nothing about it: another broker may have got it for her. */
static void
test_given_meanwhile (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED desktop = get (house, alice, "id-pc-1");
  g_autoptr (FloeDesktop) still = NULL;
  g_autoptr (FloeDesktop) after = NULL;
  FloeDomain *domain = fake_manager_find (house->manager, "id-pc-1");

  domain->asked = floe_clock_now (FLOE_CLOCK (house->clock)) - 1;
  fake_manager_set_power (house->manager, "id-pc-1", FLOE_POWER_OFF);
  still = house_get_desktop (house, "id-pc-1");
  g_assert_true (floe_desktop_is_held_by (still, alice->identity->user->id));
  domain->asked += G_USEC_PER_SEC;
  fake_manager_list (house->manager);
  after = house_get_desktop (house, "id-pc-1");
  g_assert_null (after->lease);
}

static void
test_given_off (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  fake_manager_be_engine (house->manager, "id-pc-2");
  fake_manager_hold (house->manager, TRUE);
  answer = house_connect (house, alice->identity, "office", &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer->request);
  desktop = house_get_desktop (house, "id-pc-2");
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_START);
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
}

/* One that no listing has told of yet. */
static void
test_given_unseen (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;

  engine_house_add_vm (house, "Office PCs", "pc-3", FLOE_POWER_ON);
  desktop = get (house, alice, "id-pc-3");
  g_assert_true (floe_desktop_is_held_by (desktop, alice->identity->user->id));
  g_assert_true (desktop->engine);
  g_assert_cmpstr (desktop->host, ==, "host1");
  g_assert_cmpint (desktop->facts.clean, ==, FLOE_CLEAN_DIRTY);
}

static void
test_none_left (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (GError) error = NULL;

  fake_manager_be_engine (house->manager, NULL);
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (floe_error_reason (error), ==, "no-desktop-free");
  g_assert_cmpuint (house_count_audit (house, "allocate", "failed"), ==, 1);
}

/* The engine is right: whoever had it before has it no more. */
static void
test_given_to_another (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED first = get (house, alice, "id-pc-1");
  g_autoptr (FloeDesktop) second = get (house, bob, "id-pc-1");

  g_assert_true (floe_desktop_is_held_by (second, bob->identity->user->id));
}

static void
test_taken_back (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED desktop = get (house, alice, "id-pc-1");
  g_autoptr (FloeDesktop) after = NULL;

  fake_manager_set_power (house->manager, "id-pc-1", FLOE_POWER_OFF);
  house_settle (house);
  after = house_get_desktop (house, "id-pc-1");
  g_assert_null (after->lease);
  g_assert_cmpint (after->facts.clean, ==, FLOE_CLEAN_CLEAN);
}

static void
test_log_out (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED desktop = get (house, alice, "id-pc-1");
  g_autoptr (FloeDesktop) after = NULL;

  g_assert_true (house_release (house, alice->identity, "id-pc-1", NULL));
  house_settle (house);
  after = house_get_desktop (house, "id-pc-1");
  g_assert_null (after->lease);
  g_assert_cmpint (after->facts.power, ==, FLOE_POWER_OFF);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "off pc-1;"));
}

/* An engine that is away for an hour takes nobody's desktop. */
static void
test_away (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED desktop = get (house, alice, "id-pc-1");
  g_autoptr (FloeDesktop) away = NULL;
  g_autoptr (FloeDesktop) back = NULL;

  house_open_console (house, "id-pc-1");
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (house->manager);
  house_advance (house, 3600);
  away = house_get_desktop (house, "id-pc-1");
  g_assert_nonnull (away->lease);
  g_assert_cmpint (away->facts.power, ==, FLOE_POWER_UNKNOWN);
  g_assert_cmpint (away->facts.console, ==, FLOE_CONSOLE_CONNECTED);
  fake_manager_list (house->manager);
  house_settle (house);
  back = house_get_desktop (house, "id-pc-1");
  g_assert_nonnull (back->lease);
  g_assert_cmpint (back->facts.power, ==, FLOE_POWER_ON);
}

/* A broker fell after the engine gave it, and before that was written down. */
static void
test_left_behind (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeDesktop) desktop = NULL;
  FloeDomain *domain = fake_manager_find (house->manager, "id-pc-1");

  domain->given = TRUE;
  house_advance (house, 240);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
  house_advance (house, 120);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_true (g_str_has_prefix (fake_manager_get_log (house->manager), "off pc-1;"));
  desktop = house_get_desktop (house, "id-pc-1");
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
  g_assert_cmpuint (house_count_audit (house, "stop", "intent"), ==, 1);
}

static void
test_given_is_kept (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED desktop = get (house, alice, "id-pc-1");

  fake_manager_find (house->manager, "id-pc-1")->given = TRUE;
  house_advance (house, 600);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_null (strstr (fake_manager_get_log (house->manager), "off"));
}

/* The engine says that what they ask for they have already: nothing is taken from them. */
static void
test_given_again (void)
{
  g_autoptr (House) house = new_engine (2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED first = get (house, alice, "id-pc-1");
  const FloeConnectWish wish = { .another = TRUE };
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  fake_manager_be_engine (house->manager, "id-pc-1");
  answer = house_wish (house, alice->identity, "office", &wish, &error);
  g_assert_no_error (error);
  desktop = house_get_desktop (house, "id-pc-1");
  g_assert_true (floe_desktop_is_held_by (desktop, alice->identity->user->id));
  g_assert_null (strstr (fake_manager_get_log (house->manager), "off"));
}

static void
acted (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *)data = floe_helpdesk_act_finish (FLOE_HELPDESK (source), result, NULL);
}

/* Whoever restarts an engine's desktop keeps it. */
static void
test_restart (void)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  gboolean done = FALSE;
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) G_GNUC_UNUSED desktop = get (house, alice, "id-pc-1");
  g_autoptr (FloeDesktop) after = NULL;

  floe_helpdesk_act_async (house->helpdesk, helen, "id-pc-1", FLOE_DESKTOP_RESTART, "it hangs",
                           acted, &done);
  house_settle (house);
  g_assert_true (done);
  house_advance (house, 2);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "restart pc-1;"));
  g_assert_null (strstr (fake_manager_get_log (house->manager), "shut-down"));
  after = house_get_desktop (house, "id-pc-1");
  g_assert_true (floe_desktop_is_held_by (after, alice->identity->user->id));
  g_assert_cmpuint (house_count_audit (house, "restart", "done"), ==, 1);
}

static void
explained (GObject *source, GAsyncResult *result, gpointer data)
{
  *(FloeExplanation **)data = floe_helpdesk_explain_finish (FLOE_HELPDESK (source), result, NULL);
}

static const gchar *
explain (House *house, FloeExplanation **explanation, const gchar *code)
{
  g_autoptr (FloeIdentity) actor = house_helen ();

  g_clear_pointer (explanation, floe_explanation_free);
  floe_helpdesk_explain_async (house->helpdesk, actor, "alice", "office", NULL, explained,
                               explanation);
  house_settle (house);
  g_assert_nonnull (*explanation);
  for (guint i = 0; i < (*explanation)->steps->len; i++)
    {
      const FloeExplanationStep *step = (*explanation)->steps->pdata[i];

      if (strcmp (step->code, code) == 0)
        return step->text;
    }
  return NULL;
}

/* Which one is free, only the engine knows. */
static void
test_explain (void)
{
  g_autoptr (House) house = new_engine (1);
  g_autoptr (FloeGrant) G_GNUC_UNUSED alice = house_enter (house, "alice");
  g_autoptr (FloeExplanation) e = NULL;

  g_assert_cmpstr (
      explain (house, &e, "engine"), ==,
      "engine host1 decides which desktop of its pool \"Office PCs\" somebody gets, and "
      "whether there is one; it is asked by the broker's own account, which all of them "
      "are given to there");
  g_assert_null (explain (house, &e, "free"));
  g_assert_cmpstr (e->conclusion, ==,
                   "alice gets a desktop of pool office if engine host1 has one left for them.");
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (house->manager);
  house_advance (house, 60);
  g_assert_nonnull (explain (house, &e, "engine-lost"));
  g_assert_cmpstr (e->conclusion, ==,
                   "alice gets no desktop of pool office while engine host1 does not answer.");
}

static void
test_validate (void)
{
  g_autoptr (FloePool) pool = floe_pool_new ("office", FLOE_POOL_FLOATING);
  g_autoptr (GError) error = NULL;

  pool->on_account_end = FLOE_ACT_RESET;
  pool->engine_pool = g_strdup ("Office PCs");
  g_assert_false (floe_pool_validate (pool, NULL)); /* libvirt has none */
  g_free (pool->manager);
  pool->manager = g_strdup ("rhev1");
  floe_pool_validate (pool, &error);
  g_assert_no_error (error);
  pool->spares = 1;
  g_assert_false (floe_pool_validate (pool, NULL));
  pool->spares = 0;
  pool->on_account_end = FLOE_ACT_LOCK;
  g_assert_false (floe_pool_validate (pool, NULL));
  pool->on_account_end = FLOE_ACT_KEEP;
  pool->kind = FLOE_POOL_STATIC;
  g_assert_false (floe_pool_validate (pool, &error));
  g_assert_nonnull (strstr (error->message, "kind: expected floating, or dedicated"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/engine/left-alone", test_left_alone);
  g_test_add_func ("/engine/given/running", test_given_running);
  g_test_add_func ("/engine/given/meanwhile", test_given_meanwhile);
  g_test_add_func ("/engine/given/off", test_given_off);
  g_test_add_func ("/engine/given/unseen", test_given_unseen);
  g_test_add_func ("/engine/given/none-left", test_none_left);
  g_test_add_func ("/engine/given/to-another", test_given_to_another);
  g_test_add_func ("/engine/taken-back", test_taken_back);
  g_test_add_func ("/engine/log-out", test_log_out);
  g_test_add_func ("/engine/away", test_away);
  g_test_add_func ("/engine/restart", test_restart);
  g_test_add_func ("/engine/left-behind", test_left_behind);
  g_test_add_func ("/engine/given/kept", test_given_is_kept);
  g_test_add_func ("/engine/given/again", test_given_again);
  g_test_add_func ("/engine/explain", test_explain);
  g_test_add_func ("/engine/validate", test_validate);
  return g_test_run ();
}
