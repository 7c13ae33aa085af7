/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/paging.h"
#include "api/pool-file.h"
#include "api/routes-parts.h"
#include "core/error.h"

#define MAX_FILTER_BYTES 256

/* Pools. */

static void
write_pool (FloeJsonWriter *writer, gconstpointer report)
{
  floe_body_write_pool_report (writer, NULL, report);
}

static const gchar *
name_of_pool (gconstpointer report)
{
  return ((const FloePoolReport *)report)->pool->name;
}

static void
on_pools (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports =
      floe_helpdesk_list_pools_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer_whole (call, reports, "pools", name_of_pool, write_pool, error);
}

/* GET /admin/pools */
void
floe_route_admin_pools (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_pools_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_cancellable (exchange), on_pools, floe_call_new (api, exchange));
}

static void
add_tag (FloeExchange *exchange, const FloePool *pool)
{
  g_autofree gchar *tag = floe_pool_tag (pool);

  floe_exchange_add_header (exchange, "ETag", tag);
}

static void
on_pool (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePoolReport) report =
      floe_helpdesk_get_pool_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (report == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_body_write_pool_report (writer, NULL, report);
  add_tag (call->exchange, report->pool);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* GET /admin/pools/{} */
void
floe_route_admin_pool (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_get_pool_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                                floe_exchange_get_segment (exchange),
                                floe_exchange_get_cancellable (exchange), on_pool,
                                floe_call_new (api, exchange));
}

static gboolean
is_dry_run (FloeExchange *exchange)
{
  return g_strcmp0 (floe_exchange_get_query (exchange, "dry_run"), "true") == 0;
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePoolApplied) applied =
      floe_helpdesk_apply_pool_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (applied == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_body_write_pool_report (writer, "pool", applied->report);
  floe_json_writer_strings (writer, "changes", (const gchar *const *)applied->changes);
  floe_json_writer_bool (writer, "dry_run", is_dry_run (call->exchange));
  floe_json_writer_end_object (writer);
  if (!is_dry_run (call->exchange))
    add_tag (call->exchange, applied->report->pool);
  else if (applied->before != NULL)
    floe_exchange_add_header (call->exchange, "ETag", applied->before);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* read_pool: the body, which must be about the pool of the path */
static FloePool *
read_pool (FloeExchange *exchange, GError **error)
{
  const gchar *dry_run = floe_exchange_get_query (exchange, "dry_run");
  g_autoptr (FloeSecret) body = floe_exchange_steal_body (exchange);
  gsize length = 0;
  const gchar *text = body != NULL ? floe_secret_get (body, &length) : "";
  g_autoptr (FloePool) pool = NULL;

  if (dry_run != NULL && strcmp (dry_run, "true") != 0 && strcmp (dry_run, "false") != 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                           "dry_run: expected true or false");
      return NULL;
    }
  pool = floe_pool_file_read (text, length, error);
  if (pool == NULL)
    return NULL;
  if (strcmp (pool->name, floe_exchange_get_segment (exchange)) != 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                           "name: expected the one in the path");
      return NULL;
    }
  return g_steal_pointer (&pool);
}

/* PUT /admin/pools/{}: goes on when the peer does not wait */
void
floe_route_admin_pool_put (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePool) pool = read_pool (exchange, &error);

  if (pool == NULL)
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_helpdesk_apply_pool_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange), pool,
      is_dry_run (exchange), NULL, on_applied, floe_call_new (api, exchange));
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_delete_pool_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* DELETE /admin/pools/{}: goes on when the peer does not wait */
void
floe_route_admin_pool_delete (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_delete_pool_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), NULL, on_deleted, floe_call_new (api, exchange));
}

static void
on_explained (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeExplanation) explanation =
      floe_helpdesk_explain_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (explanation == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_body_write_explanation (writer, NULL, explanation);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* GET /admin/pools/{}/explain */
void
floe_route_admin_explain (FloeExchange *exchange, gpointer api)
{
  const gchar *user = floe_exchange_get_query (exchange, "user");

  if (user == NULL || *user == '\0' || strlen (user) > MAX_FILTER_BYTES)
    {
      g_autoptr (FloeProblem) problem =
          floe_problem_new (FLOE_PROBLEM_INVALID, "user: expected a log-in name or an id");

      floe_exchange_answer_problem (exchange, problem);
      return;
    }
  floe_helpdesk_explain_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                               user, floe_exchange_get_segment (exchange),
                               floe_exchange_get_cancellable (exchange), on_explained,
                               floe_call_new (api, exchange));
}

/* Desktops. */

static void
on_released (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_release_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/desktops/{}/release: goes on when the peer does not wait */
void
floe_route_admin_release (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reason = NULL;

  if (!floe_call_take_reason (exchange, &reason, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_helpdesk_release_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                               floe_exchange_get_segment (exchange), reason, NULL, on_released,
                               floe_call_new (api, exchange));
}

/* read_assignment: to whom, and why */
static gboolean
read_assignment (FloeExchange *exchange, gchar **user, gchar **reason, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  *user = floe_json_reader_get_string (reader, "user", MAX_FILTER_BYTES);
  *reason = floe_body_read_reason (reader);
  if (*user != NULL && **user == '\0')
    floe_json_reader_refuse (reader, "user", "expected a log-in name or an id");
  return floe_json_reader_end (reader, error);
}

static void
on_assigned (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_assign_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/desktops/{}/assign: goes on when the peer does not wait */
void
floe_route_admin_assign (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *user = NULL;
  g_autofree gchar *reason = NULL;

  if (!read_assignment (exchange, &user, &reason, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_helpdesk_assign_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                              floe_exchange_get_segment (exchange), user, reason, NULL, on_assigned,
                              floe_call_new (api, exchange));
}
