/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-token.h"

#include <string.h>

/* "flt_", the time in milliseconds since 1970 in so many hexadecimal digits, which do until the
 * year 2527, and 192 bits of randomness: as long as the tokens that are nothing but random. */
#define PREFIX       "flt_"
#define TIME_DIGITS  11
#define RANDOM_BYTES 24

/**
 * floe_login_token_new:
 * @now: microseconds since 1970 UTC
 *
 * Returns: (transfer full): what the requests of a log-in come with
 */
FloeSecret *
floe_login_token_new (gint64 now)
{
  guint64 ms = (guint64)now / G_TIME_SPAN_MILLISECOND & G_GUINT64_CONSTANT (0xfffffffffff);
  g_autofree gchar *mark = g_strdup_printf (PREFIX "%011" G_GINT64_MODIFIER "x", ms);

  return floe_secret_new_marked (mark, RANDOM_BYTES);
}

/**
 * floe_login_token_key:
 * @token: what came with a request
 *
 * The hash by which the store knows a token, behind its time: those of a rush are written side by
 * side, and not each to a page of its own. The time is no secret, and nobody finds a token by it.
 * What has no time, such as a right to reconnect, goes by the hash alone.
 *
 * Returns: (transfer full): what @token is looked up by
 */
gchar *
floe_login_token_key (const FloeSecret *token)
{
  g_autofree gchar *hash = floe_secret_hash (token);
  gsize length;
  const gchar *text = floe_secret_get (token, &length);
  gchar time[TIME_DIGITS + 1] = { 0 };

  if (length >= strlen (PREFIX) + TIME_DIGITS && g_str_has_prefix (text, PREFIX))
    memcpy (time, text + strlen (PREFIX), TIME_DIGITS);
  if (time[0] == 0 || strspn (time, "0123456789abcdef") < TIME_DIGITS)
    return g_steal_pointer (&hash);
  return g_strconcat (time, hash, NULL);
}
