/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/paging.h"
#include "api/routes-parts.h"
#include "core/error.h"
#include "core/helpdesk-capacity.h"

static void
write_look (FloeJsonWriter *writer, const FloeCapacityLook *look)
{
  floe_json_writer_begin_object (writer, "now");
  floe_json_writer_int (writer, "size", look->size);
  floe_json_writer_int (writer, "used", look->used);
  floe_json_writer_int (writer, "spares", look->spares);
  floe_json_writer_int (writer, "waiting", look->waiting);
  floe_json_writer_end_object (writer);
}

/* What nobody looked at is not known. */
static void
write_seen (FloeJsonWriter *writer, const gchar *name, const FloeCapacitySlot *slot, gint64 value)
{
  if (slot->looks > 0)
    floe_json_writer_int (writer, name, value);
  else
    floe_json_writer_null (writer, name);
}

static void
write_numbers (FloeJsonWriter *writer, const FloeCapacitySlot *slot)
{
  const gint64 *n = slot->served;

  floe_json_writer_date (writer, "at", slot->at);
  write_seen (writer, "size", slot, slot->size);
  write_seen (writer, "used", slot, slot->used);
  write_seen (writer, "demand", slot, slot->demand);
  write_seen (writer, "spares", slot, slot->spares);
  floe_json_writer_int (writer, "served_at_once", n[FLOE_SERVED_AT_ONCE]);
  floe_json_writer_int (writer, "served_later", n[FLOE_SERVED_LATER]);
  floe_json_writer_int (writer, "waited", slot->waited);
  floe_json_writer_int (writer, "wait_ms", slot->wait_sum / 1000);
  floe_json_writer_int (writer, "longest_wait_ms", slot->wait_longest / 1000);
  floe_json_writer_begin_object (writer, "unserved");
  floe_json_writer_int (writer, "left", n[FLOE_UNSERVED_LEFT]);
  floe_json_writer_int (writer, "failed", n[FLOE_UNSERVED_FAILED]);
  floe_json_writer_int (writer, "full", n[FLOE_UNSERVED_FULL]);
  floe_json_writer_int (writer, "closed", n[FLOE_UNSERVED_CLOSED]);
  floe_json_writer_end_object (writer);
}

static void
write_slot (FloeJsonWriter *writer, gconstpointer slot)
{
  floe_json_writer_begin_object (writer, NULL);
  write_numbers (writer, slot);
  floe_json_writer_end_object (writer);
}

static void
write_day (FloeJsonWriter *writer, const gchar *name, guint32 julian)
{
  g_autofree gchar *text = NULL;
  GDate date;

  if (julian == 0)
    {
      floe_json_writer_null (writer, name);
      return;
    }
  g_date_clear (&date, 1);
  g_date_set_julian (&date, julian);
  text = g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (&date), g_date_get_month (&date),
                          g_date_get_day (&date));
  floe_json_writer_string (writer, name, text);
}

static void
write_point (FloeJsonWriter *writer, guint32 day, gdouble usual, gdouble busy)
{
  floe_json_writer_begin_object (writer, NULL);
  write_day (writer, "day", day);
  floe_json_writer_int (writer, "usual", (gint64)(usual + 0.5));
  floe_json_writer_int (writer, "busy", (gint64)(busy + 0.5));
  floe_json_writer_end_object (writer);
}

static void
write_forecast (FloeJsonWriter *writer, const FloeForecast *forecast)
{
  gboolean known = forecast->verdict != FLOE_FORECAST_UNKNOWN;

  floe_json_writer_begin_object (writer, "forecast");
  floe_json_writer_string (writer, "verdict", floe_forecast_verdict_name (forecast->verdict));
  floe_json_writer_int (writer, "days_known", forecast->n_days);
  floe_json_writer_string (writer, "days",
                           !known                                ? NULL
                           : forecast->days == FLOE_DAYS_WORKING ? "working-days"
                                                                 : "weekends");
  write_day (writer, "on", forecast->on);
  write_day (writer, "earliest", forecast->earliest);
  write_day (writer, "latest", forecast->latest);
  floe_json_writer_begin_array (writer, "line");
  if (known)
    {
      write_point (writer, forecast->today, forecast->usual, forecast->busy);
      write_point (writer, forecast->today + FLOE_FORECAST_AHEAD, forecast->usual_then,
                   forecast->busy_then);
    }
  floe_json_writer_end_array (writer);
  floe_json_writer_end_object (writer);
}

static void
write_pool (FloeJsonWriter *writer, const FloePoolCapacity *capacity)
{
  floe_json_writer_string (writer, "pool", capacity->pool);
  write_look (writer, capacity->now);
  floe_json_writer_begin_object (writer, "day");
  write_numbers (writer, capacity->day);
  floe_json_writer_end_object (writer);
  write_forecast (writer, &capacity->forecast);
}

static void
write_row (FloeJsonWriter *writer, gconstpointer row)
{
  floe_json_writer_begin_object (writer, NULL);
  write_pool (writer, row);
  floe_json_writer_end_object (writer);
}

static const gchar *
name_of_pool (gconstpointer row)
{
  return ((const FloePoolCapacity *)row)->pool;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      floe_helpdesk_list_capacity_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer_whole (call, rows, "capacity", name_of_pool, write_row, error);
}

/* GET /admin/capacity */
void
floe_route_admin_capacity (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_capacity_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_cancellable (exchange), on_listed, floe_call_new (api, exchange));
}

static void
on_pool (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJsonWriter) writer = NULL;
  g_autoptr (FloePoolCapacity) capacity =
      floe_helpdesk_get_capacity_finish (FLOE_HELPDESK (source), result, &error);

  if (capacity == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  write_pool (writer, capacity);
  floe_json_writer_string (writer, "step", floe_capacity_step_name (capacity->step));
  floe_json_writer_date (writer, "since", capacity->since);
  floe_json_writer_date (writer, "until", capacity->until);
  floe_json_writer_rows (writer, "slots", capacity->slots, capacity->slots->len, write_slot);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

static gboolean
read_moment (FloeExchange *exchange, const gchar *name, gint64 *at, GError **error)
{
  const gchar *text;
  g_autoptr (GDateTime) then = NULL;

  if (!floe_paging_read_text (exchange, name, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  then = g_date_time_new_from_iso8601 (text, NULL);
  if (then != NULL && g_date_time_to_unix (then) > 0)
    {
      *at = g_date_time_to_unix (then) * G_USEC_PER_SEC;
      return TRUE;
    }
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
               "%s: expected a time such as 2026-01-31T08:00:00Z", name);
  return FALSE;
}

static gboolean
read_query (FloeExchange *exchange, FloeCapacityQuery *query, GError **error)
{
  const gchar *step = floe_exchange_get_query (exchange, "step");

  if (step != NULL && !floe_capacity_step_from_name (step, &query->step))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "step: expected 5m, hour or day");
      return FALSE;
    }
  return read_moment (exchange, "since", &query->since, error)
         && read_moment (exchange, "until", &query->until, error);
}

/* GET /admin/pools/{}/capacity */
void
floe_route_admin_pool_capacity (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  FloeCapacityQuery query = { .step = FLOE_STEP_HOUR };

  if (read_query (exchange, &query, &error))
    floe_helpdesk_get_capacity_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
        floe_exchange_get_segment (exchange), &query, floe_exchange_get_cancellable (exchange),
        on_pool, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}
