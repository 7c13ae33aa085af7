/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker-ask.h"

#include "api/broker-private.h"
#include "api/exchange.h"

void
floe_told_free (FloeTold *self)
{
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self->tag);
  g_clear_pointer (&self->token, floe_secret_unref);
  g_clear_pointer (&self->secret, floe_secret_unref);
  g_free (self);
}

static gpointer
decode_told (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
             GError **error)
{
  FloeTold *told = g_new0 (FloeTold, 1);

  told->root = root != NULL ? json_node_ref (root) : json_node_new (JSON_NODE_NULL);
  told->tag = g_steal_pointer (&reply->tag);
  told->token = g_steal_pointer (&secrets->token);
  told->secret = g_steal_pointer (&secrets->secret);
  return told;
}

static const FloeCallKind ask_kind = { NULL, FALSE, FALSE, decode_told,
                                       (GDestroyNotify)floe_told_free };

/**
 * floe_broker_ask_async:
 * @self: a broker with a token
 * @ask: what
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * As floe_broker_call_async(), where more is to be said or heard than a body.
 */
void
floe_broker_ask_async (FloeBroker *self, const FloeAsk *ask, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&ask_kind);

  x->method = ask->method;
  x->path = g_strdup (ask->path);
  x->if_match = g_strdup (ask->if_match);
  x->key = g_strdup (ask->key);
  if (ask->body != NULL)
    x->body = floe_secret_new (ask->body, -1);
  floe_broker_run (self, x, floe_broker_ask_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_ask_finish:
 *
 * Returns: (transfer full) (nullable): the answer
 */
FloeTold *
floe_broker_ask_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_ask_async, error);
}
