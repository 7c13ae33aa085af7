/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/json-write.h"
#include "api/paging.h"
#include "core/helpdesk-hosts.h"

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

/* POST /admin/hosts/{}/drain: goes on when the peer does not wait */
void
floe_route_admin_host_drain (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *message = NULL;
  g_autofree gchar *reason = NULL;
  guint minutes = 0;

  if (floe_call_take_notice (exchange, &message, &minutes, &reason, &error))
    floe_helpdesk_drain_host_async (floe_api_get_helpdesk (api),
                                    floe_exchange_get_identity (exchange),
                                    floe_exchange_get_segment (exchange), message, minutes, reason,
                                    on_drained, floe_call_new (api, exchange));
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
  g_autofree gchar *reason = NULL;

  if (floe_call_take_reason (exchange, &reason, &error))
    floe_helpdesk_open_host_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
        floe_exchange_get_segment (exchange), reason, on_opened, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}
