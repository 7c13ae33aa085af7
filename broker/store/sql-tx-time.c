/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
get_time (FloeTx *tx, FloeKeptTime *kept, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error, "SELECT boot, base, ahead, seen FROM kept_time WHERE one = 1", "");
  gboolean row;

  *kept = (FloeKeptTime){ "" };
  if (rows == NULL || !floe_sql_rows_next (rows, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  g_strlcpy (kept->boot, floe_sql_rows_get_text (rows, 0), sizeof kept->boot);
  kept->base = floe_sql_rows_get_int (rows, 1);
  kept->ahead = floe_sql_rows_get_int (rows, 2);
  kept->seen = floe_sql_rows_get_int (rows, 3);
  return TRUE;
}

static gboolean
put_time (FloeTx *tx, const FloeKeptTime *kept, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO kept_time (one, boot, base, ahead, seen)"
                          " VALUES (1, $1, $2, $3, $4)"
                          " ON CONFLICT (one) DO UPDATE SET boot = $1, base = $2, ahead = $3,"
                          " seen = $4",
                          "siii", kept->boot, kept->base, kept->ahead, kept->seen);
}

void
floe_sql_tx_time_iface_init (FloeTxInterface *iface)
{
  iface->get_time = get_time;
  iface->put_time = put_time;
}
