/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker.h"

#include "api/broker-private.h"
#include "api/decode.h"
#include "api/encode.h"
#include "api/exchange.h"
#include "api/url.h"

/* What somebody who is logged in does: list, connect, follow, look, give back. */

static gpointer
decode_pool_list (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
                  GError **error)
{
  return floe_exchange_has_root (root, error) ? floe_decode_pools (root, error) : NULL;
}

static gpointer
decode_answer (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
               GError **error)
{
  g_autoptr (FloeConnectAnswer) answer = g_new0 (FloeConnectAnswer, 1);

  if (!floe_exchange_has_root (root, error))
    return NULL;
  if (reply->status == 202)
    answer->request = floe_decode_request (root, error);
  else
    answer->connection = floe_decode_connection (root, secrets, error);
  return answer->request != NULL || answer->connection != NULL ? g_steal_pointer (&answer) : NULL;
}

static gpointer
decode_one_request (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
                    GError **error)
{
  return floe_exchange_has_root (root, error) ? floe_decode_request (root, error) : NULL;
}

static gpointer
decode_one_desktop (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
                    GError **error)
{
  return floe_exchange_has_root (root, error) ? floe_decode_desktop (root, error) : NULL;
}

static gpointer
decode_stream (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
               GError **error)
{
  if (reply->stream != NULL)
    return g_steal_pointer (&reply->stream);
  floe_exchange_has_root (NULL, error);
  return NULL;
}
#define FREE(function) ((GDestroyNotify)(function))

static const FloeCallKind pool_list = { "GET", FALSE, FALSE, decode_pool_list,
                                        FREE (g_ptr_array_unref) };
static const FloeCallKind connecting = {
  "POST", FALSE, FALSE, decode_answer, FREE (floe_connect_answer_free), .again = TRUE
};
static const FloeCallKind one_request = { "GET", FALSE, FALSE, decode_one_request,
                                          FREE (floe_connect_request_free) };
static const FloeCallKind leaving = { "DELETE", FALSE, FALSE, floe_exchange_decode_done, NULL };
static const FloeCallKind one_desktop = { "GET", FALSE, FALSE, decode_one_desktop,
                                          FREE (floe_desktop_free) };
static const FloeCallKind heartbeat = { "POST", FALSE, FALSE, floe_exchange_decode_done, NULL };
static const FloeCallKind release = { "POST", FALSE, FALSE, floe_exchange_decode_done, NULL };
static const FloeCallKind acting = { "POST", FALSE, FALSE, floe_exchange_decode_done, NULL };
static const FloeCallKind events = { "GET", FALSE, TRUE, decode_stream, g_object_unref };

/**
 * floe_broker_list_pools_async:
 * @self: a broker
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 */
void
floe_broker_list_pools_async (FloeBroker *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&pool_list);

  x->path = g_strdup ("pools");
  floe_broker_run (self, x, floe_broker_list_pools_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_list_pools_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes
 *
 * Returns: (transfer full) (nullable) (element-type FloePool): what the user may connect to
 */
GPtrArray *
floe_broker_list_pools_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_list_pools_async, error);
}

/**
 * floe_broker_connect_async:
 * @self: a broker
 * @pool: a pool's name
 * @wish: (nullable): which of several desktops
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Asks for a desktop of @pool: the same one as long as the user holds it.
 */
void
floe_broker_connect_async (FloeBroker *self, const gchar *pool, const FloeConnectWish *wish,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&connecting);

  x->path = floe_url_join (&x->refused, "pools", pool, "connect", NULL);
  if (x->path != NULL)
    x->body = floe_encode_wish (wish, &x->refused);
  floe_broker_run (self, x, floe_broker_connect_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_connect_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_EXHAUSTED when no desktop is free
 *
 * Returns: (transfer full) (nullable): a connection, or the request to follow
 */
FloeConnectAnswer *
floe_broker_connect_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_connect_async, error);
}

/**
 * floe_broker_get_request_async:
 * @self: a broker
 * @id: a request's
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 */
void
floe_broker_get_request_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&one_request);

  x->path = floe_url_join (&x->refused, "requests", id, NULL);
  floe_broker_run (self, x, floe_broker_get_request_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_get_request_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes
 *
 * Returns: (transfer full) (nullable): how the request stands
 */
FloeConnectRequest *
floe_broker_get_request_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_get_request_async, error);
}

/**
 * floe_broker_leave_request_async:
 * @self: a broker
 * @id: a request's
 * @cancellable: (nullable): ends it
 * @callback: (nullable): comes exactly once
 * @user_data: for @callback
 *
 * Gives up a place in line. A desktop that was found already stays the user's.
 */
void
floe_broker_leave_request_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&leaving);

  x->path = floe_url_join (&x->refused, "requests", id, NULL);
  floe_broker_run (self, x, floe_broker_leave_request_async,
                   g_task_new (self, cancellable, callback, user_data));
}

gboolean
floe_broker_leave_request_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_leave_request_async, error) != NULL;
}

/**
 * floe_broker_get_desktop_async:
 * @self: a broker
 * @id: a desktop's
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * After a session ended, its desktop tells why.
 */
void
floe_broker_get_desktop_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&one_desktop);

  x->path = floe_url_join (&x->refused, "desktops", id, NULL);
  floe_broker_run (self, x, floe_broker_get_desktop_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_get_desktop_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_NOT_FOUND if the user does not hold it any more
 *
 * Returns: (transfer full) (nullable): the desktop
 */
FloeDesktop *
floe_broker_get_desktop_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_get_desktop_async, error);
}

/**
 * floe_broker_release_desktop_async:
 * @self: a broker
 * @id: a desktop's
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Gives a floating desktop back without logging out.
 */
void
floe_broker_release_desktop_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&release);

  x->path = floe_url_join (&x->refused, "desktops", id, "release", NULL);
  x->body = floe_secret_new ("{}", -1);
  floe_broker_run (self, x, floe_broker_release_desktop_async,
                   g_task_new (self, cancellable, callback, user_data));
}

gboolean
floe_broker_release_desktop_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_release_desktop_async, error) != NULL;
}

/**
 * floe_broker_beat_async:
 * @self: a broker
 * @id: the desktop whose picture is there
 * @beat: what is said of it
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Says that a session lives. Once a minute is enough.
 */
void
floe_broker_beat_async (FloeBroker *self, const gchar *id, const FloeBeat *beat,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&heartbeat);
  g_autoptr (GString) body = g_string_new (NULL);

  g_string_printf (body, "{\"idle_seconds\":%u", beat->idle_seconds);
  if (beat->quality != NULL)
    g_string_append_printf (body,
                            ",\"quality\":\"%s\",\"rtt_ms\":%u,\"retransmits\":%u"
                            ",\"bytes_per_second\":%" G_GUINT64_FORMAT,
                            beat->quality, beat->rtt_ms, beat->retransmits, beat->rate);
  if (beat->picture_ms > 0)
    g_string_append_printf (body, ",\"picture_ms\":%u", beat->picture_ms);
  g_string_append_c (body, '}');

  x->path = floe_url_join (&x->refused, "desktops", id, "heartbeat", NULL);
  x->body = floe_secret_new (body->str, -1);
  floe_broker_run (self, x, floe_broker_beat_async,
                   g_task_new (self, cancellable, callback, user_data));
}

gboolean
floe_broker_beat_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_beat_async, error) != NULL;
}

/**
 * floe_broker_act_async:
 * @self: a broker
 * @id: a desktop's
 * @action: one of those that its connection named; a keyword
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Restarts a desktop, say. After "fresh" the pool is to be connected to anew.
 */
void
floe_broker_act_async (FloeBroker *self, const gchar *id, const gchar *action,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&acting);

  x->path = floe_url_join (&x->refused, "desktops", id, "actions", NULL);
  if (x->path != NULL)
    x->body = floe_encode_action (action, &x->refused);
  floe_broker_run (self, x, floe_broker_act_async,
                   g_task_new (self, cancellable, callback, user_data));
}

gboolean
floe_broker_act_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_act_async, error) != NULL;
}

/* For #FloeEventWatch: @path is taken as it is. */
void
floe_broker_open_events_async (FloeBroker *self, const gchar *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&events);

  x->path = g_strdup (path);
  floe_broker_run (self, x, floe_broker_open_events_async,
                   g_task_new (self, cancellable, callback, user_data));
}

GInputStream *
floe_broker_open_events_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_open_events_async, error);
}
