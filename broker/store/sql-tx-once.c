/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
begin_once (FloeTx *tx, const FloeOnce *once, gboolean *fresh, GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (DB (tx), error,
                         "INSERT INTO acts_once (actor, key, print, at, status, secret)"
                         " VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (actor, key) DO NOTHING"
                         " RETURNING status",
                         "sssi", once->actor, once->key, once->print, once->at),
      fresh, error);
}

static gpointer
read_once (FloeSqlRows *rows)
{
  FloeOnce *once =
      floe_once_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1),
                     floe_sql_rows_get_text (rows, 2));

  once->at = floe_sql_rows_get_int (rows, 3);
  once->status = (guint)floe_sql_rows_get_int (rows, 4);
  once->type = floe_sql_rows_dup_text (rows, 5);
  once->body = floe_sql_rows_dup_text (rows, 6);
  once->secret = floe_sql_rows_get_int (rows, 7) != 0;
  return once;
}

static FloeOnce *
get_once (FloeTx *tx, const gchar *actor, const gchar *key, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (DB (tx), error,
                         "SELECT actor, key, print, at, status, type, body, secret FROM acts_once"
                         " WHERE actor = $1 AND key = $2",
                         "ss", actor, key),
      read_once, "act", error);
}

static gboolean
end_once (FloeTx *tx, const FloeOnce *once, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "UPDATE acts_once SET status = $3, type = $4, body = $5, secret = $6"
                          " WHERE actor = $1 AND key = $2",
                          "ssissi", once->actor, once->key, (gint64)once->status, once->type,
                          once->body, (gint64)once->secret);
}

static gboolean
drop_once (FloeTx *tx, const gchar *actor, const gchar *key, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM acts_once WHERE actor = $1 AND key = $2",
                          "ss", actor, key);
}

static gboolean
prune_once (FloeTx *tx, gint64 before, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM acts_once WHERE at < $1", "i", before);
}

void
floe_sql_tx_once_iface_init (FloeTxInterface *iface)
{
  iface->begin_once = begin_once;
  iface->get_once = get_once;
  iface->end_once = end_once;
  iface->drop_once = drop_once;
  iface->prune_once = prune_once;
}
