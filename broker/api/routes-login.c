/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies.h"
#include "api/routes-parts.h"

#define MAX_NAME_BYTES   256
#define MAX_DOMAIN_BYTES 256

/* More than any directory takes; a longer one is a mistake of a program, not of a person. */
#define MAX_PASSWORD_BYTES 1024

/* In base64: the 48,000 bytes that Windows makes at most, for people in very many groups. */
#define MAX_TICKET_BYTES 64000

#define BASE64_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static void
answer_error (const FloeCall *call, const GError *error)
{
  floe_exchange_answer_error (call->exchange, error);
}

/* Health. */

static void
write_managers (FloeJsonWriter *writer, FloeKeeper *keeper)
{
  g_auto (GStrv) hosts = floe_keeper_list_hosts (keeper);

  floe_json_writer_begin_array (writer, "managers");
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      floe_json_writer_begin_object (writer, NULL);
      floe_json_writer_string (writer, "name", hosts[i]);
      floe_json_writer_string (writer, "state",
                               floe_keeper_host_is_up (keeper, hosts[i]) ? "up" : "down");
      floe_json_writer_end_object (writer);
    }
  floe_json_writer_end_array (writer);
}

static void
answer_health (const FloeCall *call, gboolean to_staff)
{
  const FloeApiParts *parts = floe_api_get_parts (call->api);
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "status", "ok");
  floe_json_writer_string (writer, "version", FLOE_VERSION);
  if (to_staff)
    {
      floe_json_writer_string (writer, "directory",
                               floe_login_directory_is_up (parts->login) ? "up" : "down");
      write_managers (writer, parts->keeper);
    }
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

static void
on_health_authenticated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (FloeIdentity) identity =
      floe_login_authenticate_finish (FLOE_LOGIN (source), result, NULL);

  /* Whatever became of the token: health is for all. */
  answer_health (call, identity != NULL && floe_identity_is_staff (identity));
}

/* GET /health */
void
floe_route_health (FloeExchange *exchange, gpointer api)
{
  const FloeRequest *request = floe_exchange_get_request (exchange);
  g_autoptr (FloeCall) call = floe_call_new (api, exchange);

  if (request->token != NULL && floe_api_is_pass (request->token))
    floe_login_authenticate_async (floe_api_get_parts (api)->login, request->token, request->caller,
                                   floe_exchange_get_cancellable (exchange),
                                   on_health_authenticated, g_steal_pointer (&call));
  else
    answer_health (call, FALSE);
}

/* Logging in and out. */

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) challenge = NULL;
  g_autoptr (FloeGrant) grant =
      floe_login_log_in_finish (FLOE_LOGIN (source), result, &challenge, &error);
  g_autoptr (FloeProblem) problem = NULL;

  if (grant != NULL)
    {
      floe_call_answer_grant (call, grant);
      return;
    }
  if (challenge == NULL)
    {
      answer_error (call, error);
      return;
    }
  problem = floe_problem_new_for_error (error);
  problem->challenge = g_steal_pointer (&challenge);
  floe_exchange_answer_problem (call->exchange, problem);
}

/* GET /login: what the page that asks for a name may offer. All may ask, since nobody is logged in
 * there */
void
floe_route_login_domains (FloeExchange *exchange, gpointer api)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  const gchar *usual;
  g_auto (GStrv) domains = floe_login_list_domains (floe_api_get_parts (api)->login, &usual);

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_begin_array (writer, "domains");
  for (guint i = 0; domains[i] != NULL; i++)
    floe_json_writer_string (writer, NULL, domains[i]);
  floe_json_writer_end_array (writer);
  if (usual != NULL)
    floe_json_writer_string (writer, "default_domain", usual);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (exchange, 200, writer);
}

/* typed_name: out of the fields "username" and "domain" */
static FloeTypedName
typed_name (const FloeJsonSecret *name, const FloeJsonSecret *domain)
{
  return (FloeTypedName){ floe_secret_get (name->value, NULL),
                          domain->value != NULL ? floe_secret_get (domain->value, NULL) : NULL };
}

static void
drop_secrets (FloeJsonSecret *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    g_clear_pointer (&fields[i].value, floe_secret_unref);
}

/* POST /login */
void
floe_route_login (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret fields[] = { { "username", MAX_NAME_BYTES, NULL },
                              { "domain", MAX_DOMAIN_BYTES, NULL, TRUE },
                              { "password", MAX_PASSWORD_BYTES, NULL } };
  FloeTypedName who;

  if (!floe_call_take_secrets (exchange, fields, G_N_ELEMENTS (fields)))
    return;
  who = typed_name (&fields[0], &fields[1]);
  floe_login_log_in_async (floe_api_get_parts (api)->login, &who, fields[2].value,
                           floe_exchange_get_request (exchange)->caller,
                           floe_exchange_get_cancellable (exchange), on_logged_in,
                           floe_call_new (api, exchange));
  drop_secrets (fields, G_N_ELEMENTS (fields));
}

/* decode_base64: NULL when it is none. g_base64_decode() would pass over what is not of it. */
static FloeSecret *
decode_base64 (const FloeSecret *text)
{
  gsize length, decoded_length;
  const gchar *chars = floe_secret_get (text, &length);
  gsize n = strspn (chars, BASE64_CHARS);
  gchar *copy;

  if (length % 4 != 0 || n + 2 < length || strspn (chars + n, "=") != length - n)
    return NULL;
  copy = g_memdup2 (chars, length + 1);
  if (length == 0)
    decoded_length = 0;
  else
    g_base64_decode_inplace (copy, &decoded_length);
  floe_wipe (copy + decoded_length, length - decoded_length);
  return floe_secret_new_take (copy, decoded_length);
}

/* POST /login/kerberos: goes on when the peer does not wait */
void
floe_route_login_kerberos (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret field = { "token", MAX_TICKET_BYTES, NULL };
  g_autoptr (FloeSecret) text = NULL;
  g_autoptr (FloeSecret) ticket = NULL;
  g_autoptr (FloeProblem) problem = NULL;

  if (!floe_call_take_secrets (exchange, &field, 1))
    return;
  text = field.value;
  ticket = decode_base64 (text);
  if (ticket != NULL)
    {
      floe_login_log_in_with_ticket_async (floe_api_get_parts (api)->login, ticket,
                                           floe_exchange_get_request (exchange)->caller,
                                           on_logged_in, floe_call_new (api, exchange));
      return;
    }
  problem = floe_problem_new (FLOE_PROBLEM_INVALID, "token: expected base64");
  floe_exchange_answer_problem (exchange, problem);
}

static void
on_password_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_login_change_password_finish (FLOE_LOGIN (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /password: goes on when the peer does not wait */
void
floe_route_password (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret fields[] = { { "username", MAX_NAME_BYTES, NULL },
                              { "domain", MAX_DOMAIN_BYTES, NULL, TRUE },
                              { "password", MAX_PASSWORD_BYTES, NULL },
                              { "new_password", MAX_PASSWORD_BYTES, NULL } };
  FloeTypedName who;

  if (!floe_call_take_secrets (exchange, fields, G_N_ELEMENTS (fields)))
    return;
  who = typed_name (&fields[0], &fields[1]);
  floe_login_change_password_async (floe_api_get_parts (api)->login, &who, fields[2].value,
                                    fields[3].value, floe_exchange_get_request (exchange)->caller,
                                    on_password_changed, floe_call_new (api, exchange));
  drop_secrets (fields, G_N_ELEMENTS (fields));
}

static void
on_reconnected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) grant = floe_login_reconnect_finish (FLOE_LOGIN (source), result, &error);

  if (grant != NULL)
    floe_call_answer_grant (call, grant);
  else
    answer_error (call, error);
}

/* POST /reconnect */
void
floe_route_reconnect (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret field = { "reconnect_token", MAX_NAME_BYTES, NULL };
  g_autoptr (FloeSecret) token = NULL;
  g_autoptr (FloeProblem) problem = NULL;

  if (!floe_call_take_secrets (exchange, &field, 1))
    return;
  token = field.value;
  if (floe_api_is_token (token, "flr_"))
    {
      floe_login_reconnect_async (
          floe_api_get_parts (api)->login, token, floe_exchange_get_request (exchange)->caller,
          floe_exchange_get_cancellable (exchange), on_reconnected, floe_call_new (api, exchange));
      return;
    }
  problem = floe_problem_new (FLOE_PROBLEM_UNAUTHENTICATED, "this is not a reconnect token");
  floe_exchange_answer_problem (exchange, problem);
}

static void
on_logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;

  if (floe_exchange_get_request (call->exchange)->in_cookie)
    {
      g_autoptr (FloeSecret) none = floe_secret_new ("", 0);

      floe_exchange_set_cookie (call->exchange, none);
    }
  if (floe_login_log_out_finish (FLOE_LOGIN (source), result, &error))
    floe_exchange_answer (call->exchange, 204, NULL, NULL);
  else
    answer_error (call, error);
}

/* POST /logout: goes on when the peer does not wait */
void
floe_route_logout (FloeExchange *exchange, gpointer api)
{
  floe_login_log_out_async (floe_api_get_parts (api)->login, floe_exchange_get_identity (exchange),
                            NULL, on_logged_out, floe_call_new (api, exchange));
}

/* Who am I, and what may I open? */

static void
answer_pools (GObject *source, GAsyncResult *result, gpointer data, gboolean with_user)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) views =
      floe_assigner_list_pools_finish (FLOE_ASSIGNER (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;
  const FloeIdentity *identity = floe_exchange_get_identity (call->exchange);

  if (views == NULL)
    {
      answer_error (call, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  if (with_user)
    floe_body_write_user (writer, "user", identity);
  floe_body_write_pools (writer, "pools", views, identity->user->id);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

static void
on_me (GObject *source, GAsyncResult *result, gpointer data)
{
  answer_pools (source, result, data, TRUE);
}

static void
on_pools (GObject *source, GAsyncResult *result, gpointer data)
{
  answer_pools (source, result, data, FALSE);
}

/* GET /me */
void
floe_route_me (FloeExchange *exchange, gpointer api)
{
  floe_assigner_list_pools_async (
      floe_api_get_parts (api)->assigner, floe_exchange_get_identity (exchange),
      floe_exchange_get_cancellable (exchange), on_me, floe_call_new (api, exchange));
}

/* GET /pools */
void
floe_route_pools (FloeExchange *exchange, gpointer api)
{
  floe_assigner_list_pools_async (
      floe_api_get_parts (api)->assigner, floe_exchange_get_identity (exchange),
      floe_exchange_get_cancellable (exchange), on_pools, floe_call_new (api, exchange));
}
