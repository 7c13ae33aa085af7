/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include <string.h>

#include "core/error.h"

#define DB(tx)    (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))
#define POOLS(tx) (floe_sql_tx_get_pools (FLOE_SQL_TX (tx)))
#define SELECT_FROM                                                                                \
  "SELECT p.name, p.description, p.kind, p.manager, p.pattern, p.grace_seconds, p.ready_seconds,"  \
  " p.closed, p.settings FROM "
#define SELECT SELECT_FROM "pools p "

static FloePool *
read_pool (FloeTx *tx, FloeSqlRows *rows, GError **error)
{
  FloePoolKind kind = FLOE_POOL_FLOATING;
  g_autoptr (FloePool) pool = NULL;

  floe_pool_kind_from_name (floe_sql_rows_get_text (rows, 2), &kind);
  pool = floe_pool_new (floe_sql_rows_get_text (rows, 0), kind);
  pool->description = floe_sql_rows_dup_text (rows, 1);
  g_free (pool->manager);
  pool->manager = floe_sql_rows_dup_text (rows, 3);
  pool->pattern = floe_sql_rows_dup_text (rows, 4);
  pool->grace_seconds = (guint)floe_sql_rows_get_int (rows, 5);
  pool->ready_seconds = (guint)floe_sql_rows_get_int (rows, 6);
  pool->closed = floe_sql_rows_get_int (rows, 7) != 0;
  if (!floe_known_pools_unpack (POOLS (tx), pool, floe_sql_rows_get_text (rows, 8), error))
    return NULL;
  return g_steal_pointer (&pool);
}

static void
add_subject (GStrv *list, const gchar *subject)
{
  guint n = g_strv_length (*list);

  *list = g_renew (gchar *, *list, n + 2);
  (*list)[n] = g_strdup (subject);
  (*list)[n + 1] = NULL;
}

/* What a subject is looked up by is the subject itself, case-folded, or what it was bound to. */
static gboolean
is_bound (const gchar *subject, const gchar *folded)
{
  g_autofree gchar *plain = NULL;

  if (strcmp (subject, folded) == 0)
    return FALSE;
  plain = g_utf8_casefold (subject, -1);
  return strcmp (plain, folded) != 0;
}

static void
read_entitlement (FloeSqlRows *rows, FloePool *pool)
{
  const gchar *subject = floe_sql_rows_get_text (rows, 2);
  const gchar *folded = floe_sql_rows_get_text (rows, 3);
  gboolean is_group = strcmp (floe_sql_rows_get_text (rows, 1), "group") == 0;

  add_subject (is_group ? &pool->groups : &pool->users, subject);
  if (is_group && is_bound (subject, folded))
    floe_pool_set_bound (pool, subject, folded);
}

/* @rows give (pool, kind, subject, folded), each pool's in their order. */
static gboolean
read_entitlements (FloeSqlRows *rows, GPtrArray *pools, GError **error)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean row = TRUE;

  for (guint i = 0; i < pools->len; i++)
    g_hash_table_insert (by_name, ((FloePool *)pools->pdata[i])->name, pools->pdata[i]);
  while (floe_sql_rows_next (rows, &row, error))
    {
      FloePool *pool;

      if (!row)
        return TRUE;
      pool = g_hash_table_lookup (by_name, floe_sql_rows_get_text (rows, 0));
      if (pool != NULL)
        read_entitlement (rows, pool);
    }
  return FALSE;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const FloePool *const *left = a;
  const FloePool *const *right = b;

  return strcmp ((*left)->name, (*right)->name);
}

/* Ordered by the bytes of their names, whatever the database's collation. */
static GPtrArray *
read_pools (FloeTx *tx, FloeSqlRows *rows, GError **error)
{
  g_autoptr (GPtrArray) pools = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_free);
  gboolean row = rows != NULL;

  while (row)
    {
      FloePool *pool;

      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (!row)
        break;
      pool = read_pool (tx, rows, error);
      if (pool == NULL)
        return NULL;
      g_ptr_array_add (pools, pool);
    }
  g_ptr_array_sort (pools, compare_names);
  return rows != NULL ? g_steal_pointer (&pools) : NULL;
}

static GPtrArray *
list_pools (FloeTx *tx, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (DB (tx), error, SELECT, "");
  g_autoptr (FloeSqlRows) subjects =
      rows != NULL ? floe_sql_db_query (DB (tx), error,
                                        "SELECT pool, kind, subject, folded FROM entitlements"
                                        " ORDER BY pool, kind, position",
                                        "")
                   : NULL;
  g_autoptr (GPtrArray) pools = subjects != NULL ? read_pools (tx, rows, error) : NULL;

  if (pools == NULL || !read_entitlements (subjects, pools, error))
    return NULL;
  return g_steal_pointer (&pools);
}

static void
drop_repeated (GPtrArray *sorted)
{
  for (guint i = sorted->len; i > 1; i--)
    if (compare_names (&sorted->pdata[i - 2], &sorted->pdata[i - 1]) == 0)
      g_ptr_array_remove_index (sorted, i - 1);
}

/* By their name, and by their groups, which are looked up in the index of subjects one after the
 * other: to SQLite a CROSS JOIN says so, and to drop what comes twice is cheaper here than in a
 * table that it makes for it. */
static GPtrArray *
list_pools_of_user (FloeTx *tx, const FloeUser *user, GError **error)
{
  g_autofree gchar *name = g_utf8_casefold (user->name, -1);
  const gchar *sql = floe_sql_db_choose (
      DB (tx),
      SELECT "JOIN entitlements e ON e.pool = p.name WHERE e.kind = 'user' AND e.folded = $1"
             " UNION ALL " SELECT_FROM
             "json_each ($2) g CROSS JOIN entitlements e ON e.kind = 'group' AND e.folded = g.value"
             " JOIN pools p ON p.name = e.pool",
      SELECT "WHERE p.name IN (SELECT pool FROM entitlements WHERE (kind = 'user' AND folded = $1)"
             " OR (kind = 'group' AND folded = ANY ($2)))");
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (DB (tx), error, sql, "sa", name, user->groups);
  GPtrArray *pools = read_pools (tx, rows, error);

  if (pools != NULL)
    drop_repeated (pools);
  return pools;
}

/* One statement at each log-in: only pools that have a helpdesk of their own are read, by an index
 * with this very pattern, and what their settings mean is known already. */
static GStrv
list_pools_of_helpdesk (FloeTx *tx, const FloeUser *user, GError **error)
{
  g_autoptr (FloeSqlRows) rows =
      floe_sql_db_query (DB (tx), error, SELECT "WHERE p.settings LIKE '%helpdesk_groups=%'", "");
  g_autoptr (GPtrArray) pools = read_pools (tx, rows, error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (pools == NULL)
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];

      if (floe_user_in_any_group (user, pool->helpdesk_groups))
        g_strv_builder_add (names, pool->name);
    }
  return g_strv_builder_end (names);
}

FloeSqlRows *
floe_sql_query_pool (FloeTx *tx, const gchar *name, GError **error)
{
  return floe_sql_db_query (DB (tx), error, SELECT "WHERE p.name = $1", "s", name);
}

FloeSqlRows *
floe_sql_query_subjects (FloeTx *tx, const gchar *pool, GError **error)
{
  return floe_sql_db_query (DB (tx), error,
                            "SELECT pool, kind, subject, folded FROM entitlements"
                            " WHERE pool = $1 ORDER BY pool, kind, position",
                            "s", pool);
}

static FloePool *
get_pool (FloeTx *tx, const gchar *name, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_query_pool (tx, name, error);
  g_autoptr (FloeSqlRows) subjects =
      rows != NULL ? floe_sql_query_subjects (tx, name, error) : NULL;
  g_autoptr (GPtrArray) pools = subjects != NULL ? read_pools (tx, rows, error) : NULL;

  if (pools == NULL)
    return NULL;
  if (pools->len == 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such pool");
      return NULL;
    }
  if (!read_entitlements (subjects, pools, error))
    return NULL;
  return g_ptr_array_steal_index (pools, 0);
}

/* bound: (element-type utf8 utf8): what the pool's groups are bound to until now, by
 * their names, case-folded */
static GHashTable *
list_bound (FloeTx *tx, const gchar *pool, GError **error)
{
  g_autoptr (GHashTable) bound = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error, "SELECT subject, folded FROM entitlements WHERE pool = $1 AND kind = 'group'",
      "s", pool);
  gboolean row = rows != NULL;

  while (row)
    {
      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (row && is_bound (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1)))
        g_hash_table_insert (bound, g_utf8_casefold (floe_sql_rows_get_text (rows, 0), -1),
                             floe_sql_rows_dup_text (rows, 1));
    }
  return rows != NULL ? g_steal_pointer (&bound) : NULL;
}

/* As it is, or as it comes from another pool. */
static const gchar *
find_bound (const FloePool *pool, GHashTable *bound, const gchar *group)
{
  g_autofree gchar *folded = g_utf8_casefold (group, -1);
  const gchar *id = g_hash_table_lookup (bound, folded);

  return id != NULL ? id : floe_pool_get_bound (pool, group);
}

static gboolean
put_subjects (FloeTx *tx, const FloePool *pool, const gchar *kind, GStrv subjects,
              GHashTable *bound, GError **error)
{
  for (guint i = 0; subjects[i] != NULL; i++)
    {
      const gchar *kept = bound != NULL ? find_bound (pool, bound, subjects[i]) : NULL;
      g_autofree gchar *folded = kept != NULL ? g_strdup (kept) : g_utf8_casefold (subjects[i], -1);

      if (!floe_sql_db_run (DB (tx), error,
                            "INSERT INTO entitlements (pool, kind, position, subject, folded)"
                            " VALUES ($1, $2, $3, $4, $5)",
                            "ssiss", pool->name, kind, (gint64)i, subjects[i], folded))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_pool (FloeTx *tx, const FloePool *pool, GError **error)
{
  g_autofree gchar *settings = floe_pool_pack (pool);
  g_autoptr (GHashTable) bound = list_bound (tx, pool->name, error);

  return bound != NULL
         && floe_sql_db_run (
             DB (tx), error,
             "INSERT INTO pools (name, description, kind, manager, pattern, grace_seconds,"
             " ready_seconds, closed, settings, data_gib)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
             " ON CONFLICT (name) DO UPDATE SET description = $2, kind = $3, manager = $4,"
             " pattern = $5, grace_seconds = $6, ready_seconds = $7, closed = $8, settings = $9,"
             " data_gib = $10",
             "sssssiiisi", pool->name, pool->description, floe_pool_kind_name (pool->kind),
             pool->manager, pool->pattern, (gint64)pool->grace_seconds, (gint64)pool->ready_seconds,
             (gint64)pool->closed, settings, (gint64)pool->data_gib)
         && floe_sql_db_run (DB (tx), error, "DELETE FROM entitlements WHERE pool = $1", "s",
                             pool->name)
         && put_subjects (tx, pool, "group", pool->groups, bound, error)
         && put_subjects (tx, pool, "user", pool->users, NULL, error);
}

/* The pool's row is locked first, so that nothing is added to it meanwhile. */
static gboolean
delete_pool (FloeTx *tx, const gchar *name, GError **error)
{
  if (floe_sql_tx_locks (FLOE_SQL_TX (tx))
      && !floe_sql_db_run (DB (tx), error, "SELECT 1 FROM pools WHERE name = $1 FOR UPDATE", "s",
                           name))
    return FALSE;
  return floe_sql_db_run (DB (tx), error, "DELETE FROM desktops WHERE pool = $1", "s", name)
         && floe_sql_db_run (DB (tx), error, "DELETE FROM pools WHERE name = $1", "s", name);
}

void
floe_sql_tx_pools_iface_init (FloeTxInterface *iface)
{
  iface->list_pools = list_pools;
  iface->list_pools_of_user = list_pools_of_user;
  iface->list_pools_of_helpdesk = list_pools_of_helpdesk;
  iface->get_pool = get_pool;
  iface->put_pool = put_pool;
  iface->delete_pool = delete_pool;
}
