/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/routes-parts.h"
#include "core/helpdesk-maintenance.h"

static void
on_maintained (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_maintain_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/desktops/{}/maintenance: goes on when the peer does not wait */
void
floe_route_admin_desktop_maintain (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *message = NULL;
  g_autofree gchar *reason = NULL;
  guint minutes = 0;

  if (floe_call_take_notice (exchange, &message, &minutes, &reason, &error))
    floe_helpdesk_maintain_async (floe_api_get_helpdesk (api),
                                  floe_exchange_get_identity (exchange),
                                  floe_exchange_get_segment (exchange), message, minutes, reason,
                                  on_maintained, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_open_desktop_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/desktops/{}/open: goes on when the peer does not wait */
void
floe_route_admin_desktop_open (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reason = NULL;

  if (floe_call_take_reason (exchange, &reason, &error))
    floe_helpdesk_open_desktop_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
        floe_exchange_get_segment (exchange), reason, on_opened, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}
