/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/explain.h"
#include "logs.h"
#include "pool-house.h"

/* What a pool's policy does to its desktops and to whoever asks for one. */

static FloeOpenings *
open_clipboard (void)
{
  FloeOpenings *openings = g_new0 (FloeOpenings, 1);

  openings->how[FLOE_DEVICE_CLIPBOARD] = "switch it off";
  return openings;
}

static void
forbid_clipboard (House *house)
{
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");

  pool->policy->clipboard = FLOE_WAY_NONE;
  house_put_pool (house, pool);
  fake_manager_list (house->manager);
  house_settle (house);
}

static void
let_through (House *house, const gchar *id)
{
  FloeDomain *domain = fake_manager_find (house->manager, id);

  g_clear_pointer (&domain->openings, floe_openings_free);
  domain->openings = open_clipboard ();
}

static gpointer
explain (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_explain (tx, input, error);
}

static const FloeExplanationStep *
find_step (const FloeExplanation *explanation, const gchar *code)
{
  for (guint i = 0; i < explanation->steps->len; i++)
    {
      const FloeExplanationStep *step = explanation->steps->pdata[i];

      if (strcmp (step->code, code) == 0)
        return step;
    }
  return NULL;
}

/* The one domain that does enforce it is lent; the other one is refused, and says what to change.
 */
static void
test_refused (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeConnectAnswer) queued = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  let_through (house, "id-office-1");
  forbid_clipboard (house);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpstr (desktop->refusal, ==,
                   "it lets through what its pool's policy forbids: clipboard: switch it off; then "
                   "shut it down and start it again");
  answer = house_get_in (house, alice);
  g_assert_cmpstr (answer->connection->desktop->name, ==, "office-2");
  g_assert_cmpint (answer->connection->policy->clipboard, ==, FLOE_WAY_NONE);
  /* There is one that fits, and may become free. */
  queued = house_get_in (house, bob);
  g_assert_nonnull (queued->request);
}

static void
test_none (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeExplanation) explanation = NULL;
  g_autoptr (GError) error = NULL;
  const FloeExplainInput input = { "alice", "office", 1 };

  let_through (house, "id-office-1");
  forbid_clipboard (house);
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "policy-not-enforced");
  g_assert_nonnull (strstr (error->message, "office-1: it lets through"));
  g_assert_cmpuint (house_count_audit (house, "connect", "denied"), ==, 1);
  explanation = house_write (house, explain, (gpointer)&input, NULL);
  g_assert_nonnull (strstr (find_step (explanation, "refused")->text, "switch it off"));
}

/* What runs was started before it was mended. */
static void
test_live (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeDesktop) desktop = NULL;

  fake_manager_find (house->manager, "id-office-1")->live_openings = open_clipboard ();
  forbid_clipboard (house);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_nonnull (strstr (desktop->refusal, "its definition is right by now"));
}

/* Whoever has it already is not let in: the manager looks at what runs before it sets a ticket. */
static void
test_held (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (FloeExplanation) explanation = NULL;
  g_autoptr (GError) error = NULL;
  const FloeExplainInput input = { "alice", "office", 1 };

  g_assert_nonnull (answer->connection);
  let_through (house, "id-office-1");
  forbid_clipboard (house);
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "policy-not-enforced");
  explanation = house_write (house, explain, (gpointer)&input, NULL);
  g_assert_nonnull (strstr (find_step (explanation, "held-refused")->text, "switch it off"));
}

/* Clones that were made for another policy make way by themselves; what somebody has stays. */
static void
test_clones (void)
{
  g_autoptr (House) house = pool_house_filled (4, 8, 2);
  g_autoptr (FloePool) stricter = pool_house_pool (FLOE_POOL_FLOATING, 4, 8, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autofree gchar *id = g_strdup (answer->connection->desktop->id);
  g_autoptr (FloeDesktop) hers = NULL;

  pool_house_pass (house, 5);
  stricter->policy->clipboard = FLOE_WAY_NONE;
  fake_manager_clear_log (house->manager);
  house_put_pool (house, stricter);
  fake_manager_list (house->manager);
  pool_house_pass (house, 60);
  hers = house_get_desktop (house, id);
  g_assert_nonnull (hers->lease);
  g_assert_true (floe_policy_is_refusal (hers->refusal));
  g_assert_cmpuint (pool_house_look (house, 1).total, >=, 4);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "remove office-"));
  for (guint i = 0; i < 2; i++)
    {
      fake_manager_clear_log (house->manager);
      fake_manager_list (house->manager);
      pool_house_pass (house, 20);
    }
  g_assert_null (strstr (fake_manager_get_log (house->manager), "remove office-"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/policy-house/refused", test_refused);
  g_test_add_func ("/policy-house/none", test_none);
  g_test_add_func ("/policy-house/live", test_live);
  g_test_add_func ("/policy-house/held", test_held);
  g_test_add_func ("/policy-house/clones", test_clones);
  return g_test_run ();
}
