/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"
#include "api/routes-parts.h"

/* Whoever was away for longer is as idle as anybody. */
#define MAX_IDLE_SECONDS (30 * 24 * 3600)

/* What no network comes to. */
#define MAX_RTT_MS      60000
#define MAX_RETRANSMITS 1000000
#define MAX_RATE        (G_GINT64_CONSTANT (1) << 40)
/* Nobody waits longer for a picture. */
#define MAX_PICTURE_MS 3600000

static void
read_quality (FloeJsonReader *reader, FloeSessionQuality *quality)
{
  g_autofree gchar *level = floe_json_reader_get_string_or (reader, "quality", 16, NULL);

  quality->rtt_ms = floe_json_reader_get_int_or (reader, "rtt_ms", 0, MAX_RTT_MS, 0);
  quality->retransmits = floe_json_reader_get_int_or (reader, "retransmits", 0, MAX_RETRANSMITS, 0);
  quality->rate = floe_json_reader_get_int_or (reader, "bytes_per_second", 0, MAX_RATE, 0);
  quality->picture_ms = floe_json_reader_get_int_or (reader, "picture_ms", 0, MAX_PICTURE_MS, 0);
  if (level != NULL && !floe_quality_level_from_name (level, &quality->level))
    floe_json_reader_refuse (reader, "quality", "expected good, fair, poor or silent");
}

static gboolean
read_beat (FloeExchange *exchange, guint *idle, FloeSessionQuality *quality, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  if (!floe_json_reader_has (reader, "idle_seconds"))
    floe_json_reader_refuse (reader, "idle_seconds", "expected a number of seconds");
  *idle = (guint)floe_json_reader_get_int_or (reader, "idle_seconds", 0, MAX_IDLE_SECONDS, 0);
  read_quality (reader, quality);
  return floe_json_reader_end (reader, error);
}

static void
on_beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_sessions_beat_finish (FLOE_SESSIONS (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /desktops/{}/heartbeat */
void
floe_route_heartbeat (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  FloeSessionQuality quality = { .level = FLOE_LEVEL_NONE };
  gboolean said;
  guint idle;

  if (!read_beat (exchange, &idle, &quality, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  said = quality.level != FLOE_LEVEL_NONE || quality.picture_ms > 0;
  floe_sessions_beat_async (floe_api_get_parts (api)->sessions,
                            floe_exchange_get_identity (exchange),
                            floe_exchange_get_segment (exchange), idle, said ? &quality : NULL,
                            on_beaten, floe_call_new (api, exchange));
}
