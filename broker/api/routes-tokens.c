/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"
#include "api/json-write.h"
#include "api/paging.h"
#include "core/helpdesk-tokens.h"

#define MAX_WORD_BYTES 64
#define MAX_POOLS      64

static void
write_facts (FloeJsonWriter *writer, const FloeApiToken *t)
{
  floe_json_writer_string (writer, "name", t->name);
  floe_json_writer_string (writer, "role", floe_role_name (t->role));
  if (t->pools != NULL)
    floe_json_writer_strings (writer, "pools", (const gchar *const *)t->pools);
  else
    floe_json_writer_null (writer, "pools");
  floe_json_writer_string (writer, "by", t->by);
  floe_json_writer_time (writer, "created_at", t->created);
  floe_json_writer_moment (writer, "ends_at", t->ends);
  floe_json_writer_moment (writer, "last_used_at", t->last_used);
  floe_json_writer_string (writer, "last_address", t->last_address);
}

static void
write_row (FloeJsonWriter *writer, gconstpointer row)
{
  floe_json_writer_begin_object (writer, NULL);
  write_facts (writer, row);
  floe_json_writer_end_object (writer);
}

static const gchar *
name_of (gconstpointer row)
{
  return ((const FloeApiToken *)row)->name;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      floe_helpdesk_list_tokens_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer_whole (call, rows, "tokens", name_of, write_row, error);
}

/* GET /admin/tokens */
void
floe_route_admin_tokens (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_tokens_async (floe_api_get_helpdesk (api),
                                   floe_exchange_get_cancellable (exchange), on_listed,
                                   floe_call_new (api, exchange));
}

static FloeApiToken *
read_token (FloeExchange *exchange, guint *days, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autofree gchar *name = NULL;
  g_autofree gchar *role_name = NULL;
  g_auto (GStrv) pools = NULL;
  FloeRole role = FLOE_ROLE_USER;

  if (reader == NULL)
    return NULL;
  name = floe_json_reader_get_string (reader, "name", MAX_WORD_BYTES);
  role_name = floe_json_reader_get_string (reader, "role", MAX_WORD_BYTES);
  if (role_name != NULL && !floe_role_from_name (role_name, &role))
    floe_json_reader_refuse (reader, "role", "expected helpdesk, auditor, operator or admin");
  if (floe_json_reader_has (reader, "pools"))
    pools = floe_json_reader_get_strings (reader, "pools", MAX_POOLS, MAX_WORD_BYTES);
  *days = (guint)floe_json_reader_get_int_or (reader, "days", 1, FLOE_API_TOKEN_MAX_DAYS, 0);
  return floe_json_reader_end (reader, error)
             ? floe_api_token_new (name, role, (const gchar *const *)pools)
             : NULL;
}

typedef struct
{
  FloeCall *call;
  FloeSecret *secret;
} Making;

static void
making_free (Making *making)
{
  floe_call_free (making->call);
  floe_secret_unref (making->secret);
  g_free (making);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Making, making_free)

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Making) making = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeApiToken) token =
      floe_helpdesk_add_token_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (token == NULL)
    {
      floe_exchange_answer_error (making->call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_secret (writer, "token", making->secret);
  write_facts (writer, token);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (making->call->exchange, 201, writer);
}

/* POST /admin/tokens: goes on when the peer does not wait; then nobody has it, and it is to be
 * removed */
void
floe_route_admin_token_add (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  guint days = 0;
  g_autoptr (FloeApiToken) token = read_token (exchange, &days, &error);
  Making *making;

  if (token == NULL)
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  making = g_new0 (Making, 1);
  making->call = floe_call_new (api, exchange);
  making->secret = floe_api_token_new_secret ();
  token->hash = floe_secret_hash (making->secret);
  floe_helpdesk_add_token_async (floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
                                 token, days, on_added, making);
}

static void
on_dropped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_drop_token_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* DELETE /admin/tokens/{}: goes on when the peer does not wait */
void
floe_route_admin_token_drop (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_drop_token_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), on_dropped, floe_call_new (api, exchange));
}
