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

/* Whether what is in [from, to) is what @masked hides; the bytes are never put together here. */
static gboolean
holds (const gchar *from, const gchar *to, const gchar *masked, gsize length)
{
  for (const gchar *p = from; p + length <= to; p++)
    {
      gsize n = 0;

      while (n < length && (p[n] ^ 0x55) == masked[n])
        n++;
      if (n == length)
        return TRUE;
    }
  return FALSE;
}

static gboolean
heap_holds (const gchar *masked, gsize length)
{
  g_autofree gchar *maps = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean found = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gchar *end;
      guintptr from = g_ascii_strtoull (lines[i], &end, 16);
      guintptr to = *end == '-' ? g_ascii_strtoull (end + 1, NULL, 16) : from;

      if (g_str_has_suffix (lines[i], "[heap]"))
        found |= holds ((const gchar *)from, (const gchar *)to, masked, length);
    }
  return found;
}

/* Neither the secret nor what made or hashed it leaves it behind in memory that is free. */
static void
assert_none_left (FloeSecret *secret)
{
  g_autofree gchar *hash = NULL;
  gchar masked[24]; /* the middle: what frees memory writes over its beginning */
  const gchar *text = floe_secret_get (secret, NULL);

  for (guint i = 0; i < sizeof masked; i++)
    masked[i] = text[i + 18] ^ 0x55;
  if (!heap_holds (masked, sizeof masked))
    {
      g_test_skip ("this allocator's heap is not [heap]");
      floe_secret_unref (secret);
      return;
    }
  hash = floe_secret_hash (secret);
  floe_secret_unref (secret);
  g_assert_false (heap_holds (masked, sizeof masked));
}

static void
test_left (void)
{
  assert_none_left (floe_secret_new_random (32));
  assert_none_left (floe_secret_new_marked ("flt_019ad7a1c00", 24));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/random/shape", test_random_shape);
  g_test_add_func ("/secret/nul", test_nul);
  g_test_add_func ("/secret/hash", test_hash);
  g_test_add_func ("/secret/left", test_left);
  return g_test_run ();
}
