/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_message (FloeTx *tx, const FloeMessage *message, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO messages (id, desktop_id, holder, sender, text, at)"
                          " VALUES ($1, $2, $3, $4, $5, $6)",
                          "sssssi", message->id, message->desktop_id, message->holder,
                          message->sender, message->text, message->at);
}

static gpointer
read_message (FloeSqlRows *rows)
{
  FloeMessage *message = g_new0 (FloeMessage, 1);

  message->id = floe_sql_rows_dup_text (rows, 0);
  message->desktop_id = floe_sql_rows_dup_text (rows, 1);
  message->holder = floe_sql_rows_dup_text (rows, 2);
  message->sender = floe_sql_rows_dup_text (rows, 3);
  message->text = floe_sql_rows_dup_text (rows, 4);
  message->at = floe_sql_rows_get_int (rows, 5);
  return message;
}

static GPtrArray *
list_messages (FloeTx *tx, const gchar *desktop_id, const gchar *holder, gint64 since,
               GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT id, desktop_id, holder, sender, text, at FROM messages"
                         " WHERE desktop_id = $1 AND holder = $2 AND at > $3 ORDER BY at, id",
                         "ssi", desktop_id, holder, since),
      read_message, (GDestroyNotify)floe_message_free, error);
}

static gboolean
prune_messages (FloeTx *tx, gint64 before, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM messages WHERE at < $1", "i", before);
}

void
floe_sql_tx_messages_iface_init (FloeTxInterface *iface)
{
  iface->put_message = put_message;
  iface->list_messages = list_messages;
  iface->prune_messages = prune_messages;
}
