/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "any-store.h"
#include "core/error.h"
#include "store/sql-tx.h"
#include "store/sqlite-db.h"

#include <string.h>

/* The transaction's port, in one transaction. */
typedef struct
{
  AnyTx *base;
  FloeTx *tx;
  FloePool *pool;
} Fixture;

static void
put_pool (Fixture *f, FloePoolKind kind)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&f->pool, floe_pool_free);
  f->pool = floe_pool_new ("office", kind);
  g_assert_true (floe_tx_put_pool (f->tx, f->pool, &error));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->base = any_tx_new ();
  f->tx = f->base->tx;
  put_pool (f, FLOE_POOL_FLOATING);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_pool_free (f->pool);
  any_tx_free (f->base);
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

static void
put (Fixture *f, const FloeDesktop *desktop)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (floe_tx_put_desktop (f->tx, desktop, &error));
  g_assert_no_error (error);
}

static gboolean
is_free (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDesktop) found = floe_tx_find_free_desktop (f->tx, f->pool, NULL, 1000, &error);

  if (found == NULL)
    g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  return found != NULL;
}

static void
put_host (Fixture *f, const gchar *name, gboolean draining)
{
  g_autoptr (FloeHostNote) note = floe_host_note_new (name);

  note->draining = draining;
  g_assert_true (floe_tx_put_host (FLOE_TX (f->tx), note, NULL));
}

static gboolean
is_free_for (Fixture *f, const gchar *user_id)
{
  g_autoptr (FloeDesktop) found = floe_tx_find_free_desktop (f->tx, f->pool, user_id, 1000, NULL);

  return found != NULL;
}

static void
put_disk (Fixture *f, const gchar *host, gboolean made)
{
  g_autoptr (FloeDataDisk) disk = floe_data_disk_new ("office", "u1", "volume");

  disk->host = g_strdup (host);
  disk->made = made;
  g_assert_true (floe_tx_put_disk (f->tx, disk, NULL));
}

/* Whose data disk is on a host are given nothing elsewhere. */
static void
test_free_for (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = new_desktop ("d1");
  g_autofree gchar *host = g_strdup (desktop->host);

  put (f, desktop);
  g_assert_true (is_free_for (f, "u1"));
  put_disk (f, "another", TRUE);
  g_assert_false (is_free_for (f, "u1"));
  g_assert_true (is_free_for (f, "u2"));
  g_assert_true (is_free_for (f, NULL)); /* where storage is shared, nobody's disk is asked for */
  put_disk (f, "another", FALSE);
  g_assert_true (is_free_for (f, "u1"));
  put_disk (f, host, TRUE);
  g_assert_true (is_free_for (f, "u1"));
  put_disk (f, NULL, TRUE);
  g_assert_true (is_free_for (f, "u1"));
}

/* Each thing that makes a desktop unfit, alone. */
static void
test_free (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = new_desktop ("d1");

#define UNFIT(change, undo)                                                                        \
  desktop->change;                                                                                 \
  put (f, desktop);                                                                                \
  g_assert_false (is_free (f));                                                                    \
  desktop->undo;                                                                                   \
  put (f, desktop);                                                                                \
  g_assert_true (is_free (f))

  UNFIT (present = FALSE, present = TRUE);
  UNFIT (not_before = 1001, not_before = 1000);
  UNFIT (facts.intent = FLOE_INTENT_RESET, facts.intent = FLOE_INTENT_NONE);
  UNFIT (facts.console = FLOE_CONSOLE_CONNECTED, facts.console = FLOE_CONSOLE_NONE);
  UNFIT (facts.power = FLOE_POWER_UNKNOWN, facts.power = FLOE_POWER_ON);
  UNFIT (facts.power = FLOE_POWER_CRASHED, facts.power = FLOE_POWER_OFF);
  UNFIT (facts.clean = FLOE_CLEAN_DIRTY, facts.clean = FLOE_CLEAN_CLEAN);
  UNFIT (facts.clean = FLOE_CLEAN_BROKEN, facts.clean = FLOE_CLEAN_CLEAN);
  put_host (f, desktop->host, TRUE);
  g_assert_false (is_free (f));
  put_host (f, desktop->host, FALSE);
  g_assert_true (is_free (f));
  put_pool (f, FLOE_POOL_DEDICATED);
  desktop->facts.clean = FLOE_CLEAN_DIRTY;
  desktop->facts.power = FLOE_POWER_CRASHED;
  UNFIT (facts.clean = FLOE_CLEAN_BROKEN, facts.clean = FLOE_CLEAN_DIRTY);
  desktop->refusal = g_strdup ("not fit");
  put (f, desktop);
  g_assert_false (is_free (f));
}

/* What SQLite's machine did on this connection since it was asked last. */
static gint
count_status (Fixture *f, gint status)
{
  sqlite3_stmt *any = floe_sqlite_db_query (f->base->db, NULL, "SELECT 1", "");
  gint n = 0;

  for (sqlite3_stmt *s = sqlite3_next_stmt (sqlite3_db_handle (any), NULL); s != NULL;
       s = sqlite3_next_stmt (sqlite3_db_handle (any), s))
    n += sqlite3_stmt_status (s, status, 1);
  return n;
}

static gint
count_steps (Fixture *f)
{
  return count_status (f, SQLITE_STMTSTATUS_VM_STEP);
}

static void
lend_more (Fixture *f, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("lent-%u", i);
      g_autoptr (FloeDesktop) desktop = new_desktop (id);

      desktop->facts.lease = FLOE_LEASE_HELD;
      desktop->facts.clean = i % 2 == 0 ? FLOE_CLEAN_DIRTY : FLOE_CLEAN_CLEAN;
      desktop->lease = floe_lease_new (id, id, 1);
      put (f, desktop);
    }
}

/* A claim costs the same however many desktops of its pool are lent. */
static void
test_cost (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) last = new_desktop ("z-free");
  gint few;

  last->not_before = 999; /* the last one in the order of the search */
  put_pool (f, GPOINTER_TO_UINT (data));
  put (f, last);
  lend_more (f, 0, 2);
  g_assert_true (is_free (f));
  count_steps (f);
  g_assert_true (is_free (f));
  few = count_steps (f);
  lend_more (f, 2, 500);
  count_steps (f);
  g_assert_true (is_free (f));
  g_assert_cmpint (count_steps (f), <=, few + 10);
}

static void
number_more (Fixture *f, guint from, guint to)
{
  for (guint i = from; i <= to; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("office-%u", i);
      g_autoptr (FloeDesktop) desktop = new_desktop (id);

      desktop->number = i;
      put (f, desktop);
    }
}

static gint
cost_of_number (Fixture *f, guint expected)
{
  guint number = 0;

  count_steps (f);
  g_assert_true (floe_tx_find_free_number (f->tx, "office", 0, &number, NULL));
  g_assert_cmpuint (number, ==, expected);
  return count_steps (f);
}

/* A pool grows as fast when it is large: what is looked at is each number once. */
static void
test_number_cost (Fixture *f, gconstpointer data)
{
  gint few;

  number_more (f, 1, 20);
  cost_of_number (f, 21); /* its statement is made */
  few = cost_of_number (f, 21);
  number_more (f, 21, 200);
  g_assert_cmpint (cost_of_number (f, 201), <=, 11 * few);
}

static void
put_audit (Fixture *f, const gchar *actor, const gchar *object)
{
  g_autoptr (FloeAudit) row = floe_audit_new (1, "test", object, "done");
  g_autoptr (GError) error = NULL;

  g_free (row->actor);
  row->actor = g_strdup (actor);
  g_assert_true (floe_tx_put_audit (f->tx, row, &error));
}

static guint
count_audit (Fixture *f, const gchar *actor, const gchar *object, gint64 before)
{
  const FloeAuditFilter filter = { 100, before, (gchar *)actor, (gchar *)object };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = floe_tx_list_audit (f->tx, &filter, &error);

  g_assert_no_error (error);
  return rows->len;
}

static void
test_trail (Fixture *f, gconstpointer data)
{
  put_audit (f, "alice", "office-1");
  put_audit (f, "broker", "office-1");
  put_audit (f, "broker", "office-2");
  put_audit (f, "broker", NULL);
  g_assert_cmpuint (count_audit (f, NULL, NULL, 0), ==, 4);
  g_assert_cmpuint (count_audit (f, "broker", NULL, 0), ==, 3);
  g_assert_cmpuint (count_audit (f, NULL, "office-1", 0), ==, 2);
  g_assert_cmpuint (count_audit (f, "broker", "office-1", 0), ==, 1);
  g_assert_cmpuint (count_audit (f, "broker", "office-1", 2), ==, 0);
  g_assert_cmpuint (count_audit (f, "alice", "office-2", 0), ==, 0);
}

/* What an administrator looks up reads what is about the desktop, not all that the broker did. */
static void
test_trail_cost (Fixture *f, gconstpointer data)
{
  put_audit (f, "broker", "office-1");
  for (guint i = 0; i < 1000; i++)
    put_audit (f, "broker", "office-2");
  count_steps (f);
  g_assert_cmpuint (count_audit (f, "broker", "office-1", 0), ==, 1);
  g_assert_cmpint (count_steps (f), <, 200);
}

/* The keeper looks at each pool twice a minute, and each claim at the line. */
static void
test_sorts (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) counts = NULL;
  g_autoptr (GPtrArray) waits = NULL;

  lend_more (f, 0, 10);
  count_status (f, SQLITE_STMTSTATUS_SORT);
  counts = floe_tx_count_desktops (f->tx, "office", 1, NULL);
  g_assert_cmpuint (counts->len, ==, 2);
  waits = floe_tx_list_waits (f->tx, "office", 10, NULL);
  g_assert_cmpuint (waits->len, ==, 0);
  g_assert_cmpint (count_status (f, SQLITE_STMTSTATUS_SORT), ==, 0);
}

/* Each of its numbers and flags is another one than in a new desktop. */
static void
test_desktop_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = new_desktop ("d1");
  g_autoptr (FloeDesktop) read = NULL;

  desktop->has_agent = !desktop->has_agent;
  desktop->made = !desktop->made;
  desktop->prepared = !desktop->prepared;
  desktop->failures = 3;
  desktop->revision = 4;
  desktop->number = 5;
  desktop->memory_mib = 6;
  desktop->not_before = 7;
  for (guint i = 0; i < FLOE_N_FACTS; i++)
    desktop->times[i] = 10 + i;
  put (f, desktop);
  read = floe_tx_get_desktop (f->tx, "d1", NULL);
  g_assert_nonnull (read);
  g_assert_cmpint (read->has_agent, ==, desktop->has_agent);
  g_assert_cmpint (read->made, ==, desktop->made);
  g_assert_cmpint (read->prepared, ==, desktop->prepared);
  g_assert_cmpint (read->present, ==, desktop->present);
  g_assert_cmpuint (read->failures, ==, 3);
  g_assert_cmpuint (read->revision, ==, 4);
  g_assert_cmpuint (read->number, ==, 5);
  g_assert_cmpuint (read->memory_mib, ==, 6);
  g_assert_cmpint (read->not_before, ==, 7);
  for (guint i = 0; i < FLOE_N_FACTS; i++)
    g_assert_cmpint (read->times[i], ==, 10 + i);
}

/* Each time that it is read. */
static void
check_spares (Fixture *f, guint spares, FloePoolAct on_disconnect)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (FloePool) read = floe_tx_get_pool (f->tx, "office", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (read->spares, ==, spares);
      g_assert_cmpint (read->on_disconnect, ==, on_disconnect);
    }
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  check_spares (f, 0, FLOE_ACT_RESET);
  f->pool->spares = 3;
  g_assert_true (floe_tx_put_pool (f->tx, f->pool, &error));
  check_spares (f, 3, FLOE_ACT_RESET);
  put_pool (f, FLOE_POOL_DEDICATED);
  check_spares (f, 0, FLOE_ACT_KEEP);
  /* What a text does not name is as its kind has it. */
  g_assert_true (any_tx_exec (f->tx, "UPDATE pools SET settings = '[pool]\nspares=2'", &error));
  check_spares (f, 2, FLOE_ACT_KEEP);
  g_assert_true (any_tx_exec (f->tx, "UPDATE pools SET kind = 'floating'", &error));
  check_spares (f, 2, FLOE_ACT_RESET);
  g_assert_true (any_tx_exec (f->tx, "UPDATE pools SET settings = 'damage'", &error));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (floe_tx_get_pool (f->tx, "office", &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
      g_clear_error (&error);
    }
}

/* The port below it, which is to be the same on both databases. */

static FloeSqlDb *
get_sql (Fixture *f)
{
  return floe_sql_tx_get_db (FLOE_SQL_TX (f->tx));
}

/* Parameters in any order, twice, not at all, and without a value. */
static void
test_sql_parameters (Fixture *f, gconstpointer data)
{
  static const gchar *const sql = "SELECT $2, $3 - $1, $3, CASE WHEN $2 = 'a''b' THEN 1 ELSE 0 END,"
                                  " $5";

  for (gint64 i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
          get_sql (f), &error, sql, "isiis", i, i == 0 ? "a'b" : "c", (gint64)10, (gint64)7, NULL);
      gboolean row;

      g_assert_true (floe_sql_rows_next (rows, &row, &error));
      g_assert_no_error (error);
      g_assert_true (row);
      g_assert_cmpstr (floe_sql_rows_get_text (rows, 0), ==, i == 0 ? "a'b" : "c");
      g_assert_cmpint (floe_sql_rows_get_int (rows, 1), ==, 10 - i);
      g_assert_cmpint (floe_sql_rows_get_int (rows, 2), ==, 10);
      g_assert_cmpint (floe_sql_rows_get_int (rows, 3), ==, 1 - i);
      g_assert_false (floe_sql_rows_is_null (rows, 3));
      g_assert_true (floe_sql_rows_is_null (rows, 4));
      g_assert_null (floe_sql_rows_get_text (rows, 4));
      g_assert_cmpint (floe_sql_rows_get_int (rows, 4), ==, 0);
    }
}

static void
test_sql_array (Fixture *f, gconstpointer data)
{
  static const gchar *const strings[] = { "plain", "a \"b\", \\c", "{}", NULL };
  static const gchar *const others[] = { "a \"b\"", "", "plain,{}", NULL };
  const gchar *sql =
      floe_sql_db_choose (get_sql (f), "SELECT count (*) FROM json_each ($1) g WHERE g.value = $2",
                          "SELECT CASE WHEN $2 = ANY ($1) THEN 1 ELSE 0 END");

  for (guint i = 0; i < G_N_ELEMENTS (strings) - 1; i++)
    {
      gint64 found = -1;

      g_assert_true (floe_sql_read_int (
          floe_sql_db_query (get_sql (f), NULL, sql, "as", strings, strings[i]), &found, NULL));
      g_assert_cmpint (found, ==, 1);
      g_assert_true (floe_sql_read_int (
          floe_sql_db_query (get_sql (f), NULL, sql, "as", strings, others[i]), &found, NULL));
      g_assert_cmpint (found, ==, 0);
    }
}

/* Rows that are released halfway are read from their beginning the next time. */
static void
test_sql_release (Fixture *f, gconstpointer data)
{
  static const gchar *const sql = "SELECT 1 UNION SELECT 2 ORDER BY 1";
  gint64 first = 0;
  guint n = 0;
  gboolean row = TRUE;

  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (
          floe_sql_read_int (floe_sql_db_query (get_sql (f), NULL, sql, ""), &first, NULL));
      g_assert_cmpint (first, ==, 1);
    }
  for (g_autoptr (FloeSqlRows) rows = floe_sql_db_query (get_sql (f), NULL, sql, ""); row; n += row)
    g_assert_true (floe_sql_rows_next (rows, &row, NULL));
  g_assert_cmpuint (n, ==, 2);
}

/* Whoever has it keeps it; PostgreSQL says so when somebody asks further. */
static void
test_conflict (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = new_desktop ("d1");
  g_autoptr (FloeDesktop) read = NULL;
  g_autoptr (GError) error = NULL;

  desktop->facts.lease = FLOE_LEASE_HELD;
  desktop->lease = floe_lease_new ("alice", "Alice", 1);
  put (f, desktop);
  desktop->lease->address = g_strdup ("192.0.2.1");
  put (f, desktop);
  read = floe_tx_get_desktop (f->tx, "d1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->lease->address, ==, "192.0.2.1");
  g_free (desktop->lease->holder);
  desktop->lease->holder = g_strdup ("bob");
  if (floe_tx_put_desktop (f->tx, desktop, &error))
    g_assert_null (floe_tx_get_desktop (f->tx, "d1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "desktop d1 is lent to somebody else");
}

/* One counts when its first row is asked for, and once. */
static void
test_sql_count (Fixture *f, gconstpointer data)
{
  guint64 before = floe_sqlite_db_get_statements (f->base->db);
  gint64 found;

  floe_sql_rows_release (floe_sql_db_query (get_sql (f), NULL, "SELECT 3", ""));
  g_assert_cmpuint (floe_sqlite_db_get_statements (f->base->db), ==, before);
  floe_sql_read_int (floe_sql_db_query (get_sql (f), NULL, "SELECT 4", ""), &found, NULL);
  g_assert_cmpuint (floe_sqlite_db_get_statements (f->base->db), ==, before + 1);
  g_assert_cmpuint (count_audit (f, NULL, NULL, 0), ==, 0);
  g_assert_cmpuint (floe_sqlite_db_get_statements (f->base->db), ==, before + 2);
}

static void
put_message (Fixture *f, const gchar *holder, const gchar *text, gint64 at)
{
  g_autoptr (FloeMessage) message = floe_message_new ("d1", holder, text, at);
  g_autoptr (GError) error = NULL;

  message->sender = g_strdup ("Jana Weber");
  g_assert_true (floe_tx_put_message (f->tx, message, &error));
  g_assert_no_error (error);
}

static gchar *
list_messages (Fixture *f, const gchar *holder, gint64 since)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) messages = floe_tx_list_messages (f->tx, "d1", holder, since, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    {
      const FloeMessage *message = messages->pdata[i];

      g_assert_cmpstr (message->sender, ==, "Jana Weber");
      g_assert_true (g_uuid_string_is_valid (message->id));
      g_string_append_printf (text, "%s@%d;", message->text, (gint)message->at);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_messages (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = new_desktop ("d1");
  g_autofree gchar *all = NULL;
  g_autofree gchar *late = NULL;
  g_autofree gchar *others = NULL;
  g_autofree gchar *kept = NULL;

  put (f, desktop);
  put_message (f, "u1", "second", 20);
  put_message (f, "u1", "first", 10);
  put_message (f, "u2", "not yours", 15);
  all = list_messages (f, "u1", 0);
  g_assert_cmpstr (all, ==, "first@10;second@20;");
  late = list_messages (f, "u1", 10);
  g_assert_cmpstr (late, ==, "second@20;");
  others = list_messages (f, "u2", 0);
  g_assert_cmpstr (others, ==, "not yours@15;");
  g_assert_true (floe_tx_prune_messages (f->tx, 20, NULL));
  kept = list_messages (f, "u1", 0);
  g_assert_cmpstr (kept, ==, "second@20;");
}

static void
put_announcement (Fixture *f, const gchar *id, FloeSeverity severity, const gchar *text, gint64 at)
{
  g_autoptr (FloeAnnouncement) a = floe_announcement_new (id);
  g_autoptr (GError) error = NULL;

  a->severity = severity;
  a->text = g_strdup (text);
  a->from = 7;
  a->until = 8;
  a->by = g_strdup ("Jana");
  a->at = at;
  g_strfreev (a->groups);
  a->groups = g_strsplit (at == 30 ? "lobby gate" : "", " ", -1);
  g_assert_true (floe_tx_put_announcement (f->tx, a, &error));
  g_assert_no_error (error);
}

static gchar *
list_announcements (Fixture *f)
{
  g_autoptr (GPtrArray) list = floe_tx_list_announcements (f->tx, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_nonnull (list);
  for (guint i = 0; i < list->len; i++)
    {
      const FloeAnnouncement *a = list->pdata[i];
      g_autofree gchar *groups = g_strjoinv (",", a->groups);

      g_string_append_printf (text, "%s %s %s [%s]%s@%d;", a->id, floe_severity_name (a->severity),
                              a->text, groups, a->by, (gint)a->at);
      g_assert_cmpint (a->from * 10 + a->until, ==, 78);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What is most severe first, then the newest. */
static void
test_announcements (Fixture *f, gconstpointer data)
{
  g_autofree gchar *all = NULL;
  g_autofree gchar *changed = NULL;

  put_announcement (f, "a", FLOE_SEVERITY_INFO, "old", 10);
  put_announcement (f, "b", FLOE_SEVERITY_INFO, "new\nlines", 20);
  put_announcement (f, "c", FLOE_SEVERITY_CRITICAL, "fire", 5);
  all = list_announcements (f);
  g_assert_cmpstr (all, ==,
                   "c critical fire []Jana@5;b info new\nlines []Jana@20;a info old []Jana@10;");
  put_announcement (f, "a", FLOE_SEVERITY_WARNING, "newer", 30);
  g_assert_true (floe_tx_drop_announcement (f->tx, "c", NULL));
  changed = list_announcements (f);
  g_assert_cmpstr (changed, ==, "a warning newer [lobby,gate]Jana@30;b info new\nlines []Jana@20;");
}

static gchar *
list_api_tokens (Fixture *f)
{
  g_autoptr (GPtrArray) list = floe_tx_list_api_tokens (f->tx, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_nonnull (list);
  for (guint i = 0; i < list->len; i++)
    {
      const FloeApiToken *t = list->pdata[i];
      g_autofree gchar *pools = t->pools != NULL ? g_strjoinv (",", t->pools) : g_strdup ("all");

      g_string_append_printf (text, "%s %s %s %d-%d %d %s;", t->name, floe_role_name (t->role),
                              pools, (gint)t->created, (gint)t->ends, (gint)t->last_used,
                              t->last_address != NULL ? t->last_address : "-");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
put_api_token (Fixture *f, const gchar *name, FloeRole role, const gchar *const *pools)
{
  g_autoptr (FloeApiToken) t = floe_api_token_new (name, role, pools);
  g_autoptr (GError) error = NULL;

  t->hash = g_strconcat ("hash-", name, NULL);
  t->by = g_strdup ("dora");
  t->created = 1;
  t->ends = 2;
  g_assert_true (floe_tx_put_api_token (f->tx, t, &error));
  g_assert_no_error (error);
}

/* Which is found by its hash alone, and whose last use never goes back. */
static void
test_api_tokens (Fixture *f, gconstpointer data)
{
  const gchar *const pools[] = { "office", "lab", NULL };
  g_autofree gchar *all = NULL;
  g_autofree gchar *left = NULL;
  g_autoptr (FloeApiToken) found = NULL;
  g_autoptr (GError) error = NULL;

  put_api_token (f, "report", FLOE_ROLE_AUDITOR, NULL);
  put_api_token (f, "desk", FLOE_ROLE_HELPDESK, pools);
  found = floe_tx_get_api_token (f->tx, "hash-desk", NULL);
  g_assert_cmpstr (found->name, ==, "desk");
  g_assert_true (floe_tx_touch_api_token (f->tx, "desk", 9, "192.0.2.7", NULL));
  g_assert_true (floe_tx_touch_api_token (f->tx, "desk", 8, "192.0.2.8", NULL));
  all = list_api_tokens (f);
  g_assert_cmpstr (all, ==, "desk helpdesk office,lab 1-2 9 192.0.2.7;report auditor all 1-2 0 -;");
  g_assert_true (floe_tx_drop_api_token (f->tx, "desk", NULL));
  left = list_api_tokens (f);
  g_assert_cmpstr (left, ==, "report auditor all 1-2 0 -;");
  g_assert_null (floe_tx_get_api_token (f->tx, "hash-desk", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

static void
entitle (Fixture *f, const gchar *name, const gchar *users, const gchar *groups)
{
  g_autoptr (FloePool) pool = floe_pool_new (name, FLOE_POOL_FLOATING);
  g_autoptr (GError) error = NULL;

  g_strfreev (pool->users);
  pool->users = g_strsplit (users, " ", -1);
  g_strfreev (pool->groups);
  pool->groups = g_strsplit (groups, " ", -1);
  g_assert_true (floe_tx_put_pool (f->tx, pool, &error));
  g_assert_no_error (error);
}

static gchar *
list_pools_of (Fixture *f, const gchar *name, const gchar *groups)
{
  g_auto (GStrv) folded = g_strsplit (groups, " ", -1);
  g_autoptr (FloeUser) user = floe_user_new ("u1", name, name, (const gchar *const *)folded);
  g_autoptr (GPtrArray) pools = floe_tx_list_pools_of_user (f->tx, user, NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  g_assert_nonnull (pools);
  for (guint i = 0; i < pools->len; i++)
    g_string_append_printf (names, "%s;", ((FloePool *)pools->pdata[i])->name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* Each pool once, whatever it is theirs by, in the order of names. */
static void
test_pools_of_user (Fixture *f, gconstpointer data)
{
  g_autofree gchar *by_both = NULL;
  g_autofree gchar *by_group = NULL;
  g_autofree gchar *by_none = NULL;

  entitle (f, "c-by-name", "Alice", "");
  entitle (f, "b-by-all", "alice bob", "staff lab");
  entitle (f, "a-by-group", "", "Lab");
  entitle (f, "others", "carol", "alice");
  by_both = list_pools_of (f, "ALICE", "staff lab");
  g_assert_cmpstr (by_both, ==, "a-by-group;b-by-all;c-by-name;");
  by_group = list_pools_of (f, "dave", "lab");
  g_assert_cmpstr (by_group, ==, "a-by-group;b-by-all;");
  by_none = list_pools_of (f, "lab", "bob");
  g_assert_cmpstr (by_none, ==, "");
}

static gint
cost_of_pools (Fixture *f)
{
  g_autofree gchar *names = NULL;

  count_steps (f);
  names = list_pools_of (f, "alice", "staff lab");
  g_assert_cmpstr (names, ==, "mine;");
  return count_steps (f);
}

/* A log-in finds its pools among many as among few. */
static void
test_pools_cost (Fixture *f, gconstpointer data)
{
  gint few;

  entitle (f, "mine", "", "staff");
  cost_of_pools (f); /* its statement is made */
  few = cost_of_pools (f);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("pool-%u", i);

      entitle (f, name, "", name);
    }
  g_assert_cmpint (cost_of_pools (f), <=, few + 10);
}

static void
put_user (Fixture *f, const gchar *display_name, const gchar *group, gint64 now)
{
  const gchar *const groups[] = { group, NULL };
  g_autoptr (FloeUser) user = floe_user_new ("u1", "alice", display_name, groups);
  g_autoptr (GError) error = NULL;

  g_assert_true (floe_tx_put_user (f->tx, user, now, &error));
  g_assert_no_error (error);
}

/* As they are kept, and when they were seen. */
static gchar *
show_user (Fixture *f)
{
  gint64 seen = 0;
  g_autoptr (FloeUser) user = floe_tx_find_user (f->tx, "alice", &seen, NULL);
  g_autofree gchar *groups = NULL;

  g_assert_nonnull (user);
  groups = g_strjoinv (",", user->groups);
  return g_strdup_printf ("%s %s %" G_GINT64_FORMAT, user->display_name, groups,
                          seen / G_USEC_PER_SEC);
}

/* What is new of somebody is kept at once, and that they were there by the hour. */
static void
test_put_user (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const gchar *display_name, *group;
    gint64 second;
    const gchar *kept;
  } steps[] = {
    { "Alice", "staff", 1000, "Alice staff 1000" }, { "Alice", "staff", 2000, "Alice staff 1000" },
    { "Alice", "lab", 2001, "Alice lab 2001" },     { "Alicia", "lab", 2002, "Alicia lab 2002" },
    { "Alicia", "lab", 5602, "Alicia lab 2002" },   { "Alicia", "lab", 5603, "Alicia lab 5603" },
    { "Alicia", "lab", 1000, "Alicia lab 5603" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree gchar *kept = NULL;

      put_user (f, steps[i].display_name, steps[i].group, steps[i].second * G_USEC_PER_SEC);
      kept = show_user (f);
      g_assert_cmpstr (kept, ==, steps[i].kept);
    }
}

/* Whoever is as they were costs one look. */
static void
test_put_user_cost (Fixture *f, gconstpointer data)
{
  guint64 before;

  put_user (f, "Alice", "staff", G_USEC_PER_SEC);
  before = floe_sqlite_db_get_statements (f->base->db);
  put_user (f, "Alice", "staff", 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (floe_sqlite_db_get_statements (f->base->db) - before, ==, 1);
}

/* Whoever comes later is told what the first one was. */
static void
test_once (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeOnce) once = floe_once_new ("id-alice", "key", "print");
  g_autoptr (FloeOnce) there = NULL;
  g_autoptr (GError) error = NULL;
  gboolean fresh = FALSE;

  once->at = 5;
  g_assert_true (floe_tx_begin_once (f->tx, once, &fresh, NULL));
  g_assert_true (fresh);
  once->status = 201;
  once->body = g_strdup ("{}");
  g_assert_true (floe_tx_end_once (f->tx, once, NULL));
  once->at = 6;
  g_assert_true (floe_tx_begin_once (f->tx, once, &fresh, NULL));
  g_assert_false (fresh);
  there = floe_tx_get_once (f->tx, "id-alice", "key", NULL);
  g_assert_cmpuint (there->status, ==, 201);
  g_assert_cmpint (there->at, ==, 5);
  g_assert_cmpstr (there->print, ==, "print");
  g_assert_cmpstr (there->body, ==, "{}");
  g_assert_true (floe_tx_prune_once (f->tx, 5, NULL));
  g_assert_true (floe_tx_begin_once (f->tx, once, &fresh, NULL));
  g_assert_false (fresh);
  g_assert_true (floe_tx_prune_once (f->tx, 6, NULL));
  g_assert_null (floe_tx_get_once (f->tx, "id-alice", "key", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store-tx/free", NULL, test_free);
  ADD ("/store-tx/free-for", NULL, test_free_for);
  ADD ("/store-tx/desktop-kept", NULL, test_desktop_kept);
  ADD ("/store-tx/settings", NULL, test_settings);
  ADD ("/store-tx/trail/filter", NULL, test_trail);
  ADD ("/store-tx/announcements", NULL, test_announcements);
  ADD ("/store-tx/api-tokens", NULL, test_api_tokens);
  ADD ("/store-tx/once", NULL, test_once);
  ADD ("/store-tx/messages", NULL, test_messages);
  ADD ("/store-tx/pools-of-user", NULL, test_pools_of_user);
  ADD ("/store-tx/put-user", NULL, test_put_user);
  ADD ("/store-tx/conflict", NULL, test_conflict);
  ADD ("/store-tx/sql/parameters", NULL, test_sql_parameters);
  ADD ("/store-tx/sql/array", NULL, test_sql_array);
  ADD ("/store-tx/sql/release", NULL, test_sql_release);
  if (!any_store_is_postgres ()) /* whose steps cannot be counted */
    {
      ADD ("/store-tx/cost/floating", GUINT_TO_POINTER (FLOE_POOL_FLOATING), test_cost);
      ADD ("/store-tx/cost/dedicated", GUINT_TO_POINTER (FLOE_POOL_DEDICATED), test_cost);
      ADD ("/store-tx/cost/sorts", NULL, test_sorts);
      ADD ("/store-tx/cost/number", NULL, test_number_cost);
      ADD ("/store-tx/trail/cost", NULL, test_trail_cost);
      ADD ("/store-tx/pools-of-user/cost", NULL, test_pools_cost);
      ADD ("/store-tx/put-user/cost", NULL, test_put_user_cost);
      ADD ("/store-tx/sql/count", NULL, test_sql_count);
    }
  return g_test_run ();
}
