/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/factor.h"

#include <string.h>

#define GROUP 4

void
floe_factor_offer_free (FloeFactorOffer *self)
{
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_clear_pointer (&self->uri, floe_secret_unref);
  g_free (self);
}

void
floe_factor_receipt_free (FloeFactorReceipt *self)
{
  g_clear_pointer (&self->recovery_codes, g_ptr_array_unref);
  g_clear_pointer (&self->login, floe_login_free);
  g_free (self);
}

/* What people put between groups; an input method for Japanese makes the long vowel mark of a
 * hyphen. */
static gboolean
is_between (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION || c == 0x2212
         || c == 0x30fc || c == 0xff70;
}

/**
 * floe_code_tidy:
 * @typed: a code as somebody typed it
 * @length: bytes in it, or -1 up to the first NUL
 *
 * Returns: (transfer full): without spaces and dashes, and with what an input method has made wide
 *   in its plain form
 */
FloeSecret *
floe_code_tidy (const gchar *typed, gssize length)
{
  gsize n = length < 0 ? strlen (typed) : (gsize)length;
  const gchar *end = typed + n;
  gchar *tidy = g_malloc (n + 1);
  gsize used = 0;

  while (typed < end)
    {
      gunichar c = g_utf8_get_char_validated (typed, end - typed);
      gsize step = c >= (gunichar)-2 ? 1 : (gsize)(g_utf8_next_char (typed) - typed);

      if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xff01 - '!';
      if (c >= (gunichar)-2 || (c >= 0x80 && !is_between (c)))
        {
          memcpy (tidy + used, typed, step);
          used += step;
        }
      else if (!is_between (c))
        tidy[used++] = (gchar)c;
      typed += step;
    }
  return floe_secret_new_take (tidy, used);
}

/**
 * floe_secret_in_groups:
 * @secret: letters and digits
 *
 * Returns: (transfer full): with a space behind each four, so that it can be typed from a screen
 */
FloeSecret *
floe_secret_in_groups (const FloeSecret *secret)
{
  gsize length;
  const gchar *from = floe_secret_get (secret, &length);
  gchar *to = g_malloc (length + length / GROUP + 1);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && i % GROUP == 0)
        to[n++] = ' ';
      to[n++] = from[i];
    }
  return floe_secret_new_take (to, n);
}
