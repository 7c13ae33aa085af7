/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/routes-parts.h"
#include "metrics/exposition.h"

#include <string.h>

static void
on_scraped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) body = NULL;
  gchar *text = floe_scraper_run_finish (FLOE_SCRAPER (source), result, &error);

  if (text == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  body = floe_secret_new_take (text, strlen (text));
  floe_exchange_answer (call->exchange, 200, FLOE_EXPOSITION_TYPE, body);
}

/**
 * floe_route_metrics:
 *
 * For whoever reaches the broker without HAProxy, which does not let this through.
 */
void
floe_route_metrics (FloeExchange *exchange, gpointer api)
{
  floe_scraper_run_async (floe_api_get_parts (api)->scraper,
                          floe_exchange_get_cancellable (exchange), on_scraped,
                          floe_call_new (api, exchange));
}
