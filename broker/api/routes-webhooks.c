/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"
#include "api/json-write.h"
#include "api/paging.h"

#define MAX_WORD_BYTES 64
#define MAX_URL_BYTES  2048
#define MAX_EVENTS     16

static FloeWebhooks *
webhooks_of (FloeApi *api)
{
  return floe_api_get_parts (api)->webhooks;
}

static void
write_facts (FloeJsonWriter *writer, const FloeWebhook *hook)
{
  g_auto (GStrv) events = floe_hook_events_list (hook->events);

  floe_json_writer_string (writer, "name", hook->name);
  floe_json_writer_string (writer, "url", hook->url);
  floe_json_writer_strings (writer, "events", (const gchar *const *)events);
  floe_json_writer_string (writer, "by", hook->by);
  floe_json_writer_time (writer, "created_at", hook->created);
  floe_json_writer_moment (writer, "delivered_at", hook->delivered);
  floe_json_writer_int (writer, "failures", hook->failures);
  floe_json_writer_moment (writer, "next_try_at", hook->not_before);
  floe_json_writer_string (writer, "reason", hook->reason);
  floe_json_writer_string (writer, "problem", hook->problem);
}

static void
write_row (FloeJsonWriter *writer, gconstpointer row)
{
  floe_json_writer_begin_object (writer, NULL);
  write_facts (writer, row);
  floe_json_writer_end_object (writer);
}

static const gchar *
name_of (gconstpointer row)
{
  return ((const FloeWebhook *)row)->name;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = floe_webhooks_list_finish (FLOE_WEBHOOKS (source), result, &error);

  floe_paging_answer_whole (call, rows, "webhooks", name_of, write_row, error);
}

/* GET /admin/webhooks */
void
floe_route_admin_webhooks (FloeExchange *exchange, gpointer api)
{
  floe_webhooks_list_async (webhooks_of (api), floe_exchange_get_cancellable (exchange), on_listed,
                            floe_call_new (api, exchange));
}

static FloeWebhook *
read_webhook (FloeExchange *exchange, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autofree gchar *name = NULL;
  g_autofree gchar *url = NULL;
  g_auto (GStrv) names = NULL;
  guint events = 0;

  if (reader == NULL)
    return NULL;
  name = floe_json_reader_get_string (reader, "name", MAX_WORD_BYTES);
  url = floe_json_reader_get_string (reader, "url", MAX_URL_BYTES);
  names = floe_json_reader_get_strings (reader, "events", MAX_EVENTS, MAX_WORD_BYTES);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (!floe_hook_events_add (&events, names[i]))
      floe_json_reader_refuse (reader, "events", "expected assignment, session, pool or alarm");
  return floe_json_reader_end (reader, error) ? floe_webhook_new (name, url, events) : NULL;
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) secret = NULL;
  g_autoptr (FloeWebhook) hook =
      floe_webhooks_add_finish (FLOE_WEBHOOKS (source), result, &secret, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (hook == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_secret (writer, "secret", secret);
  write_facts (writer, hook);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 201, writer);
}

/* POST /admin/webhooks: goes on when the peer does not wait */
void
floe_route_admin_webhook_add (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeWebhook) hook = read_webhook (exchange, &error);

  if (hook == NULL)
    floe_exchange_answer_error (exchange, error);
  else
    floe_webhooks_add_async (webhooks_of (api), floe_exchange_get_identity (exchange), hook,
                             on_added, floe_call_new (api, exchange));
}

static void
on_dropped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_webhooks_drop_finish (FLOE_WEBHOOKS (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* DELETE /admin/webhooks/{}: goes on when the peer does not wait */
void
floe_route_admin_webhook_drop (FloeExchange *exchange, gpointer api)
{
  floe_webhooks_drop_async (webhooks_of (api), floe_exchange_get_identity (exchange),
                            floe_exchange_get_segment (exchange), on_dropped,
                            floe_call_new (api, exchange));
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_webhooks_test_finish (FLOE_WEBHOOKS (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/webhooks/{}/test: goes on when the peer does not wait */
void
floe_route_admin_webhook_test (FloeExchange *exchange, gpointer api)
{
  floe_webhooks_test_async (webhooks_of (api), floe_exchange_get_identity (exchange),
                            floe_exchange_get_segment (exchange), on_tested,
                            floe_call_new (api, exchange));
}
