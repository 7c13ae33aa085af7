/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "api/http-head.h"
#include "api/problem.h"
#include "core/identity.h"

G_BEGIN_DECLS

#define FLOE_GATE_MAX_QUERIES 12

/**
 * FloeBodyRule:
 * @FLOE_BODY_NONE: there must not be one
 * @FLOE_BODY_OPTIONAL: an empty JSON object, or none
 * @FLOE_BODY_ALLOWED: JSON, or none, which says as much as an empty object
 * @FLOE_BODY_NEEDED: JSON
 * @FLOE_BODY_PICTURE: a JPEG
 */
typedef enum
{
  FLOE_BODY_NONE,
  FLOE_BODY_OPTIONAL,
  FLOE_BODY_ALLOWED,
  FLOE_BODY_NEEDED,
  FLOE_BODY_PICTURE,
} FloeBodyRule;

typedef struct _FloeExchange FloeExchange;

/**
 * FloeHandler:
 * @exchange: the request, to be answered exactly once
 * @data: whatever the routes work on
 *
 * Answers a request, at once or later.
 */
typedef void (*FloeHandler) (FloeExchange *exchange, gpointer data);

/**
 * FloeRoute:
 * @method: the method
 * @path: the path, literally, but that one segment may be `{}`, which stands for 1 to 64 of
 *   [A-Za-z0-9._-]
 * @permission: what it takes; whose roles have that is told by floe_permission_get_roles()
 * @body: which body it takes
 * @queries: the names that its query may have
 * @handle: answers it
 */
typedef struct
{
  const gchar *method;
  const gchar *path;
  FloePermission permission;
  FloeBodyRule body;
  const gchar *queries[FLOE_GATE_MAX_QUERIES + 1];
  FloeHandler handle;
} FloeRoute;

/**
 * FloeGate:
 * @host_names: (array zero-terminated=1): the names that Host may have
 * @routes: (array length=n_routes): all that can be asked for
 * @n_routes: how many
 *
 * What is let in. Everything else is refused before its body is read.
 */
typedef struct
{
  const gchar *const *host_names;
  const FloeRoute *routes;
  gsize n_routes;
} FloeGate;

/**
 * FloeRequest:
 * @route: what was asked for
 * @segment: (nullable): what stands for `{}` in its path
 * @query: (nullable) (element-type utf8 utf8): decoded
 * @caller: from where
 * @token: (nullable): what the Authorization field holds, or the cookie
 * @in_cookie: the caller keeps its token in a cookie, see floe_cookie_read()
 * @known: (nullable): what If-None-Match holds: the tag of what the caller has already
 * @last_event: (nullable): what Last-Event-ID holds: what a stream of theirs was told last
 * @key: (nullable): what Idempotency-Key holds: what the caller calls this act
 * @body: (nullable): the body
 *
 * A request that passed the gate.
 */
typedef struct
{
  const FloeRoute *route;
  gchar *segment;
  GHashTable *query;
  FloeCaller *caller;
  FloeSecret *token;
  gboolean in_cookie;
  gchar *known;
  gchar *last_event;
  gchar *key;
  FloeSecret *body;
} FloeRequest;

FloeRequest *floe_gate_check (const FloeGate *self, const FloeHttpHead *head,
                              FloeProblem **problem);
void floe_request_free (FloeRequest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeRequest, floe_request_free)

G_END_DECLS
