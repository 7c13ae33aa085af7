/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/terminal-settings.h"

static GVariant *
parse (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *values = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return values;
}

static void
test_check (void)
{
  static const struct
  {
    const gchar *values;
    const gchar *wrong; /* NULL for nothing */
  } rows[] = {
    { "{}", NULL },
    { "{'idle_minutes': <int64 0>}", NULL },
    { "{'idle_minutes': <int64 1440>, 'volume': <int64 100>}", NULL },
    { "{'idle_minutes': <int64 1441>}",
      "settings.idle_minutes: expected minutes from 0, which is never, to 1440" },
    { "{'volume': <int64 -1>}", "settings.volume: expected a percentage from 0 to 100" },
    { "{'volume': <'loud'>}", "settings.volume: expected a percentage from 0 to 100" },
    { "{'language': <'de_DE.UTF-8'>, 'keyboard': <'ch(fr)'>, 'pool': <'office'>}", NULL },
    { "{'language': <'de DE'>}", "settings.language: expected a locale, such as de_DE.UTF-8" },
    { "{'keyboard': <'de;rm'>}",
      "settings.keyboard: expected a layout of XKB, such as de or ch(fr)" },
    { "{'pool': <''>}", "settings.pool: expected the name of a pool" },
    { "{'domain': <'partner.example'>}", NULL },
    { "{'domain': <'a@b'>}",
      "settings.domain: expected the name of a directory's domain, such as ad.example.org" },
    { "{'monitors': <'one'>, 'unlock': <'never'>}", NULL },
    { "{'monitors': <'two'>}", "settings.monitors: expected \"all\" or \"one\"" },
    { "{'login_parts': <@as []>}", NULL },
    { "{'login_parts': <['power', 'network']>}", NULL },
    { "{'login_parts': <['power', 'power']>}",
      "settings.login_parts: expected some of language, keyboard, accessibility, volume, network "
      "and power" },
    { "{'login_parts': <['shell']>}",
      "settings.login_parts: expected some of language, keyboard, accessibility, volume, network "
      "and power" },
    { "{'colour': <'red'>}", "settings.colour: no such setting" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GVariant) values = parse (rows[i].values);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (floe_setting_values_check (values, &error), ==, rows[i].wrong == NULL);
      g_assert_cmpstr (error != NULL ? error->message : NULL, ==, rows[i].wrong);
      g_assert_true (error == NULL || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_INVALID));
    }
}

static void
assert_merge (const gchar *below, const gchar *above, const gchar *wanted)
{
  g_autoptr (GVariant) first = below != NULL ? parse (below) : NULL;
  g_autoptr (GVariant) second = above != NULL ? parse (above) : NULL;
  g_autoptr (GVariant) merged = floe_setting_values_merge (first, second);
  g_autofree gchar *text = g_variant_print (merged, TRUE);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_merge (void)
{
  assert_merge (NULL, NULL, "@a{sv} {}");
  assert_merge ("{'volume': <int64 3>, 'pool': <'a'>}", "{'volume': <int64 4>}",
                "{'pool': <'a'>, 'volume': <int64 4>}");
  /* What another version knew, and what is of another type now. */
  assert_merge ("{'colour': <'red'>, 'pool': <int64 4>, 'language': <'de'>}", NULL,
                "{'language': <'de'>}");
}

static void
test_pack (void)
{
  g_autoptr (GVariant) values =
      parse ("{'keyboard': <'ch(fr)'>, 'login_parts': <@as []>, 'volume': <int64 0>}");
  g_autoptr (GVariant) ordered = floe_setting_values_merge (NULL, values);
  g_autofree gchar *text = floe_setting_values_pack (ordered);
  g_autoptr (GVariant) again = floe_setting_values_unpack (text);
  g_autoptr (GVariant) damaged = floe_setting_values_unpack ("{'volume'");
  g_autoptr (GVariant) nothing = floe_setting_values_unpack (NULL);

  g_assert_true (g_variant_equal (ordered, again));
  g_assert_cmpuint (g_variant_n_children (damaged), ==, 0);
  g_assert_cmpuint (g_variant_n_children (nothing), ==, 0);
}

static void
test_diff (void)
{
  g_autoptr (GVariant) before =
      parse ("{'volume': <int64 3>, 'pool': <'a'>, 'login_parts': <['power']>}");
  g_autoptr (GVariant) after = parse ("{'volume': <int64 4>, 'login_parts': <@as []>}");
  g_auto (GStrv) changes = floe_setting_values_diff (before, after);
  g_autofree gchar *text = g_strjoinv ("; ", changes);
  g_auto (GStrv) none = floe_setting_values_diff (after, after);

  g_assert_cmpstr (text, ==, "pool: (not set); volume: 4; login_parts: (none)");
  g_assert_null (none[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/terminal-settings/check", test_check);
  g_test_add_func ("/terminal-settings/merge", test_merge);
  g_test_add_func ("/terminal-settings/pack", test_pack);
  g_test_add_func ("/terminal-settings/diff", test_diff);
  return g_test_run ();
}
