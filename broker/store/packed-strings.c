/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/packed-strings.h"

#include <string.h>

static void
pack_string (GString *out, const gchar *text)
{
  g_string_append_c (out, '"');
  for (const gchar *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (out, "\\%c", *p);
    else if ((guchar)*p < 0x20)
      g_string_append_printf (out, "\\u%04x", (guchar)*p);
    else
      g_string_append_c (out, *p);
  g_string_append_c (out, '"');
}

/**
 * floe_pack_strings:
 * @strings: (array zero-terminated=1): UTF-8
 *
 * Returns: (transfer full): a JSON array, as both databases keep it in a column
 */
gchar *
floe_pack_strings (const gchar *const *strings)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; strings[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pack_string (out, strings[i]);
    }
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static gchar *
unpack_string (const gchar **cursor)
{
  GString *out = g_string_new (NULL);
  const gchar *p = *cursor + 1;

  for (; *p != '"' && *p != '\0'; p++)
    if (p[0] == '\\' && p[1] == 'u' && strlen (p) >= 6)
      {
        gchar hex[5] = { p[2], p[3], p[4], p[5] };

        g_string_append_c (out, (gchar)g_ascii_strtoull (hex, NULL, 16));
        p += 5;
      }
    else if (p[0] == '\\' && p[1] != '\0')
      g_string_append_c (out, *++p);
    else
      g_string_append_c (out, *p);
  *cursor = *p == '"' ? p + 1 : p;
  return g_string_free (out, FALSE);
}

/**
 * floe_unpack_strings:
 * @packed: from floe_pack_strings()
 *
 * Returns: (transfer full): the strings
 */
GStrv
floe_unpack_strings (const gchar *packed)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();
  const gchar *p = packed;

  while (*p != '\0')
    if (*p == '"')
      {
        g_autofree gchar *text = unpack_string (&p);

        g_strv_builder_add (out, text);
      }
    else
      p++;
  return g_strv_builder_end (out);
}
