/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/totp.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* What RFC 4226, section 4, recommends, and 32 digits of base32 without padding. */
#define SECRET_BYTES 20

/* 80 bits: too many to be guessed or found from a hash without salt. */
#define RECOVERY_BYTES 10

#define MAX_DIGITS 8

/* How far a clock may be off, in steps. */
#define WINDOW 1

static FloeSecret *
new_random (gsize n)
{
  gchar *bytes = g_malloc (n + 1);

  if (getrandom (bytes, n, 0) != (gssize)n)
    abort (); /* so few are always given whole; a kernel without getrandom: no secret may be made */
  return floe_secret_new_take (bytes, n);
}

/**
 * floe_totp_new_secret:
 *
 * Returns: (transfer full): the raw bytes of a new secret
 */
FloeSecret *
floe_totp_new_secret (void)
{
  return new_random (SECRET_BYTES);
}

/**
 * floe_totp_to_base32:
 *
 * Returns: (transfer full): what somebody types into an app
 */
FloeSecret *
floe_totp_to_base32 (const FloeSecret *secret)
{
  gsize length;
  const gchar *bytes = floe_secret_get (secret, &length);
  FloeSecret *text;
  gchar *encoded = NULL;
  size_t n = 0;

  if (oath_base32_encode (bytes, length, &encoded, &n) != OATH_OK)
    abort (); /* no memory */
  text = floe_secret_new (encoded, (gssize)n);
  floe_wipe (encoded, n);
  free (encoded);
  return text;
}

/**
 * floe_totp_to_uri:
 * @issuer: whose log-in it is for, as the app shows it
 * @name: who logs in
 *
 * Returns: (transfer full): what an app reads as a QR code
 */
FloeSecret *
floe_totp_to_uri (const FloeSecret *secret, const gchar *issuer, const gchar *name)
{
  g_autoptr (FloeSecret) base32 = floe_totp_to_base32 (secret);
  g_autofree gchar *at = g_uri_escape_string (issuer, NULL, FALSE);
  g_autofree gchar *who = g_uri_escape_string (name, NULL, FALSE);
  gchar *uri = g_strdup_printf ("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1"
                                "&digits=%d&period=%d",
                                at, who, floe_secret_get (base32, NULL), at, FLOE_TOTP_DIGITS,
                                FLOE_TOTP_STEP_SECONDS);

  return floe_secret_new_take (uri, strlen (uri));
}

/**
 * floe_totp_make:
 * @step: the time, in steps since 1970 UTC
 * @digits: 6 to 8
 * @code: (out caller-allocates): room for @digits and a NUL
 *
 * Returns: whether it could be made
 */
gboolean
floe_totp_make (const FloeSecret *secret, gint64 step, guint digits, gchar *code)
{
  gsize length;
  const gchar *bytes = floe_secret_get (secret, &length);

  return oath_hotp_generate (bytes, length, (guint64)step, digits, FALSE,
                             OATH_HOTP_DYNAMIC_TRUNCATION, code)
         == OATH_OK;
}

/* Takes as long for every code of that length. */
static gboolean
is_same (const gchar *a, const gchar *b, gsize n)
{
  guint difference = 0;

  for (gsize i = 0; i < n; i++)
    difference |= (guint)(a[i] ^ b[i]);
  return difference == 0;
}

/**
 * floe_totp_find_step:
 * @code: of %FLOE_TOTP_DIGITS digits
 * @now: microseconds since 1970 UTC
 *
 * Returns: the newest step that @code is of, among that of now, the one before and the one after;
 *   or 0
 */
gint64
floe_totp_find_step (const FloeSecret *secret, const gchar *code, gint64 now)
{
  gint64 middle = now / (FLOE_TOTP_STEP_SECONDS * G_USEC_PER_SEC);
  gint64 found = 0;
  gchar right[MAX_DIGITS + 1];

  if (strlen (code) != FLOE_TOTP_DIGITS)
    return 0;
  for (gint64 step = middle - WINDOW; step <= middle + WINDOW; step++)
    if (step > 0 && floe_totp_make (secret, step, FLOE_TOTP_DIGITS, right)
        && is_same (right, code, FLOE_TOTP_DIGITS))
      found = step;
  floe_wipe (right, sizeof right);
  return found;
}

/**
 * floe_recovery_code_new:
 *
 * Returns: (transfer full): a new one, such as "ABCD-EFGH-IJKL-MNOP"
 */
FloeSecret *
floe_recovery_code_new (void)
{
  g_autoptr (FloeSecret) raw = new_random (RECOVERY_BYTES);
  g_autoptr (FloeSecret) base32 = floe_totp_to_base32 (raw);
  const gchar *text = floe_secret_get (base32, NULL);
  gchar *code = g_strdup_printf ("%.4s-%.4s-%.4s-%.4s", text, text + 4, text + 8, text + 12);

  return floe_secret_new_take (code, strlen (code));
}

/**
 * floe_recovery_code_hash:
 * @code: as given out, or as floe_code_normalize() has it
 *
 * Returns: (transfer full): what the store keeps of it
 */
gchar *
floe_recovery_code_hash (const FloeSecret *code)
{
  g_autoptr (FloeSecret) plain = floe_code_normalize (code);

  return floe_secret_hash (plain);
}

/**
 * floe_code_normalize:
 * @typed: a code as somebody typed it
 *
 * Returns: (transfer full): without spaces and dashes, in upper case
 */
FloeSecret *
floe_code_normalize (const FloeSecret *typed)
{
  gsize length;
  const gchar *from = floe_secret_get (typed, &length);
  gchar *to = g_malloc (length + 1);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    if (from[i] != ' ' && from[i] != '-')
      to[n++] = g_ascii_toupper (from[i]);
  return floe_secret_new_take (to, n);
}

gboolean
floe_code_is_totp (const FloeSecret *code)
{
  gsize length;
  const gchar *text = floe_secret_get (code, &length);

  return length == FLOE_TOTP_DIGITS && strspn (text, G_CSET_DIGITS) == length;
}
