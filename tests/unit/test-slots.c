/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "counting-store.h"
#include "house.h"
#include "logs.h"

/* Several desktops of one person, and desktops that an administrator gives out. */

static const FloeConnectWish further = { .another = TRUE };

static House *
house_with (FloePoolKind kind, guint n_desktops, guint per_user)
{
  House *house = house_new ();
  g_autoptr (FloePool) pool = house_new_pool ("office", kind, "office-*");

  for (guint i = 0; i < n_desktops; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%u", i + 1);

      fake_manager_add (house->manager, name, FLOE_POWER_OFF);
    }
  fake_manager_list (house->manager);
  pool->per_user = per_user;
  house_put_pool (house, pool);
  for (guint i = 0; i < n_desktops; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("id-office-%u", i + 1);

      fake_manager_set_power (house->manager, id, FLOE_POWER_ON);
    }
  house_settle (house);
  return house;
}

static FloeDesktop *
get (House *house, const FloeGrant *grant, const FloeConnectWish *wish)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer =
      house_wish (house, grant->identity, "office", wish, &error);

  g_assert_no_error (error);
  g_assert_nonnull (answer->connection);
  return house_get_desktop (house, answer->connection->desktop->id);
}

static void
assert_refused (House *house, const FloeGrant *grant, const FloeConnectWish *wish, gint code,
                const gchar *reason)
{
  guint before = house_count_audit (house, "connect", "denied");
  g_autoptr (GError) error = NULL;

  g_assert_null (house_wish (house, grant->identity, "office", wish, &error));
  g_assert_error (error, FLOE_ERROR, code);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
  g_assert_cmpuint (house_count_audit (house, "connect", "denied"), ==, before + 1);
}

static void
test_several (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_FLOATING, 4, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) first = get (house, alice, NULL);
  g_autoptr (FloeDesktop) second = get (house, alice, &further);
  g_autoptr (FloeDesktop) again = get (house, alice, NULL);
  const FloeConnectWish own = { .desktop_id = second->id };
  const FloeConnectWish others = { .desktop_id = "id-office-4" };
  g_autoptr (FloeDesktop) chosen = get (house, alice, &own);

  g_assert_cmpuint (first->lease->slot, ==, 1);
  g_assert_cmpuint (second->lease->slot, ==, 2);
  g_assert_cmpstr (again->id, ==, first->id);
  g_assert_cmpstr (chosen->id, ==, second->id);
  assert_refused (house, alice, &further, FLOE_ERROR_CONFLICT, "limit-reached");
  assert_refused (house, alice, &others, FLOE_ERROR_NOT_FOUND, "not-held");
}

/* The one that runs is the one that is meant; a slot that was given back is given again. */
static void
test_choice (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_FLOATING, 4, 3);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) first = get (house, alice, NULL);
  g_autoptr (FloeDesktop) second = get (house, alice, &further);
  g_autoptr (FloeDesktop) running = NULL;
  g_autoptr (FloeDesktop) third = NULL;

  fake_manager_set_power (house->manager, first->id, FLOE_POWER_OFF);
  house_settle (house);
  running = get (house, alice, NULL);
  g_assert_cmpstr (running->id, ==, second->id);
  g_assert_true (house_release (house, alice->identity, first->id, NULL));
  third = get (house, alice, &further);
  g_assert_cmpuint (third->lease->slot, ==, 1);
  g_assert_cmpstr (third->id, !=, second->id);
}

static void
test_views (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_FLOATING, 3, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  const FloePoolView *view = alice->pools->pdata[0];
  g_autoptr (FloeDesktop) first = NULL;
  g_autoptr (FloeDesktop) second = NULL;
  g_autoptr (FloeGrant) one = NULL;
  g_autoptr (FloeGrant) two = NULL;

  g_assert_cmpuint (view->desktops->len, ==, 0);
  g_assert_false (floe_pool_view_allows_another (view));
  first = get (house, alice, NULL);
  one = house_enter (house, "alice");
  view = one->pools->pdata[0];
  g_assert_cmpuint (view->desktops->len, ==, 1);
  g_assert_true (floe_pool_view_allows_another (view));
  second = get (house, alice, &further);
  two = house_enter (house, "alice");
  view = two->pools->pdata[0];
  g_assert_cmpuint (view->desktops->len, ==, 2);
  g_assert_cmpstr (((FloeDesktop *)view->desktops->pdata[0])->id, ==, first->id);
  g_assert_false (floe_pool_view_allows_another (view));
}

/* Somebody sits down elsewhere: each desktop comes along by itself, the first terminal is told
 * where it went, and the other desktop stays where it is. */
static void
test_roaming (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_FLOATING, 3, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) first = get (house, alice, NULL);
  g_autoptr (FloeDesktop) second = get (house, alice, &further);
  const FloeConnectWish own = { .desktop_id = second->id };
  g_autofree gchar *cut = g_strdup_printf ("%s cut;", second->name);
  g_autoptr (FloeGrant) elsewhere = NULL;
  g_autoptr (FloeDesktop) came = NULL;
  g_autoptr (FloeDesktop) stayed = NULL;

  house_open_console (house, first->id);
  house_open_console (house, second->id);
  elsewhere = house_log_in (house, "alice", "secret", "192.0.2.55", NULL);
  fake_manager_clear_log (house->manager);
  came = get (house, elsewhere, &own);
  g_assert_cmpstr (came->end->reason, ==, "taken-over");
  g_assert_cmpstr (came->end->where, ==, "192.0.2.55");
  g_assert_cmpstr (came->lease->login_id, ==, elsewhere->identity->login_id);
  g_assert_cmpuint (came->lease->slot, ==, 2);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), cut));
  g_assert_null (strstr (fake_manager_get_log (house->manager), first->name));
  stayed = house_get_desktop (house, first->id);
  g_assert_null (stayed->end);
  g_assert_cmpstr (stayed->lease->login_id, ==, alice->identity->login_id);
}

/* Another broker was faster with the same slot: the index refuses, and the claim looks again. */
typedef struct
{
  FloeClaim *claim;
  GError *error;
  gboolean done;
} Race;

static void
raced (GObject *source, GAsyncResult *result, gpointer data)
{
  Race *race = data;

  race->claim = floe_claim_finish (FLOE_STORE (source), result, &race->error);
  race->done = TRUE;
}

static void
claim_further (House *house, const FloeGrant *grant, Race *race)
{
  gint64 now = floe_clock_now (FLOE_CLOCK (house->clock));
  g_autoptr (FloeTicket) ticket = floe_ticket_new (now);
  g_autoptr (FloeSecret) reconnect = floe_claim_new_reconnect_token ();

  floe_claim_async (
      house->counted,
      floe_claim_input_new (grant->identity, "office", &further, now, ticket, reconnect), raced,
      race);
}

static void
test_race (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_FLOATING, 4, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  Race races[4] = { 0 };
  guint given = 0, refused = 0;

  counting_store_conflict (COUNTING_STORE (house->counted), 2);
  for (guint i = 0; i < G_N_ELEMENTS (races); i++)
    claim_further (house, alice, &races[i]);
  house_settle (house);
  for (guint i = 0; i < G_N_ELEMENTS (races); i++)
    {
      g_assert_true (races[i].done);
      g_assert_no_error (races[i].error);
      if (races[i].claim->change != NULL)
        given++;
      else if (g_strcmp0 (floe_error_reason (races[i].claim->refusal), "limit-reached") == 0)
        refused++;
      floe_claim_free (races[i].claim);
    }
  g_assert_cmpuint (given, ==, 2);
  g_assert_cmpuint (refused, ==, 2);
}

static void
test_static (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_STATIC, 2, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused (house, alice, NULL, FLOE_ERROR_EXHAUSTED, "not-assigned");
  g_assert_true (house_assign (house, "id-office-2", "ALICE", &error));
  g_assert_no_error (error);
  answer = house_connect (house, alice->identity, "office", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer->connection->desktop->id, ==, "id-office-2");
  g_assert_true (answer->connection->keeps_data);
  assert_refused (house, alice, &further, FLOE_ERROR_CONFLICT, "limit-reached");
  g_assert_cmpuint (house_count_audit (house, "assign", "done"), ==, 1);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  desktop = house_get_desktop (house, "id-office-2");
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
}

static void
assert_not_assigned (House *house, const gchar *id, const gchar *user, gint code,
                     const gchar *reason)
{
  guint before = house_count_audit (house, "assign", "denied");
  g_autoptr (GError) error = NULL;

  g_assert_false (house_assign (house, id, user, &error));
  g_assert_error (error, FLOE_ERROR, code);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
  g_assert_cmpuint (house_count_audit (house, "assign", "denied"), ==, before + 1);
}

static void
test_assign_refused (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_DEDICATED, 4, 1);
  G_GNUC_UNUSED g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  G_GNUC_UNUSED g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  G_GNUC_UNUSED g_autoptr (FloeGrant) mallory = house_enter (house, "mallory");

  assert_not_assigned (house, "id-none", "alice", FLOE_ERROR_NOT_FOUND, NULL);
  assert_not_assigned (house, "id-office-1", "carol", FLOE_ERROR_NOT_FOUND, "unknown-user");
  assert_not_assigned (house, "id-office-1", "mallory", FLOE_ERROR_CONFLICT, "not-entitled");
  g_assert_true (house_assign (house, "id-office-1", "uuid-alice", NULL));
  assert_not_assigned (house, "id-office-1", "bob", FLOE_ERROR_CONFLICT, "lent");
  assert_not_assigned (house, "id-office-2", "alice", FLOE_ERROR_CONFLICT, "limit-reached");
  /* Taken away: its session is ended, and until that was seen nobody else gets it. */
  fake_manager_hold (house->manager, TRUE);
  g_assert_true (house_take_away (house, "id-office-1", NULL));
  assert_not_assigned (house, "id-office-1", "bob", FLOE_ERROR_CONFLICT, "not-ended");
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "off office-1;"));
  g_assert_true (house_assign (house, "id-office-1", "bob", NULL));
}

static void
test_assign_floating (void)
{
  g_autoptr (House) house = house_with (FLOE_POOL_FLOATING, 1, 1);
  G_GNUC_UNUSED g_autoptr (FloeGrant) alice = house_enter (house, "alice");

  assert_not_assigned (house, "id-office-1", "alice", FLOE_ERROR_CONFLICT, "floating");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/slots/several", test_several);
  g_test_add_func ("/slots/choice", test_choice);
  g_test_add_func ("/slots/views", test_views);
  g_test_add_func ("/slots/roaming", test_roaming);
  g_test_add_func ("/slots/race", test_race);
  g_test_add_func ("/assign/static", test_static);
  g_test_add_func ("/assign/refused", test_assign_refused);
  g_test_add_func ("/assign/floating", test_assign_floating);
  return g_test_run ();
}
