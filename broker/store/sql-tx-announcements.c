/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/packed-strings.h"
#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_announcement (FloeTx *tx, const FloeAnnouncement *a, GError **error)
{
  g_autofree gchar *groups = floe_pack_strings ((const gchar *const *)a->groups);

  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO announcements (id, severity, text, begins, ends, terminal_groups, by, at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET"
      " severity = $2, text = $3, begins = $4, ends = $5, terminal_groups = $6, by = $7, at = $8",
      "sisiissi", a->id, (gint64)a->severity, a->text, a->from, a->until, groups, a->by, a->at);
}

static gboolean
drop_announcement (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM announcements WHERE id = $1", "s", id);
}

static gpointer
read_announcement (FloeSqlRows *rows)
{
  FloeAnnouncement *a = g_new0 (FloeAnnouncement, 1);
  g_autofree gchar *groups = floe_sql_rows_dup_text (rows, 5);

  a->id = floe_sql_rows_dup_text (rows, 0);
  a->severity = (FloeSeverity)floe_sql_rows_get_int (rows, 1);
  a->text = floe_sql_rows_dup_text (rows, 2);
  a->from = floe_sql_rows_get_int (rows, 3);
  a->until = floe_sql_rows_get_int (rows, 4);
  a->groups = floe_unpack_strings (groups);
  a->by = floe_sql_rows_dup_text (rows, 6);
  a->at = floe_sql_rows_get_int (rows, 7);
  return a;
}

static GPtrArray *
list_announcements (FloeTx *tx, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT id, severity, text, begins, ends, terminal_groups, by, at"
                         " FROM announcements ORDER BY severity DESC, at DESC, id",
                         ""),
      read_announcement, (GDestroyNotify)floe_announcement_free, error);
}

void
floe_sql_tx_announcements_iface_init (FloeTxInterface *iface)
{
  iface->put_announcement = put_announcement;
  iface->drop_announcement = drop_announcement;
  iface->list_announcements = list_announcements;
}
