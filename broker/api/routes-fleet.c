/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/json-read.h"
#include "api/json-write.h"
#include "api/routes-parts.h"
#include "api/setting-values.h"
#include "core/error.h"

/* What a terminal asks with its certificate, and nobody else can. */

#define MAX_REVISION G_GINT64_CONSTANT (1000000000000)
#define MAX_AGO      (10LL * 365 * 24 * 3600)
#define MAX_DIGITS   64

static FloeFleet *
fleet_of (FloeApi *api)
{
  return floe_api_get_parts (api)->fleet;
}

static void
on_trusted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTrust) trust = floe_fleet_trust_finish (FLOE_FLEET (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (trust == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "name", trust->name);
  floe_json_writer_string (writer, "key", trust->key);
  floe_json_writer_secret (writer, "secret", trust->secret);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 201, writer);
}

/* POST /terminal/trust: goes on when the peer does not wait */
void
floe_route_terminal_trust (FloeExchange *exchange, gpointer api)
{
  floe_fleet_trust_async (fleet_of (api), floe_exchange_get_request (exchange)->caller, on_trusted,
                          floe_call_new (api, exchange));
}

/* Settings. */

/* What is signed: a text of its own, so that nobody has to write it again in the same way. */
static FloeSecret *
make_settings (const FloeTerminalView *view)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "terminal", view->name);
  floe_json_writer_int (writer, "revision", view->revision);
  floe_setting_values_write (writer, "settings", view->values);
  floe_json_writer_end_object (writer);
  return floe_json_writer_finish (writer);
}

static void
answer_settings (FloeCall *call, const FloeTerminalView *view)
{
  g_autoptr (FloeSecret) text = make_settings (view);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *signature = floe_fleet_sign (fleet_of (call->api), text, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (signature == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_int (writer, "revision", view->revision);
  floe_json_writer_string (writer, "signed", floe_secret_get (text, NULL));
  floe_json_writer_string (writer, "signature", signature);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

static gboolean
has_them (FloeExchange *exchange, const FloeTerminalView *view)
{
  g_autofree gchar *revision = g_strdup_printf ("%" G_GINT64_FORMAT, view->revision);

  return g_strcmp0 (floe_exchange_get_query (exchange, "revision"), revision) == 0;
}

static void
on_viewed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalView) view = floe_fleet_view_finish (FLOE_FLEET (source), result, &error);

  if (view == NULL || has_them (call->exchange, view))
    floe_call_answer_done (call, view != NULL, error);
  else
    answer_settings (call, view);
}

/* GET /terminal/settings */
void
floe_route_terminal_settings (FloeExchange *exchange, gpointer api)
{
  floe_fleet_view_async (fleet_of (api), floe_exchange_get_request (exchange)->caller,
                         floe_exchange_get_cancellable (exchange), on_viewed,
                         floe_call_new (api, exchange));
}

/* How it is. */

static gboolean
is_line (const gchar *text)
{
  for (const gchar *at = text; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  return TRUE;
}

static void
check_line (FloeJsonReader *reader, const gchar *name, const gchar *text)
{
  if (text != NULL && !is_line (text))
    floe_json_reader_refuse (reader, name, "expected one line of text");
}

static FloeTerminalReport *
read_report (FloeExchange *exchange, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autoptr (FloeTerminalReport) report = floe_terminal_report_new ();

  if (reader == NULL)
    return NULL;
  report->version = floe_json_reader_get_string (reader, "version", FLOE_REPORT_MAX_VERSION);
  report->uptime =
      floe_json_reader_get_int_or (reader, "uptime_seconds", 0, FLOE_REPORT_MAX_UPTIME, 0);
  report->problem =
      floe_json_reader_get_string_or (reader, "problem", FLOE_REPORT_MAX_PROBLEM, NULL);
  report->revision = floe_json_reader_get_int_or (reader, "revision", 0, MAX_REVISION, 0);
  if (floe_json_reader_has (reader, "monitors"))
    {
      g_strfreev (report->monitors);
      report->monitors = floe_json_reader_get_strings (reader, "monitors", FLOE_REPORT_MAX_MONITORS,
                                                       FLOE_REPORT_MAX_MONITOR);
    }
  check_line (reader, "version", report->version);
  check_line (reader, "problem", report->problem);
  for (guint i = 0; report->monitors != NULL && report->monitors[i] != NULL; i++)
    check_line (reader, "monitors", report->monitors[i]);
  return floe_json_reader_end (reader, error) ? g_steal_pointer (&report) : NULL;
}

static void
on_beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalView) view = floe_fleet_beat_finish (FLOE_FLEET (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (view == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_int (writer, "revision", view->revision);
  floe_json_writer_int (writer, "next_seconds", FLOE_TERMINAL_BEAT_SECONDS);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* POST /terminal/heartbeat */
void
floe_route_terminal_heartbeat (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalReport) report = read_report (exchange, &error);

  if (report == NULL)
    floe_exchange_answer_error (exchange, error);
  else
    floe_fleet_beat_async (fleet_of (api), floe_exchange_get_request (exchange)->caller, report,
                           floe_exchange_get_cancellable (exchange), on_beaten,
                           floe_call_new (api, exchange));
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_fleet_unlocked_finish (FLOE_FLEET (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /terminal/unlocked: goes on when the peer does not wait */
void
floe_route_terminal_unlocked (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, &error);
  g_autofree gchar *challenge = NULL;
  gint64 ago = 0;

  if (reader != NULL)
    {
      challenge = floe_json_reader_get_string (reader, "challenge", MAX_DIGITS);
      ago = floe_json_reader_get_int_or (reader, "seconds_ago", 0, MAX_AGO, 0);
    }
  if (reader == NULL || !floe_json_reader_end (reader, &error))
    floe_exchange_answer_error (exchange, error);
  else
    floe_fleet_unlocked_async (fleet_of (api), floe_exchange_get_request (exchange)->caller,
                               challenge, ago, on_noted, floe_call_new (api, exchange));
}
