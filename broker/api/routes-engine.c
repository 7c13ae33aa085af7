/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"
#include "api/routes-parts.h"
#include "core/error.h"
#include "core/helpdesk-engine.h"

#define MAX_NUMBER     10000
#define MAX_TEXT_BYTES 256

/* read_edit: @group: what of @edit is read into it, the caller's */
static gboolean
read_edit (FloeExchange *exchange, FloeEngineEdit *edit, gchar **group, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  edit->prestarted = (gint)floe_json_reader_get_int_or (reader, "prestarted", 0, MAX_NUMBER, -1);
  edit->per_user = (gint)floe_json_reader_get_int_or (reader, "per_user", 1, MAX_NUMBER, -1);
  *group = floe_json_reader_get_string_or (reader, "group", MAX_TEXT_BYTES, NULL);
  edit->group = *group;
  if (*group == NULL && floe_json_reader_has (reader, "entitled"))
    floe_json_reader_refuse (reader, "entitled", "expected beside a \"group\"");
  edit->entitled = floe_json_reader_get_bool_or (reader, "entitled", TRUE);
  if (!floe_json_reader_end (reader, error))
    return FALSE;
  if (edit->prestarted >= 0 || edit->per_user >= 0 || *group != NULL)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
               "nothing is to change: expected \"prestarted\", \"per_user\" or a \"group\"");
  return FALSE;
}

static void
on_edited (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_edit_engine_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/pools/{}/engine: goes on when the peer does not wait */
void
floe_route_admin_pool_engine (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *group = NULL;
  FloeEngineEdit edit = { 0 };

  if (read_edit (exchange, &edit, &group, &error))
    floe_helpdesk_edit_engine_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
        floe_exchange_get_segment (exchange), &edit, on_edited, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}
