/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"
#include "api/routes-parts.h"
#include "core/helpdesk-pools.h"

/* What administrators do with a pool as a whole. All of it goes on when the peer does not wait. */

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_pool_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* read_closing: the body, if there is one */
static gboolean
read_closing (FloeExchange *exchange, gchar **message, gboolean *drain, guint *minutes,
              GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body_or_none (exchange, error);

  if (reader == NULL)
    return FALSE;
  floe_call_read_notice (reader, message, minutes);
  *drain = floe_json_reader_get_bool_or (reader, "drain", FALSE);
  return floe_json_reader_end (reader, error);
}

/* POST /admin/pools/{}/close */
void
floe_route_admin_pool_close (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *message = NULL;
  gboolean drain = FALSE;
  guint minutes = 0;

  if (read_closing (exchange, &message, &drain, &minutes, &error))
    floe_helpdesk_close_pool_async (floe_api_get_helpdesk (api),
                                    floe_exchange_get_identity (exchange),
                                    floe_exchange_get_segment (exchange), message, drain, minutes,
                                    on_done, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}

/* POST /admin/pools/{}/open */
void
floe_route_admin_pool_open (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_open_pool_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                                 floe_exchange_get_segment (exchange), on_done,
                                 floe_call_new (api, exchange));
}

/* POST /admin/pools/{}/revisions */
void
floe_route_admin_pool_renew (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_renew_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                             floe_exchange_get_segment (exchange), on_done,
                             floe_call_new (api, exchange));
}
