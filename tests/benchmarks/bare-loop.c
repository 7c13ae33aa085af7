/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bare-loop STORE DESKTOPS SECONDS [CONNECTIONS]: the least that a claim takes of a database: pick
 * a desktop that is free, take it, write one audit row, commit; then give it back, and commit.
 *
 * STORE is the path of an SQLite file that does not exist yet, or the URI of an empty PostgreSQL
 * database, there one statement for each of the two. SQLite has one writer, and so one connection.
 * Each commit waits for the disk, as the broker's claims do. Prints one JSON object; see samples.c.
 */
#include "samples.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  const gchar *store;
  gint64 ends;
  FloeSamples samples;
} Bench;

static void
die (const gchar *what, const gchar *why)
{
  fprintf (stderr, "bare-loop: %s: %s\n", what, why);
  exit (1);
}

/* SQLite. */

static void
run_sql (sqlite3 *db, const gchar *sql)
{
  char *text = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &text) != SQLITE_OK)
    die (sql, text);
}

static sqlite3_stmt *
prepare (sqlite3 *db, const gchar *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    die (sql, sqlite3_errmsg (db));
  return statement;
}

static sqlite3 *
open_sqlite (const gchar *path, guint n)
{
  sqlite3 *db = NULL;
  g_autofree gchar *sql = NULL;

  sqlite3_open (path, &db);
  run_sql (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
               "CREATE TABLE desktops (id INTEGER PRIMARY KEY, state TEXT, owner TEXT,"
               " since INTEGER); CREATE INDEX free ON desktops (state);"
               "CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER, actor TEXT, action TEXT,"
               " object INTEGER)");
  sql = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
                         " i < %u) INSERT INTO desktops SELECT i, 'free', NULL, 0 FROM n",
                         n);
  run_sql (db, sql);
  return db;
}

static gint64
take_in_sqlite (sqlite3 *db, sqlite3_stmt *take, sqlite3_stmt *audit, gint64 now)
{
  gint64 id;

  run_sql (db, "BEGIN IMMEDIATE");
  sqlite3_bind_text (take, 1, "u00001", -1, SQLITE_STATIC);
  sqlite3_bind_int64 (take, 2, now);
  if (sqlite3_step (take) != SQLITE_ROW)
    die ("claim", "none is free");
  id = sqlite3_column_int64 (take, 0);
  sqlite3_reset (take);
  sqlite3_bind_int64 (audit, 1, now);
  sqlite3_bind_text (audit, 2, "u00001", -1, SQLITE_STATIC);
  sqlite3_bind_int64 (audit, 3, id);
  sqlite3_step (audit);
  sqlite3_reset (audit);
  run_sql (db, "COMMIT");
  return id;
}

static void
loop_sqlite (Bench *bench, guint n)
{
  sqlite3 *db = open_sqlite (bench->store, n);
  sqlite3_stmt *take = prepare (db, "UPDATE desktops SET state = 'lent', owner = ?1, since = ?2"
                                    " WHERE id = (SELECT id FROM desktops WHERE state = 'free'"
                                    " LIMIT 1) RETURNING id");
  sqlite3_stmt *audit =
      prepare (db, "INSERT INTO audit (at, actor, action, object) VALUES (?1, ?2, 'claim', ?3)");
  sqlite3_stmt *back =
      prepare (db, "UPDATE desktops SET state = 'free', owner = NULL WHERE id = ?1");

  while (g_get_monotonic_time () < bench->ends)
    {
      gint64 begun = g_get_monotonic_time ();
      gint64 id = take_in_sqlite (db, take, audit, begun);

      floe_samples_add (&bench->samples, g_get_monotonic_time () - begun);
      run_sql (db, "BEGIN IMMEDIATE");
      sqlite3_bind_int64 (back, 1, id);
      sqlite3_step (back);
      sqlite3_reset (back);
      run_sql (db, "COMMIT");
    }
}

/* PostgreSQL. */

static PGconn *
open_postgres (const gchar *uri)
{
  PGconn *conn = PQconnectdb (uri);

  if (PQstatus (conn) != CONNECTION_OK)
    die (uri, PQerrorMessage (conn));
  return conn;
}

static PGresult *
check (PGconn *conn, const gchar *what, PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);

  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    die (what, PQerrorMessage (conn));
  return result;
}

static void
fill_postgres (const gchar *uri, guint n)
{
  PGconn *conn = open_postgres (uri);
  g_autofree gchar *sql = g_strdup_printf (
      "SET client_min_messages = 'error'; DROP SCHEMA IF EXISTS bare CASCADE;"
      "CREATE SCHEMA bare; CREATE TABLE bare.desktops (id bigint PRIMARY KEY,"
      " state text, owner text, since bigint);"
      "INSERT INTO bare.desktops SELECT i, 'free', NULL, 0"
      " FROM generate_series (1, %u) AS i;"
      "CREATE INDEX free ON bare.desktops (since) WHERE state = 'free';"
      "CREATE TABLE bare.audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
      " at bigint, actor text, action text, object bigint);"
      "ANALYZE bare.desktops",
      n);

  PQclear (check (conn, "fill", PQexec (conn, sql)));
  PQfinish (conn);
}

static void
prepare_postgres (PGconn *conn)
{
  PQclear (check (conn, "prepare",
                  PQprepare (conn, "take",
                             "WITH free AS (SELECT id FROM bare.desktops WHERE state = 'free'"
                             " ORDER BY since LIMIT 1 FOR UPDATE SKIP LOCKED),"
                             " taken AS (UPDATE bare.desktops d SET state = 'lent', owner = $1,"
                             " since = $2 FROM free WHERE d.id = free.id RETURNING d.id)"
                             " INSERT INTO bare.audit (at, actor, action, object)"
                             " SELECT $2, $1, 'claim', id FROM taken RETURNING object",
                             0, NULL)));
  PQclear (check (conn, "prepare",
                  PQprepare (conn, "back",
                             "UPDATE bare.desktops SET state = 'free', owner = NULL WHERE id = $1",
                             0, NULL)));
}

static gpointer
loop_postgres (gpointer data)
{
  Bench *bench = data;
  PGconn *conn = open_postgres (bench->store);

  prepare_postgres (conn);
  while (g_get_monotonic_time () < bench->ends)
    {
      gint64 begun = g_get_monotonic_time ();
      g_autofree gchar *now = g_strdup_printf ("%" G_GINT64_FORMAT, begun);
      const gchar *const values[] = { "u00001", now };
      PGresult *taken =
          check (conn, "claim", PQexecPrepared (conn, "take", 2, values, NULL, NULL, 0));
      const gchar *const back[] = { PQgetvalue (taken, 0, 0) };

      if (PQntuples (taken) != 1)
        die ("claim", "none is free");
      floe_samples_add (&bench->samples, g_get_monotonic_time () - begun);
      PQclear (check (conn, "give back", PQexecPrepared (conn, "back", 1, back, NULL, NULL, 0)));
      PQclear (taken);
    }
  PQfinish (conn);
  return NULL;
}

/* @benches: one for each connection; their samples end up in the first */
static void
loop_postgres_at_once (Bench *benches, guint connections, guint n)
{
  GThread **threads = g_new0 (GThread *, connections);

  for (guint i = 0; i < connections; i++)
    threads[i] = g_thread_new ("bare", loop_postgres, &benches[i]);
  for (guint i = 0; i < connections; i++)
    g_thread_join (threads[i]);
  for (guint i = 1; i < connections; i++)
    g_array_append_vals (benches[0].samples.us, benches[i].samples.us->data,
                         benches[i].samples.us->len);
  g_free (threads);
}

int
main (int argc, char **argv)
{
  gboolean postgres = argc > 1 && g_str_has_prefix (argv[1], "postgresql:");
  guint n = argc > 2 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : 0;
  gdouble seconds = argc > 3 ? g_ascii_strtod (argv[3], NULL) : 0;
  guint connections = argc > 4 ? (guint)g_ascii_strtoull (argv[4], NULL, 10) : 1;
  g_autofree Bench *benches = g_new0 (Bench, MAX (connections, 1));
  gint64 began;

  if (n <= connections || seconds <= 0 || connections < 1 || (connections > 1 && !postgres))
    {
      fprintf (stderr, "usage: bare-loop STORE DESKTOPS SECONDS [CONNECTIONS]\n");
      return 2;
    }
  if (postgres)
    fill_postgres (argv[1], n);
  began = g_get_monotonic_time ();
  for (guint i = 0; i < connections; i++)
    {
      benches[i].store = argv[1];
      benches[i].ends = began + (gint64)(seconds * G_USEC_PER_SEC);
      floe_samples_init (&benches[i].samples);
    }
  if (postgres)
    loop_postgres_at_once (benches, connections, n);
  else
    loop_sqlite (&benches[0], n);
  floe_samples_print (&benches[0].samples, g_get_monotonic_time () - began,
                      benches[0].samples.us->len, 0, 0);
  return 0;
}
