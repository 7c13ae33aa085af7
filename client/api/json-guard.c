/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-guard.h"

#include <string.h>

#include "api/error.h"

/* A strict, flat reading of the answer before json-glib sees it. json-glib 1.6 recurses without a
 * limit and overflows the stack (seen at 150,000 levels); it also takes comments, single quotes,
 * half a surrogate pair and \u0000, so that a lenient look for the depth could be led astray. The
 * same pass takes the secrets out: json-glib would leave copies of them in freed memory. */

typedef enum
{
  WANT_VALUE,
  WANT_VALUE_OR_END,
  WANT_KEY,
  WANT_KEY_OR_END,
  WANT_COLON,
  WANT_COMMA_OR_END,
  WANT_NOTHING,
} Want;

/* Which of the root's fields is being read, where there are secrets inside it. */
typedef enum
{
  INSIDE_OTHER,
  INSIDE_LOGIN,
  INSIDE_CODES,
} Inside;

typedef struct
{
  const gchar *start;
  gchar *next;
  gchar *end;
  Want want;
  guint depth;
  gchar open[FLOE_JSON_DEPTH];
  FloeJsonSecrets *secrets;
  Inside inside;
  FloeSecret **takes; /* where the value of the key just read goes, or NULL */
  const gchar *wrong;
} Scan;

static gboolean
wrong (Scan *s, const gchar *what)
{
  s->wrong = what;
  return FALSE;
}

static gint
hex4 (const gchar *at, const gchar *end)
{
  gint value = 0;

  if (end - at < 4)
    return -1;
  for (guint i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return -1;
      value = value * 16 + g_ascii_xdigit_value (at[i]);
    }
  return value;
}

/* @next is behind "\u". */
static gboolean
scan_unicode (Scan *s)
{
  gint unit = hex4 (s->next, s->end);
  gint low;

  if (unit <= 0)
    return wrong (s, "a bad or zero \\u escape");
  s->next += 4;
  if (unit < 0xd800 || unit > 0xdfff)
    return TRUE;
  if (unit > 0xdbff || s->end - s->next < 6 || s->next[0] != '\\' || s->next[1] != 'u')
    return wrong (s, "half a surrogate pair");
  low = hex4 (s->next + 2, s->end);
  if (low < 0xdc00 || low > 0xdfff)
    return wrong (s, "half a surrogate pair");
  s->next += 6;
  return TRUE;
}

/* @next is behind the opening quote; afterwards behind the closing one. */
static gboolean
scan_string (Scan *s, gboolean *escaped)
{
  *escaped = FALSE;
  while (s->next < s->end)
    {
      gchar c = *s->next++;

      if (c == '"')
        return TRUE;
      if ((guchar)c < 0x20)
        return wrong (s, "a control character in a string");
      if (c != '\\')
        continue;
      *escaped = TRUE;
      if (s->next == s->end)
        break;
      c = *s->next++;
      if (c == 'u' ? !scan_unicode (s) : strchr ("\"\\/bfnrt", c) == NULL)
        return s->wrong != NULL ? FALSE : wrong (s, "an unknown escape");
    }
  return wrong (s, "a string without an end");
}

static gboolean
scan_digits (Scan *s)
{
  gchar *from = s->next;

  while (s->next < s->end && g_ascii_isdigit (*s->next))
    s->next++;
  return s->next > from ? TRUE : wrong (s, "a malformed number");
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static gboolean
scan_number (Scan *s)
{
  gchar *from = s->next;

  if (*s->next == '-')
    s->next++;
  if (s->next < s->end && *s->next == '0')
    s->next++;
  else if (!scan_digits (s))
    return FALSE;
  if (s->next < s->end && *s->next == '.')
    {
      s->next++;
      if (!scan_digits (s))
        return FALSE;
    }
  if (s->next < s->end && (*s->next == 'e' || *s->next == 'E'))
    {
      s->next++;
      if (s->next < s->end && (*s->next == '+' || *s->next == '-'))
        s->next++;
      if (!scan_digits (s))
        return FALSE;
    }
  return s->next - from <= 40 ? TRUE : wrong (s, "a number that is too long");
}

static gboolean
scan_word (Scan *s)
{
  static const gchar *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i]);

      if ((gsize)(s->end - s->next) >= n && memcmp (s->next, words[i], n) == 0)
        {
          s->next += n;
          return TRUE;
        }
    }
  return wrong (s, "something that is no JSON");
}

static gboolean
is_key (const gchar *name, const gchar *key, gsize length)
{
  return strlen (name) == length && memcmp (name, key, length) == 0;
}

static FloeSecret **
secret_of (FloeJsonSecrets *secrets, const gchar *key, gsize length)
{
  const struct
  {
    const gchar *key;
    FloeSecret **secret;
  } places[] = { { "token", &secrets->token },   { "reconnect_token", &secrets->reconnect_token },
                 { "ticket", &secrets->ticket }, { "challenge", &secrets->challenge },
                 { "secret", &secrets->secret }, { "uri", &secrets->uri } };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (is_key (places[i].key, key, length))
      return places[i].secret;
  return NULL;
}

static Inside
inside_of (const gchar *key, gsize length)
{
  if (is_key ("login", key, length))
    return INSIDE_LOGIN;
  return is_key ("recovery_codes", key, length) ? INSIDE_CODES : INSIDE_OTHER;
}

static gboolean
take_secret (Scan *s, gchar *from, gboolean escaped)
{
  gsize length = (gsize)(s->next - 1 - from);

  if (escaped || *s->takes != NULL)
    return wrong (s, "a secret that is written in a strange way");
  *s->takes = floe_secret_new (from, (gssize)length);
  memset (from, 'x', length);
  return TRUE;
}

/* A text in the list of recovery codes. */
static gboolean
take_code (Scan *s, gchar *from, gboolean escaped)
{
  FloeSecret *code = NULL;
  gboolean taken;

  s->takes = &code;
  taken = take_secret (s, from, escaped);
  s->takes = NULL;
  if (!taken)
    return FALSE;
  if (s->secrets->recovery_codes == NULL)
    s->secrets->recovery_codes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_secret_unref);
  g_ptr_array_add (s->secrets->recovery_codes, code);
  return TRUE;
}

static void
value_ended (Scan *s)
{
  s->want = s->depth > 0 ? WANT_COMMA_OR_END : WANT_NOTHING;
}

/* Where the value goes of the key that begins at @from and ends before @next. */
static void
place_value (Scan *s, const gchar *from)
{
  gsize length = (gsize)(s->next - 1 - from);

  s->takes = NULL;
  if (s->depth == 1)
    {
      s->takes = secret_of (s->secrets, from, length);
      s->inside = inside_of (from, length);
    }
  else if (s->depth == 2 && s->inside == INSIDE_LOGIN && is_key ("token", from, length))
    s->takes = &s->secrets->login_token;
}

static gboolean
scan_key (Scan *s)
{
  gchar *from = ++s->next;
  gboolean escaped;

  if (!scan_string (s, &escaped))
    return FALSE;
  /* An escaped key could spell "ticket" so that it is not seen here; none of ours has one. */
  if (escaped && (s->depth == 1 || (s->depth == 2 && s->inside == INSIDE_LOGIN)))
    return wrong (s, "an escaped name of a field");
  place_value (s, from);
  s->want = WANT_COLON;
  return TRUE;
}

static gboolean
scan_open (Scan *s, gchar c)
{
  if (s->depth == FLOE_JSON_DEPTH)
    return wrong (s, "too many levels");
  s->next++;
  s->takes = NULL;
  s->open[s->depth++] = c;
  s->want = c == '{' ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
  return TRUE;
}

static gboolean
scan_value (Scan *s)
{
  gchar c = *s->next;
  gboolean escaped;

  if (c == '{' || c == '[')
    return scan_open (s, c);
  value_ended (s);
  if (c == '-' || g_ascii_isdigit (c))
    return scan_number (s);
  if (c == '"')
    {
      gchar *from = ++s->next;

      if (!scan_string (s, &escaped))
        return FALSE;
      if (s->depth == 2 && s->inside == INSIDE_CODES && s->open[1] == '[')
        return take_code (s, from, escaped);
      return s->takes == NULL || take_secret (s, from, escaped);
    }
  return scan_word (s);
}

static gboolean
scan_close (Scan *s, gchar c)
{
  if (s->open[s->depth - 1] != (c == '}' ? '{' : '['))
    return wrong (s, "brackets that do not match");
  s->next++;
  s->depth--;
  value_ended (s);
  return TRUE;
}

static gboolean
scan_colon (Scan *s)
{
  s->next++;
  s->want = WANT_VALUE;
  return TRUE;
}

static gboolean
scan_comma (Scan *s)
{
  s->next++;
  s->takes = NULL;
  s->want = s->open[s->depth - 1] == '{' ? WANT_KEY : WANT_VALUE;
  return TRUE;
}

/* One token; @next is at something that is no white space. */
static gboolean
scan_token (Scan *s)
{
  gchar c = *s->next;

  switch (s->want)
    {
    case WANT_VALUE_OR_END:
      return c == ']' ? scan_close (s, c) : scan_value (s);
    case WANT_VALUE:
      return scan_value (s);
    case WANT_KEY_OR_END:
      if (c == '}')
        return scan_close (s, c);
      G_GNUC_FALLTHROUGH;
    case WANT_KEY:
      return c == '"' ? scan_key (s) : wrong (s, "a field without a name");
    case WANT_COLON:
      return c == ':' ? scan_colon (s) : wrong (s, "a field without a colon");
    case WANT_COMMA_OR_END:
      if (c == ',')
        return scan_comma (s);
      return c == '}' || c == ']' ? scan_close (s, c) : wrong (s, "a missing comma");
    case WANT_NOTHING:
    default:
      return wrong (s, "something behind its end");
    }
}

static gboolean
scan_all (Scan *s)
{
  for (; s->next < s->end;)
    if (strchr (" \t\r\n", *s->next) != NULL)
      s->next++;
    else if (!scan_token (s))
      return FALSE;
  return s->want == WANT_NOTHING ? TRUE : wrong (s, "no end");
}

void
floe_json_secrets_clear (FloeJsonSecrets *self)
{
  g_clear_pointer (&self->token, floe_secret_unref);
  g_clear_pointer (&self->reconnect_token, floe_secret_unref);
  g_clear_pointer (&self->ticket, floe_secret_unref);
  g_clear_pointer (&self->challenge, floe_secret_unref);
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_clear_pointer (&self->uri, floe_secret_unref);
  g_clear_pointer (&self->login_token, floe_secret_unref);
  g_clear_pointer (&self->recovery_codes, g_ptr_array_unref);
}

/**
 * floe_json_scan:
 * @text: JSON by somebody who is not trusted; its secrets are overwritten with "x"
 * @length: bytes in it
 * @secrets: all %NULL; takes the secrets of the root object
 * @offset: (out): where something was wrong
 *
 * Reads strictly by RFC 8259, down to %FLOE_JSON_DEPTH levels; \u0000 and half a surrogate pair
 * are refused too.
 *
 * Returns: (transfer none) (nullable): what was wrong, or %NULL
 */
const gchar *
floe_json_scan (gchar *text, gsize length, FloeJsonSecrets *secrets, gsize *offset)
{
  Scan s = { .start = text, .next = text, .end = text + length, .secrets = secrets };
  const gchar *bad;

  *offset = 0;
  if (!g_utf8_validate_len (text, length, &bad))
    {
      *offset = (gsize)(bad - text);
      return "bytes that are no text in UTF-8";
    }
  if (scan_all (&s))
    return NULL;
  *offset = (gsize)(s.next - s.start);
  return s.wrong;
}

/**
 * floe_json_parse:
 * @text: an answer of a server that is not trusted; its secrets are overwritten with "x"
 * @length: bytes in it
 * @secrets: all %NULL; takes the secrets of the root object
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, "malformed", with the place but nothing of the text
 *
 * Returns: (transfer full) (nullable): the root
 */
JsonNode *
floe_json_parse (gchar *text, gsize length, FloeJsonSecrets *secrets, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  gsize offset;
  const gchar *what = floe_json_scan (text, length, secrets, &offset);

  if (what != NULL)
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                             "the answer is no JSON: %s at byte %" G_GSIZE_FORMAT, what, offset);
      return NULL;
    }
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize)length, NULL))
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                             "the answer is no JSON");
      return NULL;
    }
  return json_parser_steal_root (parser);
}
