/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"
#include "api/routes-parts.h"

/* Whoever was away for longer is as idle as anybody. */
#define MAX_IDLE_SECONDS (30 * 24 * 3600)

static gboolean
read_idle (FloeExchange *exchange, guint *idle, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  if (!floe_json_reader_has (reader, "idle_seconds"))
    floe_json_reader_refuse (reader, "idle_seconds", "expected a number of seconds");
  *idle = (guint)floe_json_reader_get_int_or (reader, "idle_seconds", 0, MAX_IDLE_SECONDS, 0);
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
  guint idle;

  if (!read_idle (exchange, &idle, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_sessions_beat_async (
      floe_api_get_parts (api)->sessions, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), idle, floe_exchange_get_cancellable (exchange),
      on_beaten, floe_call_new (api, exchange));
}
