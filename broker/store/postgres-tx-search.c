/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-tx.h"

#include "core/error.h"
#include "store/postgres-desktop-rows.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* Looking for one that is free. */

static const struct
{
  FloePoolKind kind;
  const gchar *power;
  const gchar *clean;
} candidates[] = {
  { FLOE_POOL_FLOATING, "on", "clean" },       { FLOE_POOL_FLOATING, "off", "clean" },
  { FLOE_POOL_DEDICATED, "on", "clean" },      { FLOE_POOL_DEDICATED, "on", "dirty" },
  { FLOE_POOL_DEDICATED, "off", "clean" },     { FLOE_POOL_DEDICATED, "off", "dirty" },
  { FLOE_POOL_DEDICATED, "crashed", "clean" }, { FLOE_POOL_DEDICATED, "crashed", "dirty" },
};

/* That held is 0 is looked at again after the lock, in the row as it is then: so there is no lease,
 * whatever the joined one was. */
#define FREE                                                                                       \
  FLOE_POSTGRES_SELECT_DESKTOPS                                                                    \
  "d.pool = $1 AND d.clean = $2 AND d.power = $3 AND d.not_before <= $4 AND d.held = 0"            \
  " AND d.present = 1 AND d.refusal IS NULL AND d.intent = 'none' AND d.console = 'none'"          \
  " AND l.desktop_id IS NULL AND NOT EXISTS (SELECT 1 FROM hosts h"                                \
  " WHERE h.name = d.host AND h.draining <> 0) ORDER BY d.not_before LIMIT 1"

static FloeDesktop *
find_candidate (FloeTx *tx, const gchar *sql, const gchar *pool, guint i, gint64 now,
                GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (DB (tx), error, sql, "sssi", pool,
                                                    candidates[i].clean, candidates[i].power, now);

  return floe_postgres_take_desktop (floe_postgres_read_desktops (rows, error), error);
}

/* One that somebody else has locked is passed over, so that people who claim at once do not wait
 * for each other. Only when there is no other one it is waited for: what is locked may be free all
 * the same, and only an empty pool has no desktop. Each candidate is a look-up of its own in the
 * partial index desktops_free, a running one first. */
static FloeDesktop *
find_free_desktop (FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  static const gchar *const reads[] = { FREE, NULL };
  static const gchar *const writes[] = { FREE " FOR UPDATE OF d SKIP LOCKED",
                                         FREE " FOR UPDATE OF d", NULL };
  const gchar *const *sql = floe_sql_tx_locks (FLOE_SQL_TX (tx)) ? writes : reads;

  for (; *sql != NULL; sql++)
    for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
      {
        g_autoptr (GError) local_error = NULL;
        FloeDesktop *desktop = candidates[i].kind == pool->kind
                                   ? find_candidate (tx, *sql, pool->name, i, now, &local_error)
                                   : NULL;

        if (desktop != NULL)
          return desktop;
        if (local_error != NULL && !g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
          {
            g_propagate_error (error, g_steal_pointer (&local_error));
            return NULL;
          }
      }
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "pool %s has no free desktop", pool->name);
  return NULL;
}

/* Counting and listing for the keeper of a pool. */

static FloeDesktopCount *
read_count (FloeSqlRows *rows)
{
  FloeDesktopCount *count = g_new0 (FloeDesktopCount, 1);

  count->host = floe_sql_rows_dup_text (rows, 0);
  count->facts.power = floe_power_from_name (floe_sql_rows_get_text (rows, 1));
  count->facts.guest = floe_guest_from_name (floe_sql_rows_get_text (rows, 2));
  count->facts.lease = floe_sql_rows_get_int (rows, 3) != 0 ? FLOE_LEASE_HELD : FLOE_LEASE_NONE;
  count->facts.clean = floe_clean_from_name (floe_sql_rows_get_text (rows, 4));
  count->facts.intent = floe_intent_from_name (floe_sql_rows_get_text (rows, 5));
  count->revision = (guint)floe_sql_rows_get_int (rows, 6);
  count->usable = floe_sql_rows_get_int (rows, 7) != 0;
  count->resting = floe_sql_rows_get_int (rows, 8) != 0;
  count->n = (guint)floe_sql_rows_get_int (rows, 9);
  count->memory_mib = (guint64)floe_sql_rows_get_int (rows, 10);
  return count;
}

static GPtrArray *
count_desktops (FloeTx *tx, const gchar *pool, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) counts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_count_free);
  g_autoptr (FloeSqlRows) rows =
      floe_sql_db_query (DB (tx), error,
                         "SELECT host, power, guest, held, clean, intent, revision,"
                         " CASE WHEN present = 1 AND refusal IS NULL THEN 1 ELSE 0 END,"
                         " CASE WHEN not_before > $2 THEN 1 ELSE 0 END, count (*), sum (memory_mib)"
                         " FROM desktops WHERE pool = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
                         "si", pool, now);
  gboolean row = rows != NULL;

  while (row)
    {
      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (counts, read_count (rows));
    }
  return rows != NULL ? g_steal_pointer (&counts) : NULL;
}

/* The first number after @after, or after the end of a run of numbers that are taken. */
static gboolean
find_free_number (FloeTx *tx, const gchar *pool, guint after, guint *number, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM desktops WHERE pool = $1 AND number = $2 + 1)"
      " THEN $2 + 1 ELSE (SELECT d.number + 1 FROM desktops d WHERE d.pool = $1"
      " AND d.number > $2 AND NOT EXISTS (SELECT 1 FROM desktops e WHERE e.pool = $1"
      " AND e.number = d.number + 1) ORDER BY d.number LIMIT 1) END",
      "si", pool, (gint64)after);
  gboolean row;

  if (rows == NULL || !floe_sql_rows_next (rows, &row, error))
    return FALSE;
  *number = (guint)floe_sql_rows_get_int (rows, 0);
  return TRUE;
}

#define FITS                                                                                       \
  "($1 IS NULL OR d.pool = $1) AND ($11 = 0 OR (d.present = 1 AND d.refusal IS NULL))"             \
  " AND ($2 IS NULL OR d.host = $2) AND ($3 = 0 OR d.not_before <= $3)"                            \
  " AND ($4 = 0 OR d.revision <> $4) AND d.power = ANY ($5) AND d.clean = ANY ($6)"                \
  " AND d.intent = ANY ($7) AND ($8 < 0 OR d.held = $8) AND d.made >= $9"
#define IN_LINE " ORDER BY d.not_before, d.id LIMIT $10"

/* The words of a set of bits; all of them when none is set. */
static GStrv
list_words (guint set, guint n, const gchar *(*name) (guint))
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; i < n; i++)
    if (set == 0 || (set & (1u << i)))
      g_strv_builder_add (words, name (i));
  return g_strv_builder_end (words);
}

static const gchar *
power_name (guint value)
{
  return floe_power_name (value);
}

static const gchar *
clean_name (guint value)
{
  return floe_clean_name (value);
}

static const gchar *
intent_name (guint value)
{
  return floe_intent_name (value);
}

static FloeSqlRows *
query_filtered (FloeTx *tx, const FloeDesktopFilter *filter, const gchar *sql, GStrv ids,
                GError **error)
{
  g_auto (GStrv) powers = list_words (filter->powers, FLOE_POWER_CRASHED + 1, power_name);
  g_auto (GStrv) cleans = list_words (filter->cleans, FLOE_CLEAN_BROKEN + 1, clean_name);
  g_auto (GStrv) intents = list_words (filter->intents, FLOE_INTENT_ATTACH + 1, intent_name);
  gint64 held = filter->leases == 1u << FLOE_LEASE_NONE   ? 0
                : filter->leases == 1u << FLOE_LEASE_HELD ? 1
                                                          : -1;

  return floe_sql_db_query (DB (tx), error, sql, ids != NULL ? "ssiiaaaiiiia" : "ssiiaaaiiii",
                            filter->pool, filter->host, filter->now, (gint64)filter->not_revision,
                            powers, cleans, intents, held, (gint64)filter->made,
                            (gint64)filter->limit, (gint64)filter->usable, ids);
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
  g_autoptr (FloeSqlRows) rows = NULL;
  g_auto (GStrv) ids = NULL;

  if (!floe_sql_tx_locks (FLOE_SQL_TX (tx)))
    rows = query_filtered (tx, filter, FLOE_POSTGRES_SELECT_DESKTOPS FITS IN_LINE, NULL, error);
  else
    {
      ids = lock_filtered (tx, filter, error);
      if (ids != NULL)
        rows = query_filtered (tx, filter,
                               FLOE_POSTGRES_SELECT_DESKTOPS FITS " AND d.id = ANY ($12)" IN_LINE,
                               ids, error);
    }
  return floe_postgres_read_desktops (rows, error);
}

void
floe_postgres_tx_search_iface_init (FloeTxInterface *iface)
{
  iface->find_free_desktop = find_free_desktop;
  iface->count_desktops = count_desktops;
  iface->find_free_number = find_free_number;
  iface->list_desktops = list_desktops;
}
