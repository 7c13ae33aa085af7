/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/quote.h"

#include <string.h>

/* Long enough to recognise what was meant, too short to flood a log. */
#define SHOWN_BYTES 48

/**
 * floe_quote_text:
 * @text: whatever a client sent
 * @length: its bytes, or -1 up to the first NUL
 *
 * Returns: (transfer full): the beginning of @text in quotation marks, fit for a log line and for
 *   an error's detail: printable ASCII only, anything else is shown as a dot
 */
gchar *
floe_quote_text (const gchar *text, gssize length)
{
  gsize n = length < 0 ? strlen (text) : (gsize)length;
  GString *quoted = g_string_new ("\"");

  for (gsize i = 0; i < MIN (n, SHOWN_BYTES); i++)
    {
      gboolean plain = g_ascii_isprint (text[i]) && text[i] != '"' && text[i] != '\\';

      g_string_append_c (quoted, plain ? text[i] : '.');
    }
  g_string_append (quoted, n > SHOWN_BYTES ? "...\"" : "\"");
  return g_string_free (quoted, FALSE);
}
