/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include "store/packed-strings.h"

#define DB(tx)          (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))
#define SELECT_SETTINGS "SELECT of_group, name, revision, settings FROM terminal_settings"

/* How terminals are. */

static gboolean
put_terminal_report (FloeTx *tx, const FloeTerminalReport *report, GError **error)
{
  g_autofree gchar *monitors = floe_pack_strings ((const gchar *const *)report->monitors);

  return floe_sql_db_run (
      DB (tx), error,
      "UPDATE terminals SET seen = $2, reported = $2, version = $3, uptime = $4, monitors = $5,"
      " problem = $6, address = $7, settings_revision = $8 WHERE fingerprint = $1"
      " AND reported < $2",
      "sisisssi", report->fingerprint, report->at, report->version, report->uptime, monitors,
      report->problem, report->address, report->revision);
}

static gboolean
read_counts (FloeSqlRows *from, gint64 *counts, GError **error)
{
  g_autoptr (FloeSqlRows) rows = from;
  gboolean row;

  if (rows == NULL || !floe_sql_rows_next (rows, &row, error) || !row)
    return FALSE;
  counts[FLOE_TERMINAL_NEW] = floe_sql_rows_get_int (rows, 0);
  counts[FLOE_TERMINAL_ONLINE] = floe_sql_rows_get_int (rows, 1);
  counts[FLOE_TERMINAL_SILENT] =
      floe_sql_rows_get_int (rows, 2) - counts[FLOE_TERMINAL_NEW] - counts[FLOE_TERMINAL_ONLINE];
  return TRUE;
}

static gboolean
count_terminals (FloeTx *tx, gint64 now, gint64 *counts, GError **error)
{
  gint64 since = now - FLOE_TERMINAL_SILENT_SECONDS * (gint64)G_USEC_PER_SEC;

  return read_counts (
      floe_sql_db_query (
          DB (tx), error,
          "SELECT coalesce (sum (CASE WHEN fingerprint IS NULL THEN 1 ELSE 0 END), 0),"
          " coalesce (sum (CASE WHEN fingerprint IS NOT NULL AND reported > $1 THEN 1 ELSE 0 END),"
          " 0), count (*) FROM terminals",
          "i", since),
      counts, error);
}

/* Their secrets. */

static gboolean
put_unlock_secret (FloeTx *tx, const gchar *name, const gchar *sealed, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "UPDATE terminals SET unlock_secret = $2 WHERE name = $1",
                          "ss", name, sealed);
}

static gpointer
read_text (FloeSqlRows *rows)
{
  return floe_sql_rows_dup_text (rows, 0);
}

static gchar *
get_unlock_secret (FloeTx *tx, const gchar *name, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error,
                                               "SELECT unlock_secret FROM terminals WHERE name = $1"
                                               " AND unlock_secret IS NOT NULL",
                                               "s", name),
                            read_text, "unlock secret", error);
}

static gchar *
keep_sealed (FloeTx *tx, const gchar *name, const gchar *sealed, GError **error)
{
  if (sealed != NULL
      && !floe_sql_db_run (DB (tx), error,
                           "INSERT INTO sealed_keys (name, sealed) VALUES ($1, $2)"
                           " ON CONFLICT (name) DO NOTHING",
                           "ss", name, sealed))
    return NULL;
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error,
                                               "SELECT sealed FROM sealed_keys WHERE name = $1",
                                               "s", name),
                            read_text, "key", error);
}

/* Their settings. */

static gboolean
take_settings_revision (FloeTx *tx, gint64 now, gint64 *revision, GError **error)
{
  return floe_sql_read_int (
      floe_sql_db_query (DB (tx), error,
                         "UPDATE settings_revision SET revision ="
                         " CASE WHEN revision < $1 THEN $1 ELSE revision + 1 END"
                         " WHERE one = 1 RETURNING revision",
                         "i", now / G_USEC_PER_SEC),
      revision, error);
}

static gpointer
read_settings (FloeSqlRows *rows)
{
  FloeTerminalSettings *settings = floe_terminal_settings_new (floe_sql_rows_get_int (rows, 0) != 0,
                                                               floe_sql_rows_get_text (rows, 1));

  settings->revision = floe_sql_rows_get_int (rows, 2);
  floe_terminal_settings_take (settings,
                               floe_setting_values_unpack (floe_sql_rows_get_text (rows, 3)));
  return settings;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const FloeTerminalSettings *const *left = a;
  const FloeTerminalSettings *const *right = b;

  return g_strcmp0 ((*left)->name, (*right)->name);
}

static GPtrArray *
list_terminal_settings (FloeTx *tx, GError **error)
{
  GPtrArray *list = floe_sql_read_all (
      floe_sql_db_query (DB (tx), error, SELECT_SETTINGS " WHERE of_group = 1", ""), read_settings,
      (GDestroyNotify)floe_terminal_settings_free, error);

  if (list != NULL)
    g_ptr_array_sort (list, compare_names);
  return list;
}

static FloeTerminalSettings *
get_terminal_settings (FloeTx *tx, gboolean of_group, const gchar *name, GError **error)
{
  gpointer settings;

  if (!floe_sql_find_one (floe_sql_db_query (DB (tx), error,
                                             SELECT_SETTINGS " WHERE of_group = $1 AND name = $2",
                                             "is", (gint64)of_group, name),
                          read_settings, &settings, error))
    return NULL;
  return settings != NULL ? settings : floe_terminal_settings_new (of_group, name);
}

/* Whoever changes them has taken a revision, for which everybody else waits. */
static gboolean
put_terminal_settings (FloeTx *tx, const FloeTerminalSettings *settings, GError **error)
{
  g_autofree gchar *text = floe_setting_values_pack (settings->values);

  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO terminal_settings (of_group, name, revision, settings)"
                          " VALUES ($1, $2, $3, $4) ON CONFLICT (of_group, name)"
                          " DO UPDATE SET revision = $3, settings = $4",
                          "isis", (gint64)settings->of_group, settings->name, settings->revision,
                          text);
}

static gboolean
delete_terminal_settings (FloeTx *tx, gboolean of_group, const gchar *name, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "DELETE FROM terminal_settings WHERE of_group = $1 AND name = $2", "is",
                          (gint64)of_group, name);
}

/* The row from which revisions of settings come serves for all edits: they are few. */
static gboolean
lock_edits (FloeTx *tx, GError **error)
{
  return !floe_sql_tx_locks (FLOE_SQL_TX (tx))
         || floe_sql_db_run (DB (tx), error,
                             "SELECT 1 FROM settings_revision WHERE one = 1 FOR UPDATE", "");
}

void
floe_sql_tx_fleet_iface_init (FloeTxInterface *iface)
{
  iface->lock_edits = lock_edits;
  iface->put_terminal_report = put_terminal_report;
  iface->count_terminals = count_terminals;
  iface->put_unlock_secret = put_unlock_secret;
  iface->get_unlock_secret = get_unlock_secret;
  iface->keep_sealed = keep_sealed;
  iface->take_settings_revision = take_settings_revision;
  iface->list_terminal_settings = list_terminal_settings;
  iface->get_terminal_settings = get_terminal_settings;
  iface->put_terminal_settings = put_terminal_settings;
  iface->delete_terminal_settings = delete_terminal_settings;
}
