/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/json-write.h"
#include "api/paging.h"
#include "core/helpdesk-hosts.h"

#define MAX_MESSAGE_BYTES 256

/* Nobody knows what a host has left that does not answer. */
static void
write_capacity (FloeJsonWriter *writer, const FloeHostCapacity *capacity)
{
  if (capacity == NULL)
    {
      floe_json_writer_null (writer, "capacity");
      return;
    }
  floe_json_writer_begin_object (writer, "capacity");
  floe_json_writer_int (writer, "memory_mib", capacity->memory_mib);
  floe_json_writer_int (writer, "free_mib", capacity->free_mib);
  floe_json_writer_int (writer, "cpus", capacity->cpus);
  floe_json_writer_int (writer, "load_percent", capacity->load_percent);
  floe_json_writer_end_object (writer);
}

static void
write_host (FloeJsonWriter *writer, gconstpointer row)
{
  const FloeHostReport *report = row;
  const FloeHostNote *note = report->note;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "name", note->name);
  floe_json_writer_bool (writer, "up", report->up);
  floe_json_writer_int (writer, "desktops", report->desktops);
  floe_json_writer_int (writer, "held", report->held);
  floe_json_writer_int (writer, "ready", report->ready);
  floe_json_writer_int (writer, "broken", report->broken);
  floe_json_writer_int (writer, "starting", report->starts);
  write_capacity (writer, report->capacity);
  floe_json_writer_bool (writer, "draining", note->draining);
  floe_json_writer_moment (writer, "since", note->draining ? note->since : 0);
  floe_json_writer_string (writer, "by", note->by);
  floe_json_writer_string (writer, "message", note->message);
  floe_json_writer_moment (writer, "ends", note->ends);
  floe_json_writer_end_object (writer);
}

static const gchar *
name_of_host (gconstpointer report)
{
  return ((const FloeHostReport *)report)->note->name;
}

static void
on_hosts (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports =
      floe_helpdesk_list_hosts_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer_whole (call, reports, "hosts", name_of_host, write_host, error);
}

/* GET /admin/hosts */
void
floe_route_admin_hosts (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_hosts_async (floe_api_get_helpdesk (api),
                                  floe_exchange_get_cancellable (exchange), on_hosts,
                                  floe_call_new (api, exchange));
}

static void
on_drained (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_drain_host_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

typedef struct
{
  gchar *message;
  gchar *reason;
  guint minutes;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_free (wish->message);
  g_free (wish->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* read_wish: the body, if there is one */
static gboolean
read_wish (FloeExchange *exchange, gboolean drain, Wish *wish, GError **error)
{
  g_autoptr (FloeJsonReader) reader = NULL;

  if (floe_exchange_get_request (exchange)->body == NULL)
    return TRUE;
  reader = floe_call_take_body (exchange, error);
  if (reader == NULL)
    return FALSE;
  wish->reason = floe_body_read_reason (reader);
  if (drain)
    {
      wish->message = floe_json_reader_get_string_or (reader, "message", MAX_MESSAGE_BYTES, NULL);
      wish->minutes =
          (guint)floe_json_reader_get_int_or (reader, "minutes", 0, FLOE_MAX_MINUTES, 0);
    }
  return floe_json_reader_end (reader, error);
}

/* POST /admin/hosts/{}/drain: goes on when the peer does not wait */
void
floe_route_admin_host_drain (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_auto (Wish) wish = { 0 };

  if (read_wish (exchange, TRUE, &wish, &error))
    floe_helpdesk_drain_host_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
        floe_exchange_get_segment (exchange), wish.message, wish.minutes, wish.reason, on_drained,
        floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_open_host_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/hosts/{}/open: goes on when the peer does not wait */
void
floe_route_admin_host_open (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_auto (Wish) wish = { 0 };

  if (read_wish (exchange, FALSE, &wish, &error))
    floe_helpdesk_open_host_async (floe_api_get_helpdesk (api),
                                   floe_exchange_get_identity (exchange),
                                   floe_exchange_get_segment (exchange), wish.reason, on_opened,
                                   floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}
