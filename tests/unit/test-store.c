/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "any-store.h"
#include "core/error.h"
#include "store/packed-strings.h"
#include "store/postgres-pools.h"
#include "store/sqlite-error.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-pools.h"
#include "store/sqlite-store.h"
#include "store/sqlite-tx.h"

static FloeStore *
open_store (const AnyPlace *place)
{
  g_autoptr (GError) error = NULL;
  FloeStore *store = any_place_open (place, &error);

  g_assert_no_error (error);
  return store;
}

typedef struct
{
  guint answers;
  GPtrArray *errors; /* GError, NULL for success */
} Tally;

static void
tally (GObject *source, GAsyncResult *result, gpointer data)
{
  Tally *count = data;
  GError *error = NULL;

  floe_store_finish (FLOE_STORE (source), result, &error);
  g_ptr_array_add (count->errors, error);
  count->answers++;
}

static GError *
run (FloeStore *store, FloeTransaction func, gpointer input)
{
  Tally count = { 0, g_ptr_array_new () };
  GError *error;

  floe_store_write_async (store, func, input, NULL, NULL, tally, &count);
  while (count.answers == 0)
    g_main_context_iteration (NULL, TRUE);
  error = count.errors->pdata[0];
  g_ptr_array_unref (count.errors);
  return error;
}

static FloeDesktop *
new_desktop (const gchar *id)
{
  FloeDesktop *desktop = floe_desktop_new (id, id, "office");

  desktop->host = g_strdup ("host1");
  desktop->present = TRUE;
  desktop->facts.power = FLOE_POWER_ON;
  return desktop;
}

static gboolean
put_pool (FloeTx *tx, GError **error)
{
  g_autoptr (FloePool) pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  pool->pattern = g_strdup ("office-*");
  pool->description = g_strdup ("Büro 事務所");
  g_strfreev (pool->groups);
  pool->groups = g_strsplit ("Vdi-Users\ncn=Office,ou=Groups,dc=x", "\n", -1);
  return floe_tx_put_pool (tx, pool, error);
}

static void
lend (FloeDesktop *desktop, const gchar *user)
{
  desktop->facts.lease = FLOE_LEASE_HELD;
  desktop->lease = floe_lease_new (user, user, 5);
}

#define CHECK(call)                                                                                \
  if (!(call))                                                                                     \
  return NULL

static gpointer
round_trip (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) desktop = new_desktop ("d1");
  g_autoptr (FloeDesktop) back = NULL;
  g_autoptr (FloePool) pool = NULL;

  CHECK (put_pool (tx, error));
  desktop->facts.guest = FLOE_GUEST_LOGGED_IN;
  desktop->facts.console = FLOE_CONSOLE_LOST;
  desktop->facts.clean = FLOE_CLEAN_RESETTING;
  desktop->facts.intent = FLOE_INTENT_RESET;
  for (guint i = 0; i < FLOE_N_FACTS; i++)
    desktop->times[i] = 1000 + i;
  desktop->problem = g_strdup ("it's \"bad\"; -- ' \\");
  desktop->not_before = 77;
  lend (desktop, "u1");
  desktop->lease->terminal = g_strdup ("aabb");
  floe_desktop_set_end (desktop, "taken-over", 9, "alice", "192.0.2.1");
  CHECK (floe_tx_put_desktop (tx, desktop, error));
  back = floe_tx_get_desktop (tx, "d1", error);
  CHECK (back);
  g_assert_cmpmem (&back->facts, sizeof back->facts, &desktop->facts, sizeof desktop->facts);
  g_assert_cmpmem (back->times, sizeof back->times, desktop->times, sizeof desktop->times);
  g_assert_cmpstr (back->problem, ==, desktop->problem);
  g_assert_cmpstr (back->lease->holder, ==, "u1");
  g_assert_cmpstr (back->lease->terminal, ==, "aabb");
  g_assert_cmpstr (back->end->reason, ==, "taken-over");
  g_assert_cmpstr (back->end->user, ==, "u1");
  g_assert_cmpint (back->not_before, ==, 77);
  g_assert_cmpuint (back->grace_seconds, ==, FLOE_POOL_GRACE_SECONDS);
  pool = floe_tx_get_pool (tx, "office", error);
  g_assert_cmpstr (pool->groups[1], ==, "cn=Office,ou=Groups,dc=x");
  g_assert_cmpstr (pool->description, ==, "Büro 事務所");
  return GINT_TO_POINTER (TRUE);
}

static void
test_round_trip (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  g_autoptr (GError) error = run (store, round_trip, NULL);

  g_assert_no_error (error);
}

static gpointer
two_holders (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) first = new_desktop ("d1");
  g_autoptr (FloeDesktop) second = new_desktop ("d1");

  CHECK (put_pool (tx, error));
  lend (first, "u1");
  CHECK (floe_tx_put_desktop (tx, first, error));
  lend (second, "u2");
  CHECK (floe_tx_put_desktop (tx, second, error));
  return GINT_TO_POINTER (TRUE);
}

static gpointer
two_desktops (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeDesktop) first = new_desktop ("d1");
  g_autoptr (FloeDesktop) second = new_desktop ("d2");

  CHECK (put_pool (tx, error));
  lend (first, "u1");
  CHECK (floe_tx_put_desktop (tx, first, error));
  lend (second, "u1");
  CHECK (floe_tx_put_desktop (tx, second, error));
  return GINT_TO_POINTER (TRUE);
}

/* Rule 1, by the last guard: even code that is wrong cannot lend twice. */
static void
test_unique (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  g_autoptr (GError) holders = run (store, two_holders, NULL);
  g_autoptr (GError) desktops = run (store, two_desktops, NULL);

  g_assert_error (holders, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_error (desktops, FLOE_ERROR, FLOE_ERROR_CONFLICT);
}

static gpointer
put_row (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (1, "test", input, "done");

  CHECK (floe_tx_put_audit (tx, row, error));
  if (strcmp (input, "bad") == 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "as told");
      return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static gpointer
count_rows (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeAuditFilter all = { .limit = 100000 };
  g_autoptr (GPtrArray) rows = floe_tx_list_audit (tx, &all, error);

  return rows != NULL ? GUINT_TO_POINTER (rows->len + 1) : NULL;
}

static void
counted (GObject *source, GAsyncResult *result, gpointer data)
{
  *(guint *)data = GPOINTER_TO_UINT (floe_store_finish (FLOE_STORE (source), result, NULL));
}

static guint
count_audit (FloeStore *store)
{
  guint n = 0;

  floe_store_read_async (store, count_rows, NULL, NULL, NULL, NULL, counted, &n);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  return n - 1;
}

/* Transactions that are committed together fail alone. */
static void
test_batch (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  Tally count = { 0, g_ptr_array_new () };
  guint failed = 0;

  for (guint i = 0; i < 300; i++)
    floe_store_write_async (store, put_row, (gpointer)(i % 3 == 0 ? "bad" : "good"), NULL, NULL,
                            tally, &count);
  while (count.answers < 300)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 300; i++)
    if (count.errors->pdata[i] != NULL)
      {
        failed++;
        g_error_free (count.errors->pdata[i]);
      }
  g_assert_cmpuint (failed, ==, 100);
  g_assert_cmpuint (count_audit (store), ==, 200);
  g_ptr_array_unref (count.errors);
}

static void
test_second_broker (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) G_GNUC_UNUSED first = open_store (place);
  g_autoptr (GError) error = NULL;

  g_assert_null (any_place_open (place, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "another floe-broker"));
}

static void
test_newer (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *rows = NULL;

  g_object_unref (open_store (place));
  any_place_exec (place, any_store_is_postgres () ? "UPDATE floe_schema SET version = 9999"
                                                  : "PRAGMA user_version = 9999");
  g_assert_null (any_place_open (place, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "9999"));
  rows = any_place_get (place, "SELECT count (*) FROM desktops"); /* it is still there */
  g_assert_cmpstr (rows, ==, "0");
}

static void
test_foreign (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (GError) error = NULL;

  any_place_exec (place, "CREATE TABLE pools (x TEXT)");
  g_assert_null (any_place_open (place, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "not Floe's"));
}

static void
test_damaged (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (
      g_file_set_contents (place->path, "this is no database, only some text", -1, NULL));
  g_assert_null (any_place_open (place, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
  g_assert_nonnull (strstr (error->message, place->path));
}

static void
test_no_directory (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_sqlite_store_new ("/nonexistent/floe.db", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
}

/* A step that fails leaves the database as it was, and deletes nothing. */
static void
test_failed_migration (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *kept = NULL;
  g_autofree gchar *tables = NULL;

  if (any_store_is_postgres ())
    any_place_exec (place, "CREATE TABLE floe_schema (one BIGINT PRIMARY KEY, version BIGINT);"
                           "INSERT INTO floe_schema VALUES (1, 0)");
  else
    any_place_exec (place, "PRAGMA application_id = 0x466c6f65");
  any_place_exec (place, "CREATE TABLE pools (mine TEXT); INSERT INTO pools VALUES ('kept')");
  g_assert_null (any_place_open (place, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
  g_assert_nonnull (strstr (error->message, "step 1"));
  kept = any_place_get (place, "SELECT mine FROM pools");
  g_assert_cmpstr (kept, ==, "kept");
  tables = any_place_get (place, any_store_is_postgres ()
                                     ? "SELECT 1 + count (*) FROM information_schema.tables"
                                       " WHERE table_schema = current_schema ()"
                                       " AND table_name NOT IN ('floe_schema', 'pools')"
                                     : "SELECT count (*) FROM sqlite_schema");
  g_assert_cmpstr (tables, ==, "1");
}

static void
test_mode (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) G_GNUC_UNUSED store = open_store (place);
  GStatBuf info;

  g_assert_cmpint (g_stat (place->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

/* The disk is full: nothing is half recorded, and it goes on when there is room again. */
static gpointer
limit_pages (FloeTx *tx, gconstpointer input, GError **error)
{
  FloeSqliteDb *db = floe_sqlite_tx_get_db (FLOE_SQLITE_TX (tx));
  g_autofree gchar *sql = g_strdup_printf ("PRAGMA max_page_count = %s", (const gchar *)input);
  gint64 n;

  return floe_sqlite_db_get_int (db, g_intern_string (sql), &n, error) ? GINT_TO_POINTER (TRUE)
                                                                       : NULL;
}

static void
test_full (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  g_autofree gchar *large = g_strnfill (200000, 'x');
  g_autoptr (GError) limited = run (store, limit_pages, (gpointer) "1");
  g_autoptr (GError) full = run (store, put_row, large);
  g_autoptr (GError) roomy = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_no_error (limited);
  g_assert_error (full, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (full), ==, "database-full");
  g_assert_cmpuint (count_audit (store), ==, 0);
  roomy = run (store, limit_pages, (gpointer) "1000000");
  g_assert_no_error (roomy);
  again = run (store, put_row, large);
  g_assert_no_error (again);
  g_assert_cmpuint (count_audit (store), ==, 1);
}

static void
test_after_close (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  g_autoptr (GError) error = NULL;

  any_store_close (store);
  error = run (store, put_row, (gpointer) "good");
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_BUSY);
}

static void
test_error_table (void)
{
  static const struct
  {
    gint result;
    FloeError code;
    const gchar *reason;
  } rows[] = { { SQLITE_BUSY, FLOE_ERROR_BUSY, NULL },
               { SQLITE_BUSY_SNAPSHOT, FLOE_ERROR_BUSY, NULL },
               { SQLITE_LOCKED, FLOE_ERROR_BUSY, NULL },
               { SQLITE_CONSTRAINT_UNIQUE, FLOE_ERROR_CONFLICT, NULL },
               { SQLITE_FULL, FLOE_ERROR_UNAVAILABLE, "database-full" },
               { SQLITE_READONLY_DIRECTORY, FLOE_ERROR_UNAVAILABLE, "database-read-only" },
               { SQLITE_CANTOPEN, FLOE_ERROR_UNAVAILABLE, "database-down" },
               { SQLITE_IOERR_WRITE, FLOE_ERROR_UNAVAILABLE, "database-down" },
               { SQLITE_PERM, FLOE_ERROR_UNAVAILABLE, "database-down" },
               { SQLITE_CORRUPT, FLOE_ERROR_INTERNAL, NULL },
               { SQLITE_NOTADB, FLOE_ERROR_INTERNAL, NULL },
               { SQLITE_MISUSE, FLOE_ERROR_INTERNAL, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const gchar *reason;

      g_assert_cmpint (floe_sqlite_error_code (rows[i].result, &reason), ==, rows[i].code);
      g_assert_cmpstr (reason, ==, rows[i].reason);
    }
}

static void
test_packing (void)
{
  static const gchar *const strings[] = {
    "", "plain", "with \"quotes\"", "back\\slash\\", "tab\there\nand line", "Büro", NULL
  };
  g_autofree gchar *packed = floe_pack_strings (strings);
  g_auto (GStrv) back = floe_unpack_strings (packed);
  g_auto (GStrv) damaged = floe_unpack_strings ("[\"cut\\u00");

  g_assert_true (g_strv_equal (strings, (const gchar *const *)back));
  g_assert_cmpuint (g_strv_length (damaged), ==, 1);
}

typedef struct
{
  gint entered;
  gint leave;
} Stop;

static gpointer
stop (FloeTx *tx, gconstpointer input, GError **error)
{
  Stop *point = (Stop *)input;

  g_atomic_int_set (&point->entered, TRUE);
  while (!g_atomic_int_get (&point->leave))
    g_thread_yield ();
  return GINT_TO_POINTER (TRUE);
}

static gpointer
undo_all (FloeTx *tx, gconstpointer input, GError **error)
{
  floe_sqlite_db_exec (floe_sqlite_tx_get_db (FLOE_SQLITE_TX (tx)), "ROLLBACK", NULL);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "as told");
  return NULL;
}

/* SQLite undid the whole batch, as it may when the disk is full: nothing of it is recorded, also
 * not what came later, and nobody is told that it was. */
static void
test_undone (void)
{
  static const FloeTransaction funcs[] = { put_row, undo_all, put_row };
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  Tally count = { 0, g_ptr_array_new () };
  g_autoptr (GError) again = NULL;
  Stop point = { 0 };

  floe_store_write_async (store, stop, &point, NULL, NULL, tally, &count);
  while (!g_atomic_int_get (&point.entered))
    g_thread_yield ();
  for (guint i = 0; i < G_N_ELEMENTS (funcs); i++) /* one batch, which comes next */
    floe_store_write_async (store, funcs[i], (gpointer) "good", NULL, NULL, tally, &count);
  g_atomic_int_set (&point.leave, TRUE);
  while (count.answers < 4)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 1; i < 4; i++)
    g_assert_error (((GError **)count.errors->pdata)[i], FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpuint (count_audit (store), ==, 0);
  again = run (store, put_row, (gpointer) "good");
  g_assert_no_error (again);
  g_assert_cmpuint (count_audit (store), ==, 1);
  for (guint i = 0; i < 4; i++)
    g_clear_error ((GError **)&count.errors->pdata[i]);
  g_ptr_array_unref (count.errors);
}

static gpointer
refuse (FloeTx *tx, gconstpointer input, GError **error)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "as told");
  return NULL;
}

static guint
look_at_audit (FloeStore *store)
{
  guint n = 0;

  floe_store_look_async (store, count_rows, NULL, NULL, NULL, counted, &n);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  return n - 1;
}

/* It sees what was written before it was asked; its own failure is nobody else's. */
static void
test_look (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  Tally count = { 0, g_ptr_array_new () };

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = run (store, put_row, (gpointer) "good");

      g_assert_no_error (error);
      g_assert_cmpuint (look_at_audit (store), ==, i + 1);
    }
  floe_store_look_async (store, refuse, NULL, NULL, NULL, tally, &count);
  while (count.answers < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (((GError **)count.errors->pdata)[0], FLOE_ERROR, FLOE_ERROR_INVALID);
  g_assert_cmpuint (look_at_audit (store), ==, 20);
  g_error_free (count.errors->pdata[0]);
  g_ptr_array_unref (count.errors);
}

/* SQLite's writer takes looks along in the order of what it writes. */
static void
test_look_in_batch (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  Tally count = { 0, g_ptr_array_new () };
  Stop point = { 0 };
  guint seen[2] = { 0 };

  floe_store_write_async (store, stop, &point, NULL, NULL, tally, &count);
  while (!g_atomic_int_get (&point.entered))
    g_thread_yield ();
  floe_store_note_async (store, put_row, (gpointer) "good", NULL, NULL, tally, &count);
  floe_store_look_async (store, count_rows, NULL, NULL, NULL, counted, &seen[0]);
  floe_store_look_async (store, refuse, NULL, NULL, NULL, tally, &count);
  floe_store_note_async (store, put_row, (gpointer) "bad", NULL, NULL, tally, &count);
  floe_store_note_async (store, put_row, (gpointer) "good", NULL, NULL, tally, &count);
  floe_store_look_async (store, count_rows, NULL, NULL, NULL, counted, &seen[1]);
  g_atomic_int_set (&point.leave, TRUE);
  while (count.answers < 5 || seen[1] == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (seen[0] - 1, ==, 1);
  g_assert_cmpuint (seen[1] - 1, ==, 2);
  g_assert_cmpuint (count_audit (store), ==, 2);
  for (guint i = 0; i < 5; i++)
    if (i == 2 || i == 3)
      g_assert_error (((GError **)count.errors->pdata)[i], FLOE_ERROR, FLOE_ERROR_INVALID);
    else
      g_assert_null (count.errors->pdata[i]);
  g_error_free (count.errors->pdata[2]);
  g_error_free (count.errors->pdata[3]);
  g_ptr_array_unref (count.errors);
}

/* Looks alone take no writer's lock. */
static void
test_look_beside_writer (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSqliteDb) other = floe_sqlite_db_open (place->path, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (floe_sqlite_db_exec (other, "BEGIN IMMEDIATE", NULL));
  g_assert_cmpuint (look_at_audit (store), ==, 0);
  g_assert_true (floe_sqlite_db_exec (other, "ROLLBACK", NULL));
}

/* A connection that could not be opened is opened by the next call. */
static void
test_opens_again (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (FloeStore) store = open_store (place);
  g_autofree gchar *away = g_strconcat (place->path, ".away", NULL);
  g_autoptr (GError) good = NULL;
  Tally count = { 0, g_ptr_array_new () };

  g_assert_cmpint (g_rename (place->path, away), ==, 0);
  floe_store_read_async (store, count_rows, NULL, NULL, NULL, NULL, tally, &count);
  while (count.answers < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (((GError **)count.errors->pdata)[0], FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpint (g_rename (away, place->path), ==, 0);
  good = run (store, put_row, (gpointer) "good");
  g_assert_no_error (good);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (count_audit (store), ==, 1);
  g_error_free (count.errors->pdata[0]);
  g_ptr_array_unref (count.errors);
}

static GPtrArray *
read_pools (const AnyPlace *place, GError **error)
{
  return any_store_is_postgres () ? floe_postgres_read_pools (place->path, NULL, error)
                                  : floe_sqlite_read_pools (place->path, error);
}

/* Beside a broker, and without one; it makes nothing where there is nothing. */
static void
test_read_pools (void)
{
  g_autoptr (AnyPlace) place = any_place_new ();
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pools = NULL;
  const FloePool *office;
  FloeStore *store;

  g_assert_null (read_pools (place, &none));
  g_assert_error (none, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_false (!any_store_is_postgres () && g_file_test (place->path, G_FILE_TEST_EXISTS));
  store = open_store (place);
  error = run (store, round_trip, NULL);
  g_assert_no_error (error);
  pools = read_pools (place, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pools->len, ==, 1);
  office = pools->pdata[0];
  g_assert_cmpstr (office->name, ==, "office");
  g_assert_cmpstr (office->groups[0], ==, "Vdi-Users");
  any_place_exec (place, any_store_is_postgres () ? "UPDATE floe_schema SET version = 1"
                                                  : "PRAGMA user_version = 1");
  g_assert_null (read_pools (place, &other));
  g_assert_error (other, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_object_unref (store);
}

/* What only a file has, or only SQLite does. */
static void
add_sqlite (void)
{
  g_test_add_func ("/store/second-broker", test_second_broker);
  g_test_add_func ("/store/damaged", test_damaged);
  g_test_add_func ("/store/no-directory", test_no_directory);
  g_test_add_func ("/store/mode", test_mode);
  g_test_add_func ("/store/full", test_full);
  g_test_add_func ("/store/error-table", test_error_table);
  g_test_add_func ("/store/undone", test_undone);
  g_test_add_func ("/store/opens-again", test_opens_again);
  g_test_add_func ("/store/look-in-batch", test_look_in_batch);
  g_test_add_func ("/store/look-beside-writer", test_look_beside_writer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/round-trip", test_round_trip);
  g_test_add_func ("/store/read-pools", test_read_pools);
  g_test_add_func ("/store/unique", test_unique);
  g_test_add_func ("/store/batch", test_batch);
  g_test_add_func ("/store/look", test_look);
  g_test_add_func ("/store/newer", test_newer);
  g_test_add_func ("/store/foreign", test_foreign);
  g_test_add_func ("/store/failed-migration", test_failed_migration);
  g_test_add_func ("/store/after-close", test_after_close);
  g_test_add_func ("/store/packing", test_packing);
  if (!any_store_is_postgres ())
    add_sqlite ();
  return g_test_run ();
}
