/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/json-write.h"
#include "api/paging.h"
#include "api/time-text.h"
#include "core/error.h"
#include "core/helpdesk-announcements.h"
#include "core/tag.h"

#define MAX_TIME_BYTES  64
#define MAX_GROUPS      16
#define MAX_GROUP_BYTES 64

/* Told to everybody. */

static void
write_told (FloeJsonWriter *writer, gconstpointer row)
{
  const FloeAnnouncement *a = row;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "id", a->id);
  floe_json_writer_string (writer, "severity", floe_severity_name (a->severity));
  floe_json_writer_string (writer, "text", a->text);
  floe_json_writer_date (writer, "at", a->at);
  floe_json_writer_end_object (writer);
}

static FloeSecret *
write_body (GPtrArray *rows)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_begin_array (writer, "announcements");
  for (guint i = 0; i < rows->len; i++)
    write_told (writer, rows->pdata[i]);
  floe_json_writer_end_array (writer);
  floe_json_writer_end_object (writer);
  return floe_json_writer_finish (writer);
}

/* Whoever has it already is told just that. */
static void
on_told (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      floe_helpdesk_announce_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeSecret) body = NULL;
  g_autofree gchar *tag = NULL;
  const gchar *text;
  gsize length;

  if (rows == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  body = write_body (rows);
  text = floe_secret_get (body, &length);
  tag = floe_tag_new (text, (gssize)length);
  floe_exchange_add_header (call->exchange, "ETag", tag);
  if (g_strcmp0 (floe_exchange_get_request (call->exchange)->known, tag) == 0)
    floe_exchange_answer (call->exchange, 304, NULL, NULL);
  else
    floe_exchange_answer (call->exchange, 200, "application/json", body);
}

/* GET /announcements */
void
floe_route_announcements (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_announce_async (
      floe_api_get_helpdesk (api), floe_exchange_get_request (exchange)->caller,
      floe_exchange_get_cancellable (exchange), on_told, floe_call_new (api, exchange));
}

/* For the staff. */

static void
write_row (FloeJsonWriter *writer, gconstpointer row)
{
  const FloeAnnouncement *a = row;
  g_autofree gchar *tag = floe_announcement_tag (a);

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "id", a->id);
  floe_json_writer_string (writer, "severity", floe_severity_name (a->severity));
  floe_json_writer_string (writer, "text", a->text);
  floe_json_writer_date_or_null (writer, "from", a->from);
  floe_json_writer_date_or_null (writer, "until", a->until);
  floe_json_writer_strings (writer, "terminal_groups", (const gchar *const *)a->groups);
  floe_json_writer_string (writer, "by", a->by);
  floe_json_writer_date (writer, "at", a->at);
  floe_json_writer_string (writer, "tag", tag);
  floe_json_writer_end_object (writer);
}

static const gchar *
id_of (gconstpointer row)
{
  return ((const FloeAnnouncement *)row)->id;
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (id_of (*(gconstpointer *)a), id_of (*(gconstpointer *)b));
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      floe_helpdesk_list_announcements_finish (FLOE_HELPDESK (source), result, &error);

  if (rows != NULL)
    g_ptr_array_sort (rows, compare_ids);
  floe_paging_answer_whole (call, rows, "announcements", id_of, write_row, error);
}

/* GET /admin/announcements */
void
floe_route_admin_announcements (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_announcements_async (floe_api_get_helpdesk (api),
                                          floe_exchange_get_cancellable (exchange), on_listed,
                                          floe_call_new (api, exchange));
}

static void
answer_one (FloeCall *call, guint status, const FloeAnnouncement *a)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autofree gchar *tag = floe_announcement_tag (a);

  write_row (writer, a);
  floe_exchange_add_header (call->exchange, "ETag", tag);
  floe_exchange_answer_json (call->exchange, status, writer);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      floe_helpdesk_list_announcements_finish (FLOE_HELPDESK (source), result, &error);
  const gchar *id = floe_exchange_get_segment (call->exchange);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (strcmp (id_of (rows->pdata[i]), id) == 0)
      {
        answer_one (call, 200, rows->pdata[i]);
        return;
      }
  if (rows != NULL)
    g_set_error (&error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no announcement \"%s\"", id);
  floe_exchange_answer_error (call->exchange, error);
}

/* GET /admin/announcements/{}: there are few */
void
floe_route_admin_announcement (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_announcements_async (floe_api_get_helpdesk (api),
                                          floe_exchange_get_cancellable (exchange), on_found,
                                          floe_call_new (api, exchange));
}

static gint64
read_time (FloeJsonReader *reader, const gchar *name)
{
  g_autofree gchar *text = floe_json_reader_get_string_or (reader, name, MAX_TIME_BYTES, NULL);
  gint64 time = 0;

  if (text == NULL || floe_time_read (text, &time))
    return time;
  floe_json_reader_refuse (reader, name, "expected a time such as 2026-11-23T09:30:00Z");
  return 0;
}

static FloeAnnouncement *
read_announcement (FloeExchange *exchange, const gchar *id, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autoptr (FloeAnnouncement) a = floe_announcement_new (id);
  g_autofree gchar *severity = NULL;

  if (reader == NULL)
    return NULL;
  severity = floe_json_reader_get_string_or (reader, "severity", MAX_GROUP_BYTES, "info");
  if (severity != NULL && !floe_severity_from_name (severity, &a->severity))
    floe_json_reader_refuse (reader, "severity", "expected info, warning or critical");
  a->text = floe_json_reader_get_string (reader, "text", 4 * FLOE_MAX_ANNOUNCEMENT_TEXT);
  if (a->text != NULL)
    g_strstrip (a->text);
  a->from = read_time (reader, "from");
  a->until = read_time (reader, "until");
  if (floe_json_reader_has (reader, "terminal_groups"))
    {
      g_strfreev (a->groups);
      a->groups =
          floe_json_reader_get_strings (reader, "terminal_groups", MAX_GROUPS, MAX_GROUP_BYTES);
    }
  return floe_json_reader_end (reader, error) ? g_steal_pointer (&a) : NULL;
}

static void
on_put (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeAnnouncement) a =
      floe_helpdesk_put_announcement_finish (FLOE_HELPDESK (source), result, &error);

  if (a == NULL)
    floe_exchange_answer_error (call->exchange, error);
  else
    answer_one (call, floe_exchange_get_segment (call->exchange) == NULL ? 201 : 200, a);
}

static void
put (FloeExchange *exchange, FloeApi *api, const gchar *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeAnnouncement) a = read_announcement (exchange, id, &error);

  if (a == NULL)
    floe_exchange_answer_error (exchange, error);
  else
    floe_helpdesk_put_announcement_async (floe_api_get_helpdesk (api),
                                          floe_exchange_get_identity (exchange), a, on_put,
                                          floe_call_new (api, exchange));
}

/* POST /admin/announcements: goes on when the peer does not wait */
void
floe_route_admin_announcement_add (FloeExchange *exchange, gpointer api)
{
  put (exchange, api, "");
}

/* PUT /admin/announcements/{}: goes on when the peer does not wait */
void
floe_route_admin_announcement_put (FloeExchange *exchange, gpointer api)
{
  put (exchange, api, floe_exchange_get_segment (exchange));
}

static void
on_dropped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_drop_announcement_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* DELETE /admin/announcements/{}: goes on when the peer does not wait */
void
floe_route_admin_announcement_drop (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_drop_announcement_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), NULL, on_dropped, floe_call_new (api, exchange));
}
