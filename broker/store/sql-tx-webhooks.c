/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_webhook (FloeTx *tx, const FloeWebhook *hook, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO webhooks (name, url, events, sealed, by, created, told, failures, not_before,"
      " delivered, heard) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0,"
      " (SELECT coalesce (max (id), 0) FROM happenings))",
      "ssissii", hook->name, hook->url, (gint64)hook->events, hook->sealed, hook->by, hook->created,
      hook->told);
}

static gpointer
read_webhook (FloeSqlRows *rows)
{
  FloeWebhook *hook =
      floe_webhook_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1),
                        (guint)floe_sql_rows_get_int (rows, 2));

  hook->sealed = floe_sql_rows_dup_text (rows, 3);
  hook->by = floe_sql_rows_dup_text (rows, 4);
  hook->created = floe_sql_rows_get_int (rows, 5);
  hook->told = floe_sql_rows_get_int (rows, 6);
  hook->failures = (guint)floe_sql_rows_get_int (rows, 7);
  hook->not_before = floe_sql_rows_get_int (rows, 8);
  hook->delivered = floe_sql_rows_get_int (rows, 9);
  hook->problem = floe_sql_rows_dup_text (rows, 10);
  hook->heard = floe_sql_rows_get_int (rows, 11);
  hook->reason = floe_sql_rows_dup_text (rows, 12);
  return hook;
}

static GPtrArray *
list_webhooks (FloeTx *tx, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT name, url, events, sealed, by, created, told, failures,"
                         " not_before, delivered, problem, heard, reason FROM webhooks"
                         " ORDER BY name",
                         ""),
      read_webhook, (GDestroyNotify)floe_webhook_free, error);
}

static gboolean
note_webhook (FloeTx *tx, const FloeWebhook *hook, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "UPDATE webhooks SET told = $3, failures = $4, not_before = $5,"
                          " delivered = $6, problem = $7, heard = $8, reason = $9"
                          " WHERE name = $1 AND sealed = $2",
                          "ssiiiisis", hook->name, hook->sealed, hook->told, (gint64)hook->failures,
                          hook->not_before, hook->delivered, hook->problem, hook->heard,
                          hook->reason);
}

static gboolean
drop_webhook (FloeTx *tx, const gchar *name, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM webhooks WHERE name = $1", "s", name);
}

static gboolean
put_happening (FloeTx *tx, const FloeAudit *row, gint64 before, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM happenings WHERE at < $1", "i", before)
         && floe_sql_db_run (DB (tx), error,
                             "INSERT INTO happenings (at, actor, action, object, detail)"
                             " VALUES ($1, $2, $3, $4, $5)",
                             "issss", row->at, row->actor, row->action, row->object, row->detail);
}

static GPtrArray *
list_happenings (FloeTx *tx, gint64 after, guint limit, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT id, at, actor, action, object, 'done', detail, NULL, NULL, NULL"
                         " FROM happenings WHERE id > $1 ORDER BY id LIMIT $2",
                         "ii", after, (gint64)limit),
      floe_sql_read_audit, (GDestroyNotify)floe_audit_free, error);
}

void
floe_sql_tx_webhooks_iface_init (FloeTxInterface *iface)
{
  iface->put_webhook = put_webhook;
  iface->list_webhooks = list_webhooks;
  iface->note_webhook = note_webhook;
  iface->drop_webhook = drop_webhook;
  iface->put_happening = put_happening;
  iface->list_happenings = list_happenings;
}
