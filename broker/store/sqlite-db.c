/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-db.h"

#include "store/sqlite-error.h"

#include <stdarg.h>

#define BUSY_MS 5000

struct _FloeSqliteDb
{
  gchar *path;
  sqlite3 *handle;
  GHashTable *statements; /* SQL text, which is a literal, to its prepared statement */
  guint64 n_statements;
};

static void
set_error (GError **error, const gchar *path, gint result, const gchar *text)
{
  const gchar *reason;
  FloeError code = floe_sqlite_error_code (result, &reason);

  if (reason != NULL)
    floe_set_error_reason (error, code, reason, "database %s: %s", path, text);
  else
    g_set_error (error, FLOE_ERROR, code, "database %s: %s", path, text);
}

/**
 * floe_sqlite_db_set_error:
 *
 * Sets @error from what SQLite said last on this connection.
 */
void
floe_sqlite_db_set_error (FloeSqliteDb *self, GError **error)
{
  set_error (error, self->path, sqlite3_extended_errcode (self->handle),
             sqlite3_errmsg (self->handle));
}

/**
 * floe_sqlite_db_open:
 * @path: the file
 * @writes: whether it is made where it is missing, and may be written
 *
 * Returns: (transfer full): a connection, durable at each commit (synchronous=FULL); or %NULL
 */
FloeSqliteDb *
floe_sqlite_db_open (const gchar *path, gboolean writes, GError **error)
{
  g_autoptr (FloeSqliteDb) self = g_new0 (FloeSqliteDb, 1);
  gint flags = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  gint result;

  self->path = g_strdup (path);
  self->statements =
      g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)sqlite3_finalize);
  result = sqlite3_open_v2 (path, &self->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (result != SQLITE_OK)
    {
      set_error (error, path, result, sqlite3_errstr (result));
      return NULL;
    }
  sqlite3_busy_timeout (self->handle, BUSY_MS);
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!floe_sqlite_db_exec (self, "PRAGMA foreign_keys = ON", error)
      || !floe_sqlite_db_exec (self, "PRAGMA synchronous = FULL", error))
    return NULL;
  return g_steal_pointer (&self);
}

void
floe_sqlite_db_close (FloeSqliteDb *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->statements);
  sqlite3_close_v2 (self->handle);
  g_free (self->path);
  g_free (self);
}

/**
 * floe_sqlite_db_exec:
 * @sql: one or several statements without parameters
 *
 * Returns: whether all of them ran
 */
gboolean
floe_sqlite_db_exec (FloeSqliteDb *self, const gchar *sql, GError **error)
{
  self->n_statements++;
  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  floe_sqlite_db_set_error (self, error);
  return FALSE;
}

static sqlite3_stmt *
prepare (FloeSqliteDb *self, const gchar *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }
  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
      != SQLITE_OK)
    {
      floe_sqlite_db_set_error (self, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer)sql, statement);
  return statement;
}

static void
bind (sqlite3_stmt *statement, const gchar *types, va_list args)
{
  for (gint i = 0; types[i] != '\0'; i++)
    if (types[i] == 'i')
      sqlite3_bind_int64 (statement, i + 1, va_arg (args, gint64));
    else
      sqlite3_bind_text (statement, i + 1, va_arg (args, const gchar *), -1, SQLITE_TRANSIENT);
}

static sqlite3_stmt *
query (FloeSqliteDb *self, GError **error, const gchar *sql, const gchar *types, va_list args)
{
  sqlite3_stmt *statement = prepare (self, sql, error);

  self->n_statements++;
  if (statement != NULL)
    bind (statement, types, args);
  return statement;
}

/**
 * floe_sqlite_db_query:
 * @sql: one statement; a string literal, since it is kept by its address
 * @types: a letter a parameter: "s" for a nullable string, "i" for a gint64
 *
 * Returns: (transfer none): the statement for floe_sqlite_db_next(), until the next query with the
 *   same @sql; or %NULL
 */
sqlite3_stmt *
floe_sqlite_db_query (FloeSqliteDb *self, GError **error, const gchar *sql, const gchar *types, ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = query (self, error, sql, types, args);
  va_end (args);
  return statement;
}

/**
 * floe_sqlite_db_next:
 * @statement: from floe_sqlite_db_query()
 * @row: (out): whether there is a row; when there is none the statement is reset
 *
 * Returns: %FALSE with @error when it failed
 */
gboolean
floe_sqlite_db_next (FloeSqliteDb *self, sqlite3_stmt *statement, gboolean *row, GError **error)
{
  gint result = sqlite3_step (statement);

  *row = result == SQLITE_ROW;
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    floe_sqlite_db_set_error (self, error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE;
}

/**
 * floe_sqlite_db_run:
 *
 * Runs one statement to its end, see floe_sqlite_db_query().
 */
gboolean
floe_sqlite_db_run (FloeSqliteDb *self, GError **error, const gchar *sql, const gchar *types, ...)
{
  sqlite3_stmt *statement;
  gboolean row = TRUE;
  va_list args;

  va_start (args, types);
  statement = query (self, error, sql, types, args);
  va_end (args);
  if (statement == NULL)
    return FALSE;
  while (row)
    if (!floe_sqlite_db_next (self, statement, &row, error))
      return FALSE;
  return TRUE;
}

/**
 * floe_sqlite_db_get_int:
 * @sql: a statement that gives at least one row
 * @value: (out): its first column
 */
gboolean
floe_sqlite_db_get_int (FloeSqliteDb *self, const gchar *sql, gint64 *value, GError **error)
{
  sqlite3_stmt *statement = floe_sqlite_db_query (self, error, sql, "");
  gboolean row;

  if (statement == NULL || !floe_sqlite_db_next (self, statement, &row, error))
    return FALSE;
  *value = row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * floe_sqlite_db_get_statements:
 *
 * Returns: how many statements were run on this connection
 */
guint64
floe_sqlite_db_get_statements (FloeSqliteDb *self)
{
  return self->n_statements;
}

/**
 * floe_sqlite_db_get_changes:
 *
 * Returns: how many rows the last statement changed
 */
gint
floe_sqlite_db_get_changes (FloeSqliteDb *self)
{
  return sqlite3_changes (self->handle);
}

gboolean
floe_sqlite_db_is_in_transaction (FloeSqliteDb *self)
{
  return sqlite3_get_autocommit (self->handle) == 0;
}

const gchar *
floe_sqlite_get_text (sqlite3_stmt *statement, gint column)
{
  return (const gchar *)sqlite3_column_text (statement, column);
}

gchar *
floe_sqlite_dup_text (sqlite3_stmt *statement, gint column)
{
  return g_strdup (floe_sqlite_get_text (statement, column));
}
