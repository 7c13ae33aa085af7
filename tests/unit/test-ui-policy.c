/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session/usb.h"
#include "ui/policy-words.h"

static void
test_open (void)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autofree gchar *words = NULL;
  g_autofree gchar *details = floe_policy_details (policy);

  policy->files = FLOE_WAY_TO_GUEST; /* there is no other way for them */
  words = floe_policy_words (policy);
  g_assert_cmpstr (words, ==, NULL);
  g_assert_cmpstr (details, ==,
                   "Clipboard: both ways\nFiles can be dropped on the desktop\n"
                   "Shared folder: read and write\nUSB devices: all\nSound\nMicrophone\n"
                   "Smartcards");
}

static void
test_closed (void)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autofree gchar *words = NULL;

  policy->clipboard = policy->files = FLOE_WAY_NONE;
  policy->folder = FLOE_FOLDER_NONE;
  policy->usb = policy->playback = policy->record = policy->smartcard = FALSE;
  words = floe_policy_words (policy);
  g_assert_cmpstr (words, ==,
                   "No clipboard\u00a0· No files dropped in\u00a0· No shared folder\u00a0· No USB "
                   "devices\u00a0· "
                   "No sound\u00a0· No microphone\u00a0· No smartcards");
}

/* What only this program keeps is not told as if it were certain. */
static void
test_courtesies (void)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autofree gchar *words = NULL;
  g_autofree gchar *details = NULL;

  policy->clipboard = FLOE_WAY_FROM_GUEST;
  policy->folder = FLOE_FOLDER_READ_ONLY;
  policy->usb_filter = g_strdup ("-1,-1,-1,-1,0");
  policy->courtesies = 1u << FLOE_RULE_CLIPBOARD | 1u << FLOE_RULE_FOLDER;
  words = floe_policy_words (policy);
  g_assert_cmpstr (words, ==,
                   "Clipboard: from the desktop only (not enforced)\u00a0· "
                   "Shared folder: read only (not enforced)\u00a0· USB devices: some kinds only");
  details = floe_policy_details (policy);
  g_assert_nonnull (strstr (details, "kept by this program alone"));
}

/* A keyboard that goes by itself leaves nobody to take it back. */
static void
test_sharing_filter (void)
{
  g_autofree gchar *all = floe_usb_filter_for_sharing (NULL);
  g_autofree gchar *some = floe_usb_filter_for_sharing ("-1,0x1234,-1,-1,1");

  g_assert_cmpstr (all, ==, "0x03,-1,-1,-1,0|-1,-1,-1,-1,1");
  g_assert_cmpstr (some, ==, "0x03,-1,-1,-1,0|-1,0x1234,-1,-1,1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui-policy/open", test_open);
  g_test_add_func ("/ui-policy/closed", test_closed);
  g_test_add_func ("/ui-policy/courtesies", test_courtesies);
  g_test_add_func ("/ui-policy/sharing-filter", test_sharing_filter);
  return g_test_run ();
}
