/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_letter (FloeTx *tx, const FloeLetter *letter, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error, "INSERT INTO letters (sender, recipient, body, at) VALUES ($1, $2, $3, $4)",
      "sssi", letter->sender, letter->recipient, letter->body, letter->at);
}

static gpointer
read_letter (FloeSqlRows *rows)
{
  FloeLetter *letter = g_new0 (FloeLetter, 1);

  letter->id = floe_sql_rows_get_int (rows, 0);
  letter->sender = floe_sql_rows_dup_text (rows, 1);
  letter->recipient = floe_sql_rows_dup_text (rows, 2);
  letter->body = floe_sql_rows_dup_text (rows, 3);
  letter->at = floe_sql_rows_get_int (rows, 4);
  return letter;
}

static GPtrArray *
list_letters (FloeTx *tx, const gchar *recipient, gint64 after, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT id, sender, recipient, body, at FROM letters WHERE recipient = $1"
                         " AND id > $2 ORDER BY id LIMIT 32",
                         "si", recipient, after),
      read_letter, (GDestroyNotify)floe_letter_free, error);
}

static gpointer
read_unread (FloeSqlRows *rows)
{
  FloeLetter *letter = g_new0 (FloeLetter, 1);

  letter->id = floe_sql_rows_get_int (rows, 0);
  letter->recipient = floe_sql_rows_dup_text (rows, 1);
  return letter;
}

static GPtrArray *
list_unread (FloeTx *tx, const gchar *sender, gint64 after, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT min (id), recipient FROM letters WHERE sender = $1 AND id > $2"
                         " GROUP BY recipient ORDER BY recipient",
                         "si", sender, after),
      read_unread, (GDestroyNotify)floe_letter_free, error);
}

static gboolean
delete_letter (FloeTx *tx, gint64 id, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM letters WHERE id = $1", "i", id);
}

static gboolean
prune_letters (FloeTx *tx, const gchar *sender, const gchar *recipient, gint64 before,
               GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "DELETE FROM letters WHERE sender = coalesce ($1, sender)"
                          " AND recipient = coalesce ($2, recipient) AND at < $3",
                          "ssi", sender, recipient, before);
}

void
floe_sql_tx_letters_iface_init (FloeTxInterface *iface)
{
  iface->put_letter = put_letter;
  iface->list_letters = list_letters;
  iface->list_unread = list_unread;
  iface->delete_letter = delete_letter;
  iface->prune_letters = prune_letters;
}
