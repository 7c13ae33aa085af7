/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/fold.h"
#include "directory/ldap-name.h"
#include "directory/ldap-text.h"

#include <string.h>

static const gchar *const domains[] = { "ad.test", "ADTEST", NULL };

/* Forty ways to write one person; those beyond ASCII in UTF-8. */
static const gchar *const bobs[] = {
  "bob",
  "BOB",
  "Bob",
  "bOb",
  " bob",
  "bob ",
  "  BOB  ",
  "bob@ad.test",
  "BOB@AD.TEST",
  "Bob@Ad.Test",
  " bob@ad.test ",
  "bob@adtest",
  "bob@ADTEST",
  "ADTEST\\bob",
  "adtest\\bob",
  "AdTest\\BOB",
  "ad.test\\bob",
  "AD.TEST\\Bob",
  " ADTEST\\bob ",
  /* full width, also of "@", "\\" and "." */
  "\uff42\uff4f\uff42",
  "\uff22\uff2f\uff22",
  "\uff42ob",
  "\uff42\uff4f\uff42@ad.test",
  "bob\uff20ad.test",
  "bob@ad\uff0etest",
  "ADTEST\uff3cbob",
  "\uff21\uff24TEST\\bob",
  /* blanks that are none of ASCII's */
  "\u00a0bob",
  "bob\u3000",
  "bob\u2003",
  /* circled, mathematical and superscript letters */
  "\u24d1\u24de\u24d1",
  "\u24b7\u24c4\u24b7",
  "\U0001d41b\U0001d428\U0001d41b",
  "\U0001d4b7\U0001d45c\U0001d4b7",
  "\U0001d553\U0001d560\U0001d553",
  "\U0001d5bb\U0001d5c8\U0001d5bb",
  "\U0001d68b\U0001d698\U0001d68b",
  "b\u00bab",
  "\u1d47ob",
  "b\u1d52b",
};

static const gchar *const refused[] = {
  "",
  " ",
  "\u3000",
  "a\nb",
  "bob\x7f",
  "\xff",
  /* invisible */
  "bo\u200bb",
  "bo\u00adb",
  "b\ufeffob",
  "bo\u2060b",
  "b\u034fob",
  "bob\ufe0f",
  "bob\u3164",
  "bo\u200db",
  "bob\U000e0041",
  /* written backwards, or out of nothing */
  "\u202ebob",
  "bob\ue000",
  "bob\u2028",
  /* look-alikes: Cyrillic, Greek, Armenian and Cherokee letters among Latin ones */
  "b\u043eb",
  "\u0430lice",
  "al\u0456ce",
  "b\u03bfb",
  "b\u0585b",
  "\u13a0lice",
  "\u0430\u03bf",
  "bob@\u0430d.test",
};

static void
test_one_person (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (bobs), ==, 40);
  for (guint i = 0; i < G_N_ELEMENTS (bobs); i++)
    {
      g_autoptr (FloeLdapName) name = floe_ldap_name_new (bobs[i], domains);

      g_test_message ("%u: %s", i, bobs[i]);
      g_assert_nonnull (name);
      g_assert_cmpstr (name->user, ==, "bob");
    }
}

static void
test_refused (void)
{
  g_autofree gchar *long_name = g_strnfill (FLOE_LDAP_NAME_MAX + 1, 'a');
  g_autoptr (GString) swelling = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%u", i);
      g_assert_null (floe_ldap_name_new (refused[i], domains));
    }
  g_assert_null (floe_ldap_name_new (long_name, domains));
  /* One character that folds into eighteen. */
  for (guint i = 0; i < 80; i++)
    g_string_append (swelling, "\ufdfa");
  g_assert_null (floe_ldap_name_new (swelling->str, domains));
}

/* Names of one script, or of scripts that people do mix, also beside a Latin domain. */
static void
test_scripts (void)
{
  static const struct
  {
    const gchar *typed, *user;
  } cases[] = {
    { "J\u00dcRGEN", "j\u00fcrgen" },
    { "ju\u0308rgen", "j\u00fcrgen" },
    { "wei\u00df", "wei\u00df" },
    { "\u0418\u0432\u0430\u043d@ad.test", "\u0438\u0432\u0430\u043d" },
    { "\u5c71\u7530\u30bf\u30ed\u3046", "\u5c71\u7530\u30bf\u30ed\u3046" },
    { "yamada\u5c71", "yamada\u5c71" },
    { "\uff94\uff8f\uff80\uff9e", "\u30e4\u30de\u30c0" },
    { "\uae40-kim-1", "\uae40-kim-1" },
    { "o(d*d)", "o(d*d)" },
    { "*", "*" },
    { "1", "1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FloeLdapName) name = floe_ldap_name_new (cases[i].typed, domains);

      g_test_message ("%s", cases[i].typed);
      g_assert_nonnull (name);
      g_assert_cmpstr (name->user, ==, cases[i].user);
    }
}

/* What is no domain of this directory stays, since it may be a part of the name. */
static void
test_other_domains (void)
{
  static const struct
  {
    const gchar *typed, *user, *whole;
  } cases[] = {
    { "bob@ad.test", "bob", "bob@ad.test" },
    { "ADTEST\\bob", "bob", "adtest\\bob" },
    { "bob@other.test", "bob@other.test", "bob@other.test" },
    { "OTHER\\bob", "other\\bob", "other\\bob" },
    { "bob@ad.test.evil", "bob@ad.test.evil", "bob@ad.test.evil" },
    { "bob@evil@ad.test", "bob@evil", "bob@evil@ad.test" },
    { "@ad.test", "@ad.test", "@ad.test" },
    { "ADTEST\\", "adtest\\", "adtest\\" },
    { "\\bob", "\\bob", "\\bob" },
    { "bob@", "bob@", "bob@" },
    { "ADTEST\\bob@ad.test", "bob@ad.test", "adtest\\bob@ad.test" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FloeLdapName) name = floe_ldap_name_new (cases[i].typed, domains);

      g_test_message ("%s", cases[i].typed);
      g_assert_cmpstr (name->user, ==, cases[i].user);
      g_assert_cmpstr (name->whole, ==, cases[i].whole);
    }
}

/* A principal that looks like somebody is not them. */
static void
test_principals (void)
{
  static const struct
  {
    const gchar *principal, *user, *reason;
  } cases[] = {
    { "bob@AD.TEST", "bob", NULL },
    { "Bob@ad.test", "bob", NULL },
    { "j\u00fcrgen@AD.TEST", "j\u00fcrgen", NULL },
    { "bob@OTHER.TEST", NULL, "unknown-realm" },
    { "bob@AD.TEST.EVIL", NULL, "unknown-realm" },
    { "bob@\uff21D.TEST", NULL, "unknown-realm" },
    { "bob@", NULL, "unknown-realm" },
    { "bob", NULL, "unknown-realm" },
    { "", NULL, "unknown-realm" },
    { "@AD.TEST", NULL, "unknown-person" },
    { "bob/admin@AD.TEST", NULL, "unknown-person" },
    { "bob\\@AD.TEST@AD.TEST", NULL, "unknown-person" },
    { "ADTEST\\bob@AD.TEST", NULL, "unknown-person" },
    { " bob@AD.TEST", NULL, "unknown-person" },
    { "bob @AD.TEST", NULL, "unknown-person" },
    { "\uff42ob@AD.TEST", NULL, "unknown-person" },
    { "bo\u200bb@AD.TEST", NULL, "unknown-person" },
    { "b\u043eb@AD.TEST", NULL, "unknown-person" },
    { "adm\u0130n@AD.TEST", NULL, "unknown-person" },
    { "b\xff@AD.TEST", NULL, "unknown-person" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FloeLdapName) name =
          floe_ldap_name_new_for_principal (cases[i].principal, domains, &error);

      g_test_message ("%u", i);
      g_assert_cmpstr (name != NULL ? name->user : NULL, ==, cases[i].user);
      g_assert_cmpstr (name != NULL ? name->whole : NULL, ==,
                       cases[i].user); /* and as nothing else */
      g_assert_true ((name == NULL) == (error != NULL));
      if (error != NULL)
        {
          g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
          g_assert_cmpstr (floe_error_reason (error), ==, cases[i].reason);
        }
    }
}

/* What is ASCII is folded by a shorter way, to the same. */
static void
test_ascii (void)
{
  static gchar *(*const folds[]) (const gchar *) = { floe_ldap_name_fold, floe_fold,
                                                     floe_fold_loosely };

  for (guint i = 0; i < G_N_ELEMENTS (folds); i++)
    for (gint c = 1; c < 128; c++)
      {
        g_autofree gchar *text = g_strdup_printf ("Ab%cCd", c);
        g_autofree gchar *longer = g_strconcat (text, "\u8a9e", NULL);
        g_autofree gchar *folded = folds[i](text);
        g_autofree gchar *expected = g_strconcat (folded, "\u8a9e", NULL);
        g_autofree gchar *other = folds[i](longer);

        g_assert_cmpstr (other, ==, expected);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ldap-name/one-person", test_one_person);
  g_test_add_func ("/ldap-name/refused", test_refused);
  g_test_add_func ("/ldap-name/scripts", test_scripts);
  g_test_add_func ("/ldap-name/other-domains", test_other_domains);
  g_test_add_func ("/ldap-name/principals", test_principals);
  g_test_add_func ("/ldap-name/ascii", test_ascii);
  return g_test_run ();
}
