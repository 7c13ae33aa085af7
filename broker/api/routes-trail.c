/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies.h"
#include "api/paging.h"
#include "api/routes-parts.h"
#include "api/time-text.h"
#include "core/error.h"
#include "core/helpdesk-trail.h"
#include "core/trail-check.h"

/* Whether it is as it was written. */

static void
write_finding (FloeJsonWriter *writer, gconstpointer row)
{
  const FloeTrailFinding *finding = row;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "what", finding->what);
  if (finding->row > 0)
    floe_json_writer_int (writer, "row", finding->row);
  else
    floe_json_writer_null (writer, "row");
  floe_json_writer_int (writer, "seal", finding->seal);
  floe_json_writer_end_object (writer);
}

static void
write_head (FloeJsonWriter *writer, const FloeTrailSeal *head)
{
  if (head == NULL)
    {
      floe_json_writer_null (writer, "head");
      return;
    }
  floe_json_writer_begin_object (writer, "head");
  floe_json_writer_int (writer, "number", head->number);
  floe_json_writer_string (writer, "hash", head->hash);
  floe_json_writer_int (writer, "last", head->last);
  floe_json_writer_date (writer, "at", head->at);
  floe_json_writer_bool (writer, "keyed", head->keyed);
  floe_json_writer_end_object (writer);
}

static void
write_check (FloeJsonWriter *writer, const FloeTrailCheck *check)
{
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_int (writer, "seals", check->seals);
  floe_json_writer_int (writer, "rows", check->rows);
  floe_json_writer_int (writer, "keyed", check->keyed);
  floe_json_writer_rows (writer, "findings", check->findings, check->findings->len, write_finding);
  write_head (writer, check->head);
  floe_json_writer_begin_object (writer, "tail");
  floe_json_writer_int (writer, "rows", check->tail_rows);
  floe_json_writer_int (writer, "first", check->tail_first);
  floe_json_writer_int (writer, "last", check->tail_last);
  floe_json_writer_end_object (writer);
  if (check->next > 0)
    floe_json_writer_int (writer, "next", check->next);
  else
    floe_json_writer_null (writer, "next");
  floe_json_writer_end_object (writer);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJsonWriter) writer = NULL;
  g_autoptr (FloeTrailCheck) check =
      floe_helpdesk_check_trail_finish (FLOE_HELPDESK (source), result, &error);

  if (check == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  write_check (writer, check);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* read_number: from 1 on, digits only; @end: what must follow */
static gboolean
read_number (const gchar *text, gchar end, gint64 *number, const gchar **rest)
{
  gchar *behind;

  if (!g_ascii_isdigit (*text) || strlen (text) > 120)
    return FALSE;
  *number = g_ascii_strtoll (text, &behind, 10);
  *rest = behind + (end != '\0');
  return *number > 0 && *behind == end;
}

static gboolean
read_question (FloeExchange *exchange, gint64 *after, gint64 *number, const gchar **hash,
               GError **error)
{
  const gchar *text;
  const gchar *expected;
  const gchar *rest;

  if (!floe_paging_read_text (exchange, "after", &text, error)
      || !floe_paging_read_text (exchange, "expect", &expected, error))
    return FALSE;
  if (text != NULL && !read_number (text, '\0', after, &rest))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "after: expected a seal's number");
      return FALSE;
    }
  if (expected != NULL && !read_number (expected, ':', number, hash))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                   "expect: expected a seal's number and hash, with a colon between them");
      return FALSE;
    }
  return TRUE;
}

/* GET /admin/audit/verify */
void
floe_route_admin_audit_verify (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  gint64 after = 0, number = 0;
  const gchar *hash = NULL;

  if (read_question (exchange, &after, &number, &hash, &error))
    floe_helpdesk_check_trail_async (floe_api_get_helpdesk (api), after, number, hash,
                                     floe_exchange_get_cancellable (exchange), on_checked,
                                     floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}

/* What is in it. */

static gboolean
read_moment (FloeExchange *exchange, const gchar *name, gint64 *time, GError **error)
{
  const gchar *text;

  if (!floe_paging_read_text (exchange, name, &text, error))
    return FALSE;
  if (text == NULL || floe_time_read (text, time))
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
               "%s: expected a time such as 2026-11-23T09:30:00Z", name);
  return FALSE;
}

/* read_query: its texts are the exchange's, but for the place */
static gboolean
read_query (FloeExchange *exchange, FloeTrailQuery *query, GError **error)
{
  return floe_paging_read (exchange, &query->limit, &query->after, error)
         && floe_paging_read_text (exchange, "user", (const gchar **)&query->actor, error)
         && floe_paging_read_text (exchange, "desktop", (const gchar **)&query->object, error)
         && floe_paging_read_text (exchange, "action", (const gchar **)&query->action, error)
         && read_moment (exchange, "since", &query->since, error)
         && read_moment (exchange, "until", &query->until, error);
}

static void
on_audit (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePage) page =
      floe_helpdesk_search_trail_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer (call, page, floe_body_write_audit_row, error);
}

/* GET /admin/audit */
void
floe_route_admin_audit (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  FloeTrailQuery query = { 0 };

  if (read_query (exchange, &query, &error))
    floe_helpdesk_search_trail_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange), &query,
        floe_exchange_get_cancellable (exchange), on_audit, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
  g_strfreev (query.after);
}
