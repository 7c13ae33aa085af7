/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker.h"

#include "api/broker-private.h"
#include "api/decode.h"
#include "api/encode.h"
#include "api/error.h"
#include "api/exchange.h"
#include "api/url.h"

struct _FloeBroker
{
  GObject parent_instance;
  FloeTransport *transport;
  FloeSecret *token;
};

G_DEFINE_FINAL_TYPE (FloeBroker, floe_broker, G_TYPE_OBJECT)

/* Takes @x and @task. @tag is the public function that began it. */
static void
run (FloeBroker *self, FloeExchange *x, gpointer tag, GTask *task)
{
  floe_exchange_run (x, self->transport, self->token, tag, task);
}

/* The results of the calls. */

static gpointer
decode_fresh_login (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
                    GError **error)
{
  FloeLogin *login = root != NULL ? floe_decode_login (root, TRUE, error) : NULL;

  if (login != NULL && secrets->token != NULL && !floe_secret_is_empty (secrets->token))
    {
      floe_broker_set_token (self, secrets->token);
      return login;
    }
  if (root == NULL || login != NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                           "the answer's field \"token\" is missing");
  g_clear_pointer (&login, floe_login_free);
  return NULL;
}

static gboolean
has_root (JsonNode *root, GError **error)
{
  if (root == NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed", "the answer is empty");
  return root != NULL;
}

static gpointer
decode_me (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
           GError **error)
{
  return has_root (root, error) ? floe_decode_login (root, FALSE, error) : NULL;
}

static gpointer
decode_pool_list (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
                  GError **error)
{
  return has_root (root, error) ? floe_decode_pools (root, error) : NULL;
}

static gpointer
decode_answer (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
               GError **error)
{
  g_autoptr (FloeConnectAnswer) answer = g_new0 (FloeConnectAnswer, 1);

  if (!has_root (root, error))
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
  return has_root (root, error) ? floe_decode_request (root, error) : NULL;
}

static gpointer
decode_one_desktop (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
                    GError **error)
{
  return has_root (root, error) ? floe_decode_desktop (root, error) : NULL;
}

static gpointer
decode_done (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
             GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

static gpointer
decode_any (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
            GError **error)
{
  return root != NULL ? json_node_ref (root) : json_node_new (JSON_NODE_NULL);
}

static gpointer
decode_stream (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
               GError **error)
{
  if (reply->stream != NULL)
    return g_steal_pointer (&reply->stream);
  has_root (NULL, error);
  return NULL;
}

#define FREE(function) ((GDestroyNotify)(function))

static const FloeCallKind log_in = { "POST", TRUE, FALSE, decode_fresh_login,
                                     FREE (floe_login_free) };
static const FloeCallKind log_out = { "POST", FALSE, FALSE, decode_done, NULL };
static const FloeCallKind me = { "GET", FALSE, FALSE, decode_me, FREE (floe_login_free) };
static const FloeCallKind pool_list = { "GET", FALSE, FALSE, decode_pool_list,
                                        FREE (g_ptr_array_unref) };
static const FloeCallKind connecting = { "POST", FALSE, FALSE, decode_answer,
                                         FREE (floe_connect_answer_free) };
static const FloeCallKind one_request = { "GET", FALSE, FALSE, decode_one_request,
                                          FREE (floe_connect_request_free) };
static const FloeCallKind one_desktop = { "GET", FALSE, FALSE, decode_one_desktop,
                                          FREE (floe_desktop_free) };
static const FloeCallKind release = { "POST", FALSE, FALSE, decode_done, NULL };
static const FloeCallKind any = { NULL, FALSE, FALSE, decode_any, FREE (json_node_unref) };
static const FloeCallKind any_anonymous = { NULL, TRUE, FALSE, decode_any, FREE (json_node_unref) };
static const FloeCallKind events = { "GET", FALSE, TRUE, decode_stream, g_object_unref };

/**
 * floe_broker_log_in_async:
 * @self: a broker
 * @username: the name
 * @password: the password; it is held no longer than until it was sent
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Logs in. The token of an earlier log-in is replaced, not revoked.
 */
void
floe_broker_log_in_async (FloeBroker *self, const gchar *username, FloeSecret *password,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&log_in);

  x->path = g_strdup ("login");
  x->body = floe_encode_log_in (username, password, &x->refused);
  run (self, x, floe_broker_log_in_async, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_log_in_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED, reason "wrong-credentials", for a wrong name or
 *   password
 *
 * Returns: (transfer full) (nullable): who it is, and their pools
 */
FloeLogin *
floe_broker_log_in_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_log_in_async, error);
}

/**
 * floe_broker_log_out_async:
 * @self: a broker
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Revokes the token, which also ends the use of floating desktops.
 */
void
floe_broker_log_out_async (FloeBroker *self, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&log_out);

  x->path = g_strdup ("logout");
  run (self, x, floe_broker_log_out_async, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_log_out_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes
 *
 * Returns: %TRUE if nobody is logged in any more, be it because the log-in had ended before. After
 * a failure the token is still there, so that it can be tried again
 */
gboolean
floe_broker_log_out_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) why = NULL;

  floe_exchange_finish (self, result, floe_broker_log_out_async, &why);
  if (why != NULL && !floe_client_error_is_log_in (why))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  floe_broker_set_token (self, NULL);
  return TRUE;
}

/**
 * floe_broker_reconnect_async:
 * @self: a broker
 * @reconnect_token: what came with a #FloeConnection
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Gets a fresh token for a running session's log-in, without a password.
 */
void
floe_broker_reconnect_async (FloeBroker *self, FloeSecret *reconnect_token,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&log_in);

  x->path = g_strdup ("reconnect");
  x->body = floe_encode_reconnect (reconnect_token, &x->refused);
  run (self, x, floe_broker_reconnect_async, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_reconnect_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: floe_client_error_is_log_in() when the right to reconnect has ended
 *
 * Returns: (transfer full) (nullable): who it is, and their pools
 */
FloeLogin *
floe_broker_reconnect_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_reconnect_async, error);
}

/**
 * floe_broker_get_me_async:
 * @self: a broker
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Asks whose token it is.
 */
void
floe_broker_get_me_async (FloeBroker *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&me);

  x->path = g_strdup ("me");
  run (self, x, floe_broker_get_me_async, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_get_me_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes
 *
 * Returns: (transfer full) (nullable): who it is, and their pools; without times
 */
FloeLogin *
floe_broker_get_me_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_get_me_async, error);
}

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
  run (self, x, floe_broker_list_pools_async, g_task_new (self, cancellable, callback, user_data));
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
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Asks for a desktop of @pool: the same one as long as the user holds it.
 */
void
floe_broker_connect_async (FloeBroker *self, const gchar *pool, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&connecting);

  x->path = floe_url_join (&x->refused, "pools", pool, "connect", NULL);
  x->body = floe_secret_new ("{}", -1);
  run (self, x, floe_broker_connect_async, g_task_new (self, cancellable, callback, user_data));
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
  run (self, x, floe_broker_get_request_async, g_task_new (self, cancellable, callback, user_data));
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
  run (self, x, floe_broker_get_desktop_async, g_task_new (self, cancellable, callback, user_data));
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
  run (self, x, floe_broker_release_desktop_async,
       g_task_new (self, cancellable, callback, user_data));
}

gboolean
floe_broker_release_desktop_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_release_desktop_async, error) != NULL;
}

/**
 * floe_broker_call_async:
 * @self: a broker
 * @method: "GET", "POST", "PUT" or "DELETE"
 * @path: what follows /api/v1/, escaped, see floe_url_join()
 * @body: (nullable): JSON, sent as it is; nothing secret
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Any call whose answer needs no type, as those for administration. Without a token it is made
 * anonymously.
 */
void
floe_broker_call_async (FloeBroker *self, const gchar *method, const gchar *path, const gchar *body,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (self->token != NULL ? &any : &any_anonymous);

  x->method = method;
  x->path = g_strdup (path);
  if (body != NULL)
    x->body = floe_secret_new (body, -1);
  run (self, x, floe_broker_call_async, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_call_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes
 *
 * Returns: (transfer full) (nullable): the answer's root; JSON's null if there was none. Secrets at
 *   its top level are "x"
 */
JsonNode *
floe_broker_call_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_call_async, error);
}

/* For #FloeEventWatch: @path is taken as it is. */
void
floe_broker_open_events_async (FloeBroker *self, const gchar *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&events);

  x->path = g_strdup (path);
  run (self, x, floe_broker_open_events_async, g_task_new (self, cancellable, callback, user_data));
}

GInputStream *
floe_broker_open_events_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_open_events_async, error);
}

/**
 * floe_broker_new:
 * @url: where the broker is, see floe_broker_normalize_url()
 * @ca_file: (nullable): certificates in PEM that are trusted instead of the system's; it is read at
 *   once
 * @error: %FLOE_CLIENT_ERROR_INVALID, reason "bad-url", "plain-http" or "ca-file"
 *
 * Returns: (transfer full) (nullable): a broker that nobody is logged in to; nothing is sent yet
 */
FloeBroker *
floe_broker_new (const gchar *url, const gchar *ca_file, GError **error)
{
  FloeTransport *transport = floe_transport_new (url, ca_file, error);
  FloeBroker *self;

  if (transport == NULL)
    return NULL;
  self = g_object_new (FLOE_TYPE_BROKER, NULL);
  self->transport = transport;
  return self;
}

/**
 * floe_broker_normalize_url:
 * @text: what somebody typed, such as "broker.example.com"
 * @error: %FLOE_CLIENT_ERROR_INVALID, reason "bad-url" or "plain-http"
 *
 * Returns: (transfer full) (nullable): scheme, host and port, without a slash at the end; two that
 *   are equal are the same broker
 */
gchar *
floe_broker_normalize_url (const gchar *text, GError **error)
{
  return floe_url_normalize (text, error);
}

const gchar *
floe_broker_get_url (FloeBroker *self)
{
  return floe_transport_get_url (self->transport);
}

/**
 * floe_broker_set_timeouts:
 * @self: a broker
 * @connect_ms: until a connection stands, with DNS and TLS; 10 s if never set
 * @answer_ms: from then until the whole answer is in; 30 s if never set
 */
void
floe_broker_set_timeouts (FloeBroker *self, guint connect_ms, guint answer_ms)
{
  floe_transport_set_timeouts (self->transport, connect_ms, answer_ms);
}

/**
 * floe_broker_get_token:
 * @self: a broker
 *
 * Returns: (transfer none) (nullable): the log-in's token
 */
FloeSecret *
floe_broker_get_token (FloeBroker *self)
{
  return self->token;
}

/**
 * floe_broker_set_token:
 * @self: a broker
 * @token: (nullable): the token of an earlier log-in, or %NULL to forget it
 */
void
floe_broker_set_token (FloeBroker *self, FloeSecret *token)
{
  if (token != NULL)
    floe_secret_ref (token);
  g_clear_pointer (&self->token, floe_secret_unref);
  self->token = token;
}

static void
floe_broker_finalize (GObject *object)
{
  FloeBroker *self = FLOE_BROKER (object);

  g_clear_object (&self->transport);
  g_clear_pointer (&self->token, floe_secret_unref);
  G_OBJECT_CLASS (floe_broker_parent_class)->finalize (object);
}

static void
floe_broker_class_init (FloeBrokerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_broker_finalize;
}

static void
floe_broker_init (FloeBroker *self)
{
}
