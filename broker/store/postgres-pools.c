/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-pools.h"

#include "core/store.h"
#include "store/postgres-migrations.h"
#include "store/postgres-tx.h"

static GPtrArray *
list_pools (FloePostgresDb *db, const gchar *name, GError **error)
{
  g_autoptr (FloePostgresTx) tx = NULL;
  g_autoptr (GPtrArray) pools = NULL;

  if (!floe_postgres_check_version (db, name, error))
    return NULL;
  tx = floe_postgres_tx_new (db, FALSE);
  pools = floe_tx_list_pools (FLOE_TX (tx), error);
  if (pools == NULL || !floe_postgres_db_leave (db, error))
    return NULL;
  return g_steal_pointer (&pools);
}

/**
 * floe_postgres_read_pools:
 * @conninfo: which database, which brokers may be using
 * @password: (nullable): the password
 *
 * Looks and changes nothing: no table is made, no schema brought up to date. Blocks.
 *
 * Returns: (transfer full) (element-type FloePool): the pools; or %NULL with %FLOE_ERROR_NOT_FOUND
 *   when Floe has made no tables there yet, %FLOE_ERROR_CONFLICT when they are of another version,
 *   or as for reading the store
 */
GPtrArray *
floe_postgres_read_pools (const gchar *conninfo, FloeSecret *password, GError **error)
{
  g_autoptr (FloePostgresConninfo) info = floe_postgres_conninfo_new (conninfo, password, error);
  g_autoptr (FloePostgresDb) db = NULL;
  GPtrArray *pools;

  if (info == NULL)
    return NULL;
  db = floe_postgres_db_open (info, error);
  if (db == NULL)
    return NULL;
  floe_postgres_db_begin (db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL);
  pools = list_pools (db, floe_postgres_conninfo_get_name (info), error);
  if (pools == NULL)
    floe_postgres_db_rollback (db);
  return pools;
}
