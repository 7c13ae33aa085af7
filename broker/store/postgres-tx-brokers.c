/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-tx.h"

#define DB(tx)     (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))
#define ORIGIN(tx) (floe_postgres_db_get_origin (floe_postgres_tx_get_db (FLOE_POSTGRES_TX (tx))))

/* The database's clock, in microseconds since 1970 UTC: brokers' own may differ. */
#define NOW "(extract (epoch FROM clock_timestamp ()) * 1000000)::BIGINT"

/* How long a transaction may take from its entry in the feed to its commit, at the very most. */
#define ON_ITS_WAY "15000000"

/* One that would last longer than any was taken before the clock was set back. It ends as if it had
 * been taken now: who has it is there, and prolongs it, or has gone. */
static gboolean
cut_lead (FloeTx *tx, gint64 microseconds, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "UPDATE lead SET until = " NOW " + $1 WHERE until > " NOW " + $1", "i",
                          microseconds);
}

static gboolean
take_lead (FloeTx *tx, const gchar *broker, gint64 microseconds, gint64 *epoch, GError **error)
{
  return floe_sql_read_int (
             floe_sql_db_query (
                 DB (tx), error,
                 "INSERT INTO lead AS l (id, broker, epoch, until) VALUES (1, $1, 1, " NOW " + $2)"
                 " ON CONFLICT (id) DO UPDATE SET broker = $1, until = " NOW " + $2,"
                 " epoch = CASE WHEN l.broker = $1 THEN l.epoch ELSE l.epoch + 1 END"
                 " WHERE l.broker = $1 OR l.until <= " NOW " RETURNING epoch",
                 "si", broker, microseconds),
             epoch, error)
         && (*epoch != 0 || cut_lead (tx, microseconds, error));
}

static gboolean
get_date (FloeTx *tx, gint64 *date, GError **error)
{
  return floe_sql_read_int (floe_sql_db_query (DB (tx), error, "SELECT " NOW, ""), date, error);
}

static gboolean
put_feed (FloeTx *tx, const gchar *kind, const gchar *subject, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error, "INSERT INTO feed (kind, subject, at, origin) VALUES ($1, $2, " NOW ", $3)",
      "ssi", kind, subject, ORIGIN (tx));
}

static GPtrArray *
list_feed (FloeTx *tx, gint64 after, guint limit, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_feed_entry_free);
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT seq, kind, subject, origin FROM feed WHERE seq > $1 ORDER BY seq LIMIT $2", "ii",
      after, (gint64)limit);
  gboolean row = rows != NULL;

  while (row)
    {
      FloeFeedEntry *entry;

      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (!row)
        break;
      entry =
          floe_feed_entry_new (floe_sql_rows_get_int (rows, 0), floe_sql_rows_get_text (rows, 1),
                               floe_sql_rows_get_text (rows, 2));
      entry->own = floe_sql_rows_get_int (rows, 3) == ORIGIN (tx);
      g_ptr_array_add (list, entry);
    }
  return rows != NULL ? g_steal_pointer (&list) : NULL;
}

/* Behind what nothing can come any more; what is younger is told, maybe once more. */
static gboolean
get_feed_end (FloeTx *tx, gint64 *seq, GError **error)
{
  return floe_sql_read_int (
      floe_sql_db_query (DB (tx), error,
                         "SELECT coalesce ((SELECT max (seq) FROM feed WHERE at < " NOW
                         " - " ON_ITS_WAY "),"
                         " (SELECT min (seq) - 1 FROM feed), 0)",
                         ""),
      seq, error);
}

/* The newest entry stays: it tells where the end is. */
static gboolean
prune_feed (FloeTx *tx, gint64 before, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "DELETE FROM feed WHERE at < $1 AND seq < (SELECT max (seq) FROM feed)",
                          "i", before);
}

void
floe_postgres_tx_brokers_iface_init (FloeTxInterface *iface)
{
  iface->take_lead = take_lead;
  iface->get_date = get_date;
  iface->put_feed = put_feed;
  iface->list_feed = list_feed;
  iface->get_feed_end = get_feed_end;
  iface->prune_feed = prune_feed;
}
