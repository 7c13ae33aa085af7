/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/code.h"

#include <gio/gio.h>

/* A code has ten digits, written 123-456-7890: the version of this scheme; eight for the outcomes,
 * as digits of base 4, times 50, plus the reason; and a check digit of ISO 7064, MOD 11,10, which
 * finds every wrong digit and nearly every two that changed places. */

#define VERSION   1
#define N_DIGITS  10
#define N_REASONS 50 /* 4^10 times this still has eight digits */

G_STATIC_ASSERT (FLOE_REASON_N <= N_REASONS);
G_STATIC_ASSERT (FLOE_CHECK_N_STEPS == 10);

static gint
check_digit (const gint *digits, guint n)
{
  gint product = 10;

  for (guint i = 0; i < n; i++)
    {
      gint sum = (product + digits[i]) % 10;

      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
  return (11 - product) % 10;
}

/**
 * floe_check_encode:
 * @result: what a test of a terminal found
 *
 * Returns: (transfer full): the digits that say it, to be read on the phone
 */
gchar *
floe_check_encode (const FloeCheckResult *result)
{
  gint digits[N_DIGITS] = { VERSION };
  guint value = 0;

  for (guint i = 0; i < FLOE_CHECK_N_STEPS; i++)
    value = value * 4 + result->outcomes[i];
  value = value * N_REASONS + result->reason;
  for (guint i = N_DIGITS - 2; i > 0; i--, value /= 10)
    digits[i] = (gint)(value % 10);
  digits[N_DIGITS - 1] = check_digit (digits, N_DIGITS - 1);
  return g_strdup_printf ("%d%d%d-%d%d%d-%d%d%d%d", digits[0], digits[1], digits[2], digits[3],
                          digits[4], digits[5], digits[6], digits[7], digits[8], digits[9]);
}

/* read_digits: whether @code has as many as it should and nothing else but what one writes between
 */
static gboolean
read_digits (const gchar *code, gint *digits)
{
  guint n = 0;

  for (const gchar *c = code; *c != '\0'; c++)
    if (g_ascii_isdigit (*c) && n < N_DIGITS)
      digits[n++] = g_ascii_digit_value (*c);
    else if (*c != '-' && *c != ' ')
      return FALSE;
  return n == N_DIGITS;
}

/**
 * floe_check_decode:
 * @code: what somebody heard; dashes and spaces do not matter
 * @result: (out): what it says
 *
 * Returns: %FALSE if it is no such code: a digit was misheard
 */
gboolean
floe_check_decode (const gchar *code, FloeCheckResult *result)
{
  gint digits[N_DIGITS];
  guint value = 0;

  if (!read_digits (code, digits) || digits[0] != VERSION
      || digits[N_DIGITS - 1] != check_digit (digits, N_DIGITS - 1))
    return FALSE;
  for (guint i = 1; i < N_DIGITS - 1; i++)
    value = value * 10 + (guint)digits[i];
  result->reason = value % N_REASONS;
  value /= N_REASONS;
  for (guint i = FLOE_CHECK_N_STEPS; i > 0; i--, value /= 4)
    result->outcomes[i - 1] = value % 4;
  return value == 0 && result->reason < FLOE_REASON_N;
}
