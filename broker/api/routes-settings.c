/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"
#include "api/json-write.h"
#include "api/paging.h"
#include "api/setting-values.h"
#include "core/helpdesk-settings.h"

/* What the staff sets for terminals, and codes that open them. */

#define MAX_REVISION G_GINT64_CONSTANT (1000000000000)
#define MAX_DIGITS   64

static void
write_own (FloeJsonWriter *writer, const FloeTerminalSettings *own)
{
  floe_json_writer_string (writer, "name", own->name);
  floe_json_writer_int (writer, "revision", own->revision);
  floe_setting_values_write (writer, "settings", own->values);
}

static void
write_row (FloeJsonWriter *writer, gconstpointer row)
{
  floe_json_writer_begin_object (writer, NULL);
  write_own (writer, row);
  floe_json_writer_end_object (writer);
}

static const gchar *
name_of_group (gconstpointer row)
{
  return ((const FloeTerminalSettings *)row)->name;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      floe_helpdesk_list_settings_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer_whole (call, rows, "terminal-groups", name_of_group, write_row, error);
}

/* GET /admin/terminal-groups */
void
floe_route_admin_terminal_groups (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_settings_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_cancellable (exchange), on_listed, floe_call_new (api, exchange));
}

/* answer: takes @report */
static void
answer (FloeCall *call, FloeSettingsReport *report, const GError *error)
{
  g_autoptr (FloeSettingsReport) owned = report;
  g_autoptr (FloeJsonWriter) writer = NULL;
  g_autofree gchar *tag = NULL;

  if (owned == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  write_own (writer, owned->own);
  if (owned->view != NULL)
    {
      floe_json_writer_begin_object (writer, "effective");
      floe_json_writer_int (writer, "revision", owned->view->revision);
      floe_setting_values_write (writer, "settings", owned->view->values);
      floe_json_writer_end_object (writer);
    }
  floe_json_writer_end_object (writer);
  tag = floe_terminal_settings_tag (owned->own);
  floe_exchange_add_header (call->exchange, "ETag", tag);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

static void
on_got (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  FloeSettingsReport *report =
      floe_helpdesk_get_settings_finish (FLOE_HELPDESK (source), result, &error);

  answer (call, report, error);
}

static void
get (FloeExchange *exchange, FloeApi *api, gboolean of_group)
{
  floe_helpdesk_get_settings_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange), of_group,
      floe_exchange_get_segment (exchange), floe_exchange_get_cancellable (exchange), on_got,
      floe_call_new (api, exchange));
}

/* GET /admin/terminal-groups/{}/settings */
void
floe_route_admin_group_settings (FloeExchange *exchange, gpointer api)
{
  get (exchange, api, TRUE);
}

/* GET /admin/terminals/{}/settings */
void
floe_route_admin_terminal_settings (FloeExchange *exchange, gpointer api)
{
  get (exchange, api, FALSE);
}

static void
on_put (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  FloeSettingsReport *report =
      floe_helpdesk_put_settings_finish (FLOE_HELPDESK (source), result, &error);

  answer (call, report, error);
}

static FloeTerminalSettings *
read_settings (FloeExchange *exchange, gboolean of_group, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autoptr (FloeTerminalSettings) settings =
      floe_terminal_settings_new (of_group, floe_exchange_get_segment (exchange));

  if (reader == NULL)
    return NULL;
  if (!floe_json_reader_has (reader, "revision"))
    floe_json_reader_refuse (reader, "revision", "expected that of the settings that were read");
  settings->revision = floe_json_reader_get_int_or (reader, "revision", 0, MAX_REVISION, 0);
  floe_terminal_settings_take (settings, floe_setting_values_read (reader, "settings"));
  return floe_json_reader_end (reader, error) ? g_steal_pointer (&settings) : NULL;
}

static void
put (FloeExchange *exchange, FloeApi *api, gboolean of_group)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalSettings) settings = read_settings (exchange, of_group, &error);

  if (settings == NULL)
    floe_exchange_answer_error (exchange, error);
  else
    floe_helpdesk_put_settings_async (floe_api_get_helpdesk (api),
                                      floe_exchange_get_identity (exchange), settings, on_put,
                                      floe_call_new (api, exchange));
}

/* PUT /admin/terminal-groups/{}/settings: goes on when the peer does not wait */
void
floe_route_admin_group_settings_put (FloeExchange *exchange, gpointer api)
{
  put (exchange, api, TRUE);
}

/* PUT /admin/terminals/{}/settings: goes on when the peer does not wait */
void
floe_route_admin_terminal_settings_put (FloeExchange *exchange, gpointer api)
{
  put (exchange, api, FALSE);
}

/* The way out of a locked terminal. */

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) code = floe_fleet_unlock_finish (FLOE_FLEET (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (code == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_secret (writer, "code", code);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 201, writer);
}

static gchar *
read_challenge (FloeExchange *exchange, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autofree gchar *challenge = NULL;

  if (reader == NULL)
    return NULL;
  challenge = floe_json_reader_get_string (reader, "challenge", MAX_DIGITS);
  return floe_json_reader_end (reader, error) ? g_steal_pointer (&challenge) : NULL;
}

/* POST /admin/terminals/{}/unlock: goes on when the peer does not wait */
void
floe_route_admin_terminal_unlock (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *challenge = read_challenge (exchange, &error);

  if (challenge == NULL)
    floe_exchange_answer_error (exchange, error);
  else
    floe_fleet_unlock_async (floe_api_get_parts (api)->fleet, floe_exchange_get_identity (exchange),
                             floe_exchange_get_segment (exchange), challenge, on_unlocked,
                             floe_call_new (api, exchange));
}
