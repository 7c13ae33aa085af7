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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/foreign/two-pools", test_two_pools);
  return g_test_run ();
}
