/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/tag.h"

#include <string.h>

#define TAG_DIGITS 32

/**
 * floe_tag_new:
 * @text: all that makes this state another one than the others
 * @length: bytes in it; -1 where it ends with NUL
 *
 * Returns: (transfer full): a strong one, with its quotes
 */
gchar *
floe_tag_new (const gchar *text, gssize length)
{
  g_autofree gchar *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, length);

  return g_strdup_printf ("\"%.*s\"", TAG_DIGITS, sum);
}

/**
 * floe_tag_is_among:
 * @list: what If-Match or If-None-Match says
 *
 * Returns: whether one of the tags in it is @tag; "*" is any. What is no tag is none
 */
gboolean
floe_tag_is_among (const gchar *tag, const gchar *list)
{
  g_auto (GStrv) tags = g_strsplit (list, ",", -1);

  for (guint i = 0; tags[i] != NULL; i++)
    {
      g_strstrip (tags[i]);
      if (strcmp (tags[i], "*") == 0 || strcmp (tags[i], tag) == 0)
        return TRUE;
    }
  return FALSE;
}
