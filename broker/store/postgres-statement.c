/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-pipeline.h"

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

/* The parameters of one statement, as libpq wants them. */
typedef struct
{
  gint n;
  const gchar *of[MAX_PARAMETERS];
  gboolean made[MAX_PARAMETERS]; /* freed with this; the others are the caller's */
} Values;

static void
take_values (Values *self, const gchar *types, va_list args)
{
  g_assert (strlen (types) <= MAX_PARAMETERS);
  for (self->n = 0; types[self->n] != '\0'; self->n++)
    {
      gint i = self->n;

      self->made[i] = types[i] != 's';
      if (types[i] == 's')
        self->of[i] = va_arg (args, const gchar *);
      else if (types[i] == 'i')
        self->of[i] = g_strdup_printf ("%" G_GINT64_FORMAT, va_arg (args, gint64));
      else
        self->of[i] = format_array (va_arg (args, const gchar *const *));
    }
}

static void
clear_values (Values *self)
{
  for (gint i = 0; i < self->n; i++)
    if (self->made[i])
      g_free ((gpointer)self->of[i]);
}

/* Two statements with the same text and the same of this ask for the same. */
static gchar *
join_values (const Values *self)
{
  GString *out = g_string_new (NULL);

  for (gint i = 0; i < self->n; i++)
    if (self->of[i] != NULL)
      g_string_append_printf (out, "%zu:%s,", strlen (self->of[i]), self->of[i]);
    else
      g_string_append_c (out, ',');
  return g_string_free (out, FALSE);
}

static FloePostgresPending *
queue_statement (FloePostgresDb *self, const gchar *sql, const gchar *types, const Values *values)
{
  const gchar *name;

  if (self->error != NULL || !floe_postgres_send_begin (self)
      || (self->pending.length >= PENDING_LIMIT && !floe_postgres_synchronise (self)))
    return NULL;
  name = prepare (self, sql, types);
  if (!PQsendQueryPrepared (self->conn, name, values->n, values->of, NULL, NULL, 0))
    floe_postgres_keep_lost (self, "the connection was lost");
  return self->failure != FLOE_POSTGRES_LOST
             ? floe_postgres_push_pending (self, FLOE_POSTGRES_OTHER, sql)
             : NULL;
}

/* What was asked for ahead may not be what it would be behind something that was written. */
static FloePostgresPending *
queue_write (FloePostgresDb *self, const gchar *sql, const gchar *types, va_list args)
{
  FloePostgresPending *pending;
  Values values;

  g_ptr_array_set_size (self->ahead, 0);
  take_values (&values, types, args);
  pending = queue_statement (self, sql, types, &values);
  clear_values (&values);
  return pending;
}

/* What was asked for ahead with these values, and maybe more behind them. */
static FloePostgresRows *
take_ahead (FloePostgresDb *self, const gchar *sql, const Values *values)
{
  g_autofree gchar *joined = self->ahead->len > 0 ? join_values (values) : NULL;

  for (guint i = 0; i < self->ahead->len; i++)
    {
      FloePostgresRows *rows = self->ahead->pdata[i];

      if (rows->sql == sql && g_str_has_prefix (rows->values, joined))
        return g_ptr_array_steal_index (self->ahead, i);
    }
  return NULL;
}

static FloePostgresRows *
send_query (FloePostgresDb *self, const gchar *sql, const gchar *types, const Values *values)
{
  FloePostgresPending *pending = queue_statement (self, sql, types, values);
  FloePostgresRows *rows;

  if (pending == NULL)
    return NULL;
  rows = g_new0 (FloePostgresRows, 1);
  rows->base.driver = &floe_postgres_driver;
  rows->refs = 2;
  rows->db = self;
  rows->sql = sql;
  rows->values = join_values (values);
  rows->at = -1;
  pending->rows = rows;
  return rows;
}

/* Sends a statement whose rows are wanted, unless it was sent ahead. */
static FloeSqlRows *
query (FloeSqlDb *db, GError **error, const gchar *sql, const gchar *types, va_list args)
{
  FloePostgresDb *self = (FloePostgresDb *)db;
  FloePostgresRows *rows;
  Values values;

  take_values (&values, types, args);
  rows = take_ahead (self, sql, &values);
  if (rows == NULL)
    rows = send_query (self, sql, types, &values);
  clear_values (&values);
  if (rows == NULL)
    floe_postgres_fail (self, error);
  return rows != NULL ? &rows->base : NULL;
}

/**
 * floe_postgres_db_keep_ahead:
 * @rows: (transfer full) (nullable): of a query that somebody will ask for later
 *
 * Keeps them for whoever asks the same in this transaction, as long as nothing was written in it.
 */
void
floe_postgres_db_keep_ahead (FloePostgresDb *self, FloeSqlRows *rows)
{
  if (rows != NULL)
    g_ptr_array_add (self->ahead, rows);
}

/**
 * floe_postgres_db_take_ahead:
 * @sql: what was asked for ahead; the same pointer
 * @types: of the first of its parameters, which follow; see #FloeSqlDriver
 *
 * Returns: (transfer full) (nullable): its rows; %NULL when nobody asked, or something was written
 *   since
 */
FloeSqlRows *
floe_postgres_db_take_ahead (FloePostgresDb *self, const gchar *sql, const gchar *types, ...)
{
  FloePostgresRows *rows;
  Values values;
  va_list args;

  va_start (args, types);
  take_values (&values, types, args);
  va_end (args);
  rows = take_ahead (self, sql, &values);
  clear_values (&values);
  return rows != NULL ? &rows->base : NULL;
}

/* Sends a statement without waiting for what becomes of it. */
static gboolean
run (FloeSqlDb *db, GError **error, const gchar *conflict, const gchar *sql, const gchar *types,
     va_list args)
{
  FloePostgresDb *self = (FloePostgresDb *)db;
  FloePostgresPending *pending = queue_write (self, sql, types, args);

  if (pending == NULL)
    return floe_postgres_fail (self, error);
  pending->conflict = g_strdup (conflict);
  return TRUE;
}

/* Rows. */

static gboolean
next (FloeSqlRows *rows, gboolean *row, GError **error)
{
  FloePostgresRows *self = (FloePostgresRows *)rows;

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

static gboolean
is_null (const FloeSqlRows *rows, gint column)
{
  const FloePostgresRows *self = (const FloePostgresRows *)rows;

  return PQgetisnull (self->result, self->at, column);
}

static const gchar *
get_text (const FloeSqlRows *rows, gint column)
{
  const FloePostgresRows *self = (const FloePostgresRows *)rows;

  return is_null (rows, column) ? NULL : PQgetvalue (self->result, self->at, column);
}

static gint64
get_int (const FloeSqlRows *rows, gint column)
{
  const FloePostgresRows *self = (const FloePostgresRows *)rows;

  return g_ascii_strtoll (PQgetvalue (self->result, self->at, column), NULL, 10);
}

void
floe_postgres_rows_unref (FloePostgresRows *self)
{
  if (--self->refs > 0)
    return;
  PQclear (self->result);
  g_free (self->values);
  g_free (self);
}

static void
release (FloeSqlRows *rows)
{
  floe_postgres_rows_unref ((FloePostgresRows *)rows);
}

const FloeSqlDriver floe_postgres_driver = {
  .dialect = FLOE_SQL_POSTGRES,
  .query = query,
  .run = run,
  .next = next,
  .is_null = is_null,
  .get_text = get_text,
  .get_int = get_int,
  .release = release,
};
