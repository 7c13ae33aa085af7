/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-tx.h"

#include <string.h>

#include "core/error.h"
#include "store/sql-desktop-rows.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

#define SELECT FLOE_SQL_SELECT_DESKTOPS

/* How often a list may grow while it is being locked. */
#define LOCK_TRIES 8

/* Locks in the order of the ids, so that two that lock the same rows wait for each other once. */
#define LOCK     "SELECT d.id FROM desktops d LEFT JOIN leases l ON l.desktop_id = d.id WHERE "
#define IN_ORDER " ORDER BY d.id FOR UPDATE OF d"

/* What is read, how it is locked before, and how it is read then. */
typedef struct
{
  const gchar *read;
  const gchar *lock;
  const gchar *locked_read;
} Selection;

#define SELECTION(where)                                                                           \
  {                                                                                                \
    SELECT where, LOCK where IN_ORDER, SELECT where " FOR UPDATE OF d"                             \
  }

static const Selection by_id = SELECTION ("d.id = $1 AND $2 IS NULL");
static const Selection by_pool = SELECTION ("d.pool = $1 AND $2 IS NULL");
static const Selection by_host = SELECTION ("d.host = $1 AND $2 IS NULL");
static const Selection by_holder = SELECTION ("l.holder = $1 AND $2 IS NULL");
static const Selection by_lease = SELECTION ("l.pool = $1 AND l.holder = $2");

static GHashTable *
read_ids (FloeSqlRows *rows, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean row = rows != NULL;

  while (row)
    {
      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (row)
        g_hash_table_add (ids, floe_sql_rows_dup_text (rows, 0));
    }
  return rows != NULL ? g_steal_pointer (&ids) : NULL;
}

static gboolean
are_all_in (GPtrArray *list, GHashTable *ids)
{
  for (guint i = 0; i < list->len; i++)
    if (!g_hash_table_contains (ids, ((FloeDesktop *)list->pdata[i])->id))
      return FALSE;
  return TRUE;
}

/* A statement that waits for a lock sees the row as it became, but what is joined to it, the lease,
 * as it was before. So the rows are locked by one statement and read by the next, which goes with
 * it; what came between the two is locked in a further round. */
static GPtrArray *
lock_and_read (FloeTx *tx, const Selection *selection, const gchar *first, const gchar *second,
               GError **error)
{
  for (guint tries = 0; tries < LOCK_TRIES; tries++)
    {
      g_autoptr (FloeSqlRows) locks =
          floe_sql_db_query (DB (tx), error, selection->lock, "ss", first, second);
      g_autoptr (FloeSqlRows) rows =
          locks != NULL
              ? floe_sql_db_query (DB (tx), error, selection->locked_read, "ss", first, second)
              : NULL;
      g_autoptr (GHashTable) ids = rows != NULL ? read_ids (locks, error) : NULL;
      g_autoptr (GPtrArray) list =
          ids != NULL ? floe_sql_read_desktops (g_steal_pointer (&rows), error) : NULL;

      if (list == NULL)
        return NULL;
      if (are_all_in (list, ids))
        return g_steal_pointer (&list);
    }
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_BUSY, "desktops change faster than they lock");
  return NULL;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const FloeDesktop *left = *(const FloeDesktop *const *)a;
  const FloeDesktop *right = *(const FloeDesktop *const *)b;
  gint pools = strcmp (left->pool, right->pool);

  return pools != 0 ? pools : strcmp (left->name, right->name);
}

/* Ordered by pool and name, by their bytes, whatever the database's collation. */
static GPtrArray *
select_desktops (FloeTx *tx, const Selection *selection, const gchar *first, const gchar *second,
                 GError **error)
{
  GPtrArray *list;

  if (floe_sql_tx_locks (FLOE_SQL_TX (tx)))
    list = lock_and_read (tx, selection, first, second, error);
  else
    list = floe_sql_read_desktops (
        floe_sql_db_query (DB (tx), error, selection->read, "ss", first, second), error);
  if (list != NULL)
    g_ptr_array_sort (list, compare);
  return list;
}

/* Takes @list. */
static FloeDesktop *
take_first (GPtrArray *list, GError **error)
{
  g_autoptr (GPtrArray) taken = list;

  if (taken == NULL)
    return NULL;
  if (taken->len > 0)
    return g_ptr_array_steal_index (taken, 0);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such desktop");
  return NULL;
}

static FloeDesktop *
get_desktop (FloeTx *tx, const gchar *id, GError **error)
{
  return take_first (select_desktops (tx, &by_id, id, NULL, error), error);
}

static GPtrArray *
list_desktops_of_pool (FloeTx *tx, const gchar *pool, GError **error)
{
  return select_desktops (tx, &by_pool, pool, NULL, error);
}

/* All of a host's, by their names alone. */
static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const FloeDesktop *const *)a)->name, (*(const FloeDesktop *const *)b)->name);
}

static GPtrArray *
list_desktops_of_host (FloeTx *tx, const gchar *host, GError **error)
{
  GPtrArray *list = select_desktops (tx, &by_host, host, NULL, error);

  if (list != NULL)
    g_ptr_array_sort (list, compare_names);
  return list;
}

FloeSqlRows *
floe_postgres_query_leases (FloeTx *tx, const gchar *user_id, GError **error)
{
  return floe_sql_db_query (DB (tx), error, "SELECT desktop_id FROM leases WHERE holder = $1", "s",
                            user_id);
}

/* Whoever claims has none as a rule, and where there is none nothing has to be locked: that nobody
 * gets one twice is the unique index's. */
static GPtrArray *
list_desktops_of_user (FloeTx *tx, const gchar *user_id, GError **error)
{
  if (floe_sql_tx_locks (FLOE_SQL_TX (tx)))
    {
      g_autoptr (FloeSqlRows) leases = floe_postgres_query_leases (tx, user_id, error);
      gboolean has;

      if (leases == NULL || !floe_sql_rows_next (leases, &has, error))
        return NULL;
      if (!has)
        return g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
    }
  return select_desktops (tx, &by_holder, user_id, NULL, error);
}

static gint
compare_slots (gconstpointer a, gconstpointer b)
{
  const FloeDesktop *left = *(const FloeDesktop *const *)a;
  const FloeDesktop *right = *(const FloeDesktop *const *)b;

  return (left->lease->slot > right->lease->slot) - (left->lease->slot < right->lease->slot);
}

static FloeDesktop *
find_held_desktop (FloeTx *tx, const gchar *pool, const gchar *user_id, GError **error)
{
  GPtrArray *list = select_desktops (tx, &by_lease, pool, user_id, error);

  if (list != NULL)
    g_ptr_array_sort (list, compare_slots);
  return take_first (list, error);
}

void
floe_postgres_tx_desktops_iface_init (FloeTxInterface *iface)
{
  iface->get_desktop = get_desktop;
  iface->list_desktops_of_pool = list_desktops_of_pool;
  iface->list_desktops_of_host = list_desktops_of_host;
  iface->list_desktops_of_user = list_desktops_of_user;
  iface->find_held_desktop = find_held_desktop;
}
