/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

#include <string.h>

#include "core/error.h"
#include "store/packed-strings.h"

#define DB(tx)    (floe_sqlite_tx_get_db (FLOE_SQLITE_TX (tx)))
#define POOLS(tx) (floe_sql_tx_get_pools (FLOE_SQL_TX (tx)))
#define COLUMNS                                                                                    \
  "p.name, p.description, p.kind, p.manager, p.pattern, p.grace_seconds, p.ready_seconds, "        \
  "p.closed, p.settings"

static FloePool *
read_pool (FloeTx *tx, sqlite3_stmt *s, GError **error)
{
  FloePoolKind kind = FLOE_POOL_FLOATING;
  g_autoptr (FloePool) pool = NULL;

  floe_pool_kind_from_name (floe_sqlite_get_text (s, 2), &kind);
  pool = floe_pool_new (floe_sqlite_get_text (s, 0), kind);
  pool->description = floe_sqlite_dup_text (s, 1);
  g_free (pool->manager);
  pool->manager = floe_sqlite_dup_text (s, 3);
  pool->pattern = floe_sqlite_dup_text (s, 4);
  pool->grace_seconds = (guint)sqlite3_column_int64 (s, 5);
  pool->ready_seconds = (guint)sqlite3_column_int64 (s, 6);
  pool->closed = sqlite3_column_int64 (s, 7) != 0;
  if (!floe_known_pools_unpack (POOLS (tx), pool, floe_sqlite_get_text (s, 8), error))
    return NULL;
  return g_steal_pointer (&pool);
}

/* @s gives (pool, kind, subject) ordered by pool, as @pools are ordered by name. */
static gboolean
read_entitlements (FloeTx *tx, sqlite3_stmt *s, GPtrArray *pools, GError **error)
{
  guint at = 0;
  gboolean row = TRUE;

  while (floe_sqlite_db_next (DB (tx), s, &row, error))
    {
      FloePool *pool;
      GStrv *list;
      guint n;

      if (!row)
        return TRUE;
      while (at < pools->len
             && strcmp (((FloePool *)pools->pdata[at])->name, floe_sqlite_get_text (s, 0)) != 0)
        at++;
      if (at == pools->len)
        continue;
      pool = pools->pdata[at];
      list = strcmp (floe_sqlite_get_text (s, 1), "group") == 0 ? &pool->groups : &pool->users;
      n = g_strv_length (*list);
      *list = g_renew (gchar *, *list, n + 2);
      (*list)[n] = floe_sqlite_dup_text (s, 2);
      (*list)[n + 1] = NULL;
    }
  return FALSE;
}

static GPtrArray *
read_pools (FloeTx *tx, sqlite3_stmt *s, GError **error)
{
  g_autoptr (GPtrArray) pools = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_free);
  gboolean row;

  if (s == NULL)
    return NULL;
  while (floe_sqlite_db_next (DB (tx), s, &row, error))
    {
      FloePool *pool;

      if (!row)
        return g_steal_pointer (&pools);
      pool = read_pool (tx, s, error);
      if (pool == NULL)
        {
          sqlite3_reset (s);
          return NULL;
        }
      g_ptr_array_add (pools, pool);
    }
  return NULL;
}

static GPtrArray *
list_pools (FloeTx *tx, GError **error)
{
  g_autoptr (GPtrArray) pools = read_pools (
      tx,
      floe_sqlite_db_query (DB (tx), error, "SELECT " COLUMNS " FROM pools p ORDER BY p.name", ""),
      error);
  sqlite3_stmt *s;

  if (pools == NULL)
    return NULL;
  s = floe_sqlite_db_query (DB (tx), error,
                            "SELECT pool, kind, subject FROM entitlements"
                            " ORDER BY pool, kind, position",
                            "");
  if (s == NULL || !read_entitlements (tx, s, pools, error))
    return NULL;
  return g_steal_pointer (&pools);
}

static GPtrArray *
list_pools_of_user (FloeTx *tx, const FloeUser *user, GError **error)
{
  g_autofree gchar *name = g_utf8_casefold (user->name, -1);
  g_autofree gchar *groups = floe_pack_strings ((const gchar *const *)user->groups);

  return read_pools (
      tx,
      floe_sqlite_db_query (DB (tx), error,
                            "SELECT " COLUMNS " FROM pools p WHERE p.name IN ("
                            " SELECT pool FROM entitlements WHERE kind = 'user' AND folded = $1"
                            " UNION SELECT e.pool FROM json_each ($2) g"
                            "  JOIN entitlements e ON e.kind = 'group' AND e.folded = g.value)"
                            " ORDER BY p.name",
                            "ss", name, groups),
      error);
}

static FloePool *
get_pool (FloeTx *tx, const gchar *name, GError **error)
{
  g_autoptr (GPtrArray) pools = read_pools (
      tx,
      floe_sqlite_db_query (DB (tx), error, "SELECT " COLUMNS " FROM pools p WHERE p.name = $1",
                            "s", name),
      error);
  sqlite3_stmt *s;

  if (pools == NULL)
    return NULL;
  if (pools->len == 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such pool");
      return NULL;
    }
  s = floe_sqlite_db_query (DB (tx), error,
                            "SELECT pool, kind, subject FROM entitlements WHERE pool = $1"
                            " ORDER BY pool, kind, position",
                            "s", name);
  if (s == NULL || !read_entitlements (tx, s, pools, error))
    return NULL;
  return g_ptr_array_steal_index (pools, 0);
}

static gboolean
put_subjects (FloeTx *tx, const FloePool *pool, const gchar *kind, GStrv subjects, GError **error)
{
  for (guint i = 0; subjects[i] != NULL; i++)
    {
      g_autofree gchar *folded = g_utf8_casefold (subjects[i], -1);

      if (!floe_sqlite_db_run (DB (tx), error,
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

  return floe_sqlite_db_run (
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
         && floe_sqlite_db_run (DB (tx), error, "DELETE FROM entitlements WHERE pool = $1", "s",
                                pool->name)
         && put_subjects (tx, pool, "group", pool->groups, error)
         && put_subjects (tx, pool, "user", pool->users, error);
}

static gboolean
delete_pool (FloeTx *tx, const gchar *name, GError **error)
{
  return floe_sqlite_db_run (DB (tx), error, "DELETE FROM desktops WHERE pool = $1", "s", name)
         && floe_sqlite_db_run (DB (tx), error, "DELETE FROM pools WHERE name = $1", "s", name);
}

void
floe_sqlite_tx_pools_iface_init (FloeTxInterface *iface)
{
  iface->list_pools = list_pools;
  iface->list_pools_of_user = list_pools_of_user;
  iface->get_pool = get_pool;
  iface->put_pool = put_pool;
  iface->delete_pool = delete_pool;
}
