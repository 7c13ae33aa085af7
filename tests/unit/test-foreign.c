/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "pool-house.h"

/* Domains on our hosts that are not ours, or not of the pool that looks at them. */

static gpointer
list_pool (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_list_desktops_of_pool (tx, input, error);
}

static GPtrArray *
desktops_of (House *house, const gchar *pool)
{
  return house_write (house, list_pool, (gpointer)pool, NULL);
}

/* Two pools that call their desktops alike: the second one's names go on where the first one's are
 * on the same host. */
static void
test_two_pools (void)
{
  g_autoptr (House) house = pool_house_filled (4, 6, 0);
  g_autoptr (FloePool) other = pool_house_pool (FLOE_POOL_FLOATING, 4, 6, 0);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  g_free (other->name);
  other->name = g_strdup ("sales");
  house_put_pool (house, other);
  pool_house_pass (house, 20);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) list = desktops_of (house, i == 0 ? "office" : "sales");

      for (guint j = 0; j < list->len; j++)
        {
          const FloeDesktop *desktop = list->pdata[j];

          g_assert_true (
              g_hash_table_add (names, g_strconcat (desktop->host, " ", desktop->name, NULL)));
          n++;
        }
    }
  g_assert_cmpuint (n, ==, 8);
}

static FloeDomain *
add_clone (House *house, const gchar *name, const gchar *installation)
{
  FloeDomain *domain = fake_manager_add (house->manager, name, FLOE_POWER_OFF);

  domain->made = TRUE;
  domain->pool = g_strdup ("office");
  domain->installation = g_strdup (installation);
  return domain;
}

/* Another Floe has a pool of the same name on the same host: its clones stay, and so do their
 * names. What was made before there were ids of installations is ours. */
static void
test_another_house (void)
{
  g_autoptr (House) house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, 4, 8, 0);
  g_autoptr (FloePoolState) state = NULL;
  g_autofree gchar *own = NULL;

  add_clone (house, "office-001", "another");
  add_clone (house, "office-050", NULL);
  house_put_pool (house, pool);
  fake_manager_list (house->manager);
  pool_house_pass (house, 20);
  g_assert_nonnull (fake_manager_find (house->manager, "id-office-001"));
  g_assert_null (fake_manager_find (house->manager, "id-office-050"));
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 4);
  for (guint i = 0; i < 2; i++) /* with and without a host that was listed anew */
    {
      g_autoptr (GPtrArray) list = desktops_of (house, "office");

      for (guint j = 0; j < list->len; j++)
        {
          const FloeDesktop *desktop = list->pdata[j];
          const FloeDomain *domain = fake_manager_find (house->manager, desktop->id);

          g_assert_false (strcmp (desktop->host, "host1") == 0
                          && strcmp (desktop->name, "office-001") == 0);
          g_assert_nonnull (domain->installation);
          if (own == NULL)
            own = g_strdup (domain->installation);
          g_assert_cmpstr (domain->installation, ==, own);
        }
      fake_manager_list (house->manager);
      pool_house_pass (house, 10);
    }
  g_assert_nonnull (fake_manager_find (house->manager, "id-office-001"));
  state = pool_house_state (house);
  g_assert_cmpstr (state->note, ==,
                   "office-001 on host host1 is not of this pool: its name is left"
                   " out");
}

/* After a restart it is still the same house. */
static void
test_after_restart (void)
{
  g_autoptr (House) house = pool_house_filled (4, 6, 0);

  house_crash (house);
  house_start (house);
  pool_house_pass (house, 30);
  g_assert_cmpuint (pool_house_look (house, 1).total, ==, 4);
  g_assert_null (strstr (fake_manager_get_log (house->manager), "remove"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/foreign/two-pools", test_two_pools);
  g_test_add_func ("/foreign/another-house", test_another_house);
  g_test_add_func ("/foreign/after-restart", test_after_restart);
  return g_test_run ();
}
