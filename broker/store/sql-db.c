/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-db.h"

/**
 * floe_sql_db_query:
 * @sql: one statement; a string literal, since it is kept by its address. Its parameters are $1,
 *   $2 and so on, in any order, each as often as it is wanted
 * @types: a letter a parameter: "s" for a nullable string, "i" for a gint64, "a" for a
 *   %NULL-terminated array of strings, which is an array to PostgreSQL and JSON to SQLite
 *
 * Asks for rows. PostgreSQL is sent the statement, unless it was sent ahead, and is waited for with
 * the first row; SQLite begins with the first row.
 *
 * Returns: (transfer full): the rows for floe_sql_rows_next(); or %NULL
 */
FloeSqlRows *
floe_sql_db_query (FloeSqlDb *self, GError **error, const gchar *sql, const gchar *types, ...)
{
  FloeSqlRows *rows;
  va_list args;

  va_start (args, types);
  rows = self->driver->query (self, error, sql, types, args);
  va_end (args);
  return rows;
}

/**
 * floe_sql_db_run:
 *
 * Runs a statement, see floe_sql_db_query(). What becomes of it on PostgreSQL is known later.
 */
gboolean
floe_sql_db_run (FloeSqlDb *self, GError **error, const gchar *sql, const gchar *types, ...)
{
  gboolean done;
  va_list args;

  va_start (args, types);
  done = self->driver->run (self, error, NULL, sql, types, args);
  va_end (args);
  return done;
}

/**
 * floe_sql_db_run_or_conflict:
 * @conflict: what it means when the statement must not be
 *
 * As floe_sql_db_run(), for a statement that is written to find out whether it may be: on
 * PostgreSQL it puts a NULL where the server refuses one, so that nobody waits for the answer; on
 * SQLite it changes another number of rows than one. The transaction fails with
 * %FLOE_ERROR_CONFLICT then.
 */
gboolean
floe_sql_db_run_or_conflict (FloeSqlDb *self, GError **error, const gchar *conflict,
                             const gchar *sql, const gchar *types, ...)
{
  gboolean done;
  va_list args;

  va_start (args, types);
  done = self->driver->run (self, error, conflict, sql, types, args);
  va_end (args);
  return done;
}

/**
 * floe_sql_db_choose:
 *
 * Returns: the one of two texts that is for this database
 */
const gchar *
floe_sql_db_choose (const FloeSqlDb *self, const gchar *sqlite, const gchar *postgres)
{
  return self->driver->dialect == FLOE_SQL_POSTGRES ? postgres : sqlite;
}

/**
 * floe_sql_rows_next:
 * @row: (out): whether there is a row
 *
 * Returns: %FALSE with @error when the statement failed; on PostgreSQL also when one before it did
 */
gboolean
floe_sql_rows_next (FloeSqlRows *self, gboolean *row, GError **error)
{
  return self->driver->next (self, row, error);
}

gboolean
floe_sql_rows_is_null (const FloeSqlRows *self, gint column)
{
  return self->driver->is_null (self, column);
}

/**
 * floe_sql_rows_get_text:
 *
 * Returns: (transfer none) (nullable): a column of the row, until the next row is asked for
 */
const gchar *
floe_sql_rows_get_text (const FloeSqlRows *self, gint column)
{
  return self->driver->get_text (self, column);
}

gchar *
floe_sql_rows_dup_text (const FloeSqlRows *self, gint column)
{
  return g_strdup (self->driver->get_text (self, column));
}

/**
 * floe_sql_rows_get_int:
 *
 * Returns: a column of the row; 0 for NULL
 */
gint64
floe_sql_rows_get_int (const FloeSqlRows *self, gint column)
{
  return self->driver->get_int (self, column);
}

/**
 * floe_sql_rows_release:
 *
 * Ends the reading of @self, wherever it was.
 */
void
floe_sql_rows_release (FloeSqlRows *self)
{
  self->driver->release (self);
}
