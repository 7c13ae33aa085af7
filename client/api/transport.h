/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "api/secret.h"

G_BEGIN_DECLS

#define FLOE_ANSWER_LIMIT (1024 * 1024)

/**
 * FloeTransport:
 *
 * Carries one request to the broker and one answer back: the session, its time-outs, its limits and
 * its TLS. It knows nothing of what is said.
 */
#define FLOE_TYPE_TRANSPORT (floe_transport_get_type ())
G_DECLARE_FINAL_TYPE (FloeTransport, floe_transport, FLOE, TRANSPORT, GObject)

/**
 * FloeCall:
 * @method: "GET", "POST", "PUT" or "DELETE"
 * @path: behind /api/v1/, escaped
 * @body: (nullable): JSON, unless @type says otherwise
 * @type: (nullable): its media type
 * @token: (nullable): sent as the bearer's
 * @if_match: (nullable): sent as If-Match
 * @key: (nullable): sent as Idempotency-Key
 * @stream: wants text/event-stream
 * @again: does no harm if it comes twice, so that it may be sent on a connection that is there, and
 *   once more when the broker turns out to have closed that one
 */
typedef struct
{
  const gchar *method;
  const gchar *path;
  FloeSecret *body;
  const gchar *type;
  FloeSecret *token;
  const gchar *if_match;
  const gchar *key;
  gboolean stream;
  gboolean again;
} FloeCall;

/**
 * FloeReply:
 * @status: of HTTP
 * @content_type: (nullable): without its parameters
 * @retry_after: seconds, or 0
 * @tag: (nullable): its ETag
 * @body: the whole answer, followed by a NUL; wiped in the end
 * @length: bytes in @body
 * @stream: (nullable): instead of @body, when an event stream was asked for and came
 */
typedef struct
{
  guint status;
  gchar *content_type;
  guint retry_after;
  gchar *tag;
  gchar *body;
  gsize length;
  GInputStream *stream;
} FloeReply;

void floe_reply_free (FloeReply *self);

FloeTransport *floe_transport_new (const gchar *url, const gchar *ca_file, GError **error);
const gchar *floe_transport_get_url (FloeTransport *self);
void floe_transport_set_certificate (FloeTransport *self, GTlsCertificate *certificate);
void floe_transport_set_timeouts (FloeTransport *self, guint connect_ms, guint answer_ms);

void floe_transport_send_async (FloeTransport *self, const FloeCall *call,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
FloeReply *floe_transport_send_finish (FloeTransport *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeReply, floe_reply_free)

G_END_DECLS
