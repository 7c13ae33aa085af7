/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* One file has one broker: it leads, and there is nobody to tell. */

static gboolean
take_lead (FloeTx *tx, const gchar *broker, gint64 microseconds, gint64 *epoch, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO lead (id, broker, epoch) VALUES (1, $1, 1)"
                          " ON CONFLICT (id) DO UPDATE SET broker = $1, epoch = epoch + 1"
                          " WHERE broker <> $1",
                          "s", broker)
         && floe_sql_read_int (
             floe_sql_db_query (DB (tx), error, "SELECT epoch FROM lead WHERE id = 1", ""), epoch,
             error);
}

/* The machine's is all that there is. */
static gboolean
get_date (FloeTx *tx, gint64 *date, GError **error)
{
  *date = 0;
  return TRUE;
}

static gboolean
put_feed (FloeTx *tx, const gchar *kind, const gchar *subject, GError **error)
{
  return TRUE;
}

static GPtrArray *
list_feed (FloeTx *tx, gint64 after, guint limit, GError **error)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)floe_feed_entry_free);
}

static gboolean
get_feed_end (FloeTx *tx, gint64 *seq, GError **error)
{
  *seq = 0;
  return TRUE;
}

static gboolean
prune_feed (FloeTx *tx, gint64 before, GError **error)
{
  return TRUE;
}

void
floe_sqlite_tx_brokers_iface_init (FloeTxInterface *iface)
{
  iface->take_lead = take_lead;
  iface->get_date = get_date;
  iface->put_feed = put_feed;
  iface->list_feed = list_feed;
  iface->get_feed_end = get_feed_end;
  iface->prune_feed = prune_feed;
}
