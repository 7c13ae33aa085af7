/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "spice-storm.h"

#include <spice/enums.h>
#include <string.h>

#include "spice-storm-words.h"

#define HEADER 18 /* serial, type, size, offset of a list of messages inside this one */

/* --- numbers --- */

guint32
spice_storm_odd (GRand *dice)
{
  static const guint32 favourites[] = {
    0,          1,          2,
    3,          7,          16,
    255,        256,        1024,
    32767,      65535,      65536,
    1000000,    0x7fffffff, 0x80000000,
    0xfffffffe, 0xffffffff, 0x7fc00000 /* not a number, for whoever reads it as one */,
  };

  switch (g_rand_int_range (dice, 0, 3))
    {
    case 0:
      return favourites[g_rand_int_range (dice, 0, G_N_ELEMENTS (favourites))];
    case 1:
      return (guint32)g_rand_int_range (dice, 0, 300);
    default:
      return g_rand_int (dice);
    }
}

gboolean
spice_storm_chance (GRand *dice, gint one_in)
{
  return g_rand_int_range (dice, 0, one_in) == 0;
}

void
spice_storm_put8 (GByteArray *body, guint32 value)
{
  guint8 byte = (guint8)value;

  g_byte_array_append (body, &byte, 1);
}

void
spice_storm_put16 (GByteArray *body, guint32 value)
{
  guint16 little = GUINT16_TO_LE ((guint16)value);

  g_byte_array_append (body, (const guint8 *)&little, 2);
}

void
spice_storm_put32 (GByteArray *body, guint32 value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (body, (const guint8 *)&little, 4);
}

void
spice_storm_put64 (GByteArray *body, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (body, (const guint8 *)&little, 8);
}

void
spice_storm_noise (GRand *dice, GByteArray *body, guint32 size)
{
  for (guint32 i = 0; i < size; i++)
    spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 0, 256));
}

/* --- messages --- */

static void
put_message (GOutputStream *out, guint16 type, const GByteArray *body, guint32 length, guint32 list)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();

  spice_storm_put64 (message, 1);
  spice_storm_put16 (message, type);
  spice_storm_put32 (message, length);
  spice_storm_put32 (message, list);
  g_byte_array_append (message, body->data, body->len);
  g_output_stream_write_all (out, message->data, message->len, NULL, NULL, NULL);
}

static void
spoil (GRand *dice, SpiceStormHarm harm, GByteArray *body)
{
  if (harm == SPICE_STORM_WHOLE)
    return;
  if (body->len > 0 && spice_storm_chance (dice, 4))
    g_byte_array_set_size (body, (guint)g_rand_int_range (dice, 0, (gint32)body->len));
  if (harm == SPICE_STORM_CUT)
    return;
  if (body->len > 0 && spice_storm_chance (dice, 6))
    for (gint n = g_rand_int_range (dice, 1, 8); n > 0; n--)
      body->data[g_rand_int_range (dice, 0, (gint32)body->len)] = (guint8)g_rand_int (dice);
  if (spice_storm_chance (dice, 12))
    spice_storm_noise (dice, body, (guint32)g_rand_int_range (dice, 0, 3000));
}

static gboolean
say_nonsense (GRand *dice, const SpiceStorm *storm, const SpiceStormWord *words, guint n_words,
              GOutputStream *out)
{
  const SpiceStormWord *word = &words[g_rand_int_range (dice, 0, (gint32)n_words)];
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint16 type = word->type;
  guint32 list = 0;

  if ((storm->only != 0 && storm->only != type)
      || (word->harm == SPICE_STORM_DEADLY && !storm->deadly))
    return TRUE;
  word->make (dice, body);
  spoil (dice, storm->deadly ? SPICE_STORM_BEARABLE : word->harm, body);
  if (storm->only == 0 && storm->deadly && spice_storm_chance (dice, 30))
    type = (guint16)g_rand_int_range (dice, 0, 400);
  if (storm->deadly && spice_storm_chance (dice, 20))
    list = spice_storm_odd (dice);
  put_message (out, type, body, body->len, list);
  /* From here on nothing that follows is where it belongs. */
  if (storm->deadly && spice_storm_chance (dice, 150))
    put_message (out, type, body, (guint32)g_rand_int_range (dice, 0, 100000), 0);
  return !g_output_stream_is_closed (out);
}

static void
begin (guint8 channel_type, GOutputStream *out)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  static const guint8 list[] = { SPICE_CHANNEL_DISPLAY, 0, SPICE_CHANNEL_INPUTS, 0,
                                 SPICE_CHANNEL_CURSOR,  0 };
  static const guint32 init[] = { 7, 1, 3, SPICE_MOUSE_MODE_CLIENT, 1, 10, 0, 0 };
  static const guint32 surface[] = { 0, 640, 480, SPICE_SURFACE_FMT_32_xRGB,
                                     SPICE_SURFACE_FLAGS_PRIMARY };

  if (channel_type == SPICE_CHANNEL_MAIN)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (init); i++)
        spice_storm_put32 (body, init[i]);
      put_message (out, SPICE_MSG_MAIN_INIT, body, body->len, 0);
      g_byte_array_set_size (body, 0);
      spice_storm_put32 (body, sizeof list / 2);
      g_byte_array_append (body, list, sizeof list);
      put_message (out, SPICE_MSG_MAIN_CHANNELS_LIST, body, body->len, 0);
    }
  else if (channel_type == SPICE_CHANNEL_DISPLAY)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (surface); i++)
        spice_storm_put32 (body, surface[i]);
      put_message (out, SPICE_MSG_DISPLAY_SURFACE_CREATE, body, body->len, 0);
      g_byte_array_set_size (body, 0);
      put_message (out, SPICE_MSG_DISPLAY_MARK, body, 0, 0);
    }
}

void
spice_storm_talk (GOutputStream *out, guint8 channel_type, guint number, gpointer data)
{
  const SpiceStorm *storm = data;
  const SpiceStormWord *words = spice_storm_words (channel_type);
  g_autoptr (GRand) dice = g_rand_new_with_seed (storm->seed * 64 + number);
  guint messages = (guint)g_rand_int_range (dice, 1, (gint32)storm->messages + 1);
  guint n_words = 0;

  while (words[n_words].type != 0)
    n_words++;
  begin (channel_type, out);
  while (messages-- > 0 && say_nonsense (dice, storm, words, n_words, out))
    ;
}
