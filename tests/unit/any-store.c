/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "any-store.h"

#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <unistd.h>

#include "store/postgres-migrations.h"
#include "store/postgres-store.h"
#include "store/postgres-tx.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-store.h"
#include "store/sqlite-tx.h"

gboolean
any_store_is_postgres (void)
{
  return g_strcmp0 (g_getenv ("FLOE_TEST_STORE"), "postgres") == 0;
}

/* The first column of the first row, if there is one. */
static gchar *
ask_postgres (const gchar *uri, const gchar *sql)
{
  PGconn *conn = PQconnectdb (uri);
  PGresult *result = PQexec (conn, sql);
  ExecStatusType status = PQresultStatus (result);
  gchar *found = NULL;

  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (conn));
  if (PQntuples (result) > 0)
    found = g_strdup (PQgetvalue (result, 0, 0));
  PQclear (result);
  PQfinish (conn);
  return found;
}

static const gchar *
base_uri (void)
{
  const gchar *uri = g_getenv ("FLOE_TEST_POSTGRES");

  if (uri == NULL)
    g_error ("FLOE_TEST_POSTGRES is not set; tests/fixtures/with-postgres.sh sets it");
  return uri;
}

AnyPlace *
any_place_new (void)
{
  AnyPlace *self = g_new0 (AnyPlace, 1);
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("floe-store-XXXXXX", &error);
  g_assert_no_error (error);
  if (any_store_is_postgres ())
    {
      g_autofree gchar *name = g_path_get_basename (self->directory);
      g_autofree gchar *sql = g_strdup_printf ("CREATE SCHEMA \"%s\"", name);

      g_free (ask_postgres (base_uri (), sql));
      self->path = g_strdup_printf ("%s&options=-csearch_path%%3D%%22%s%%22", base_uri (), name);
    }
  else
    self->path = g_build_filename (self->directory, "floe.db", NULL);
  return self;
}

void
any_place_free (AnyPlace *self)
{
  static const gchar *const names[] = { "floe.db", "floe.db-wal", "floe.db-shm", "floe.db.lock" };

  if (self == NULL)
    return;
  if (any_store_is_postgres ())
    {
      g_autofree gchar *name = g_path_get_basename (self->directory);
      g_autofree gchar *sql =
          g_strdup_printf ("SET client_min_messages = error; DROP SCHEMA \"%s\" CASCADE", name);

      g_free (ask_postgres (base_uri (), sql));
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *path = g_build_filename (self->directory, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (self->directory);
  g_free (self->path);
  g_free (self->directory);
  g_free (self);
}

FloeStore *
any_place_open (const AnyPlace *self, GError **error)
{
  if (any_store_is_postgres ())
    return (FloeStore *)floe_postgres_store_new (self->path, NULL, error);
  return (FloeStore *)floe_sqlite_store_new (self->path, error);
}

/* Runs SQL beside the store. */
void
any_place_exec (const AnyPlace *self, const gchar *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSqliteDb) db = NULL;

  if (any_store_is_postgres ())
    {
      g_free (ask_postgres (self->path, sql));
      return;
    }
  db = floe_sqlite_db_open (self->path, TRUE, &error);
  g_assert_no_error (error);
  floe_sqlite_db_exec (db, sql, &error);
  g_assert_no_error (error);
}

/* What a query beside the store says in its first row, which is text or a number. */
gchar *
any_place_get (const AnyPlace *self, const gchar *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSqliteDb) db = NULL;
  sqlite3_stmt *statement;
  gboolean row;

  if (any_store_is_postgres ())
    return ask_postgres (self->path, sql);
  db = floe_sqlite_db_open (self->path, TRUE, &error);
  g_assert_no_error (error);
  statement = floe_sqlite_db_query (db, &error, sql, "");
  g_assert_no_error (error);
  g_assert_true (floe_sqlite_db_next (db, statement, &row, &error));
  return row ? floe_sqlite_dup_text (statement, 0) : NULL;
}

void
any_store_close (FloeStore *store)
{
  if (FLOE_IS_POSTGRES_STORE (store))
    floe_postgres_store_close (FLOE_POSTGRES_STORE (store));
  else
    floe_sqlite_store_close (FLOE_SQLITE_STORE (store));
}

/* What the store did so far, in the unit that costs there: statements, or ways to the server. */
guint64
any_store_get_cost (FloeStore *store)
{
  return FLOE_IS_POSTGRES_STORE (store)
             ? floe_postgres_store_get_round_trips (FLOE_POSTGRES_STORE (store))
             : floe_sqlite_store_get_statements (FLOE_SQLITE_STORE (store));
}

static void
open_postgres (AnyTx *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePostgresConninfo) info =
      floe_postgres_conninfo_new (self->place->path, NULL, &error);

  g_assert_no_error (error);
  self->db = floe_postgres_db_open (info, &error);
  g_assert_no_error (error);
  floe_postgres_migrate (self->db, "test", &error);
  g_assert_no_error (error);
  floe_postgres_db_begin (self->db, "BEGIN", NULL);
  self->tx = FLOE_TX (floe_postgres_tx_new (self->db, TRUE));
}

static void
open_sqlite (AnyTx *self)
{
  g_autoptr (GError) error = NULL;

  self->db = floe_sqlite_db_open (":memory:", TRUE, &error);
  g_assert_no_error (error);
  floe_sqlite_migrate (self->db, ":memory:", &error);
  g_assert_no_error (error);
  floe_sqlite_db_exec (self->db, "BEGIN", &error);
  g_assert_no_error (error);
  self->tx = FLOE_TX (floe_sqlite_tx_new (self->db));
}

AnyTx *
any_tx_new (void)
{
  AnyTx *self = g_new0 (AnyTx, 1);

  self->place = any_place_new ();
  if (any_store_is_postgres ())
    open_postgres (self);
  else
    open_sqlite (self);
  return self;
}

void
any_tx_free (AnyTx *self)
{
  g_object_unref (self->tx);
  if (any_store_is_postgres ())
    floe_postgres_db_close (self->db);
  else
    floe_sqlite_db_close (self->db);
  any_place_free (self->place);
  g_free (self);
}

gboolean
any_tx_exec (FloeTx *tx, const gchar *sql, GError **error)
{
  if (FLOE_IS_POSTGRES_TX (tx))
    return floe_postgres_db_exec (floe_postgres_tx_get_db (FLOE_POSTGRES_TX (tx)), sql, error);
  return floe_sqlite_db_exec (floe_sqlite_tx_get_db (FLOE_SQLITE_TX (tx)), sql, error);
}
