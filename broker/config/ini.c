/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/ini.h"

#include <string.h>

/* The grammar of the configuration file. GKeyFile reads much the same, but forgets on which line
 * it was, merges what was written twice, and takes the first of its errors for the only one.
 *
 *   file    = [ BOM ] *( line EOL ) [ line ]
 *   EOL     = LF / CR LF
 *   line    = blank / comment / section / entry
 *   blank   = *WS
 *   comment = *WS "#" *CHAR
 *   section = *WS "[" *WS name *WS "]" *WS
 *   name    = 1*( CHAR but "[" and "]" )       ; no WS at its ends; each name once in a file
 *   entry   = *WS key *WS "=" *WS value *WS    ; only below a section; each key once in a section
 *   key     = 1*( ALPHA / DIGIT / "_" / "-" )
 *   value   = *CHAR                            ; up to the end of the line: a "#" belongs to it,
 *                                              ; and there are neither quotes nor escapes
 *   CHAR    = a character in UTF-8 but no control character; TAB is allowed
 *   WS      = SPACE / TAB
 */

typedef struct
{
  GPtrArray *sections;
  FloeIniSection *current; /* NULL before the first section */
  gboolean ignoring;       /* below a section line that could not be read */
  guint line;
  FloeProblems *problems;
} Parser;

static void
entry_free (FloeIniEntry *entry)
{
  g_free (entry->key);
  g_free (entry->value);
  g_free (entry);
}

static void
section_free (FloeIniSection *section)
{
  g_free (section->name);
  g_ptr_array_unref (section->entries);
  g_free (section);
}

/**
 * floe_ini_section_find:
 * @section: (nullable): a section
 * @key: a key
 *
 * Returns: (transfer none) (nullable): its entry
 */
const FloeIniEntry *
floe_ini_section_find (const FloeIniSection *section, const gchar *key)
{
  for (guint i = 0; section != NULL && i < section->entries->len; i++)
    {
      const FloeIniEntry *entry = section->entries->pdata[i];

      if (g_str_equal (entry->key, key))
        return entry;
    }
  return NULL;
}

static gboolean
has_control_character (const gchar *line)
{
  for (const gchar *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (*p != '\t' && g_unichar_iscntrl (g_utf8_get_char (p)))
        return TRUE;
    }
  return FALSE;
}

static gchar *
strip_blanks (const gchar *start, const gchar *end)
{
  while (start < end && (*start == ' ' || *start == '\t'))
    start++;
  while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  return g_strndup (start, end - start);
}

static void
parse_section (Parser *parser, const gchar *line)
{
  gsize length = strlen (line);
  g_autofree gchar *name = NULL;
  FloeIniSection *section;

  parser->ignoring = TRUE;
  if (length > 2 && line[length - 1] == ']')
    name = strip_blanks (line + 1, line + length - 1);
  if (name == NULL || *name == '\0' || strpbrk (name, "[]") != NULL)
    {
      floe_problems_add (parser->problems, parser->line, "expected a section: [NAME]");
      return;
    }

  parser->ignoring = FALSE;
  for (guint i = 0; i < parser->sections->len; i++)
    {
      section = parser->sections->pdata[i];
      if (!g_str_equal (section->name, name))
        continue;
      floe_problems_add (parser->problems, parser->line, "[%s]: given twice, first in line %u",
                         name, section->line);
      parser->current = section;
      return;
    }
  section = g_new0 (FloeIniSection, 1);
  section->name = g_steal_pointer (&name);
  section->line = parser->line;
  section->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  g_ptr_array_add (parser->sections, section);
  parser->current = section;
}

static gboolean
is_key (const gchar *key)
{
  return *key != '\0' && key[strspn (key, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-")] == '\0';
}

static void
parse_entry (Parser *parser, const gchar *line)
{
  const gchar *equals = strchr (line, '=');
  g_autofree gchar *key = equals != NULL ? strip_blanks (line, equals) : NULL;
  const FloeIniEntry *earlier;
  FloeIniEntry *entry;

  /* What such a line says is not repeated: it may be a password that slipped in here. */
  if (key == NULL || !is_key (key))
    {
      floe_problems_add (parser->problems, parser->line,
                         "expected \"key = value\", a [section], or a comment after \"#\"");
      return;
    }
  if (parser->ignoring)
    return;
  if (parser->current == NULL)
    {
      floe_problems_add (parser->problems, parser->line, "%s: expected a [section] above it", key);
      return;
    }
  earlier = floe_ini_section_find (parser->current, key);
  if (earlier != NULL)
    {
      floe_problems_add (parser->problems, parser->line, "[%s] %s: given twice, first in line %u",
                         parser->current->name, key, earlier->line);
      return;
    }
  entry = g_new0 (FloeIniEntry, 1);
  entry->key = g_steal_pointer (&key);
  entry->value = strip_blanks (equals + 1, equals + strlen (equals));
  entry->line = parser->line;
  g_ptr_array_add (parser->current->entries, entry);
}

static void
parse_line (Parser *parser, const gchar *start, gsize length)
{
  g_autofree gchar *line = NULL;

  if (length > 0 && start[length - 1] == '\r')
    length--;
  if (memchr (start, '\0', length) != NULL)
    {
      floe_problems_add (parser->problems, parser->line, "expected text, got a NUL byte");
      return;
    }
  if (!g_utf8_validate (start, length, NULL))
    {
      floe_problems_add (parser->problems, parser->line, "expected text in UTF-8");
      return;
    }
  line = strip_blanks (start, start + length);
  if (has_control_character (line))
    floe_problems_add (parser->problems, parser->line, "expected text without control characters");
  else if (*line == '[')
    parse_section (parser, line);
  else if (*line != '\0' && *line != '#')
    parse_entry (parser, line);
}

/**
 * floe_ini_parse:
 * @bytes: the file's contents
 * @length: how many
 * @problems: where every violation of the grammar goes
 *
 * Returns: (transfer full) (element-type FloeIniSection): what could be read, whether or not there
 *   are problems
 */
GPtrArray *
floe_ini_parse (const gchar *bytes, gsize length, FloeProblems *problems)
{
  Parser parser = { .problems = problems };
  const gchar *start = bytes;
  const gchar *end = bytes + length;

  parser.sections = g_ptr_array_new_with_free_func ((GDestroyNotify)section_free);
  if (length >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    start += 3;
  while (start < end)
    {
      const gchar *newline = memchr (start, '\n', end - start);
      const gchar *stop = newline != NULL ? newline : end;

      parser.line++;
      parse_line (&parser, start, stop - start);
      start = newline != NULL ? newline + 1 : end;
    }
  return parser.sections;
}
