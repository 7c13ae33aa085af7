/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/secret.h"

#include <string.h>

static void
test_random_shape (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr (FloeSecret) secret = floe_secret_new_random (32);
      gsize length;
      const gchar *text = floe_secret_get (secret, &length);

      g_assert_cmpuint (length, ==, 43);
      g_assert_cmpuint (strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_"),
                        ==, 43);
      g_assert_true (g_hash_table_add (seen, g_strdup (text)));
    }
}

static void
test_nul (void)
{
  g_autoptr (FloeSecret) whole = floe_secret_new ("abc", -1);
  g_autoptr (FloeSecret) holed = floe_secret_new ("a\0c", 3);
  g_autoptr (FloeSecret) empty = floe_secret_new ("", 0);

  g_assert_false (floe_secret_has_nul (whole));
  g_assert_true (floe_secret_has_nul (holed));
  g_assert_false (floe_secret_is_empty (holed));
  g_assert_true (floe_secret_is_empty (empty));
}

static void
test_hash (void)
{
  g_autoptr (FloeSecret) secret = floe_secret_new ("abc", -1);
  g_autofree gchar *hash = floe_secret_hash (secret);

  /* FIPS 180-2, B.1 */
  g_assert_cmpstr (hash, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/random/shape", test_random_shape);
  g_test_add_func ("/secret/nul", test_nul);
  g_test_add_func ("/secret/hash", test_hash);
  return g_test_run ();
}
