/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "api/broker.h"

G_BEGIN_DECLS

/**
 * FloeAsk:
 * @method: "GET", "POST", "PUT" or "DELETE"
 * @path: what follows /api/v1/, escaped, see floe_url_join()
 * @body: (nullable): JSON, sent as it is; nothing secret
 * @if_match: (nullable): the entity tag of what is to be changed: refused when it has another one
 *   by now
 * @key: (nullable): names this act: asked again with the same key, it is not done again
 *
 * What is asked of the broker, with what HTTP has to say besides.
 */
typedef struct
{
  const gchar *method;
  const gchar *path;
  const gchar *body;
  const gchar *if_match;
  const gchar *key;
} FloeAsk;

/**
 * FloeTold:
 * @root: the answer's root; JSON's null if there was none. Secrets at its top level are "x"
 * @tag: (nullable): its entity tag
 * @token: (nullable): the root object's "token"
 * @secret: (nullable): its "secret"
 *
 * What the broker answered.
 */
typedef struct
{
  JsonNode *root;
  gchar *tag;
  FloeSecret *token;
  FloeSecret *secret;
} FloeTold;

void floe_told_free (FloeTold *self);

void floe_broker_ask_async (FloeBroker *self, const FloeAsk *ask, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
FloeTold *floe_broker_ask_finish (FloeBroker *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTold, floe_told_free)

G_END_DECLS
