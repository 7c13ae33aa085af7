/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static GPtrArray *
list_trail (FloeTx *tx, gint64 after, gint64 last, guint limit, GError **error)
{
  return floe_sql_read_all (floe_sql_db_query (DB (tx), error,
                                               FLOE_SQL_SELECT_AUDIT
                                               "WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3",
                                               "iii", after, last, (gint64)limit),
                            floe_sql_read_audit, (GDestroyNotify)floe_audit_free, error);
}

static gboolean
count_trail (FloeTx *tx, gint64 after, gint64 *n, gint64 *first, gint64 *last, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT count (*), coalesce (min (id), 0), coalesce (max (id), 0) FROM audit WHERE id > $1",
      "i", after);
  gboolean row;

  if (rows == NULL || !floe_sql_rows_next (rows, &row, error))
    return FALSE;
  *n = floe_sql_rows_get_int (rows, 0);
  *first = floe_sql_rows_get_int (rows, 1);
  *last = floe_sql_rows_get_int (rows, 2);
  return TRUE;
}

static gboolean
put_seal (FloeTx *tx, const FloeTrailSeal *seal, GError **error)
{
  return floe_sql_db_run_or_conflict (
      DB (tx), error, "that seal is there already",
      "INSERT INTO audit_seals (number, first, last, at, keyed, marks, hash)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)",
      "iiiiiss", seal->number, seal->first, seal->last, seal->at, (gint64)seal->keyed, seal->marks,
      seal->hash);
}

static gpointer
read_seal (FloeSqlRows *rows)
{
  FloeTrailSeal *seal = floe_trail_seal_new (floe_sql_rows_get_int (rows, 0));

  seal->first = floe_sql_rows_get_int (rows, 1);
  seal->last = floe_sql_rows_get_int (rows, 2);
  seal->at = floe_sql_rows_get_int (rows, 3);
  seal->keyed = floe_sql_rows_get_int (rows, 4) != 0;
  seal->marks = floe_sql_rows_dup_text (rows, 5);
  seal->hash = floe_sql_rows_dup_text (rows, 6);
  return seal;
}

#define SEALS "SELECT number, first, last, at, keyed, marks, hash FROM audit_seals "

static GPtrArray *
list_seals (FloeTx *tx, gint64 after, guint limit, GError **error)
{
  return floe_sql_read_all (floe_sql_db_query (DB (tx), error,
                                               SEALS "WHERE number > $1 ORDER BY number LIMIT $2",
                                               "ii", after, (gint64)limit),
                            read_seal, (GDestroyNotify)floe_trail_seal_free, error);
}

static gboolean
find_last_seal (FloeTx *tx, FloeTrailSeal **seal, GError **error)
{
  gpointer found;
  gboolean ok = floe_sql_find_one (
      floe_sql_db_query (DB (tx), error, SEALS "ORDER BY number DESC LIMIT 1", ""), read_seal,
      &found, error);

  *seal = found;
  return ok;
}

void
floe_sql_tx_seals_iface_init (FloeTxInterface *iface)
{
  iface->list_trail = list_trail;
  iface->count_trail = count_trail;
  iface->put_seal = put_seal;
  iface->list_seals = list_seals;
  iface->find_last_seal = find_last_seal;
}
