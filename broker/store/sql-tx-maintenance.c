/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* What is looked for by every claim stands in the desktop's own row. */
static gboolean
mark (FloeTx *tx, const gchar *desktop_id, gint64 maintained, GError **error)
{
  return desktop_id == NULL
         || floe_sql_db_run (DB (tx), error, "UPDATE desktops SET maintenance = $2 WHERE id = $1",
                             "si", desktop_id, maintained);
}

static gboolean
delete_maintenance (FloeTx *tx, const gchar *desktop_id, const gchar *pool, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "DELETE FROM maintenance WHERE desktop_id = $1 OR pool = $2", "ss",
                          desktop_id, pool)
         && mark (tx, desktop_id, 0, error);
}

static gboolean
put_maintenance (FloeTx *tx, const FloeMaintenance *m, GError **error)
{
  return delete_maintenance (tx, m->desktop_id, m->pool, error)
         && floe_sql_db_run (DB (tx), error,
                             "INSERT INTO maintenance (desktop_id, pool, since, by, message, ends)"
                             " VALUES ($1, $2, $3, $4, $5, $6)",
                             "ssissi", m->desktop_id, m->pool, m->since, m->by, m->message, m->ends)
         && mark (tx, m->desktop_id, 1, error);
}

static gpointer
read_maintenance (FloeSqlRows *rows)
{
  FloeMaintenance *m =
      floe_maintenance_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1));

  m->since = floe_sql_rows_get_int (rows, 2);
  m->by = floe_sql_rows_dup_text (rows, 3);
  m->message = floe_sql_rows_dup_text (rows, 4);
  m->ends = floe_sql_rows_get_int (rows, 5);
  return m;
}

static gboolean
find_maintenance (FloeTx *tx, const gchar *desktop_id, const gchar *pool, FloeMaintenance **found,
                  GError **error)
{
  gpointer maintenance;
  gboolean ok = floe_sql_find_one (
      floe_sql_db_query (DB (tx), error,
                         "SELECT desktop_id, pool, since, by, message, ends FROM maintenance"
                         " WHERE desktop_id = $1 OR pool = $2",
                         "ss", desktop_id, pool),
      read_maintenance, &maintenance, error);

  *found = maintenance;
  return ok;
}

void
floe_sql_tx_maintenance_iface_init (FloeTxInterface *iface)
{
  iface->put_maintenance = put_maintenance;
  iface->find_maintenance = find_maintenance;
  iface->delete_maintenance = delete_maintenance;
}
