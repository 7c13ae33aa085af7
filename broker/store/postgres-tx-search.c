/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-tx.h"

#include "store/sql-desktop-rows.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))
#define SELECT FLOE_SQL_SELECT_DESKTOPS
#define FREE   FLOE_SQL_SELECT_FREE_DESKTOP ("")

/* For somebody who has nothing yet, where nobody waits: then what it locks is theirs, and nothing
 * else will be locked for them that somebody might hold who wants this one. It is where their data
 * is, also when the pool has shared storage by now: one that is elsewhere is then found without
 * this. */
static const gchar first_free[] = FLOE_SQL_SELECT_FREE_DESKTOP (
    " AND NOT EXISTS (SELECT 1 FROM leases WHERE holder = $6)"
    " AND NOT EXISTS (SELECT 1 FROM waits WHERE pool = $1)") " FOR UPDATE OF d SKIP LOCKED";

void
floe_postgres_expect_free_desktop (FloeTx *tx, const gchar *pool, const gchar *user_id, gint64 now)
{
  FloePostgresDb *db = floe_postgres_tx_get_db (FLOE_POSTGRES_TX (tx));

  if (floe_sql_tx_locks (FLOE_SQL_TX (tx)))
    floe_postgres_db_keep_ahead (db, floe_sql_db_query (DB (tx), NULL, first_free, "sssiis", pool,
                                                        "clean", "on", now, (gint64)1, user_id));
}

/* take_expected: whether the expected one was found, which is what any kind of pool lends first */
static gboolean
take_expected (FloeTx *tx, const FloePool *pool, gint64 now, FloeDesktop **desktop, GError **error)
{
  FloePostgresDb *db = floe_postgres_tx_get_db (FLOE_POSTGRES_TX (tx));
  FloeSqlRows *rows = floe_postgres_db_take_ahead (db, first_free, "sssii", pool->name, "clean",
                                                   "on", now, (gint64)1);
  gpointer found = NULL;
  gboolean ok = rows == NULL || floe_sql_find_one (rows, floe_sql_read_desktop, &found, error);

  *desktop = found;
  return ok;
}

/* One that somebody else has locked is passed over, so that people who claim at once do not wait
 * for each other. Only when there is no other one it is waited for: what is locked may be free all
 * the same, and only an empty pool has no desktop. That held is 0 is looked at again after the
 * lock, in the row as it is then: so there is no lease, whatever the joined one was. */
static FloeDesktop *
find_free_desktop (FloeTx *tx, const FloePool *pool, const gchar *user_id, gint64 now,
                   GError **error)
{
  static const gchar *const reads[] = { FREE, NULL };
  static const gchar *const writes[] = { FREE " FOR UPDATE OF d SKIP LOCKED",
                                         FREE " FOR UPDATE OF d", NULL };
  FloeDesktop *desktop;

  if (!take_expected (tx, pool, now, &desktop, error) || desktop != NULL)
    return desktop;
  return floe_sql_find_free_desktop (tx, pool, user_id, now,
                                     floe_sql_tx_locks (FLOE_SQL_TX (tx)) ? writes : reads, error);
}

/* Counting and listing for the keeper of a pool. */

static gpointer
read_count (FloeSqlRows *rows)
{
  FloeDesktopCount one = floe_sql_read_count (rows);
  FloeDesktopCount *count = g_memdup2 (&one, sizeof one);

  count->host = g_strdup (one.host);
  count->n = (guint)floe_sql_rows_get_int (rows, 9);
  count->memory_mib = (guint64)floe_sql_rows_get_int (rows, 10);
  return count;
}

static GPtrArray *
count_desktops (FloeTx *tx, const gchar *pool, gint64 now, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT host, power, guest, held, clean, intent, revision,"
                         " CASE WHEN present = 1 AND refusal IS NULL AND maintenance = 0"
                         " THEN 1 ELSE 0 END,"
                         " CASE WHEN not_before > $2 THEN 1 ELSE 0 END, count (*), sum (memory_mib)"
                         " FROM desktops WHERE pool = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
                         "si", pool, now),
      read_count, (GDestroyNotify)floe_desktop_count_free, error);
}

#define FITS                                                                                       \
  "($1 IS NULL OR d.pool = $1) AND ($11 = 0 OR (d.present = 1 AND d.refusal IS NULL"               \
  " AND d.maintenance = 0))"                                                                       \
  " AND ($2 IS NULL OR d.host = $2) AND ($3 = 0 OR d.not_before <= $3)"                            \
  " AND ($4 = 0 OR d.revision <> $4) AND d.power = ANY ($5) AND d.clean = ANY ($6)"                \
  " AND d.intent = ANY ($7) AND ($8 < 0 OR d.held = $8) AND d.made >= $9"                          \
  " AND ($9 = 0 OR d.maintenance = 0)"                                                             \
  " AND d.guest = ANY ($12) AND ($13 = 0 OR d.power_at < $13)"
#define IN_LINE " ORDER BY d.not_before, d.id LIMIT $10"

static FloeSqlRows *
query_filtered (FloeTx *tx, const FloeDesktopFilter *filter, const gchar *sql, GStrv ids,
                GError **error)
{
  g_auto (GStrv) powers = floe_sql_list_powers (filter->powers);
  g_auto (GStrv) guests = floe_sql_list_guests (filter->guests);
  g_auto (GStrv) cleans = floe_sql_list_cleans (filter->cleans);
  g_auto (GStrv) intents = floe_sql_list_intents (filter->intents);
  gint64 held = filter->leases == 1u << FLOE_LEASE_NONE   ? 0
                : filter->leases == 1u << FLOE_LEASE_HELD ? 1
                                                          : -1;

  return floe_sql_db_query (DB (tx), error, sql, ids != NULL ? "ssiiaaaiiiiaia" : "ssiiaaaiiiiai",
                            filter->pool, filter->host, filter->now, (gint64)filter->not_revision,
                            powers, cleans, intents, held, (gint64)filter->made,
                            (gint64)filter->limit, (gint64)filter->usable, guests,
                            filter->power_before, ids);
}

/* In order of their ids, as everybody locks; which they are is looked for before. */
static GStrv
lock_filtered (FloeTx *tx, const FloeDesktopFilter *filter, GError **error)
{
  g_autoptr (FloeSqlRows) rows = query_filtered (
      tx, filter,
      "SELECT id FROM desktops WHERE id IN (SELECT d.id FROM desktops d WHERE " FITS IN_LINE
      ") ORDER BY id FOR UPDATE",
      NULL, error);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  gboolean row = rows != NULL;

  while (row)
    {
      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (row)
        g_strv_builder_add (ids, floe_sql_rows_get_text (rows, 0));
    }
  return rows != NULL ? g_strv_builder_end (ids) : NULL;
}

static GPtrArray *
list_desktops (FloeTx *tx, const FloeDesktopFilter *filter, GError **error)
{
  FloeSqlRows *rows = NULL;
  g_auto (GStrv) ids = NULL;

  if (!floe_sql_tx_locks (FLOE_SQL_TX (tx)))
    rows = query_filtered (tx, filter, SELECT FITS IN_LINE, NULL, error);
  else
    {
      ids = lock_filtered (tx, filter, error);
      if (ids != NULL)
        rows = query_filtered (tx, filter, SELECT FITS " AND d.id = ANY ($14)" IN_LINE, ids, error);
    }
  return floe_sql_read_desktops (rows, error);
}

void
floe_postgres_tx_search_iface_init (FloeTxInterface *iface)
{
  iface->find_free_desktop = find_free_desktop;
  iface->count_desktops = count_desktops;
  iface->list_desktops = list_desktops;
}
