/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdarg.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FloeSqlDriver FloeSqlDriver;

/**
 * FloeSqlDb:
 *
 * One connection to a database, whichever it is, for one thread at a time, with its prepared
 * statements. What a transaction keeps is written once on this. It is the first member of what a
 * driver knows of its connection.
 */
typedef struct
{
  const FloeSqlDriver *driver;
} FloeSqlDb;

/**
 * FloeSqlRows:
 *
 * The rows of one statement, likewise. One statement's rows are read once at a time.
 */
typedef struct
{
  const FloeSqlDriver *driver;
} FloeSqlRows;

/**
 * FloeSqlDialect:
 *
 * Whose SQL a database speaks, where the two differ.
 */
typedef enum
{
  FLOE_SQL_SQLITE,
  FLOE_SQL_POSTGRES,
} FloeSqlDialect;

/**
 * FloeSqlDriver:
 * @dialect: its SQL
 * @query: see floe_sql_db_query()
 * @run: see floe_sql_db_run(), and with a conflict floe_sql_db_run_or_conflict()
 * @next: see floe_sql_rows_next()
 * @is_null: the rest is about a column of the row that is there
 * @get_text: nullable; it lives until the next row
 * @get_int: 0 for NULL
 * @release: ends the reading of rows
 *
 * What a database does for #FloeSqlDb and #FloeSqlRows.
 */
struct _FloeSqlDriver
{
  FloeSqlDialect dialect;
  FloeSqlRows *(*query) (FloeSqlDb *db, GError **error, const gchar *sql, const gchar *types,
                         va_list args);
  gboolean (*run) (FloeSqlDb *db, GError **error, const gchar *conflict, const gchar *sql,
                   const gchar *types, va_list args);
  gboolean (*next) (FloeSqlRows *rows, gboolean *row, GError **error);
  gboolean (*is_null) (const FloeSqlRows *rows, gint column);
  const gchar *(*get_text) (const FloeSqlRows *rows, gint column);
  gint64 (*get_int) (const FloeSqlRows *rows, gint column);
  void (*release) (FloeSqlRows *rows);
};

FloeSqlRows *floe_sql_db_query (FloeSqlDb *self, GError **error, const gchar *sql,
                                const gchar *types, ...);
gboolean floe_sql_db_run (FloeSqlDb *self, GError **error, const gchar *sql, const gchar *types,
                          ...);
gboolean floe_sql_db_run_or_conflict (FloeSqlDb *self, GError **error, const gchar *conflict,
                                      const gchar *sql, const gchar *types, ...);
const gchar *floe_sql_db_choose (const FloeSqlDb *self, const gchar *sqlite, const gchar *postgres);

gboolean floe_sql_rows_next (FloeSqlRows *self, gboolean *row, GError **error);
gboolean floe_sql_rows_is_null (const FloeSqlRows *self, gint column);
const gchar *floe_sql_rows_get_text (const FloeSqlRows *self, gint column);
gchar *floe_sql_rows_dup_text (const FloeSqlRows *self, gint column);
gint64 floe_sql_rows_get_int (const FloeSqlRows *self, gint column);
void floe_sql_rows_release (FloeSqlRows *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSqlRows, floe_sql_rows_release)

G_END_DECLS
