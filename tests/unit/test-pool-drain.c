/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "pool-house.h"

/* A host is drained that has desktops which people keep. */

static gpointer
drain_host1 (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeHostNote) note = floe_host_note_new ("host1");

  note->draining = TRUE;
  return floe_tx_put_host (tx, note, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* A dedicated pool with @n desktops on each host, which are off. */
static House *
new_dedicated (gboolean shared, guint n)
{
  House *house = pool_house_new ();

  for (guint i = 0; i < 2; i++) /* the images first, so that both hosts get the same share */
    {
      g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_DEDICATED, i * 2 * n, 2 * n + 1, 0);

      pool->template->shared = shared;
      house_put_pool (house, pool);
      pool_house_pass (house, 5 + i * 10 * n);
    }
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, ==, n);
  fake_manager_clear_log (house->manager);
  return house;
}

static void
drain (House *house)
{
  g_assert_nonnull (house_write (house, drain_host1, NULL, NULL));
  floe_pool_keeper_look_at_all (house->pool_keeper);
  pool_house_pass (house, 60);
}

static gpointer
list_all (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_list_desktops_of_pool (tx, "office", error);
}

/* Somebody gets theirs on host1, and shuts it down. Returns its name. */
static gchar *
keep_one (House *house, const gchar *name)
{
  g_autoptr (GPtrArray) list = house_write (house, list_all, NULL, NULL);
  const FloeDesktop *desktop = NULL;

  for (guint i = 0; i < list->len && desktop == NULL; i++)
    if (strcmp (((FloeDesktop *)list->pdata[i])->host, "host1") == 0)
      desktop = list->pdata[i];
  g_assert_nonnull (desktop);
  fake_directory_add (house->directory, name, "office");
  floe_grant_free (house_enter (house, name));
  g_assert_true (house_assign (house, desktop->id, name, NULL));
  pool_house_pass (house, 2);
  fake_manager_set_power (house->manager, desktop->id, FLOE_POWER_OFF);
  house_settle (house);
  return g_strdup (desktop->name);
}

/* On shared storage they go where they can start again, and stay whose they are. */
static void
test_moved (void)
{
  g_autoptr (House) house = new_dedicated (TRUE, 2);
  g_autofree gchar *hers = keep_one (house, "alice");
  g_autofree gchar *move = g_strdup_printf ("move %s host2;", hers);
  g_autoptr (FloePoolState) state = NULL;

  drain (house);
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, ==, 0);
  g_assert_cmpuint (pool_house_look (house, 1).held, ==, 1);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 4);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), move));
  g_assert_null (strstr (fake_manager_get_log (house->manager), "create"));
  state = pool_house_state (house);
  g_assert_null (state->note);
}

/* Where each host has its own, they stay, and the note says which they are. */
static void
test_listed (void)
{
  g_autoptr (House) house = new_dedicated (FALSE, 2);
  g_autofree gchar *hers = keep_one (house, "alice");
  g_autofree gchar *named = g_strdup_printf ("%s (alice)", hers);
  g_autoptr (FloePoolState) state = NULL;

  drain (house);
  g_assert_cmpuint (pool_house_look (house, 1).on_host1, ==, 2);
  g_assert_null (strstr (fake_manager_get_log (house->manager), "move"));
  state = pool_house_state (house);
  g_assert_true (g_str_has_prefix (state->note, "host host1 is drained, and 2 desktops that people "
                                                "keep cannot leave it, since their storage is not "
                                                "shared: office-00"));
  g_assert_nonnull (strstr (state->note, named));
  g_assert_nonnull (strstr (state->note, ", office-00"));
}

static void
test_many (void)
{
  g_autoptr (House) house = new_dedicated (FALSE, 12);
  g_autoptr (FloePoolState) state = NULL;

  drain (house);
  state = pool_house_state (house);
  g_assert_nonnull (strstr (state->note, "and 12 desktops that people keep"));
  g_assert_true (g_str_has_suffix (state->note, " and 2 more"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-drain/moved", test_moved);
  g_test_add_func ("/pool-drain/listed", test_listed);
  g_test_add_func ("/pool-drain/many", test_many);
  return g_test_run ();
}
