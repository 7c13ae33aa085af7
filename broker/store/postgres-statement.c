/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-pipeline.h"

#include <stdarg.h>
#include <string.h>

/* Answers that may be on their way before they are read, so that neither side fills its socket. */
#define PENDING_LIMIT 512

#define MAX_PARAMETERS 40

/* Of <catalog/pg_type_d.h>, which only the server's packages have. */
#define OID_INT8       20
#define OID_TEXT       25
#define OID_TEXT_ARRAY 1009

static const gchar *
prepare (FloePostgresDb *self, const gchar *sql, const gchar *types)
{
  gchar *name = g_hash_table_lookup (self->statements, sql);
  Oid oids[MAX_PARAMETERS];
  gint n = 0;

  if (name != NULL)
    return name;
  for (; types[n] != '\0'; n++)
    oids[n] = types[n] == 'i' ? OID_INT8 : types[n] == 'a' ? OID_TEXT_ARRAY : OID_TEXT;
  name = g_strdup_printf ("f%u", self->n_prepared++);
  g_hash_table_insert (self->statements, (gpointer)sql, name);
  if (PQsendPrepare (self->conn, name, sql, n, oids))
    floe_postgres_push_pending (self, FLOE_POSTGRES_PREPARE, sql);
  else
    floe_postgres_keep_lost (self, "the connection was lost");
  return name;
}

/* An array in PostgreSQL's text form. */
static gchar *
format_array (const gchar *const *strings)
{
  GString *out = g_string_new ("{");

  for (guint i = 0; strings[i] != NULL; i++)
    {
      g_string_append (out, i > 0 ? ",\"" : "\"");
      for (const gchar *p = strings[i]; *p != '\0'; p++)
        {
          if (*p == '"' || *p == '\\')
            g_string_append_c (out, '\\');
          g_string_append_c (out, *p);
        }
      g_string_append_c (out, '"');
    }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static gboolean
send_statement (FloePostgresDb *self, const gchar *sql, const gchar *types, va_list args)
{
  const gchar *name = prepare (self, sql, types);
  const gchar *values[MAX_PARAMETERS];
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  gint n = 0;

  for (; types[n] != '\0'; n++)
    if (types[n] == 's')
      values[n] = va_arg (args, const gchar *);
    else
      {
        if (types[n] == 'i')
          values[n] = g_strdup_printf ("%" G_GINT64_FORMAT, va_arg (args, gint64));
        else
          values[n] = format_array (va_arg (args, const gchar *const *));
        g_ptr_array_add (made, (gpointer)values[n]);
      }
  if (!PQsendQueryPrepared (self->conn, name, n, values, NULL, NULL, 0))
    floe_postgres_keep_lost (self, "the connection was lost");
  return self->failure != FLOE_POSTGRES_LOST;
}

static FloePostgresPending *
queue_statement (FloePostgresDb *self, const gchar *sql, const gchar *types, va_list args)
{
  g_return_val_if_fail (strlen (types) <= MAX_PARAMETERS, NULL);
  if (self->error != NULL || !floe_postgres_send_begin (self)
      || (self->pending.length >= PENDING_LIMIT && !floe_postgres_synchronise (self))
      || !send_statement (self, sql, types, args))
    return NULL;
  return floe_postgres_push_pending (self, FLOE_POSTGRES_OTHER, sql);
}

/**
 * floe_postgres_db_query:
 * @sql: one statement; a string literal, since it is kept by its address
 * @types: a letter a parameter: "s" for a nullable string, "i" for a gint64, "a" for a
 *   %NULL-terminated array of strings
 *
 * Sends a statement whose rows are wanted.
 *
 * Returns: (transfer full): the rows for floe_postgres_rows_next(); or %NULL
 */
FloePostgresRows *
floe_postgres_db_query (FloePostgresDb *self, GError **error, const gchar *sql, const gchar *types,
                        ...)
{
  FloePostgresRows *rows;
  FloePostgresPending *pending;
  va_list args;

  va_start (args, types);
  pending = queue_statement (self, sql, types, args);
  va_end (args);
  if (pending == NULL)
    {
      floe_postgres_fail (self, error);
      return NULL;
    }
  rows = g_new0 (FloePostgresRows, 1);
  rows->refs = 2;
  rows->db = self;
  rows->at = -1;
  pending->rows = rows;
  return rows;
}

/**
 * floe_postgres_db_run:
 *
 * Sends a statement, see floe_postgres_db_query(), without waiting for what becomes of it.
 */
gboolean
floe_postgres_db_run (FloePostgresDb *self, GError **error, const gchar *sql, const gchar *types,
                      ...)
{
  FloePostgresPending *pending;
  va_list args;

  va_start (args, types);
  pending = queue_statement (self, sql, types, args);
  va_end (args);
  return pending != NULL || floe_postgres_fail (self, error);
}

/**
 * floe_postgres_db_run_or_conflict:
 * @conflict: what it means when the statement puts a NULL where none may be
 *
 * As floe_postgres_db_run(), for a statement that is written to make the server refuse what must
 * not be: the transaction fails with %FLOE_ERROR_CONFLICT then, without a way back and forth.
 */
gboolean
floe_postgres_db_run_or_conflict (FloePostgresDb *self, GError **error, const gchar *conflict,
                                  const gchar *sql, const gchar *types, ...)
{
  FloePostgresPending *pending;
  va_list args;

  va_start (args, types);
  pending = queue_statement (self, sql, types, args);
  va_end (args);
  if (pending == NULL)
    return floe_postgres_fail (self, error);
  pending->conflict = g_strdup (conflict);
  return TRUE;
}

/* Rows. */

/**
 * floe_postgres_rows_next:
 * @row: (out): whether there is a row
 *
 * Returns: %FALSE with @error when the statement, or one before it, failed
 */
gboolean
floe_postgres_rows_next (FloePostgresRows *self, gboolean *row, GError **error)
{
  if (self->result == NULL && self->db->error == NULL && floe_postgres_synchronise (self->db)
      && self->result == NULL)
    floe_postgres_keep_lost (self->db, "the server answers out of turn");
  *row = FALSE;
  if (self->db->error != NULL)
    return floe_postgres_fail (self->db, error);
  self->at++;
  *row = self->at < PQntuples (self->result);
  return TRUE;
}

gboolean
floe_postgres_rows_is_null (const FloePostgresRows *self, gint column)
{
  return PQgetisnull (self->result, self->at, column);
}

/**
 * floe_postgres_rows_get_text:
 *
 * Returns: (transfer none) (nullable): a column of the row, as long as the rows live
 */
const gchar *
floe_postgres_rows_get_text (const FloePostgresRows *self, gint column)
{
  return floe_postgres_rows_is_null (self, column) ? NULL
                                                   : PQgetvalue (self->result, self->at, column);
}

gchar *
floe_postgres_rows_dup_text (const FloePostgresRows *self, gint column)
{
  return g_strdup (floe_postgres_rows_get_text (self, column));
}

/**
 * floe_postgres_rows_get_int:
 *
 * Returns: a column of the row; 0 for NULL
 */
gint64
floe_postgres_rows_get_int (const FloePostgresRows *self, gint column)
{
  return g_ascii_strtoll (PQgetvalue (self->result, self->at, column), NULL, 10);
}

void
floe_postgres_rows_unref (FloePostgresRows *self)
{
  if (--self->refs > 0)
    return;
  PQclear (self->result);
  g_free (self);
}
