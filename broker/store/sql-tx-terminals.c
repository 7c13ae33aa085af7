/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include <string.h>

#include "core/error.h"
#include "store/packed-strings.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))
#define SELECT                                                                                     \
  "SELECT name, description, groups, is_public, fingerprint, enrolled, seen, code, code_ends,"     \
  " reported, version, uptime, monitors, problem, address, settings_revision FROM terminals"

static FloeTerminalReport *
read_report (FloeSqlRows *rows)
{
  FloeTerminalReport *report = floe_terminal_report_new ();

  report->fingerprint = floe_sql_rows_dup_text (rows, 4);
  report->at = floe_sql_rows_get_int (rows, 9);
  report->version = floe_sql_rows_dup_text (rows, 10);
  report->uptime = floe_sql_rows_get_int (rows, 11);
  g_strfreev (report->monitors);
  report->monitors = floe_unpack_strings (floe_sql_rows_get_text (rows, 12));
  report->problem = floe_sql_rows_dup_text (rows, 13);
  report->address = floe_sql_rows_dup_text (rows, 14);
  report->revision = floe_sql_rows_get_int (rows, 15);
  return report;
}

static gpointer
read_terminal (FloeSqlRows *rows)
{
  FloeTerminal *terminal = floe_terminal_new (floe_sql_rows_get_text (rows, 0));

  terminal->description = floe_sql_rows_dup_text (rows, 1);
  g_strfreev (terminal->groups);
  terminal->groups = floe_unpack_strings (floe_sql_rows_get_text (rows, 2));
  terminal->is_public = floe_sql_rows_get_int (rows, 3) != 0;
  terminal->fingerprint = floe_sql_rows_dup_text (rows, 4);
  terminal->enrolled = floe_sql_rows_get_int (rows, 5);
  terminal->seen = floe_sql_rows_get_int (rows, 6);
  terminal->code = floe_sql_rows_dup_text (rows, 7);
  terminal->code_ends = floe_sql_rows_get_int (rows, 8);
  if (floe_sql_rows_get_int (rows, 9) != 0)
    terminal->report = read_report (rows);
  return terminal;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const FloeTerminal *const *left = a;
  const FloeTerminal *const *right = b;

  return strcmp ((*left)->name, (*right)->name);
}

/* Ordered by the bytes of their names, whatever the database's collation. */
static GPtrArray *
list_terminals (FloeTx *tx, GError **error)
{
  GPtrArray *list = floe_sql_read_all (floe_sql_db_query (DB (tx), error, SELECT, ""),
                                       read_terminal, (GDestroyNotify)floe_terminal_free, error);

  if (list != NULL)
    g_ptr_array_sort (list, compare_names);
  return list;
}

static FloeTerminal *
get_terminal (FloeTx *tx, const gchar *name, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error,
                                               FLOE_SQL_LOCKED (tx, SELECT " WHERE name = $1"), "s",
                                               name),
                            read_terminal, "terminal", error);
}

static FloeTerminal *
find_terminal (FloeTx *tx, const gchar *fingerprint, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (DB (tx), error, SELECT " WHERE fingerprint = $1", "s", fingerprint),
      read_terminal, "terminal", error);
}

static FloeTerminal *
find_terminal_of_code (FloeTx *tx, const gchar *code, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error,
                                               FLOE_SQL_LOCKED (tx, SELECT " WHERE code = $1"), "s",
                                               code),
                            read_terminal, "terminal", error);
}

/* Whoever changes it has read it, and the row is locked. */
static gboolean
put_terminal (FloeTx *tx, const FloeTerminal *terminal, GError **error)
{
  g_autofree gchar *groups = floe_pack_strings ((const gchar *const *)terminal->groups);

  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO terminals (name, description, groups, is_public, fingerprint, enrolled, seen,"
      " code, code_ends) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
      " ON CONFLICT (name) DO UPDATE SET description = $2, groups = $3, is_public = $4,"
      " fingerprint = $5, enrolled = $6, seen = $7, code = $8, code_ends = $9",
      "sssisiisi", terminal->name, terminal->description, groups, (gint64)terminal->is_public,
      terminal->fingerprint, terminal->enrolled, terminal->seen, terminal->code,
      terminal->code_ends);
}

static gboolean
delete_terminal (FloeTx *tx, const gchar *name, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM terminals WHERE name = $1", "s", name);
}

static gboolean
touch_terminal (FloeTx *tx, const gchar *fingerprint, gint64 now, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "UPDATE terminals SET seen = $2 WHERE fingerprint = $1 AND seen < $2 - 3600000000", "si",
      fingerprint, now);
}

static gpointer
read_user (FloeSqlRows *rows)
{
  return floe_sql_read_user (rows, 0);
}

/* As the next one looks at each token. */
static GPtrArray *
list_users_of_terminal (FloeTx *tx, const gchar *fingerprint, gint64 now, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT id, name, display_name, groups FROM users WHERE id IN"
                         " (SELECT user_id FROM tokens WHERE terminal = $1 AND ends > $2)",
                         "si", fingerprint, now),
      read_user, (GDestroyNotify)floe_user_free, error);
}

/* Looks at each token, which an administrator's deed may cost. */
static gboolean
delete_tokens_of_terminal (FloeTx *tx, const gchar *fingerprint, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM tokens WHERE terminal = $1", "s",
                          fingerprint);
}

static gpointer
read_caller (FloeSqlRows *rows)
{
  return floe_caller_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1), NULL);
}

static FloeCaller *
find_caller_of_login (FloeTx *tx, const gchar *login_id, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (DB (tx), error,
                         "SELECT address, terminal FROM tokens WHERE login_id = $1"
                         " AND kind = 'access' ORDER BY issued DESC LIMIT 1",
                         "s", login_id),
      read_caller, "log-in", error);
}

void
floe_sql_tx_terminals_iface_init (FloeTxInterface *iface)
{
  iface->list_terminals = list_terminals;
  iface->get_terminal = get_terminal;
  iface->find_terminal = find_terminal;
  iface->find_terminal_of_code = find_terminal_of_code;
  iface->put_terminal = put_terminal;
  iface->delete_terminal = delete_terminal;
  iface->touch_terminal = touch_terminal;
  iface->list_users_of_terminal = list_users_of_terminal;
  iface->delete_tokens_of_terminal = delete_tokens_of_terminal;
  iface->find_caller_of_login = find_caller_of_login;
}
