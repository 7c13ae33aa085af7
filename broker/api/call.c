/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/routes-parts.h"

#define MAX_MESSAGE_BYTES 256

/* How far ahead the end of somebody's sessions is planned. */
#define MAX_MINUTES (7 * 24 * 60)

/**
 * floe_api_get_helpdesk:
 *
 * Returns: (transfer none): whom what the staff do is asked of
 */
FloeHelpdesk *
floe_api_get_helpdesk (FloeApi *self)
{
  return floe_api_get_parts (self)->helpdesk;
}

FloeCall *
floe_call_new (FloeApi *api, FloeExchange *exchange)
{
  FloeCall *self = g_new (FloeCall, 1);

  self->api = g_object_ref (api);
  self->exchange = g_object_ref (exchange);
  return self;
}

void
floe_call_free (FloeCall *self)
{
  g_object_unref (self->exchange);
  g_object_unref (self->api);
  g_free (self);
}

/**
 * floe_call_take_body:
 *
 * Reads the body, which is wiped afterwards; none at all is malformed. What is secret in it is for
 * floe_call_take_secrets().
 *
 * Returns: (transfer full): as floe_json_reader_new()
 */
FloeJsonReader *
floe_call_take_body (FloeExchange *exchange, GError **error)
{
  g_autoptr (FloeSecret) body = floe_exchange_steal_body (exchange);
  gsize length = 0;
  const gchar *text = body != NULL ? floe_secret_get (body, &length) : "";

  return floe_json_reader_new (text, length, error);
}

/**
 * floe_call_take_body_or_none:
 *
 * As floe_call_take_body(), where a body may be left out: none at all says what an empty object
 * does.
 *
 * Returns: (transfer full): as floe_json_reader_new()
 */
FloeJsonReader *
floe_call_take_body_or_none (FloeExchange *exchange, GError **error)
{
  if (floe_exchange_get_request (exchange)->body != NULL)
    return floe_call_take_body (exchange, error);
  return floe_json_reader_new ("{}", 2, error);
}

/**
 * floe_call_take_secrets:
 * @fields: (array length=n_fields): the body's members; filled in, the caller's references
 *
 * Reads the body, which is wiped afterwards. A password is in the one secret that is handed on, and
 * nowhere else.
 *
 * Returns: whether it could be read; else the exchange is answered
 */
gboolean
floe_call_take_secrets (FloeExchange *exchange, FloeJsonSecret *fields, gsize n_fields)
{
  g_autoptr (FloeSecret) body = floe_exchange_steal_body (exchange);
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  const gchar *text = body != NULL ? floe_secret_get (body, &length) : "";

  if (floe_json_scan_secrets (text, length, fields, n_fields, &error))
    return TRUE;
  floe_exchange_answer_error (exchange, error);
  return FALSE;
}

/**
 * floe_call_take_reason:
 * @reason: (out) (transfer full) (nullable): what the body gives as one
 *
 * Reads a body with nothing but a reason in it, if there is one.
 *
 * Returns: %FALSE with %FLOE_ERROR_INVALID when there is something else
 */
gboolean
floe_call_take_reason (FloeExchange *exchange, gchar **reason, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body_or_none (exchange, error);

  if (reader == NULL)
    return FALSE;
  *reason = floe_body_read_reason (reader);
  return floe_json_reader_end (reader, error);
}

/**
 * floe_call_read_notice:
 * @message: (out) (transfer full) (nullable): what those are told who sit there
 * @minutes: (out): after how long their sessions are ended; 0 for never
 *
 * Reads what a body says of something that is not given out any more.
 */
void
floe_call_read_notice (FloeJsonReader *reader, gchar **message, guint *minutes)
{
  *message = floe_json_reader_get_string_or (reader, "message", MAX_MESSAGE_BYTES, NULL);
  *minutes = (guint)floe_json_reader_get_int_or (reader, "minutes", 0, MAX_MINUTES, 0);
}

/**
 * floe_call_take_notice:
 * @message: (out) (transfer full) (nullable): as floe_call_read_notice()
 * @minutes: (out): likewise
 * @reason: (out) (transfer full) (nullable): why
 *
 * Reads a body with nothing but these in it, if there is one.
 *
 * Returns: %FALSE with %FLOE_ERROR_INVALID when there is something else
 */
gboolean
floe_call_take_notice (FloeExchange *exchange, gchar **message, guint *minutes, gchar **reason,
                       GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body_or_none (exchange, error);

  if (reader == NULL)
    return FALSE;
  floe_call_read_notice (reader, message, minutes);
  *reason = floe_body_read_reason (reader);
  return floe_json_reader_end (reader, error);
}

/**
 * floe_call_write_grant:
 *
 * Writes that somebody is logged in. Their token goes into the body, or into the cookie, as they
 * wish.
 */
void
floe_call_write_grant (FloeCall *self, FloeJsonWriter *writer, const gchar *name,
                       const FloeGrant *grant)
{
  gboolean in_cookie = floe_exchange_get_request (self->exchange)->in_cookie;

  floe_body_write_grant (writer, name, grant, !in_cookie);
  if (in_cookie)
    floe_exchange_set_cookie (self->exchange, grant->token);
}

/**
 * floe_call_answer_grant:
 *
 * Answers that somebody is logged in.
 */
void
floe_call_answer_grant (FloeCall *self, const FloeGrant *grant)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_call_write_grant (self, writer, NULL, grant);
  floe_exchange_answer_json (self->exchange, 201, writer);
}

/**
 * floe_call_answer_done:
 * @done: whether it was done
 * @error: (nullable): why not
 *
 * Answers 204 or a problem.
 */
void
floe_call_answer_done (FloeCall *self, gboolean done, const GError *error)
{
  if (done)
    floe_exchange_answer (self->exchange, 204, NULL, NULL);
  else
    floe_exchange_answer_error (self->exchange, error);
}
