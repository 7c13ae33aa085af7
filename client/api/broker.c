/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker.h"

#include "api/broker-private.h"
#include "api/exchange.h"
#include "api/key-file.h"
#include "api/url.h"

struct _FloeBroker
{
  GObject parent_instance;
  FloeTransport *transport;
  FloeSecret *token;
  gchar *domain;         /* of which names are, or NULL */
  FloeSecret *challenge; /* of a log-in whose password was right, or NULL */
};

G_DEFINE_FINAL_TYPE (FloeBroker, floe_broker, G_TYPE_OBJECT)

/* Takes @x and @task. @tag is the public function that began it. */
void
floe_broker_run (FloeBroker *self, FloeExchange *x, gpointer tag, GTask *task)
{
  floe_exchange_run (x, self->transport, self->token, tag, task);
}

static gpointer
decode_any (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
            GError **error)
{
  return root != NULL ? json_node_ref (root) : json_node_new (JSON_NODE_NULL);
}

static const FloeCallKind any = { NULL, FALSE, FALSE, decode_any, (GDestroyNotify)json_node_unref };
static const FloeCallKind any_anonymous = { NULL, TRUE, FALSE, decode_any,
                                            (GDestroyNotify)json_node_unref };

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
  floe_broker_run (self, x, floe_broker_call_async,
                   g_task_new (self, cancellable, callback, user_data));
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
 * floe_broker_set_terminal_key:
 * @self: a broker
 * @file: with the key and the certificate of this terminal, in PEM; it is read at once
 * @error: %FLOE_CLIENT_ERROR_INVALID, reason "key-file"
 *
 * From now on connections show the certificate, where the broker asks for one.
 */
gboolean
floe_broker_set_terminal_key (FloeBroker *self, const gchar *file, GError **error)
{
  g_autoptr (GTlsCertificate) certificate = floe_key_file_load (file, error);

  if (certificate != NULL)
    floe_transport_set_certificate (self->transport, certificate);
  return certificate != NULL;
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

/**
 * floe_broker_set_domain:
 * @self: a broker
 * @domain: (nullable): of which directory the names are that are sent from now on, unless they say
 *   so themselves; %NULL leaves that to the broker
 */
void
floe_broker_set_domain (FloeBroker *self, const gchar *domain)
{
  g_free (self->domain);
  self->domain = g_strdup (domain);
}

const gchar *
floe_broker_get_domain (FloeBroker *self)
{
  return self->domain;
}

/* The log-in is done: @token is its own, and no challenge is left. */
void
floe_broker_take_log_in (FloeBroker *self, FloeSecret *token)
{
  floe_broker_drop_challenge (self);
  floe_broker_set_token (self, token);
}

/* A log-in goes on with this one, and no other. */
void
floe_broker_take_challenge (FloeBroker *self, FloeSecret *challenge)
{
  floe_broker_drop_challenge (self);
  self->challenge = floe_secret_ref (challenge);
}

FloeSecret *
floe_broker_get_challenge (FloeBroker *self)
{
  return self->challenge;
}

/**
 * floe_broker_drop_challenge:
 * @self: a broker
 *
 * Gives up a log-in that was to go on with a second factor.
 */
void
floe_broker_drop_challenge (FloeBroker *self)
{
  g_clear_pointer (&self->challenge, floe_secret_unref);
}

static void
floe_broker_finalize (GObject *object)
{
  FloeBroker *self = FLOE_BROKER (object);

  g_clear_object (&self->transport);
  g_clear_pointer (&self->token, floe_secret_unref);
  g_free (self->domain);
  floe_broker_drop_challenge (self);
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
