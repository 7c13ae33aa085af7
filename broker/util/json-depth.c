/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "util/json-depth.h"

/* Outside strings JSON has these only. What json-glib takes beside, comments and single quotes,
 * could hide brackets from the count. */
static gboolean
is_plain (gchar c)
{
  switch (c)
    {
    case ',':
    case ':':
    case '+':
    case '-':
    case '.':
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      return TRUE;
    default:
      return g_ascii_isalnum (c);
    }
}

static const gchar *
skip_string (const gchar *at, const gchar *end)
{
  for (at++; at < end && *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at;
}

/**
 * floe_json_is_shallow:
 * @text: what somebody answered; need not end with a NUL
 * @max_depth: how many levels of objects and arrays it may have
 *
 * json-glib recurses without a limit, so that 150 KB of '[' end the process. Of what is not ours,
 * whether it is JSON at all is left to json-glib once this has looked at it.
 *
 * Returns: whether @text is no deeper, closes all that it opens, and has one root at most
 */
gboolean
floe_json_is_shallow (const gchar *text, gsize length, guint max_depth)
{
  const gchar *end = text + length;
  gboolean closed = FALSE; /* json-glib takes what follows for a second root */
  guint depth = 0;

  for (const gchar *at = text; at < end; at++)
    if (*at == '{' || *at == '[')
      {
        if (++depth > max_depth || closed)
          return FALSE;
      }
    else if (*at == '}' || *at == ']')
      {
        if (depth-- == 0)
          return FALSE;
        closed = depth == 0;
      }
    else if (*at == '"')
      at = skip_string (at, end);
    else if (!is_plain (*at))
      return FALSE;
  return depth == 0;
}
