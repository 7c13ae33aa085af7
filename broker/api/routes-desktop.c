/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/routes-parts.h"
#include "api/vv.h"

/* Those of libvirt are UUIDs. */
#define MAX_DESKTOP_BYTES 128

/* Connecting. */

static void
answer_request (FloeExchange *exchange, guint status, FloeConnectRequest *request)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_body_write_request (writer, NULL, request);
  floe_exchange_answer_json (exchange, status, writer);
}

static void
answer_accepted (FloeExchange *exchange, FloeConnectRequest *request)
{
  g_autofree gchar *location =
      g_strconcat ("/api/v1/requests/", floe_connect_request_get_id (request), NULL);

  floe_exchange_add_header (exchange, "Location", location);
  answer_request (exchange, 202, request);
}

static void
answer_connection (FloeExchange *exchange, const FloeConnection *connection)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_body_write_connection (writer, NULL, connection);
  floe_exchange_answer_json (exchange, 200, writer);
}

static void
answer_file (FloeExchange *exchange, const FloeConnection *connection)
{
  g_autoptr (FloeSecret) file = floe_vv_write (connection);

  floe_exchange_add_header (exchange, "Content-Disposition", "attachment; filename=\"desktop.vv\"");
  floe_exchange_answer (exchange, 200, FLOE_VV_TYPE, file);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data,
              void (*answer) (FloeExchange *exchange, const FloeConnection *connection))
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) connected =
      floe_assigner_connect_finish (FLOE_ASSIGNER (source), result, &error);

  if (connected == NULL)
    floe_exchange_answer_error (call->exchange, error);
  else if (connected->connection != NULL)
    answer (call->exchange, connected->connection);
  else
    answer_accepted (call->exchange, connected->request);
}

static void
on_connected_json (GObject *source, GAsyncResult *result, gpointer data)
{
  on_connected (source, result, data, answer_connection);
}

static void
on_connected_file (GObject *source, GAsyncResult *result, gpointer data)
{
  on_connected (source, result, data, answer_file);
}

/* read_wish: the body, if there is one; @desktop_id is what the wish points to */
static gboolean
read_wish (FloeExchange *exchange, FloeConnectWish *wish, gchar **desktop_id, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body_or_none (exchange, error);

  if (reader == NULL)
    return FALSE;
  wish->another = floe_json_reader_get_bool_or (reader, "another", FALSE);
  *desktop_id = floe_json_reader_get_string_or (reader, "desktop", MAX_DESKTOP_BYTES, NULL);
  wish->desktop_id = *desktop_id;
  if (wish->another && *desktop_id != NULL)
    floe_json_reader_refuse (reader, "desktop", "expected none when another one is wanted");
  return floe_json_reader_end (reader, error);
}

static void
connect_to (FloeExchange *exchange, FloeApi *api, GAsyncReadyCallback callback)
{
  g_autofree gchar *desktop_id = NULL;
  g_autoptr (GError) error = NULL;
  FloeConnectWish wish = { 0 };

  if (!read_wish (exchange, &wish, &desktop_id, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_assigner_connect_async (
      floe_api_get_parts (api)->assigner, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), &wish, floe_exchange_get_cancellable (exchange),
      callback, floe_call_new (api, exchange));
}

/* POST /pools/{}/connect */
void
floe_route_connect (FloeExchange *exchange, gpointer api)
{
  connect_to (exchange, api, on_connected_json);
}

/* POST /pools/{}/connection.vv */
void
floe_route_connection_file (FloeExchange *exchange, gpointer api)
{
  connect_to (exchange, api, on_connected_file);
}

/* Waiting for a desktop. */

static FloeConnectRequest *
find_request (FloeExchange *exchange, FloeApi *api)
{
  g_autoptr (GError) error = NULL;
  FloeConnectRequest *request = floe_assigner_get_request (
      floe_api_get_parts (api)->assigner, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), &error);

  if (request == NULL)
    floe_exchange_answer_error (exchange, error);
  return request;
}

/* GET /requests/{} */
void
floe_route_request (FloeExchange *exchange, gpointer api)
{
  FloeConnectRequest *request = find_request (exchange, api);

  if (request != NULL)
    answer_request (exchange, 200, request);
}

static void
on_left (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_assigner_leave_finish (FLOE_ASSIGNER (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* DELETE /requests/{}: goes on when the peer does not wait */
void
floe_route_request_leave (FloeExchange *exchange, gpointer api)
{
  floe_assigner_leave_async (
      floe_api_get_parts (api)->assigner, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), on_left, floe_call_new (api, exchange));
}

/* The stream of one request; lives until the stream has ended. */
typedef struct
{
  FloeSse *sse;
  FloeConnectRequest *request;
  FloeClock *clock;
} RequestEvents;

static void
on_request_changed (FloeConnectRequest *request, gpointer data)
{
  /* Sending may find the peer gone, which frees @data. */
  g_autoptr (FloeSse) sse = g_object_ref (((RequestEvents *)data)->sse);
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeSecret) text = NULL;

  floe_body_write_request (writer, NULL, request);
  text = floe_json_writer_finish (writer);
  floe_sse_send (sse, "state", text);
  if (floe_connect_request_is_over (request) && !floe_sse_has_ended (sse))
    floe_sse_end (sse);
}

static void
on_request_events_ended (FloeSse *sse, gpointer data)
{
  RequestEvents *self = data;

  g_signal_handlers_disconnect_by_data (self->request, self);
  floe_connect_request_unhold (self->request, floe_clock_elapsed (self->clock));
  g_object_unref (self->request);
  g_object_unref (self->clock);
  g_object_unref (self->sse);
  g_free (self);
}

/* GET /requests/{}/events */
void
floe_route_request_events (FloeExchange *exchange, gpointer api)
{
  FloeConnectRequest *request = find_request (exchange, api);
  g_autoptr (FloeSse) sse = NULL;
  RequestEvents *self;

  if (request == NULL)
    return;
  sse = floe_api_open_stream (api, exchange);
  if (sse == NULL)
    return;
  self = g_new (RequestEvents, 1);
  self->sse = g_object_ref (sse);
  self->request = g_object_ref (request);
  self->clock = g_object_ref (floe_exchange_get_clock (exchange));
  floe_connect_request_hold (request);
  g_signal_connect (sse, "ended", G_CALLBACK (on_request_events_ended), self);
  g_signal_connect (request, "changed", G_CALLBACK (on_request_changed), self);
  on_request_changed (request, self);
}

/* The caller's desktops. */

typedef struct
{
  FloeCall *call;
  FloeDesktop *desktop;
} DesktopCall;

static void
answer_desktop (FloeExchange *exchange, const FloeDesktop *desktop, const FloeOutlook *outlook)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_body_write_open_desktop (writer, NULL, desktop,
                                floe_exchange_get_identity (exchange)->user->id, outlook);
  floe_exchange_answer_json (exchange, 200, writer);
}

static void
on_desktop_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  DesktopCall *self = data;
  g_autoptr (FloeCall) call = self->call;
  g_autoptr (FloeDesktop) desktop = self->desktop;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeOutlook) outlook =
      floe_sessions_look_finish (FLOE_SESSIONS (source), result, &error);

  g_free (self);
  if (outlook == NULL)
    floe_exchange_answer_error (call->exchange, error);
  else
    answer_desktop (call->exchange, desktop, outlook);
}

static void
on_desktop (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDesktop) desktop =
      floe_assigner_get_desktop_finish (FLOE_ASSIGNER (source), result, &error);
  DesktopCall *looking;

  if (desktop == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  if (!floe_desktop_is_held_by (desktop, floe_exchange_get_identity (call->exchange)->user->id))
    {
      answer_desktop (call->exchange, desktop, NULL);
      return;
    }
  looking = g_new (DesktopCall, 1);
  looking->call = g_steal_pointer (&call);
  looking->desktop = g_steal_pointer (&desktop);
  floe_sessions_look_async (floe_api_get_parts (looking->call->api)->sessions, looking->desktop,
                            floe_exchange_get_cancellable (looking->call->exchange),
                            on_desktop_looked, looking);
}

/* GET /desktops/{} */
void
floe_route_desktop (FloeExchange *exchange, gpointer api)
{
  floe_assigner_get_desktop_async (
      floe_api_get_parts (api)->assigner, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), floe_exchange_get_cancellable (exchange), on_desktop,
      floe_call_new (api, exchange));
}

static void
on_released (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_assigner_release_finish (FLOE_ASSIGNER (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /desktops/{}/release: goes on when the peer does not wait */
void
floe_route_desktop_release (FloeExchange *exchange, gpointer api)
{
  floe_assigner_release_async (
      floe_api_get_parts (api)->assigner, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), NULL, on_released, floe_call_new (api, exchange));
}
