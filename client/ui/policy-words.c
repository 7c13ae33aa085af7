/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/policy-words.h"

#include <glib/gi18n.h>

/* words_of: of a rule that restricts, in its shortest; or %NULL */
static const gchar *
clipboard_words (FloeWay way)
{
  switch (way)
    {
    case FLOE_WAY_TO_GUEST:
      return _ ("Clipboard: into the desktop only");
    case FLOE_WAY_FROM_GUEST:
      return _ ("Clipboard: from the desktop only");
    case FLOE_WAY_NONE:
      return _ ("No clipboard");
    case FLOE_WAY_BOTH:
    default:
      return NULL;
    }
}

static const gchar *
folder_words (FloeFolder folder)
{
  if (folder == FLOE_FOLDER_READ_WRITE)
    return NULL;
  return folder == FLOE_FOLDER_READ_ONLY ? _ ("Shared folder: read only") : _ ("No shared folder");
}

static const gchar *
usb_words (const FloePolicy *policy)
{
  if (!policy->usb)
    return _ ("No USB devices");
  return policy->usb_filter != NULL ? _ ("USB devices: some kinds only") : NULL;
}

static const gchar *
restriction_words (const FloePolicy *policy, FloeRule rule)
{
  switch (rule)
    {
    case FLOE_RULE_CLIPBOARD:
      return clipboard_words (policy->clipboard);
    case FLOE_RULE_FILES:
      return policy->files == FLOE_WAY_NONE ? _ ("No files dropped in") : NULL;
    case FLOE_RULE_FOLDER:
      return folder_words (policy->folder);
    case FLOE_RULE_USB:
      return usb_words (policy);
    case FLOE_RULE_PLAYBACK:
      return policy->playback ? NULL : _ ("No sound");
    case FLOE_RULE_RECORD:
      return policy->record ? NULL : _ ("No microphone");
    case FLOE_RULE_SMARTCARD:
      return policy->smartcard ? NULL : _ ("No smartcards");
    case FLOE_N_RULES:
    default:
      return NULL;
    }
}

static const gchar *
permission_words (FloeRule rule)
{
  static const gchar *const words[FLOE_N_RULES] = {
    [FLOE_RULE_CLIPBOARD] = N_ ("Clipboard: both ways"),
    [FLOE_RULE_FILES] = N_ ("Files can be dropped on the desktop"),
    [FLOE_RULE_FOLDER] = N_ ("Shared folder: read and write"),
    [FLOE_RULE_USB] = N_ ("USB devices: all"),
    [FLOE_RULE_PLAYBACK] = N_ ("Sound"),
    [FLOE_RULE_RECORD] = N_ ("Microphone"),
    [FLOE_RULE_SMARTCARD] = N_ ("Smartcards"),
  };

  return _ (words[rule]);
}

static gchar *
mark_courtesy (const FloePolicy *policy, FloeRule rule, const gchar *words)
{
  if (!(policy->courtesies & 1u << rule))
    return g_strdup (words);
  /* TRANSLATORS: the argument is a rule, such as "No microphone"; the server cannot enforce it, and
   * trusts this program to keep it */
  return g_strdup_printf (_ ("%s (not enforced)"), words);
}

/**
 * floe_policy_words:
 *
 * Returns: (transfer full) (nullable): what is not allowed, in a line; %NULL when all is
 */
gchar *
floe_policy_words (const FloePolicy *policy)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint rule = 0; rule < FLOE_N_RULES; rule++)
    {
      const gchar *words = restriction_words (policy, (FloeRule)rule);
      g_autofree gchar *marked =
          words != NULL ? mark_courtesy (policy, (FloeRule)rule, words) : NULL;

      /* The space before the dot keeps it in its line. */
      if (marked != NULL)
        g_string_append_printf (line, "%s%s", line->len > 0 ? "\u00a0· " : "", marked);
    }
  return line->len > 0 ? g_string_free (g_steal_pointer (&line), FALSE) : NULL;
}

/**
 * floe_policy_details:
 *
 * Returns: (transfer full): all that is and is not allowed, a line each
 */
gchar *
floe_policy_details (const FloePolicy *policy)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint rule = 0; rule < FLOE_N_RULES; rule++)
    {
      const gchar *words = restriction_words (policy, (FloeRule)rule);
      g_autofree gchar *marked = mark_courtesy (
          policy, (FloeRule)rule, words != NULL ? words : permission_words ((FloeRule)rule));

      g_string_append_printf (lines, "%s%s", lines->len > 0 ? "\n" : "", marked);
    }
  if (policy->courtesies != 0)
    g_string_append_printf (lines, "\n\n%s",
                            _ ("Rules that are not enforced are kept by this program alone."));
  return g_string_free (g_steal_pointer (&lines), FALSE);
}
