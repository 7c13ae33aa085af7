/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gpointer
read_token (FloeSqlRows *rows)
{
  FloeEngineToken *token = g_new0 (FloeEngineToken, 1);

  token->user_id = floe_sql_rows_dup_text (rows, 0);
  token->manager = floe_sql_rows_dup_text (rows, 1);
  token->sealed = floe_sql_rows_dup_text (rows, 2);
  return token;
}

static gboolean
put_engine_token (FloeTx *tx, const FloeEngineToken *token, gint64 now, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO engine_tokens (user_id, manager, sealed, fresh)"
                          " VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, manager)"
                          " DO UPDATE SET sealed = $3, fresh = $4",
                          "sssi", token->user_id, token->manager, token->sealed, now);
}

static FloeEngineToken *
get_engine_token (FloeTx *tx, const gchar *user_id, const gchar *manager, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error,
                                               "SELECT user_id, manager, sealed FROM engine_tokens"
                                               " WHERE user_id = $1 AND manager = $2",
                                               "ss", user_id, manager),
                            read_token, "token of an engine", error);
}

#define THIS " WHERE user_id = $1 AND manager = $2 AND sealed = $3"

static gboolean
confirm_engine_token (FloeTx *tx, const FloeEngineToken *token, gint64 now, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "UPDATE engine_tokens SET fresh = $4" THIS, "sssi",
                          token->user_id, token->manager, token->sealed, now);
}

static gboolean
delete_engine_token (FloeTx *tx, const FloeEngineToken *token, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM engine_tokens" THIS, "sss", token->user_id,
                          token->manager, token->sealed);
}

#define TAKE_IDLE "DELETE FROM engine_tokens WHERE "
#define TAKEN     " RETURNING user_id, manager, sealed"

/* Tokens have no index by whose they are: each is looked at once, and none where somebody who logs
 * out has nothing at an engine. */
static FloeSqlRows *
query_idle (FloeTx *tx, const gchar *user_id, gint64 before, GError **error)
{
  if (user_id != NULL)
    return floe_sql_db_query (DB (tx), error,
                              TAKE_IDLE "user_id = $1 AND fresh <= $2 AND NOT EXISTS"
                                        " (SELECT 1 FROM tokens WHERE user_id = $1)" TAKEN,
                              "si", user_id, before);
  return floe_sql_db_query (
      DB (tx), error, TAKE_IDLE "fresh <= $1 AND user_id NOT IN (SELECT user_id FROM tokens)" TAKEN,
      "i", before);
}

static GPtrArray *
take_idle_engine_tokens (FloeTx *tx, const gchar *user_id, gint64 before, GError **error)
{
  return floe_sql_read_all (query_idle (tx, user_id, before, error), read_token,
                            (GDestroyNotify)floe_engine_token_free, error);
}

static GPtrArray *
renew_engine_tokens (FloeTx *tx, gint64 before, gint64 fresh, guint limit, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (
          DB (tx), error,
          "UPDATE engine_tokens SET fresh = $2 WHERE fresh <= $1 AND (user_id, manager)"
          " IN (SELECT user_id, manager FROM engine_tokens WHERE fresh <= $1"
          " ORDER BY fresh LIMIT $3)" TAKEN,
          "iii", before, fresh, (gint64)limit),
      read_token, (GDestroyNotify)floe_engine_token_free, error);
}

void
floe_sql_tx_engine_tokens_iface_init (FloeTxInterface *iface)
{
  iface->put_engine_token = put_engine_token;
  iface->get_engine_token = get_engine_token;
  iface->confirm_engine_token = confirm_engine_token;
  iface->delete_engine_token = delete_engine_token;
  iface->take_idle_engine_tokens = take_idle_engine_tokens;
  iface->renew_engine_tokens = renew_engine_tokens;
}
