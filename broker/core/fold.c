/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/fold.h"

#include <string.h>

/* A name has few words; what is behind that is not found by its beginning. */
#define MAX_WORDS      16
#define MAX_WORD_BYTES 64

/**
 * floe_fold:
 * @text: a name, as its owner spells it
 *
 * Returns: (transfer full): the form in which names are looked for: case and width do not matter,
 *   and what is no UTF-8 is replaced
 */
gchar *
floe_fold (const gchar *text)
{
  g_autofree gchar *valid = NULL;
  g_autofree gchar *normal = NULL;

  if (g_str_is_ascii (text))
    return g_ascii_strdown (text, -1);
  valid = g_utf8_make_valid (text, -1);
  normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  return g_utf8_casefold (normal, -1);
}

/* Whose marks are ornaments to whoever compares loosely; elsewhere vowels are written with them. */
static gboolean
has_ornaments (GUnicodeScript script)
{
  switch (script)
    {
    case G_UNICODE_SCRIPT_LATIN:
    case G_UNICODE_SCRIPT_GREEK:
    case G_UNICODE_SCRIPT_CYRILLIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_COMMON:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_ornament (gunichar c, GUnicodeScript base)
{
  GUnicodeType type = g_unichar_type (c);

  return (type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK)
         && has_ornaments (base);
}

/* append_plain: letters with a stroke and the like, which Unicode does not take apart; and the two
 * kinds of kana are one */
static void
append_plain (GString *text, gunichar c)
{
  static const struct
  {
    gunichar letter;
    const gchar *plain;
  } rows[] = { { 0x00e6, "ae" }, { 0x00f0, "d" }, { 0x00f8, "o" }, { 0x00fe, "th" },
               { 0x0111, "d" },  { 0x0127, "h" }, { 0x0131, "i" }, { 0x0142, "l" },
               { 0x0153, "oe" }, { 0x0167, "t" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].letter == c)
      {
        g_string_append (text, rows[i].plain);
        return;
      }
  g_string_append_unichar (text, c >= 0x3041 && c <= 0x3096 ? c + 0x60 : c);
}

static gchar *
fold_unicode_loosely (const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  g_autofree gchar *apart = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autoptr (GString) bare = g_string_new (NULL);
  g_autofree gchar *small = NULL;
  g_autoptr (GString) plain = g_string_new (NULL);
  GUnicodeScript base = G_UNICODE_SCRIPT_UNKNOWN;

  for (const gchar *at = apart; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (is_ornament (c, base))
        continue;
      g_string_append_unichar (bare, c);
      if (!g_unichar_ismark (c))
        base = g_unichar_get_script (c);
    }
  small = g_utf8_casefold (bare->str, -1);
  for (const gchar *at = small; *at != '\0'; at = g_utf8_next_char (at))
    append_plain (plain, g_utf8_get_char (at));
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

/**
 * floe_fold_loosely:
 * @text: a name
 *
 * Brings together what some directories take for one name, as Active Directory does with "alice"
 * and "àlice": case, width, accents and other marks do not matter. It says who may be meant, and
 * never who somebody is.
 *
 * Returns: (transfer full): such a form, which is empty for no name but the empty one
 */
gchar *
floe_fold_loosely (const gchar *text)
{
  return g_str_is_ascii (text) ? g_ascii_strdown (text, -1) : fold_unicode_loosely (text);
}

/* Scripts that are written without spaces. */
static gboolean
stands_alone (gunichar c)
{
  GUnicodeScript script = g_unichar_get_script (c);

  return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA
         || script == G_UNICODE_SCRIPT_KATAKANA || script == G_UNICODE_SCRIPT_HANGUL
         || script == G_UNICODE_SCRIPT_THAI;
}

/* From @at to the next space. */
static gchar *
dup_word (const gchar *at)
{
  const gchar *end = at;

  while (*end != '\0' && !g_unichar_isspace (g_utf8_get_char (end))
         && g_utf8_next_char (end) - at <= MAX_WORD_BYTES)
    end = g_utf8_next_char (end);
  return g_strndup (at, (gsize)(end - at));
}

static void
add_word (GPtrArray *words, const gchar *at)
{
  gchar *word = dup_word (at);

  if (*word == '\0' || words->len == MAX_WORDS
      || g_ptr_array_find_with_equal_func (words, word, g_str_equal, NULL))
    g_free (word);
  else
    g_ptr_array_add (words, word);
}

/**
 * floe_fold_words:
 * @folded: from floe_fold()
 *
 * What a name is found by, by its beginning: its words, and what is left of them behind a hyphen
 * and the like. "office-0012" is found by "off", by "0012" and by "12", 山田 by 田.
 *
 * Returns: (transfer full): at most 16 words of at most 64 bytes, each once
 */
GStrv
floe_fold_words (const gchar *folded)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  gboolean begins = TRUE;

  for (const gchar *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean letter = g_unichar_isalnum (c);

      if (letter && (begins || stands_alone (c)))
        {
          const gchar *digits = at + strspn (at, "0");

          add_word (words, at);
          if (digits != at && g_ascii_isdigit (*digits))
            add_word (words, digits);
        }
      begins = !letter && !g_unichar_ismark (c);
    }
  g_ptr_array_add (words, NULL);
  return (GStrv)g_ptr_array_steal (words, NULL);
}
