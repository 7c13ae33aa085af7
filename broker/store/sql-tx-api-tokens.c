/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/packed-strings.h"
#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

#define SELECT                                                                                     \
  "SELECT name, hash, role, pools, by, created, ends, last_used, last_address FROM api_tokens "

static gboolean
put_api_token (FloeTx *tx, const FloeApiToken *t, GError **error)
{
  g_autofree gchar *pools =
      t->pools != NULL ? floe_pack_strings ((const gchar *const *)t->pools) : NULL;

  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO api_tokens (name, hash, role, pools, by, created, ends, last_used)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
      "sssssii", t->name, t->hash, floe_role_name (t->role), pools, t->by, t->created, t->ends);
}

static gpointer
read_api_token (FloeSqlRows *rows)
{
  FloeApiToken *t = g_new0 (FloeApiToken, 1);
  const gchar *pools = floe_sql_rows_get_text (rows, 3);

  t->name = floe_sql_rows_dup_text (rows, 0);
  t->hash = floe_sql_rows_dup_text (rows, 1);
  /* What another version of this program called a role is none of ours. */
  if (!floe_role_from_name (floe_sql_rows_get_text (rows, 2), &t->role))
    t->role = FLOE_ROLE_USER;
  t->pools = pools != NULL ? floe_unpack_strings (pools) : NULL;
  t->by = floe_sql_rows_dup_text (rows, 4);
  t->created = floe_sql_rows_get_int (rows, 5);
  t->ends = floe_sql_rows_get_int (rows, 6);
  t->last_used = floe_sql_rows_get_int (rows, 7);
  t->last_address = floe_sql_rows_dup_text (rows, 8);
  return t;
}

static FloeApiToken *
get_api_token (FloeTx *tx, const gchar *hash, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error, SELECT "WHERE hash = $1", "s", hash),
                            read_api_token, "token", error);
}

static GPtrArray *
list_api_tokens (FloeTx *tx, GError **error)
{
  return floe_sql_read_all (floe_sql_db_query (DB (tx), error, SELECT "ORDER BY name", ""),
                            read_api_token, (GDestroyNotify)floe_api_token_free, error);
}

static gboolean
touch_api_token (FloeTx *tx, const gchar *name, gint64 now, const gchar *address, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "UPDATE api_tokens SET last_used = $2, last_address = $3"
                          " WHERE name = $1 AND last_used < $2",
                          "sis", name, now, address);
}

static gboolean
drop_api_token (FloeTx *tx, const gchar *name, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM api_tokens WHERE name = $1", "s", name);
}

void
floe_sql_tx_api_tokens_iface_init (FloeTxInterface *iface)
{
  iface->put_api_token = put_api_token;
  iface->get_api_token = get_api_token;
  iface->list_api_tokens = list_api_tokens;
  iface->touch_api_token = touch_api_token;
  iface->drop_api_token = drop_api_token;
}
