/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-login.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-fault.h"
#include "manager/ovirt/engine-form.h"
#include "manager/ovirt/engine-json.h"

/* Tokens of an engine's single sign-on. */

#define LOGOUT_DEADLINE (10 * G_USEC_PER_SEC)

/* A password is escaped into the body directly, which is wiped when it was sent. */
static void
append_field (GString *body, const gchar *name, const gchar *value)
{
  if (body->len > 0)
    g_string_append_c (body, '&');
  g_string_append_printf (body, "%s=", name);
  for (const gchar *c = value; *c != '\0'; c++)
    if (g_ascii_isalnum (*c) || strchr ("-._", *c) != NULL)
      g_string_append_c (body, *c);
    else
      g_string_append_printf (body, "%%%02X", (guchar)*c);
}

static gsize
room_for (const FloeSecret *secret)
{
  gsize length = 0;

  if (secret != NULL)
    floe_secret_get (secret, &length);
  return 3 * length + 1;
}

/* With all the room that it will need: a buffer that grows leaves its old self behind. */
static GString *
write_form (const FloeEngineLogin *login)
{
  GString *body = g_string_sized_new (1024 + 3 * strlen (login->user) + room_for (login->password)
                                      + room_for (login->client_secret));

  append_field (body, "grant_type", "password");
  append_field (body, "username", login->user);
  if (login->password != NULL)
    {
      append_field (body, "scope", "ovirt-app-api");
      append_field (body, "password", floe_secret_get (login->password, NULL));
      return body;
    }
  append_field (body, "scope", "ovirt-app-api ovirt-ext=token:login-on-behalf");
  append_field (body, "client_id", login->client_id);
  append_field (body, "client_secret", floe_secret_get (login->client_secret, NULL));
  return body;
}

/**
 * floe_engine_message_new:
 *
 * Returns: (transfer full): a request that follows no redirection and asks nobody for a password;
 * or %NULL with %FLOE_ERROR_INVALID
 */
SoupMessage *
floe_engine_message_new (const gchar *method, const gchar *url, GError **error)
{
  SoupMessage *message = soup_message_new (method, url);

  if (message == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "%s is no URL", url);
      return NULL;
    }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
  return message;
}

/* Takes the token out of the answer without a second copy of it, and wipes the answer. */
static FloeSecret *
read_token (FloeEngineReply *reply, GError **error)
{
  g_autoptr (JsonNode) answer = floe_engine_json_parse (
      (const gchar *)reply->body->data, reply->body->len, reply->status == 200 ? error : NULL);
  const gchar *token;
  FloeSecret *secret = NULL;

  if (reply->status != 200)
    g_propagate_error (error, floe_engine_fault_of_login (reply->status, answer));
  else if (answer != NULL)
    {
      token = floe_engine_json_text (floe_engine_json_root (answer), "access_token");
      if (token != NULL && strlen (token) <= 4096 && strpbrk (token, "\r\n") == NULL)
        secret = floe_secret_new (token, -1);
      else
        floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down",
                               "the engine's log-in gives no token");
    }
  floe_wipe (reply->body->data, reply->body->len);
  return secret;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (FloeEngineReply) reply = floe_engine_form_post_finish (result, &error);
  FloeSecret *token = reply != NULL ? read_token (reply, &error) : NULL;

  if (token != NULL)
    g_task_return_pointer (task, token, (GDestroyNotify)floe_secret_unref);
  else
    g_task_return_error (task, error);
}

/**
 * floe_engine_login_async:
 *
 * Gets a token for somebody.
 */
void
floe_engine_login_async (SoupSession *session, const FloeEngineLogin *login, FloeClock *clock,
                         gint64 deadline, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  const FloeEngineForm form = { session, login->url, "/sso/oauth/token", write_form (login),
                                deadline };

  g_task_set_source_tag (task, floe_engine_login_async);
  floe_engine_form_post_async (&form, clock, cancellable, answered, task);
}

/**
 * floe_engine_login_finish:
 *
 * Returns: (transfer full): the token; or %NULL with %FLOE_ERROR_DENIED (reason "engine-login"), or
 *   as floe_engine_exchange_finish()
 */
FloeSecret *
floe_engine_login_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeEngineReply) reply = floe_engine_form_post_finish (result, &error);

  if (reply == NULL)
    g_debug ("a token was not ended: %s", error->message);
}

/**
 * floe_engine_logout:
 *
 * Ends a token, as far as the engine can be reached; it ends by itself after half an hour unused.
 */
void
floe_engine_logout (SoupSession *session, const gchar *url, FloeSecret *token, FloeClock *clock)
{
  const FloeEngineForm form = { session, url, "/services/sso-logout",
                                g_string_sized_new (256 + room_for (token)), LOGOUT_DEADLINE };

  append_field (form.fields, "scope", "ovirt-app-api");
  append_field (form.fields, "token", floe_secret_get (token, NULL));
  floe_engine_form_post_async (&form, clock, NULL, logged_out, NULL);
}
