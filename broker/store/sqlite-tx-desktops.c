/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

#include "store/sql-desktop-rows.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))
#define SELECT FLOE_SQL_SELECT_DESKTOPS

static FloeDesktop *
get_desktop (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error, SELECT "d.id = $1", "s", id),
                            floe_sql_read_desktop, "desktop", error);
}

static GPtrArray *
list_desktops_of_pool (FloeTx *tx, const gchar *pool, GError **error)
{
  return floe_sql_read_desktops (
      floe_sql_db_query (DB (tx), error, SELECT "d.pool = $1 ORDER BY d.name", "s", pool), error);
}

static GPtrArray *
list_desktops_of_host (FloeTx *tx, const gchar *host, GError **error)
{
  return floe_sql_read_desktops (
      floe_sql_db_query (DB (tx), error, SELECT "d.host = $1 ORDER BY d.name", "s", host), error);
}

static GPtrArray *
list_desktops_of_user (FloeTx *tx, const gchar *user_id, GError **error)
{
  return floe_sql_read_desktops (floe_sql_db_query (DB (tx), error,
                                                    SELECT "l.holder = $1 ORDER BY d.pool, d.name",
                                                    "s", user_id),
                                 error);
}

static FloeDesktop *
find_free_desktop (FloeTx *tx, const FloePool *pool, const gchar *user_id, gint64 now,
                   GError **error)
{
  static const gchar *const sql[] = { FLOE_SQL_SELECT_FREE_DESKTOP (""), NULL };

  return floe_sql_find_free_desktop (tx, pool, user_id, now, sql, error);
}

static FloeDesktop *
find_held_desktop (FloeTx *tx, const gchar *pool, const gchar *user_id, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (DB (tx), error,
                         SELECT "l.pool = $1 AND l.holder = $2 ORDER BY l.slot LIMIT 1", "ss", pool,
                         user_id),
      floe_sql_read_desktop, "desktop", error);
}

/* Counting. */

static guint
hash_count (gconstpointer key)
{
  const FloeDesktopCount *count = key;
  const FloeFacts *facts = &count->facts;
  guint rest = facts->power | facts->guest << 4 | facts->lease << 8 | facts->clean << 12
               | facts->intent << 16 | (guint)count->usable << 24 | (guint)count->resting << 25;

  return (g_str_hash (count->host) * 31 + count->revision) * 31 + rest;
}

static gboolean
are_alike (gconstpointer a, gconstpointer b)
{
  const FloeDesktopCount *one = a;
  const FloeDesktopCount *other = b;

  return one->facts.power == other->facts.power && one->facts.guest == other->facts.guest
         && one->facts.lease == other->facts.lease && one->facts.clean == other->facts.clean
         && one->facts.intent == other->facts.intent && one->revision == other->revision
         && one->usable == other->usable && one->resting == other->resting
         && g_str_equal (one->host, other->host);
}

/* Alike ones are brought together here: SQLite's GROUP BY would sort all of the pool's rows, which
 * takes several times as long as reading them. */
static GPtrArray *
count_desktops (FloeTx *tx, const gchar *pool, gint64 now, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (hash_count, are_alike);
  g_autoptr (GPtrArray) counts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_count_free);
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT host, power, guest, held, clean, intent, revision,"
      " present = 1 AND refusal IS NULL AND maintenance = 0, not_before > $2, memory_mib"
      " FROM desktops WHERE pool = $1",
      "si", pool, now);
  gboolean row = rows != NULL;

  while (row)
    {
      FloeDesktopCount one, *count;

      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (!row)
        break;
      one = floe_sql_read_count (rows);
      one.memory_mib = (guint64)floe_sql_rows_get_int (rows, 9);
      count = g_hash_table_lookup (known, &one);
      if (count != NULL)
        {
          count->n++;
          count->memory_mib += one.memory_mib;
          continue;
        }
      count = g_memdup2 (&one, sizeof one);
      count->host = g_strdup (one.host);
      g_ptr_array_add (counts, count);
      g_hash_table_add (known, count);
    }
  return rows != NULL ? g_steal_pointer (&counts) : NULL;
}

static void
add_set (GString *sql, const gchar *column, guint set, GStrv (*list) (guint))
{
  g_auto (GStrv) words = set != 0 ? list (set) : NULL;
  g_autofree gchar *joined = words != NULL ? g_strjoinv ("', '", words) : NULL;

  if (joined != NULL)
    g_string_append_printf (sql, " AND %s IN ('%s')", column, joined);
}

/* Only our own words stand in the text, of which there are few kinds; what came from outside is
 * bound. */
static GPtrArray *
list_desktops (FloeTx *tx, const FloeDesktopFilter *filter, GError **error)
{
  g_autoptr (GString) sql = g_string_new (SELECT "($6 = 0 OR (d.present = 1 AND d.refusal IS NULL"
                                                 " AND d.maintenance = 0))"
                                                 " AND ($3 = 0 OR d.not_before <= $3)"
                                                 " AND ($4 = 0 OR d.revision <> $4)"
                                                 " AND ($7 = 0 OR d.power_at < $7)");

  if (filter->pool != NULL)
    g_string_append (sql, " AND d.pool = $1");
  if (filter->host != NULL)
    g_string_append (sql, " AND d.host = $2");
  add_set (sql, "d.power", filter->powers, floe_sql_list_powers);
  add_set (sql, "d.guest", filter->guests, floe_sql_list_guests);
  add_set (sql, "d.clean", filter->cleans, floe_sql_list_cleans);
  add_set (sql, "d.intent", filter->intents, floe_sql_list_intents);
  if (filter->leases == 1u << FLOE_LEASE_NONE)
    g_string_append (sql, " AND d.held = 0");
  else if (filter->leases == 1u << FLOE_LEASE_HELD)
    g_string_append (sql, " AND d.held = 1");
  if (filter->made)
    g_string_append (sql, " AND d.made = 1 AND d.maintenance = 0");
  g_string_append (sql, " ORDER BY d.not_before, d.id LIMIT $5");
  return floe_sql_read_desktops (
      floe_sql_db_query (DB (tx), error, g_intern_string (sql->str), "ssiiiii", filter->pool,
                         filter->host, filter->now, (gint64)filter->not_revision,
                         (gint64)filter->limit, (gint64)filter->usable, filter->power_before),
      error);
}

void
floe_sqlite_tx_desktops_iface_init (FloeTxInterface *iface)
{
  iface->get_desktop = get_desktop;
  iface->list_desktops_of_pool = list_desktops_of_pool;
  iface->list_desktops_of_host = list_desktops_of_host;
  iface->list_desktops_of_user = list_desktops_of_user;
  iface->find_free_desktop = find_free_desktop;
  iface->find_held_desktop = find_held_desktop;
  iface->count_desktops = count_desktops;
  iface->list_desktops = list_desktops;
}
