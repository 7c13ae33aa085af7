/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-scan.h"

#include <math.h>
#include <string.h>

#include "api/quote.h"
#include "core/error.h"

/*
 * json-glib 1.6 recurses without a limit (150 KB of '[' end the process), and takes comments,
 * single quotes, several roots, keys given twice and strings cut at a NUL without a word. So each
 * body is read by this strict scanner (RFC 8259) first. Each byte is looked at a constant number of
 * times.
 */

/* The longest number that means something to us: an int64 with sign, or a double. */
#define MAX_NUMBER_BYTES 32

typedef struct
{
  const gchar *start;
  const gchar *at;
  const gchar *end;
  guint depth;
  gchar *decoded; /* the string last read, unescaped; never longer than the text */
  gsize decoded_length;
  FloeJsonSecret *fields; /* NULL when only the form is checked */
  gsize n_fields;
  GError **error;
} Scan;

static gboolean scan_value (Scan *scan);

/* A body may be a file that somebody wrote, and looks at in an editor; columns are bytes. */
static gboolean
refuse (Scan *scan, const gchar *what)
{
  guint line = 1;
  guint column = 1;

  for (const gchar *c = scan->start; c < scan->at; c++)
    {
      column = *c == '\n' ? 1 : column + 1;
      line += *c == '\n';
    }
  g_set_error (scan->error, FLOE_ERROR, FLOE_ERROR_INVALID, "JSON, line %u, column %u: %s", line,
               column, what);
  return FALSE;
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL)
    scan->at++;
}

/* take: steps over @wanted if it comes next, after space */
static gboolean
take (Scan *scan, gchar wanted)
{
  skip_space (scan);
  if (scan->at == scan->end || *scan->at != wanted)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
scan_hex4 (Scan *scan, gunichar *value)
{
  *value = 0;
  if (scan->end - scan->at < 4)
    return refuse (scan, "expected four hexadecimal digits");
  for (guint i = 0; i < 4; i++)
    {
      gint digit = g_ascii_xdigit_value (scan->at[i]);

      if (digit < 0)
        return refuse (scan, "expected four hexadecimal digits");
      *value = *value * 16 + (gunichar)digit;
    }
  scan->at += 4;
  return TRUE;
}

/* scan_unicode: what follows "\u"; a pair of surrogates is one character, half a pair is none */
static gboolean
scan_unicode (Scan *scan)
{
  gunichar c;
  gunichar low;

  if (!scan_hex4 (scan, &c))
    return FALSE;
  if (c == 0)
    return refuse (scan, "a string must not hold a NUL");
  if (c >= 0xdc00 && c <= 0xdfff)
    return refuse (scan, "half a surrogate pair");
  if (c >= 0xd800 && c <= 0xdbff)
    {
      if (scan->end - scan->at < 2 || scan->at[0] != '\\' || scan->at[1] != 'u')
        return refuse (scan, "half a surrogate pair");
      scan->at += 2;
      if (!scan_hex4 (scan, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return refuse (scan, "half a surrogate pair");
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  scan->decoded_length += (gsize)g_unichar_to_utf8 (c, scan->decoded + scan->decoded_length);
  return TRUE;
}

static gboolean
scan_escape (Scan *scan)
{
  static const gchar letters[] = "\"\\/bfnrt";
  static const gchar meanings[] = "\"\\/\b\f\n\r\t";
  const gchar *letter;

  if (scan->at == scan->end)
    return refuse (scan, "the text ends within a string");
  if (*scan->at == 'u')
    {
      scan->at++;
      return scan_unicode (scan);
    }
  letter = memchr (letters, *scan->at, sizeof letters - 1);
  if (letter == NULL)
    return refuse (scan, "no such escape");
  scan->decoded[scan->decoded_length++] = meanings[letter - letters];
  scan->at++;
  return TRUE;
}

/* scan_string: what follows the opening quotation mark, into scan->decoded */
static gboolean
scan_string (Scan *scan)
{
  scan->decoded_length = 0;
  while (scan->at < scan->end && *scan->at != '"')
    {
      if ((guchar)*scan->at < 0x20)
        return refuse (scan, "a control character within a string");
      if (*scan->at == '\\')
        {
          scan->at++;
          if (!scan_escape (scan))
            return FALSE;
        }
      else
        scan->decoded[scan->decoded_length++] = *scan->at++;
    }
  if (scan->at == scan->end)
    return refuse (scan, "the text ends within a string");
  scan->at++;
  scan->decoded[scan->decoded_length] = '\0';
  return TRUE;
}

static gboolean
scan_digits (Scan *scan)
{
  const gchar *first = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;
  return scan->at > first;
}

/* scan_number: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?, within int64 or double */
static gboolean
scan_number (Scan *scan)
{
  const gchar *first = scan->at;
  gchar copy[MAX_NUMBER_BYTES + 1] = "";
  gboolean whole = TRUE;

  scan->at += *scan->at == '-';
  if (scan->at < scan->end && *scan->at == '0')
    scan->at++;
  else if (!scan_digits (scan))
    return refuse (scan, "expected a value");
  if (scan->at < scan->end && *scan->at == '.')
    {
      whole = FALSE;
      scan->at++;
      if (!scan_digits (scan))
        return refuse (scan, "expected a digit");
    }
  if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E'))
    {
      whole = FALSE;
      scan->at++;
      scan->at += scan->at < scan->end && (*scan->at == '+' || *scan->at == '-');
      if (!scan_digits (scan))
        return refuse (scan, "expected a digit");
    }
  if (scan->at - first > MAX_NUMBER_BYTES)
    return refuse (scan, "a number that is too long");
  memcpy (copy, first, (gsize)(scan->at - first));
  if (whole ? !g_ascii_string_to_signed (copy, 10, G_MININT64, G_MAXINT64, NULL, NULL)
            : !isfinite (g_ascii_strtod (copy, NULL)))
    return refuse (scan, "a number that is too big");
  return TRUE;
}

static gboolean
scan_word (Scan *scan)
{
  static const gchar *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize)(scan->end - scan->at) >= length && memcmp (scan->at, words[i], length) == 0)
        {
          scan->at += length;
          return TRUE;
        }
    }
  return refuse (scan, "expected a value");
}

static gboolean
scan_array (Scan *scan)
{
  if (take (scan, ']'))
    return TRUE;
  do
    {
      if (!scan_value (scan))
        return FALSE;
    }
  while (take (scan, ','));
  return take (scan, ']') || refuse (scan, "expected a comma or a closing bracket");
}

/* scan_field: the value of the member that was just named, as a secret */
static gboolean
scan_field (Scan *scan)
{
  FloeJsonSecret *field = NULL;

  for (gsize i = 0; i < scan->n_fields && field == NULL; i++)
    if (strcmp (scan->fields[i].name, scan->decoded) == 0)
      field = &scan->fields[i];
  if (field == NULL)
    {
      g_autofree gchar *quoted = floe_quote_text (scan->decoded, (gssize)scan->decoded_length);

      g_set_error (scan->error, FLOE_ERROR, FLOE_ERROR_INVALID, "%s: unknown key", quoted);
      return FALSE;
    }
  if (!take (scan, '"'))
    {
      g_set_error (scan->error, FLOE_ERROR, FLOE_ERROR_INVALID, "%s: expected a string",
                   field->name);
      return FALSE;
    }
  if (!scan_string (scan))
    return FALSE;
  if (scan->decoded_length > field->max_bytes)
    {
      g_set_error (scan->error, FLOE_ERROR, FLOE_ERROR_INVALID,
                   "%s: longer than %" G_GSIZE_FORMAT " bytes", field->name, field->max_bytes);
      return FALSE;
    }
  field->value = floe_secret_new (scan->decoded, (gssize)scan->decoded_length);
  return TRUE;
}

static gboolean
refuse_again (Scan *scan)
{
  g_autofree gchar *quoted = floe_quote_text (scan->decoded, (gssize)scan->decoded_length);
  g_autofree gchar *what = g_strconcat ("the key ", quoted, " is given twice", NULL);

  return refuse (scan, what);
}

static gboolean
scan_member (Scan *scan, GHashTable *names)
{
  if (!take (scan, '"'))
    return refuse (scan, "expected a key in quotation marks");
  if (!scan_string (scan))
    return FALSE;
  if (g_hash_table_size (names) == FLOE_JSON_MAX_MEMBERS)
    return refuse (scan, "too many keys");
  if (!g_hash_table_add (names, g_strdup (scan->decoded)))
    return refuse_again (scan);
  if (!take (scan, ':'))
    return refuse (scan, "expected a colon");
  return scan->fields != NULL ? scan_field (scan) : scan_value (scan);
}

static gboolean
scan_object (Scan *scan)
{
  g_autoptr (GHashTable) names = NULL;

  if (take (scan, '}'))
    return TRUE;
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  do
    {
      if (!scan_member (scan, names))
        return FALSE;
    }
  while (take (scan, ','));
  return take (scan, '}') || refuse (scan, "expected a comma or a closing brace");
}

static gboolean
scan_nested (Scan *scan, gboolean (*inner) (Scan *scan))
{
  gboolean ok;

  if (scan->depth == FLOE_JSON_MAX_DEPTH)
    return refuse (scan, "nested too deeply");
  scan->depth++;
  scan->at++;
  ok = inner (scan);
  scan->depth--;
  return ok;
}

static gboolean
scan_value (Scan *scan)
{
  skip_space (scan);
  if (scan->at == scan->end)
    return refuse (scan, "the text ends early");
  switch (*scan->at)
    {
    case '{':
      return scan_nested (scan, scan_object);
    case '[':
      return scan_nested (scan, scan_array);
    case '"':
      scan->at++;
      return scan_string (scan);
    default:
      return *scan->at == '-' || g_ascii_isdigit (*scan->at) ? scan_number (scan)
                                                             : scan_word (scan);
    }
}

static gboolean
scan_root (Scan *scan)
{
  skip_space (scan);
  if (scan->at == scan->end || *scan->at != '{')
    return refuse (scan, "expected an object");
  if (!scan_value (scan))
    return FALSE;
  skip_space (scan);
  return scan->at == scan->end || refuse (scan, "something follows the object");
}

static gboolean
scan_text (const gchar *text, gsize length, FloeJsonSecret *fields, gsize n_fields, GError **error)
{
  Scan scan = { .start = text, .at = text, .fields = fields, .n_fields = n_fields, .error = error };
  gboolean ok;

  if (length > FLOE_JSON_MAX_BYTES)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "JSON: too long");
      return FALSE;
    }
  /* Refuses overlong forms, surrogates and NUL as well. */
  if (!g_utf8_validate_len (text, length, &scan.at))
    return refuse (&scan, "not UTF-8, or a NUL");
  scan.at = text;
  scan.end = text + length;
  scan.decoded = g_malloc (length + 1);
  ok = scan_root (&scan);
  floe_wipe (scan.decoded, length + 1);
  g_free (scan.decoded);
  return ok;
}

/**
 * floe_json_scan:
 * @text: a body
 * @length: its bytes
 *
 * Checks that @text is one JSON object which json-glib reads safely and in the one way that it can
 * be meant: strict JSON in UTF-8, %FLOE_JSON_MAX_BYTES bytes and %FLOE_JSON_MAX_DEPTH levels at
 * most, no NUL, no member twice, numbers that fit.
 *
 * Returns: whether it is; otherwise %FLOE_ERROR_INVALID with the place where it is not
 */
gboolean
floe_json_scan (const gchar *text, gsize length, GError **error)
{
  return scan_text (text, length, NULL, 0, error);
}

/**
 * floe_json_scan_secrets:
 * @text: a body
 * @length: its bytes
 * @fields: (array length=n_fields): all members that the object can have; values %NULL at first
 *
 * Reads a flat object of strings. Nothing of their values stays in memory but the secrets made;
 * the caller wipes @text.
 *
 * Returns: %TRUE with the values that there are; or %FALSE with none set, and %FLOE_ERROR_INVALID
 */
gboolean
floe_json_scan_secrets (const gchar *text, gsize length, FloeJsonSecret *fields, gsize n_fields,
                        GError **error)
{
  gboolean ok = scan_text (text, length, fields, n_fields, error);

  for (gsize i = 0; ok && i < n_fields; i++)
    if (fields[i].value == NULL && !fields[i].optional)
      {
        g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "%s: missing", fields[i].name);
        ok = FALSE;
      }
  for (gsize i = 0; !ok && i < n_fields; i++)
    g_clear_pointer (&fields[i].value, floe_secret_unref);
  return ok;
}
