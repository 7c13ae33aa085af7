/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/routes-parts.h"
#include "core/helpdesk-pools.h"

#define MAX_ACTION_BYTES 32

/* read_action: what, and why */
static gboolean
read_action (FloeExchange *exchange, FloeDesktopAct *act, gchar **reason, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autofree gchar *action = NULL;

  if (reader == NULL)
    return FALSE;
  action = floe_json_reader_get_string (reader, "action", MAX_ACTION_BYTES);
  *reason = floe_body_read_reason (reader);
  if (action != NULL && !floe_desktop_act_from_name (action, act))
    floe_json_reader_refuse (reader, "action",
                             "expected \"shut-down\", \"restart\", \"force-off\", \"reset\" or "
                             "\"log-off\"");
  return floe_json_reader_end (reader, error);
}

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_act_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/desktops/{}/actions: goes on when the peer does not wait */
void
floe_route_admin_action (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reason = NULL;
  FloeDesktopAct act = FLOE_DESKTOP_SHUT_DOWN;

  if (!read_action (exchange, &act, &reason, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_helpdesk_act_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                           floe_exchange_get_segment (exchange), act, reason, on_acted,
                           floe_call_new (api, exchange));
}

/* What its holder does. */

static gboolean
read_own_action (FloeExchange *exchange, FloeOwnAct *act, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autofree gchar *action = NULL;

  if (reader == NULL)
    return FALSE;
  action = floe_json_reader_get_string (reader, "action", MAX_ACTION_BYTES);
  if (action != NULL && !floe_own_act_from_name (action, act))
    floe_json_reader_refuse (reader, "action",
                             "expected \"restart\", \"shut-down\", \"force-off\" or \"fresh\"");
  return floe_json_reader_end (reader, error);
}

static void
on_own_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_sessions_act_finish (FLOE_SESSIONS (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /desktops/{}/actions: goes on when the peer does not wait */
void
floe_route_desktop_action (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  FloeOwnAct act = FLOE_OWN_RESTART;

  if (!read_own_action (exchange, &act, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_sessions_act_async (
      floe_api_get_parts (api)->sessions, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), act, on_own_acted, floe_call_new (api, exchange));
}
