/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/policy.h"
#include "core/usb-rules.h"

static void
test_usb_rules (void)
{
  static const struct
  {
    const gchar *text;
    const gchar *printed; /* NULL where it is refused */
  } rows[] = {
    { "-1,-1,-1,-1,1", "-1,-1,-1,-1,1" },
    { "0x03,-1,-1,-1,0|-1,-1,-1,-1,1", "0x03,-1,-1,-1,0|-1,-1,-1,-1,1" },
    { " 8 , 1133,49970,0x110,1", "0x08,0x046d,0xc332,0x0110,1" },
    { "0X0E,0xABCD,0x0001,-1,1", "0x0e,0xabcd,0x0001,-1,1" },
    { "", NULL },
    { "|", NULL },
    { "3,-1,-1,-1", NULL },
    { "3,-1,-1,-1,1,1", NULL },
    { "256,-1,-1,-1,1", NULL },
    { "-2,-1,-1,-1,1", NULL },
    { "3,65536,-1,-1,1", NULL },
    { "3,-1,-1,0x01a0,1", NULL },
    { "3,-1,-1,-1,2", NULL },
    { "3,-1,-1,-1,yes", NULL },
    { "0x,-1,-1,-1,1", NULL },
    { "3,-1,-1,-1,1|", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) rules = floe_usb_rules_parse (rows[i].text, &error);
      g_autofree gchar *printed = rules != NULL ? floe_usb_rules_print (rules) : NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_cmpstr (printed, ==, rows[i].printed);
      if (printed == NULL)
        g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
    }
}

static void
test_many_rules (void)
{
  g_autoptr (GString) text = g_string_new ("-1,-1,-1,-1,0");
  g_autoptr (GArray) rules = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i < FLOE_USB_RULES_MAX; i++)
    g_string_append (text, "|-1,-1,-1,-1,0");
  rules = floe_usb_rules_parse (text->str, NULL);
  g_assert_cmpuint (rules->len, ==, FLOE_USB_RULES_MAX);
  g_string_append (text, "|-1,-1,-1,-1,0");
  g_assert_null (floe_usb_rules_parse (text->str, &error));
  g_assert_cmpstr (error->message, ==, "expected 64 rules at most");
}

/* What QEMU can switch off is forbidden as a whole; the rest is a courtesy. */
static void
test_courtesies (void)
{
  static const struct
  {
    FloePolicy policy;
    guint forbidden; /* 1 << FloeDevice */
    const gchar *courtesies;
  } rows[] = {
    { { 0, 0, FLOE_FOLDER_READ_WRITE, TRUE, NULL, NULL, TRUE, TRUE, TRUE }, 0, "" },
    { { FLOE_WAY_NONE, FLOE_WAY_NONE, FLOE_FOLDER_NONE, FALSE, NULL, NULL, FALSE, FALSE, FALSE },
      (1u << FLOE_N_DEVICES) - 1,
      "" },
    { { FLOE_WAY_TO_GUEST, FLOE_WAY_TO_GUEST, FLOE_FOLDER_READ_ONLY, TRUE, NULL, NULL, TRUE, FALSE,
        TRUE },
      0,
      "clipboard folder record" },
    { { FLOE_WAY_FROM_GUEST, 0, FLOE_FOLDER_NONE, FALSE, NULL, NULL, FALSE, TRUE, TRUE },
      1u << FLOE_DEVICE_FOLDER | 1u << FLOE_DEVICE_USB,
      "clipboard playback" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GStrv) list = floe_policy_list_courtesies (&rows[i].policy);
      g_autofree gchar *joined = g_strjoinv (" ", list);
      guint forbidden = 0;

      for (guint device = 0; device < FLOE_N_DEVICES; device++)
        forbidden |= (guint)floe_policy_forbids (&rows[i].policy, (FloeDevice)device) << device;
      g_assert_cmpuint (forbidden, ==, rows[i].forbidden);
      g_assert_cmpstr (joined, ==, rows[i].courtesies);
    }
}

static void
test_gap (void)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autoptr (FloeOpenings) openings = g_new0 (FloeOpenings, 1);
  g_autoptr (FloeOpenings) copy = NULL;
  g_autofree gchar *gap = NULL;
  g_autofree gchar *refusal = NULL;

  g_assert_null (floe_policy_find_gap (policy, NULL));
  for (guint i = 0; i < FLOE_N_DEVICES; i++)
    openings->how[i] = "close it";
  openings->how_filter = "write it";
  g_assert_null (floe_policy_find_gap (policy, openings));
  policy->clipboard = FLOE_WAY_NONE;
  policy->usb_filter = g_strdup ("3,-1,-1,-1,0");
  gap = floe_policy_find_gap (policy, openings);
  g_assert_cmpstr (gap, ==, "clipboard: close it; usb filter: write it");
  refusal = floe_policy_refuse (gap);
  g_assert_true (floe_policy_is_refusal (refusal));
  g_assert_false (floe_policy_is_refusal (gap));
  g_assert_false (floe_policy_is_refusal (NULL));

  /* The same rules, written in another way, are enforced; so is what is not there at all. */
  openings->how[FLOE_DEVICE_CLIPBOARD] = NULL;
  openings->usb_filter = g_strdup ("0x03,-1,-1,-1,0");
  g_assert_null (floe_policy_find_gap (policy, openings));
  copy = floe_openings_copy (openings);
  g_assert_true (floe_openings_equal (copy, openings));
  g_free (copy->usb_filter);
  copy->usb_filter = g_strdup ("-1,-1,-1,-1,1");
  g_assert_false (floe_openings_equal (copy, openings));
  g_free (gap);
  gap = floe_policy_find_gap (policy, copy);
  g_assert_cmpstr (gap, ==, "usb filter: write it");
  copy->how[FLOE_DEVICE_USB] = NULL;
  g_assert_null (floe_policy_find_gap (policy, copy));
  g_assert_false (floe_openings_equal (copy, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/usb-rules", test_usb_rules);
  g_test_add_func ("/policy/many-rules", test_many_rules);
  g_test_add_func ("/policy/courtesies", test_courtesies);
  g_test_add_func ("/policy/gap", test_gap);
  return g_test_run ();
}
