/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-db.h"

#include "core/error.h"
#include "store/packed-strings.h"
#include "store/sqlite-error.h"

#define BUSY_MS 5000

/* As many as any statement has. */
#define MAX_PARAMETERS 40

struct _FloeSqliteDb
{
  FloeSqlDb base;
  gchar *path;
  sqlite3 *handle;
  GHashTable *statements; /* SQL text, which is a literal, to its Statement */
  guint64 n_statements;
};

/* A prepared statement, which is its own rows. */
typedef struct
{
  FloeSqlRows base;
  FloeSqliteDb *db;
  sqlite3_stmt *stmt;
  gint indices[MAX_PARAMETERS]; /* SQLite's of $1, $2 and so on; 0 for one that is not there */
} Statement;

static const FloeSqlDriver driver;

static void
statement_free (gpointer data)
{
  Statement *self = data;

  sqlite3_finalize (self->stmt);
  g_free (self);
}

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

/* SQLite counts what it allocates, under a lock of the whole process, for questions that nobody
 * asks here. To be said before its first use; later it is refused, and nothing is lost. */
static void
set_up_library (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&done, 1);
    }
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

  set_up_library ();
  self->base.driver = &driver;
  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, statement_free);
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

/* SQLite counts names of parameters in the order of the text. */
static void
find_parameters (Statement *self)
{
  for (gint i = 1; i <= sqlite3_bind_parameter_count (self->stmt); i++)
    {
      const gchar *name = sqlite3_bind_parameter_name (self->stmt, i);
      guint64 number = name != NULL ? g_ascii_strtoull (name + 1, NULL, 10) : 0;

      g_return_if_fail (number > 0 && number <= MAX_PARAMETERS);
      self->indices[number - 1] = i;
    }
}

static Statement *
prepare (FloeSqliteDb *self, const gchar *sql, GError **error)
{
  Statement *statement = g_hash_table_lookup (self->statements, sql);
  sqlite3_stmt *stmt;

  if (statement != NULL)
    {
      sqlite3_reset (statement->stmt);
      sqlite3_clear_bindings (statement->stmt);
      return statement;
    }
  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL)
      != SQLITE_OK)
    {
      floe_sqlite_db_set_error (self, error);
      return NULL;
    }
  statement = g_new0 (Statement, 1);
  statement->base.driver = &driver;
  statement->db = self;
  statement->stmt = stmt;
  find_parameters (statement);
  g_hash_table_insert (self->statements, (gpointer)sql, statement);
  return statement;
}

/* How long what is given for parameters stays where it is: to the end of a statement that is run to
 * its end at once, or for this call only, so that SQLite copies it. */
typedef enum
{
  LIVES_TO_END,
  LIVES_FOR_CALL,
} Lifetime;

/* One that the statement has not, index 0, is refused by SQLite and not missed. */
static void
bind (const Statement *self, Lifetime lifetime, const gchar *types, va_list args)
{
  for (gint i = 0; i < MAX_PARAMETERS && types[i] != '\0'; i++)
    if (types[i] == 'i')
      sqlite3_bind_int64 (self->stmt, self->indices[i], va_arg (args, gint64));
    else if (types[i] == 's')
      sqlite3_bind_text (self->stmt, self->indices[i], va_arg (args, const gchar *), -1,
                         lifetime == LIVES_TO_END ? SQLITE_STATIC : SQLITE_TRANSIENT);
    else
      sqlite3_bind_text (self->stmt, self->indices[i],
                         floe_pack_strings (va_arg (args, const gchar *const *)), -1, g_free);
}

static Statement *
begin (FloeSqliteDb *self, GError **error, const gchar *sql, Lifetime lifetime, const gchar *types,
       va_list args)
{
  Statement *statement = prepare (self, sql, error);

  if (statement != NULL)
    bind (statement, lifetime, types, args);
  return statement;
}

/**
 * floe_sqlite_db_get_sql:
 *
 * Returns: (transfer none): the connection as what a transaction keeps is written on
 */
FloeSqlDb *
floe_sqlite_db_get_sql (FloeSqliteDb *self)
{
  return &self->base;
}

/**
 * floe_sqlite_db_query:
 *
 * As floe_sql_db_query().
 *
 * Returns: (transfer none): the statement for floe_sqlite_db_next(), until the next query with the
 *   same @sql; or %NULL
 */
sqlite3_stmt *
floe_sqlite_db_query (FloeSqliteDb *self, GError **error, const gchar *sql, const gchar *types, ...)
{
  Statement *statement;
  va_list args;

  va_start (args, types);
  statement = begin (self, error, sql, LIVES_FOR_CALL, types, args);
  va_end (args);
  return statement != NULL ? statement->stmt : NULL;
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
  gint result;

  if (!sqlite3_stmt_busy (statement))
    self->n_statements++;
  result = sqlite3_step (statement);
  *row = result == SQLITE_ROW;
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    floe_sqlite_db_set_error (self, error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE;
}

static gboolean
run_to_end (FloeSqliteDb *self, sqlite3_stmt *statement, GError **error)
{
  gboolean row = TRUE;

  while (row)
    if (!floe_sqlite_db_next (self, statement, &row, error))
      return FALSE;
  return TRUE;
}

/**
 * floe_sqlite_db_run:
 *
 * As floe_sql_db_run().
 */
gboolean
floe_sqlite_db_run (FloeSqliteDb *self, GError **error, const gchar *sql, const gchar *types, ...)
{
  Statement *statement;
  va_list args;

  va_start (args, types);
  statement = begin (self, error, sql, LIVES_TO_END, types, args);
  va_end (args);
  return statement != NULL && run_to_end (self, statement->stmt, error);
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

gboolean
floe_sqlite_db_is_in_transaction (FloeSqliteDb *self)
{
  return sqlite3_get_autocommit (self->handle) == 0;
}

gchar *
floe_sqlite_dup_text (sqlite3_stmt *statement, gint column)
{
  return g_strdup (floe_sqlite_get_text (statement, column));
}

const gchar *
floe_sqlite_get_text (sqlite3_stmt *statement, gint column)
{
  return (const gchar *)sqlite3_column_text (statement, column);
}

/* The port. */

static FloeSqlRows *
driver_query (FloeSqlDb *db, GError **error, const gchar *sql, const gchar *types, va_list args)
{
  Statement *statement = begin ((FloeSqliteDb *)db, error, sql, LIVES_FOR_CALL, types, args);

  return statement != NULL ? &statement->base : NULL;
}

static gboolean
driver_run (FloeSqlDb *db, GError **error, const gchar *conflict, const gchar *sql,
            const gchar *types, va_list args)
{
  FloeSqliteDb *self = (FloeSqliteDb *)db;
  Statement *statement = begin (self, error, sql, LIVES_TO_END, types, args);

  if (statement == NULL || !run_to_end (self, statement->stmt, error))
    return FALSE;
  if (conflict == NULL || sqlite3_changes (self->handle) == 1)
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, conflict);
  return FALSE;
}

static gboolean
driver_next (FloeSqlRows *rows, gboolean *row, GError **error)
{
  Statement *statement = (Statement *)rows;

  return floe_sqlite_db_next (statement->db, statement->stmt, row, error);
}

static gboolean
driver_is_null (const FloeSqlRows *rows, gint column)
{
  return sqlite3_column_type (((const Statement *)rows)->stmt, column) == SQLITE_NULL;
}

static const gchar *
driver_get_text (const FloeSqlRows *rows, gint column)
{
  return (const gchar *)sqlite3_column_text (((const Statement *)rows)->stmt, column);
}

static gint64
driver_get_int (const FloeSqlRows *rows, gint column)
{
  return sqlite3_column_int64 (((const Statement *)rows)->stmt, column);
}

static void
driver_release (FloeSqlRows *rows)
{
  sqlite3_reset (((Statement *)rows)->stmt);
}

static const FloeSqlDriver driver = {
  .dialect = FLOE_SQL_SQLITE,
  .query = driver_query,
  .run = driver_run,
  .next = driver_next,
  .is_null = driver_is_null,
  .get_text = driver_get_text,
  .get_int = driver_get_int,
  .release = driver_release,
};
