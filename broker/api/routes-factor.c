/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/routes-parts.h"

#define MAX_CHALLENGE_BYTES 256

/* A recovery code with all of its dashes, and somebody's spaces. */
#define MAX_CODE_BYTES 64

static FloeLogin *
login_of (FloeApi *api)
{
  return floe_api_get_parts (api)->login;
}

/* take_fields: with a challenge that has the form of one, if there is one */
static gboolean
take_fields (FloeExchange *exchange, FloeJsonSecret *fields, gsize n_fields)
{
  g_autoptr (FloeProblem) problem = NULL;

  if (!floe_call_take_secrets (exchange, fields, n_fields))
    return FALSE;
  if (!g_str_equal (fields[0].name, "challenge") || floe_api_is_token (fields[0].value, "flc_"))
    return TRUE;
  for (gsize i = 0; i < n_fields; i++)
    floe_secret_unref (fields[i].value);
  problem = floe_problem_new (FLOE_PROBLEM_UNAUTHENTICATED, "this is not a challenge");
  floe_exchange_answer_problem (exchange, problem);
  return FALSE;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) grant = floe_login_answer_finish (FLOE_LOGIN (source), result, &error);

  if (grant != NULL)
    floe_call_answer_grant (call, grant);
  else
    floe_exchange_answer_error (call->exchange, error);
}

/* POST /login/code: goes on when the peer does not wait */
void
floe_route_login_code (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret fields[] = { { "challenge", MAX_CHALLENGE_BYTES, NULL },
                              { "code", MAX_CODE_BYTES, NULL } };

  if (!take_fields (exchange, fields, G_N_ELEMENTS (fields)))
    return;
  floe_login_answer_async (login_of (api), fields[0].value, fields[1].value,
                           floe_exchange_get_request (exchange)->caller, on_answered,
                           floe_call_new (api, exchange));
  floe_secret_unref (fields[0].value);
  floe_secret_unref (fields[1].value);
}

/* Enrolling, in a log-in that needs it or in one that is done. */

static void
on_begun (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeFactorOffer) offer = floe_login_enrol_finish (FLOE_LOGIN (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (offer == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_secret (writer, "secret", offer->secret);
  floe_json_writer_secret (writer, "uri", offer->uri);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* POST /login/enrol: goes on when the peer does not wait */
void
floe_route_login_enrol (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret field = { "challenge", MAX_CHALLENGE_BYTES, NULL };

  if (!take_fields (exchange, &field, 1))
    return;
  floe_login_enrol_async (login_of (api), field.value, NULL,
                          floe_exchange_get_request (exchange)->caller, on_begun,
                          floe_call_new (api, exchange));
  floe_secret_unref (field.value);
}

/* POST /second-factor/begin: goes on when the peer does not wait */
void
floe_route_factor_begin (FloeExchange *exchange, gpointer api)
{
  const FloeIdentity *identity = floe_exchange_get_identity (exchange);

  floe_login_enrol_async (login_of (api), NULL, identity, identity->caller, on_begun,
                          floe_call_new (api, exchange));
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeFactorReceipt) receipt =
      floe_login_confirm_finish (FLOE_LOGIN (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (receipt == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_begin_array (writer, "recovery_codes");
  for (guint i = 0; i < receipt->codes->len; i++)
    floe_json_writer_secret (writer, NULL, receipt->codes->pdata[i]);
  floe_json_writer_end_array (writer);
  if (receipt->grant != NULL)
    floe_call_write_grant (call, writer, "login", receipt->grant);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, receipt->grant != NULL ? 201 : 200, writer);
}

/* POST /login/enrol/confirm: goes on when the peer does not wait */
void
floe_route_login_confirm (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret fields[] = { { "challenge", MAX_CHALLENGE_BYTES, NULL },
                              { "code", MAX_CODE_BYTES, NULL } };

  if (!take_fields (exchange, fields, G_N_ELEMENTS (fields)))
    return;
  floe_login_confirm_async (login_of (api), fields[0].value, NULL, fields[1].value,
                            floe_exchange_get_request (exchange)->caller, on_confirmed,
                            floe_call_new (api, exchange));
  floe_secret_unref (fields[0].value);
  floe_secret_unref (fields[1].value);
}

/* POST /second-factor/confirm: goes on when the peer does not wait */
void
floe_route_factor_confirm (FloeExchange *exchange, gpointer api)
{
  const FloeIdentity *identity = floe_exchange_get_identity (exchange);
  FloeJsonSecret field = { "code", MAX_CODE_BYTES, NULL };

  if (!take_fields (exchange, &field, 1))
    return;
  floe_login_confirm_async (login_of (api), NULL, identity, field.value, identity->caller,
                            on_confirmed, floe_call_new (api, exchange));
  floe_secret_unref (field.value);
}

/* Ending it. */

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_login_end_factor_finish (FLOE_LOGIN (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /second-factor/end: goes on when the peer does not wait */
void
floe_route_factor_end (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret field = { "code", MAX_CODE_BYTES, NULL };

  if (!take_fields (exchange, &field, 1))
    return;
  floe_login_end_factor_async (login_of (api), floe_exchange_get_identity (exchange), field.value,
                               on_ended, floe_call_new (api, exchange));
  floe_secret_unref (field.value);
}

static void
on_reset (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_login_reset_factor_finish (FLOE_LOGIN (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/users/{}/second-factor/reset: goes on when the peer does not wait */
void
floe_route_admin_factor_reset (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reason = NULL;

  if (!floe_call_take_reason (exchange, &reason, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_login_reset_factor_async (login_of (api), floe_exchange_get_identity (exchange),
                                 floe_exchange_get_segment (exchange), reason, on_reset,
                                 floe_call_new (api, exchange));
}
