/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-pools.h"

#include "core/error.h"
#include "core/store.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-tx.h"

static gboolean
check_version (FloeSqliteDb *db, GError **error)
{
  gint64 version;

  if (!floe_sqlite_db_get_int (db, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version == floe_sqlite_newest_version ())
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
               "the database has schema %" G_GINT64_FORMAT
               ", and this floe-broker has %" G_GINT64_FORMAT,
               version, floe_sqlite_newest_version ());
  return FALSE;
}

/**
 * floe_sqlite_read_pools:
 * @path: the file, which a broker may be using
 *
 * Looks and changes nothing: no file is made, no schema brought up to date. Blocks.
 *
 * Returns: (transfer full) (element-type FloePool): the pools; or %NULL with %FLOE_ERROR_NOT_FOUND
 *   when there is no such file yet, %FLOE_ERROR_CONFLICT when it is of another version, or as for
 *   reading the store
 */
GPtrArray *
floe_sqlite_read_pools (const gchar *path, GError **error)
{
  g_autoptr (FloeSqliteDb) db = NULL;
  g_autoptr (FloeSqliteTx) tx = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no database yet");
      return NULL;
    }
  db = floe_sqlite_db_open (path, FALSE, error);
  if (db == NULL || !check_version (db, error))
    return NULL;
  tx = floe_sqlite_tx_new (db);
  return floe_tx_list_pools (FLOE_TX (tx), error);
}
