/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* What machines that are off, or gone, were long ago is of no use. */
#define BOOT_KEPT (30 * G_TIME_SPAN_DAY)

/* get_row: of one row with two numbers; they stay as they are where there is none */
static gboolean
get_row (FloeSqlRows *rows, gint64 *first, gint64 *second, gboolean *found, GError **error)
{
  g_autoptr (FloeSqlRows) all = rows;

  if (all == NULL || !floe_sql_rows_next (all, found, error))
    return FALSE;
  if (*found)
    *first = floe_sql_rows_get_int (all, 0);
  if (*found)
    *second = floe_sql_rows_get_int (all, 1);
  return TRUE;
}

static gboolean
get_time (FloeTx *tx, const gchar *boot, FloeKeptTime *kept, GError **error)
{
  gint64 seen;

  *kept = (FloeKeptTime){ 0 };
  return get_row (floe_sql_db_query (DB (tx), error,
                                     "SELECT ahead, seen FROM kept_time WHERE one = 1", ""),
                  &kept->ahead, &kept->seen, &kept->is_known, error)
         && get_row (floe_sql_db_query (DB (tx), error,
                                        "SELECT base, seen FROM boots WHERE boot = $1", "s", boot),
                     &kept->base, &seen, &kept->has_base, error);
}

static gboolean
put_time (FloeTx *tx, const FloeKeptTime *kept, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO kept_time (one, ahead, seen) VALUES (1, $1, $2)"
                          " ON CONFLICT (one) DO UPDATE SET ahead = $1, seen = $2",
                          "ii", kept->ahead, kept->seen);
}

static gboolean
put_boot (FloeTx *tx, const gchar *boot, const FloeKeptTime *kept, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM boots WHERE seen < $1", "i",
                          kept->seen - BOOT_KEPT)
         && floe_sql_db_run (DB (tx), error,
                             "INSERT INTO boots (boot, base, seen) VALUES ($1, $2, $3)"
                             " ON CONFLICT (boot) DO UPDATE SET base = $2, seen = $3",
                             "sii", boot, kept->base, kept->seen);
}

void
floe_sql_tx_time_iface_init (FloeTxInterface *iface)
{
  iface->get_time = get_time;
  iface->put_time = put_time;
  iface->put_boot = put_boot;
}
