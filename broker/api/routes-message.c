/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/routes-parts.h"
#include "core/helpdesk-message.h"

/* read_message: what, and why */
static gboolean
read_message (FloeExchange *exchange, gchar **text, gchar **reason, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  *text = floe_body_read_message_text (reader);
  *reason = floe_body_read_reason (reader);
  return floe_json_reader_end (reader, error);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_message_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/desktops/{}/message: goes on when the peer does not wait */
void
floe_route_admin_message (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = NULL;
  g_autofree gchar *reason = NULL;

  if (!read_message (exchange, &text, &reason, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_helpdesk_message_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                               floe_exchange_get_segment (exchange), text, reason, on_sent,
                               floe_call_new (api, exchange));
}
