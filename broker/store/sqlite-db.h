/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "store/sql-db.h"

G_BEGIN_DECLS

/**
 * FloeSqliteDb:
 *
 * One connection to the SQLite file, for one thread at a time, with its prepared statements. What a
 * transaction keeps goes through its #FloeSqlDb.
 */
typedef struct _FloeSqliteDb FloeSqliteDb;

FloeSqliteDb *floe_sqlite_db_open (const gchar *path, gboolean writes, GError **error);
void floe_sqlite_db_close (FloeSqliteDb *self);
gboolean floe_sqlite_db_exec (FloeSqliteDb *self, const gchar *sql, GError **error);
FloeSqlDb *floe_sqlite_db_get_sql (FloeSqliteDb *self);
sqlite3_stmt *floe_sqlite_db_query (FloeSqliteDb *self, GError **error, const gchar *sql,
                                    const gchar *types, ...);
gboolean floe_sqlite_db_next (FloeSqliteDb *self, sqlite3_stmt *statement, gboolean *row,
                              GError **error);
gboolean floe_sqlite_db_run (FloeSqliteDb *self, GError **error, const gchar *sql,
                             const gchar *types, ...);
gboolean floe_sqlite_db_get_int (FloeSqliteDb *self, const gchar *sql, gint64 *value,
                                 GError **error);
guint64 floe_sqlite_db_get_statements (FloeSqliteDb *self);
gboolean floe_sqlite_db_is_in_transaction (FloeSqliteDb *self);
void floe_sqlite_db_set_error (FloeSqliteDb *self, GError **error);

gchar *floe_sqlite_dup_text (sqlite3_stmt *statement, gint column);
const gchar *floe_sqlite_get_text (sqlite3_stmt *statement, gint column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSqliteDb, floe_sqlite_db_close)

G_END_DECLS
