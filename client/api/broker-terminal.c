/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker-terminal.h"

#include "api/broker-private.h"
#include "api/error.h"
#include "api/exchange.h"
#include "api/json-get.h"

FloeTrust *
floe_trust_new (const gchar *name, const gchar *key, FloeSecret *secret)
{
  FloeTrust *self = g_new0 (FloeTrust, 1);

  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->secret = floe_secret_ref (secret);
  return self;
}

void
floe_trust_free (FloeTrust *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->key);
  floe_secret_unref (self->secret);
  g_free (self);
}

static gpointer
decode_trust (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
              GError **error)
{
  const gchar *name, *key;

  if (!floe_exchange_has_root (root, error))
    return NULL;
  name = floe_json_get_text (root, "name");
  key = floe_json_get_text (root, "key");
  if (name != NULL && key != NULL && secrets->secret != NULL
      && !floe_secret_is_empty (secrets->secret))
    return floe_trust_new (name, key, secrets->secret);
  floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                         "the answer lacks \"name\", \"key\" or \"secret\"");
  return NULL;
}

static const FloeCallKind trust = { "POST", TRUE, FALSE, decode_trust,
                                    (GDestroyNotify)floe_trust_free };

/**
 * floe_broker_trust_async:
 * @self: a broker, with this terminal's key
 * @cancellable: (nullable): ends the waiting; the broker goes on with what it has begun
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Asks for what a terminal keeps. The secret is a new one each time.
 */
void
floe_broker_trust_async (FloeBroker *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&trust);

  x->path = g_strdup ("terminal/trust");
  floe_broker_run (self, x, floe_broker_trust_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_trust_finish:
 * @self: a broker
 * @result: what the callback got
 * @error: where the error goes; reasons "no-certificate", "unknown-terminal", "no-terminal-key"
 *
 * Returns: (transfer full) (nullable): what it keeps
 */
FloeTrust *
floe_broker_trust_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_trust_async, error);
}
