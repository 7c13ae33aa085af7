/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "spice-storm-words.h"

#include <spice/enums.h>
#include <spice/vd_agent.h>

static void
make_nothing (GRand *dice, GByteArray *body)
{
}

static void
make_odd (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, spice_storm_odd (dice));
}

static void
make_several (GRand *dice, GByteArray *body)
{
  for (gint n = g_rand_int_range (dice, 0, 12); n > 0; n--)
    spice_storm_put32 (body, spice_storm_odd (dice));
}

static void
make_noise (GRand *dice, GByteArray *body)
{
  spice_storm_noise (dice, body, (guint32)g_rand_int_range (dice, 0, 4000));
}

/* --- every channel --- */

static void
make_ping (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, spice_storm_odd (dice));
  spice_storm_put64 (body, g_rand_int (dice));
  if (spice_storm_chance (dice, 3))
    make_noise (dice, body);
}

static void
make_notify (GRand *dice, GByteArray *body)
{
  spice_storm_put64 (body, g_rand_int (dice));
  for (gint i = 0; i < 4; i++) /* severity, visibility, what, length of the text */
    spice_storm_put32 (body, spice_storm_odd (dice));
  make_noise (dice, body);
}

static void
make_wait (GRand *dice, GByteArray *body)
{
  guint8 count = (guint8)spice_storm_odd (dice);

  spice_storm_put8 (body, count);
  for (gint n = g_rand_int_range (dice, 0, 4); n > 0; n--)
    {
      spice_storm_put8 (body, spice_storm_odd (dice));
      spice_storm_put8 (body, spice_storm_odd (dice));
      spice_storm_put64 (body, 0); /* what has come already: nobody waits for it */
    }
}

#define COMMON                                                                                     \
  { SPICE_MSG_MIGRATE, make_odd, SPICE_STORM_DEADLY }, { SPICE_MSG_MIGRATE_DATA, make_noise },     \
      { SPICE_MSG_SET_ACK, make_several }, { SPICE_MSG_PING, make_ping },                          \
      { SPICE_MSG_WAIT_FOR_CHANNELS, make_wait }, { SPICE_MSG_NOTIFY, make_notify },               \
  {                                                                                                \
    SPICE_MSG_LIST, make_noise, SPICE_STORM_DEADLY                                                 \
  }

/* --- the agent, whose words come from inside the guest --- */

static void
put_agent_body (GRand *dice, guint32 type, GByteArray *body)
{
  switch (type)
    {
    case VD_AGENT_CLIPBOARD_GRAB:
    case VD_AGENT_CLIPBOARD_REQUEST:
    case VD_AGENT_CLIPBOARD_RELEASE:
    case VD_AGENT_CLIPBOARD:
      spice_storm_put32 (body, spice_storm_chance (dice, 2) ? 0 : spice_storm_odd (dice));
      make_several (dice, body);
      break;
    case VD_AGENT_FILE_XFER_STATUS:
      spice_storm_put32 (body, spice_storm_odd (dice)); /* of a transfer that nobody began */
      spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 0, 10));
      make_noise (dice, body);
      break;
    default:
      make_several (dice, body);
      break;
    }
}

static void
put_agent_data (GRand *dice, gboolean whole, GByteArray *body)
{
  static const guint32 types[] = {
    VD_AGENT_REPLY,           VD_AGENT_CLIPBOARD,         VD_AGENT_ANNOUNCE_CAPABILITIES,
    VD_AGENT_CLIPBOARD_GRAB,  VD_AGENT_CLIPBOARD_REQUEST, VD_AGENT_CLIPBOARD_RELEASE,
    VD_AGENT_FILE_XFER_STATUS
  };
  g_autoptr (GByteArray) data = g_byte_array_new ();
  guint32 type = types[g_rand_int_range (dice, 0, G_N_ELEMENTS (types))];

  put_agent_body (dice, type, data);
  if (whole)
    spice_storm_noise (dice, data, 64); /* more than any of them has to have */
  spice_storm_put32 (body,
                     spice_storm_chance (dice, 40) ? spice_storm_odd (dice) : VD_AGENT_PROTOCOL);
  spice_storm_put32 (body, spice_storm_chance (dice, 20) ? spice_storm_odd (dice) : type);
  spice_storm_put64 (body, spice_storm_odd (dice));
  spice_storm_put32 (
      body, !whole && spice_storm_chance (dice, 10) ? spice_storm_odd (dice) & 0xfffff : data->len);
  g_byte_array_append (body, data->data, data->len);
}

static void
make_agent_data (GRand *dice, GByteArray *body)
{
  put_agent_data (dice, TRUE, body);
}

static void
make_odd_agent_data (GRand *dice, GByteArray *body)
{
  put_agent_data (dice, FALSE, body);
}

/* --- main --- */

static void
make_init (GRand *dice, GByteArray *body)
{
  for (gint i = 0; i < 8; i++)
    spice_storm_put32 (body, spice_storm_odd (dice));
}

static void
make_channels (GRand *dice, GByteArray *body)
{
  gint n = g_rand_int_range (dice, 0, 40);

  spice_storm_put32 (body, spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : (guint32)n);
  for (; n > 0; n--)
    {
      spice_storm_put8 (body,
                        (guint32)g_rand_int_range (dice, 1, 5)); /* sound has its own faults */
      spice_storm_put8 (body, spice_storm_odd (dice));
    }
}

static void
make_name (GRand *dice, GByteArray *body)
{
  gint n = g_rand_int_range (dice, 0, 300);

  spice_storm_put32 (body, spice_storm_chance (dice, 2) ? spice_storm_odd (dice) : (guint32)n);
  spice_storm_noise (dice, body, (guint32)n);
}

/* With its end: the library reads on where there is none. */
static void
make_good_name (GRand *dice, GByteArray *body)
{
  guint32 n = (guint32)g_rand_int_range (dice, 0, 300);

  spice_storm_put32 (body, n + 1);
  spice_storm_noise (dice, body, n);
  spice_storm_put8 (body, 0);
}

/* Where to go instead: nowhere that there is. */
static void
make_migration (GRand *dice, GByteArray *body)
{
  for (gint i = 0; i < 8; i++)
    spice_storm_put32 (body, i < 2 ? 1 : spice_storm_odd (dice));
  spice_storm_noise (dice, body, 40);
}

static const SpiceStormWord main_words[] = {
  COMMON,
  { SPICE_MSG_MAIN_INIT, make_init },
  { SPICE_MSG_MAIN_CHANNELS_LIST, make_channels, SPICE_STORM_CUT },
  { SPICE_MSG_MAIN_MOUSE_MODE, make_odd },
  { SPICE_MSG_MAIN_MULTI_MEDIA_TIME, make_odd },
  { SPICE_MSG_MAIN_AGENT_CONNECTED, make_nothing },
  { SPICE_MSG_MAIN_AGENT_DISCONNECTED, make_odd },
  { SPICE_MSG_MAIN_AGENT_DATA, make_agent_data, SPICE_STORM_WHOLE },
  { SPICE_MSG_MAIN_AGENT_DATA, make_agent_data, SPICE_STORM_WHOLE },
  { SPICE_MSG_MAIN_AGENT_DATA, make_agent_data, SPICE_STORM_WHOLE },
  { SPICE_MSG_MAIN_AGENT_DATA, make_odd_agent_data, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_AGENT_TOKEN, make_odd },
  { SPICE_MSG_MAIN_AGENT_CONNECTED_TOKENS, make_odd },
  { SPICE_MSG_MAIN_NAME, make_good_name, SPICE_STORM_WHOLE },
  { SPICE_MSG_MAIN_NAME, make_name, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_UUID, make_noise },
  { SPICE_MSG_MAIN_MIGRATE_BEGIN, make_migration, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_MIGRATE_CANCEL, make_nothing, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_MIGRATE_END, make_nothing, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, make_migration, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_MIGRATE_BEGIN_SEAMLESS, make_migration, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_ACK, make_nothing, SPICE_STORM_DEADLY },
  { SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_NACK, make_nothing, SPICE_STORM_DEADLY },
  { 0, NULL, 0 },
};

/* --- inputs, cursor, sound --- */

static const SpiceStormWord inputs_words[] = {
  COMMON,
  { SPICE_MSG_INPUTS_INIT, make_odd },
  { SPICE_MSG_INPUTS_KEY_MODIFIERS, make_odd },
  { SPICE_MSG_INPUTS_MOUSE_MOTION_ACK, make_nothing },
  { 0, NULL, 0 },
};

static void
put_cursor (GRand *dice, GByteArray *body)
{
  spice_storm_put16 (body, spice_storm_chance (dice, 4) ? spice_storm_odd (dice) : 0); /* flags */
  spice_storm_put64 (body, spice_storm_odd (dice) & 7);
  spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 0, 8)); /* what kind of picture */
  for (gint i = 0; i < 4; i++) /* width, height, and where its point is */
    spice_storm_put16 (body, spice_storm_chance (dice, 2) ? spice_storm_odd (dice) : 32);
  make_noise (dice, body);
}

static void
make_cursor_init (GRand *dice, GByteArray *body)
{
  for (gint i = 0; i < 4; i++)
    spice_storm_put16 (body, spice_storm_odd (dice));
  spice_storm_put8 (body, 1);
  put_cursor (dice, body);
}

static void
make_cursor_set (GRand *dice, GByteArray *body)
{
  make_odd (dice, body);
  spice_storm_put8 (body, 1);
  put_cursor (dice, body);
}

static const SpiceStormWord cursor_words[] = {
  COMMON,
  { SPICE_MSG_CURSOR_INIT, make_cursor_init },
  { SPICE_MSG_CURSOR_RESET, make_nothing },
  { SPICE_MSG_CURSOR_SET, make_cursor_set },
  { SPICE_MSG_CURSOR_SET, make_cursor_set },
  { SPICE_MSG_CURSOR_MOVE, make_odd },
  { SPICE_MSG_CURSOR_HIDE, make_nothing },
  { SPICE_MSG_CURSOR_TRAIL, make_odd },
  { SPICE_MSG_CURSOR_INVAL_ONE, make_several },
  { SPICE_MSG_CURSOR_INVAL_ALL, make_nothing },
  { 0, NULL, 0 },
};

static const SpiceStormWord playback_words[] = {
  COMMON,
  { SPICE_MSG_PLAYBACK_DATA, make_noise },
  { SPICE_MSG_PLAYBACK_MODE, make_several },
  { SPICE_MSG_PLAYBACK_START, make_several },
  { SPICE_MSG_PLAYBACK_STOP, make_nothing },
  { SPICE_MSG_PLAYBACK_VOLUME, make_noise },
  { SPICE_MSG_PLAYBACK_MUTE, make_odd },
  { SPICE_MSG_PLAYBACK_LATENCY, make_odd },
  { 0, NULL, 0 },
};

static const SpiceStormWord record_words[] = {
  COMMON,
  { SPICE_MSG_RECORD_START, make_several },
  { SPICE_MSG_RECORD_STOP, make_nothing },
  { SPICE_MSG_RECORD_VOLUME, make_noise },
  { SPICE_MSG_RECORD_MUTE, make_odd },
  { 0, NULL, 0 },
};

static const SpiceStormWord other_words[] = {
  COMMON,
  { SPICE_MSG_SPICEVMC_DATA, make_noise },
  { SPICE_MSG_PORT_INIT, make_noise },
  { 0, NULL, 0 },
};

const SpiceStormWord *
spice_storm_words (guint8 channel_type)
{
  switch (channel_type)
    {
    case SPICE_CHANNEL_MAIN:
      return main_words;
    case SPICE_CHANNEL_DISPLAY:
      return spice_storm_display_words;
    case SPICE_CHANNEL_INPUTS:
      return inputs_words;
    case SPICE_CHANNEL_CURSOR:
      return cursor_words;
    case SPICE_CHANNEL_PLAYBACK:
      return playback_words;
    case SPICE_CHANNEL_RECORD:
      return record_words;
    default:
      return other_words;
    }
}
