/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_visit (FloeTx *tx, const FloeVisit *visit, GError **error)
{
  g_autofree gchar *took = floe_visit_pack (visit);

  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO visits (user_id, kind, at, pool, desktop, took)"
                          " SELECT id, $2, $3, $4, $5, $6 FROM users WHERE id = $1"
                          " ON CONFLICT (user_id, kind) DO UPDATE SET at = excluded.at,"
                          " pool = excluded.pool, desktop = excluded.desktop, took = excluded.took",
                          "siisss", visit->user_id, (gint64)visit->kind, visit->at, visit->pool,
                          visit->desktop, took);
}

static gpointer
read_visit (FloeSqlRows *rows)
{
  FloeVisit *visit = g_new0 (FloeVisit, 1);

  visit->user_id = floe_sql_rows_dup_text (rows, 0);
  visit->kind = (FloeVisitKind)floe_sql_rows_get_int (rows, 1);
  visit->at = floe_sql_rows_get_int (rows, 2);
  visit->pool = floe_sql_rows_dup_text (rows, 3);
  visit->desktop = floe_sql_rows_dup_text (rows, 4);
  floe_visit_unpack (visit, floe_sql_rows_get_text (rows, 5));
  return visit;
}

static GPtrArray *
list_visits (FloeTx *tx, const gchar *user_id, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT user_id, kind, at, pool, desktop, took FROM visits"
                         " WHERE user_id = $1 ORDER BY kind",
                         "s", user_id),
      read_visit, (GDestroyNotify)floe_visit_free, error);
}

void
floe_sql_tx_visits_iface_init (FloeTxInterface *iface)
{
  iface->put_visit = put_visit;
  iface->list_visits = list_visits;
}
