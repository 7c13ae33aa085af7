/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"
#include "api/json-guard.h"
#include "api/transport.h"

G_BEGIN_DECLS

/**
 * FloeDecode:
 * @self: whose call it is
 * @reply: a good answer; its @stream may be taken
 * @root: (nullable): the answer's JSON, unless it is empty or a stream
 * @secrets: what was taken out of @root
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL
 *
 * Returns: (transfer full) (nullable): the call's result
 */
typedef gpointer (*FloeDecode) (FloeBroker *self, FloeReply *reply, JsonNode *root,
                                FloeJsonSecrets *secrets, GError **error);

/**
 * FloeCallKind:
 * @method: (nullable): of HTTP, unless the exchange says
 * @anonymous: sends no token
 * @stream: is answered by an event stream
 * @decode: makes the result
 * @result_free: (nullable): frees it
 * @challenged: its refusal may carry a challenge, which the broker object then keeps
 * @again: see #FloeCall
 * @type: (nullable): likewise
 *
 * What distinguishes one call from another; in static memory.
 */
typedef struct
{
  const gchar *method;
  gboolean anonymous;
  gboolean stream;
  FloeDecode decode;
  GDestroyNotify result_free;
  gboolean challenged;
  gboolean again;
  const gchar *type;
} FloeCallKind;

/**
 * FloeExchange:
 * @kind: which call
 * @method: of HTTP
 * @path: (nullable): behind /api/v1/; NULL if there is @refused
 * @body: (nullable): JSON
 * @if_match: (nullable): see #FloeCall
 * @key: (nullable): likewise
 * @refused: (nullable): why it is not even sent
 *
 * One call under way.
 */
typedef struct
{
  const FloeCallKind *kind;
  const gchar *method;
  gchar *path;
  FloeSecret *body;
  gchar *if_match;
  gchar *key;
  GError *refused;
} FloeExchange;

FloeExchange *floe_exchange_new (const FloeCallKind *kind);
void floe_exchange_run (FloeExchange *self, FloeTransport *transport, FloeSecret *token,
                        gpointer tag, GTask *task);
gboolean floe_exchange_has_root (JsonNode *root, GError **error);
gpointer floe_exchange_decode_done (FloeBroker *broker, FloeReply *reply, JsonNode *root,
                                    FloeJsonSecrets *secrets, GError **error);
gpointer floe_exchange_finish (gpointer source, GAsyncResult *result, gpointer tag, GError **error);

G_END_DECLS
