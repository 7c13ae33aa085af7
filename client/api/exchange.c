/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/exchange.h"

#include "api/broker-private.h"
#include "api/decode.h"
#include "api/error.h"

static void
exchange_free (FloeExchange *self)
{
  g_free (self->path);
  g_free (self->if_match);
  g_free (self->key);
  g_clear_pointer (&self->body, floe_secret_unref);
  g_clear_error (&self->refused);
  g_free (self);
}

FloeExchange *
floe_exchange_new (const FloeCallKind *kind)
{
  FloeExchange *self = g_new0 (FloeExchange, 1);

  self->kind = kind;
  self->method = kind->method;
  return self;
}

static gboolean
is_json (const FloeReply *reply)
{
  return g_strcmp0 (reply->content_type, "application/json") == 0
         || g_strcmp0 (reply->content_type, "application/problem+json") == 0;
}

/* Behind a proxy not every refusal is the broker's own. */
static GError *
error_from_status (guint status)
{
  switch (status)
    {
    case 403:
      return floe_client_error_new (FLOE_CLIENT_ERROR_DENIED, NULL,
                                    "a proxy before the broker refuses this (403)");
    case 413:
      return floe_client_error_new (FLOE_CLIENT_ERROR_TOO_LARGE, NULL,
                                    "the request is too large (413)");
    case 429:
      return floe_client_error_new (FLOE_CLIENT_ERROR_BUSY, NULL,
                                    "the broker has too much to do (429)");
    case 502:
    case 503:
      return floe_client_error_new (FLOE_CLIENT_ERROR_UNAVAILABLE, NULL,
                                    "the broker does not run behind its proxy (%u)", status);
    case 504:
      return floe_client_error_new (FLOE_CLIENT_ERROR_TIMED_OUT, NULL,
                                    "the broker does not answer its proxy (504)");
    default:
      break;
    }
  if (status >= 300 && status < 400)
    return floe_client_error_new (FLOE_CLIENT_ERROR_PROTOCOL, "redirect",
                                  "the server sends us elsewhere (%u), which is not followed",
                                  status);
  return floe_client_error_new (FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker",
                                "what answers there is no Floe broker (%u)", status);
}

/* Whoever reads that a second factor is needed may rely on being able to go on with it. */
static GError *
take_challenge (FloeBroker *self, FloeJsonSecrets *secrets, GError *error)
{
  if (!floe_client_error_has_reason (error, "code-needed")
      && !floe_client_error_has_reason (error, "enrolment-needed"))
    return error;
  if (secrets->challenge != NULL)
    {
      floe_broker_take_challenge (self, secrets->challenge);
      return error;
    }
  g_error_free (error);
  return floe_client_error_new (FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                                "the answer's field \"challenge\" is missing");
}

static GError *
error_from_reply (FloeBroker *self, const FloeCallKind *kind, FloeReply *reply)
{
  g_auto (FloeJsonSecrets) secrets = { NULL };
  g_autoptr (JsonNode) root = NULL;
  GError *error = NULL;

  if (reply->status >= 400 && is_json (reply))
    root = floe_json_parse (reply->body, reply->length, &secrets, NULL);
  if (root != NULL)
    error = floe_decode_problem (root);
  if (error != NULL && kind->challenged)
    error = take_challenge (self, &secrets, error);
  if (error == NULL)
    error = error_from_status (reply->status);
  floe_client_error_set_retry_after (error, reply->retry_after);
  return error;
}

static gpointer
result_from_reply (FloeBroker *self, const FloeCallKind *kind, FloeReply *reply, GError **error)
{
  g_auto (FloeJsonSecrets) secrets = { NULL };
  g_autoptr (JsonNode) root = NULL;

  if (reply->status < 200 || reply->status > 299)
    {
      g_propagate_error (error, error_from_reply (self, kind, reply));
      return NULL;
    }
  if (reply->stream != NULL || reply->status == 204)
    return kind->decode (self, reply, NULL, &secrets, error);
  if (!is_json (reply) || kind->stream)
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker",
                             "what answers there is no Floe broker (it sends %s)",
                             kind->stream ? "no event stream" : "no JSON");
      return NULL;
    }
  root = floe_json_parse (reply->body, reply->length, &secrets, error);
  return root != NULL ? kind->decode (self, reply, root, &secrets, error) : NULL;
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FloeExchange *x = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeReply) reply =
      floe_transport_send_finish (FLOE_TRANSPORT (source), result, &error);
  gpointer made = NULL;

  if (reply != NULL)
    made = result_from_reply (g_task_get_source_object (task), x->kind, reply, &error);
  if (made != NULL)
    g_task_return_pointer (task, made, x->kind->result_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * floe_exchange_run:
 * @self: (transfer full): what to ask
 * @transport: the way there
 * @token: (nullable): the log-in's
 * @tag: the public function that began it
 * @task: (transfer full): is returned from once
 */
void
floe_exchange_run (FloeExchange *self, FloeTransport *transport, FloeSecret *token, gpointer tag,
                   GTask *task)
{
  g_autoptr (GTask) owned = task;
  FloeCall call = { .method = self->method,
                    .path = self->path,
                    .body = self->body,
                    .if_match = self->if_match,
                    .key = self->key };

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, self, (GDestroyNotify)exchange_free);
  call.stream = self->kind->stream;
  call.again = self->kind->again;
  call.type = self->kind->type;
  call.token = self->kind->anonymous ? NULL : token;
  if (self->refused != NULL)
    g_task_return_error (task, g_steal_pointer (&self->refused));
  else if (!self->kind->anonymous && token == NULL)
    g_task_return_error (task, floe_client_error_new (FLOE_CLIENT_ERROR_UNAUTHENTICATED, NULL,
                                                      "nobody is logged in"));
  else
    floe_transport_send_async (transport, &call, g_task_get_cancellable (task), on_sent,
                               g_steal_pointer (&owned));
}

gpointer
floe_exchange_finish (gpointer source, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* For the #FloeDecode of calls whose answer is never empty. */
gboolean
floe_exchange_has_root (JsonNode *root, GError **error)
{
  if (root == NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed", "the answer is empty");
  return root != NULL;
}

/* A #FloeDecode of calls that are only done or not. */
gpointer
floe_exchange_decode_done (FloeBroker *broker, FloeReply *reply, JsonNode *root,
                           FloeJsonSecrets *secrets, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}
