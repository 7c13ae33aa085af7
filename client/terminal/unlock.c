/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/unlock.h"

#include <gnutls/crypto.h>
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/keep.h"

#define FILE_NAME "terminal-unlock"

/* As the broker makes them. */
#define CHALLENGE_DIGITS 10
#define CODE_DIGITS      8

/* So many wrong codes for one challenge; then a pause that doubles. */
#define TRIES         3
#define FIRST_PAUSE   30
#define LONGEST_PAUSE 3600

struct _FloeUnlock
{
  gchar *dir;
  gchar challenge[CHALLENGE_DIGITS + 1];
  guint wrong;                      /* since a right one */
  gint64 until;                     /* the end of the pause, microseconds since 1970 UTC */
  gchar used[CHALLENGE_DIGITS + 1]; /* of the code that was used and nobody was told of; or "" */
  gint64 used_at;
};

static gboolean
is_challenge (const gchar *text)
{
  return strlen (text) == CHALLENGE_DIGITS && strspn (text, "0123456789") == CHALLENGE_DIGITS;
}

/* As write_state() writes it: names and values by turns. */
static void
read_state (FloeUnlock *self)
{
  g_autoptr (FloeSecret) text = floe_keep_read (self->dir, FILE_NAME);
  g_auto (GStrv) words = NULL;
  guint64 wrong;
  guint n;

  if (text == NULL)
    return;
  words = g_strsplit_set (floe_secret_get (text, NULL), " \n", -1);
  n = g_strv_length (words);
  if (n < 4 || !g_ascii_string_to_unsigned (words[1], 10, 0, G_MAXUINT, &wrong, NULL)
      || !g_ascii_string_to_signed (words[3], 10, G_MININT64, G_MAXINT64, &self->until, NULL))
    return;
  self->wrong = (guint)wrong;
  if (n >= 8 && is_challenge (words[5])
      && g_ascii_string_to_signed (words[7], 10, G_MININT64, G_MAXINT64, &self->used_at, NULL))
    g_strlcpy (self->used, words[5], sizeof self->used);
}

static gboolean
write_state (const FloeUnlock *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (FloeSecret) whole = NULL;
  g_autoptr (GError) error = NULL;

  g_string_printf (text, "wrong %u until %" G_GINT64_FORMAT, self->wrong, self->until);
  if (*self->used != '\0')
    g_string_append_printf (text, " used %s at %" G_GINT64_FORMAT, self->used, self->used_at);
  g_string_append_c (text, '\n');
  whole = floe_secret_new (text->str, (gssize)text->len);
  if (floe_keep_write (self->dir, FILE_NAME, whole, &error))
    return TRUE;
  g_warning ("%s", error->message);
  return FALSE;
}

/**
 * floe_unlock_new:
 * @dir: where it keeps count
 *
 * Returns: (transfer full): one with a challenge of its own
 */
FloeUnlock *
floe_unlock_new (const gchar *dir)
{
  FloeUnlock *self = g_new0 (FloeUnlock, 1);

  self->dir = g_strdup (dir);
  read_state (self);
  floe_unlock_begin (self);
  return self;
}

void
floe_unlock_free (FloeUnlock *self)
{
  if (self == NULL)
    return;
  g_free (self->dir);
  g_free (self);
}

/**
 * floe_unlock_begin:
 *
 * Takes another challenge: codes for the one before are good no more.
 */
void
floe_unlock_begin (FloeUnlock *self)
{
  guint8 bytes[8];
  guint64 number = 0;

  if (gnutls_rnd (GNUTLS_RND_RANDOM, bytes, sizeof bytes) != 0)
    abort (); /* no challenge that somebody could guess may be shown */
  memcpy (&number, bytes, sizeof number);
  g_snprintf (self->challenge, sizeof self->challenge, "%010" G_GUINT64_FORMAT,
              number % G_GUINT64_CONSTANT (10000000000));
}

/**
 * floe_unlock_get_challenge:
 *
 * Returns: (transfer none): ten digits
 */
const gchar *
floe_unlock_get_challenge (const FloeUnlock *self)
{
  return self->challenge;
}

/**
 * floe_unlock_get_pause:
 * @now: microseconds since 1970 UTC
 *
 * Returns: for how many seconds no code is looked at; never for longer than the longest pause, even
 *   where the clock was set back
 */
guint
floe_unlock_get_pause (const FloeUnlock *self, gint64 now)
{
  gint64 left = self->until - now;

  if (left <= 0)
    return 0;
  return (guint)MIN ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, LONGEST_PAUSE);
}

/* Takes as long for every code. */
static gboolean
is_same (const gchar *a, const gchar *b)
{
  guint difference = 0;

  for (guint i = 0; i < CODE_DIGITS; i++)
    difference |= (guint)(a[i] ^ b[i]);
  return difference == 0;
}

static gboolean
fits (const FloeUnlock *self, const FloeSecret *secret, const gchar *code)
{
  gchar right[CODE_DIGITS + 1];
  gsize length;
  const gchar *base32 = floe_secret_get (secret, &length);
  char *bytes = NULL;
  size_t n = 0;
  gboolean same;

  if (oath_base32_decode (base32, length, &bytes, &n) != OATH_OK)
    return FALSE;
  same = oath_hotp_generate (bytes, n, g_ascii_strtoull (self->challenge, NULL, 10), CODE_DIGITS,
                             FALSE, OATH_HOTP_DYNAMIC_TRUNCATION, right)
             == OATH_OK
         && is_same (right, code);
  floe_wipe (right, sizeof right);
  floe_wipe (bytes, n);
  free (bytes);
  return same;
}

/* The digits of what somebody typed with spaces and dashes; %FALSE for anything else. */
static gboolean
tidy (const gchar *typed, gchar *code)
{
  guint n = 0;

  for (; *typed != '\0'; typed++)
    if (g_ascii_isdigit (*typed) && n < CODE_DIGITS)
      code[n++] = *typed;
    else if (*typed != ' ' && *typed != '-')
      return FALSE;
  code[n] = '\0';
  return n == CODE_DIGITS;
}

static void
count_wrong (FloeUnlock *self, gint64 now)
{
  guint rounds;
  gint64 pause = FIRST_PAUSE;

  self->wrong = MIN (self->wrong + 1, 100 * TRIES);
  rounds = self->wrong / TRIES;
  if (self->wrong % TRIES != 0)
    return;
  for (guint i = 1; i < rounds && pause < LONGEST_PAUSE; i++)
    pause *= 2;
  self->until = now + MIN (pause, LONGEST_PAUSE) * G_USEC_PER_SEC;
}

/**
 * floe_unlock_try:
 * @secret: this terminal's, in base32
 * @code: as typed
 * @now: microseconds since 1970 UTC
 *
 * Looks at a code. It counts as a wrong one before that, so that whoever pulls the plug gains
 * nothing; where that cannot be written down, none is right.
 */
FloeUnlockOutcome
floe_unlock_try (FloeUnlock *self, const FloeSecret *secret, const gchar *code, gint64 now)
{
  gchar digits[CODE_DIGITS + 1];

  if (floe_unlock_get_pause (self, now) > 0)
    return FLOE_UNLOCK_PAUSED;
  if (!tidy (code, digits))
    return FLOE_UNLOCK_WRONG;
  count_wrong (self, now);
  if (!write_state (self) || !fits (self, secret, digits))
    {
      if (self->wrong % TRIES == 0)
        floe_unlock_begin (self);
      return FLOE_UNLOCK_WRONG;
    }
  self->wrong = 0;
  self->until = 0;
  self->used_at = now;
  memcpy (self->used, self->challenge, sizeof self->used);
  write_state (self);
  floe_unlock_begin (self);
  return FLOE_UNLOCK_RIGHT;
}

/**
 * floe_unlock_get_used:
 * @at: (out): when
 *
 * Returns: (transfer none) (nullable): the challenge of the code that was used last, until the
 *   broker was told
 */
const gchar *
floe_unlock_get_used (const FloeUnlock *self, gint64 *at)
{
  *at = self->used_at;
  return *self->used != '\0' ? self->used : NULL;
}

void
floe_unlock_forget_used (FloeUnlock *self)
{
  *self->used = '\0';
  write_state (self);
}
