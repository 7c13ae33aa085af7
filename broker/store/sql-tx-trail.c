/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include "core/error.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_timer (FloeTx *tx, const FloeTimer *timer, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO timers (kind, subject, due) VALUES ($1, $2, $3)"
                          " ON CONFLICT (kind, subject) DO UPDATE SET due = $3",
                          "ssi", timer->kind, timer->subject, timer->due);
}

static gboolean
delete_timer (FloeTx *tx, const gchar *kind, const gchar *subject, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM timers WHERE kind = $1 AND subject = $2",
                          "ss", kind, subject);
}

static gboolean
take_timer (FloeTx *tx, const gchar *kind, const gchar *subject, gint64 due_before, gboolean *taken,
            GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (
          DB (tx), error,
          "DELETE FROM timers WHERE kind = $1 AND subject = $2 AND due <= $3 RETURNING 1", "ssi",
          kind, subject, due_before),
      taken, error);
}

static gpointer
read_timer (FloeSqlRows *rows)
{
  return floe_timer_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1),
                         floe_sql_rows_get_int (rows, 2));
}

static GPtrArray *
list_timers (FloeTx *tx, gint64 due_before, GError **error)
{
  return floe_sql_read_all (floe_sql_db_query (DB (tx), error,
                                               "SELECT kind, subject, due FROM timers"
                                               " WHERE due <= $1 ORDER BY due LIMIT 1000",
                                               "i", due_before),
                            read_timer, (GDestroyNotify)floe_timer_free, error);
}

static GPtrArray *
list_timers_of (FloeTx *tx, const gchar *subject, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT kind, subject, due FROM timers WHERE subject = $1 ORDER BY due",
                         "s", subject),
      read_timer, (GDestroyNotify)floe_timer_free, error);
}

static gboolean
get_next_due (FloeTx *tx, gint64 after, gint64 *due, GError **error)
{
  return floe_sql_read_int (
      floe_sql_db_query (DB (tx), error,
                         "SELECT coalesce (min (due), 0) FROM timers WHERE due > $1", "i", after),
      due, error);
}

static gboolean
get_timer (FloeTx *tx, const gchar *kind, const gchar *subject, gint64 *due, GError **error)
{
  return floe_sql_read_int (
      floe_sql_db_query (DB (tx), error, "SELECT due FROM timers WHERE kind = $1 AND subject = $2",
                         "ss", kind, subject),
      due, error);
}

/* A terminal is called by the name that it has at that moment, whatever becomes of it. */
static gboolean
put_audit (FloeTx *tx, const FloeAudit *row, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO audit (at, actor, action, object, outcome, detail,"
                          " address, terminal, request)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce ((SELECT name"
                          "  FROM terminals WHERE fingerprint = $8), $8), $9)",
                          "issssssss", row->at, row->actor, row->action, row->object, row->outcome,
                          row->detail, row->address, row->terminal, row->request);
}

/**
 * floe_sql_read_audit:
 * @rows: of a query that begins with #FLOE_SQL_SELECT_AUDIT
 *
 * Returns: (transfer full): a #FloeAudit
 */
gpointer
floe_sql_read_audit (FloeSqlRows *rows)
{
  FloeAudit *row = g_new0 (FloeAudit, 1);

  row->id = floe_sql_rows_get_int (rows, 0);
  row->at = floe_sql_rows_get_int (rows, 1);
  row->actor = floe_sql_rows_dup_text (rows, 2);
  row->action = floe_sql_rows_dup_text (rows, 3);
  row->object = floe_sql_rows_dup_text (rows, 4);
  row->outcome = floe_sql_rows_dup_text (rows, 5);
  row->detail = floe_sql_rows_dup_text (rows, 6);
  row->address = floe_sql_rows_dup_text (rows, 7);
  row->terminal = floe_sql_rows_dup_text (rows, 8);
  row->request = floe_sql_rows_dup_text (rows, 9);
  return row;
}

#define AUDIT FLOE_SQL_SELECT_AUDIT

/* A statement for each filter, so that each has its index; both at once go by the object's,
 * since the actor of most rows is the broker. */
static FloeSqlRows *
query_audit (FloeTx *tx, const FloeAuditFilter *filter, GError **error)
{
  gint64 before = filter->before > 0 ? filter->before : G_MAXINT64;
  gint64 limit = filter->limit;

  if (filter->object != NULL)
    return floe_sql_db_query (DB (tx), error,
                              AUDIT "WHERE object = $1 AND id < $2"
                                    " AND ($3 IS NULL OR actor = $3)"
                                    " ORDER BY id DESC LIMIT $4",
                              "sisi", filter->object, before, filter->actor, limit);
  if (filter->actor != NULL)
    return floe_sql_db_query (DB (tx), error,
                              AUDIT "WHERE actor = $1 AND id < $2 ORDER BY id DESC LIMIT $3", "sii",
                              filter->actor, before, limit);
  return floe_sql_db_query (DB (tx), error, AUDIT "WHERE id < $1 ORDER BY id DESC LIMIT $2", "ii",
                            before, limit);
}

/* Rows about people and terminals bear their names, which may be a desktop's or a pool's too. */
#define NOT_PEOPLE                                                                                 \
  " AND action NOT IN ('login', 'reconnect', 'logout', 'password', 'password-change',"             \
  " 'account-ended', 'log-off') AND action NOT LIKE 'terminal-%'"

/* A part of the trail: read from its end on, and most of it is about desktops. */
static FloeSqlRows *
query_part (FloeTx *tx, const FloeAuditFilter *filter, GError **error)
{
  gint64 before = filter->before > 0 ? filter->before : G_MAXINT64;
  const gchar *sql = floe_sql_db_choose (
      DB (tx),
      AUDIT "WHERE id < $1 AND ($2 IS NULL OR actor = $2) AND ($3 IS NULL OR object = $3)"
            " AND (object IN (SELECT value FROM json_each ($4)) OR object IN"
            "  (SELECT name FROM desktops WHERE pool IN (SELECT value FROM json_each ($4)))"
            "  OR ($5 = 1 AND object IN (SELECT name FROM hosts)))" NOT_PEOPLE
            " ORDER BY id DESC LIMIT $6",
      AUDIT "WHERE id < $1 AND ($2 IS NULL OR actor = $2) AND ($3 IS NULL OR object = $3)"
            " AND (object = ANY ($4) OR object IN"
            "  (SELECT name FROM desktops WHERE pool = ANY ($4))"
            "  OR ($5 = 1 AND object IN (SELECT name FROM hosts)))" NOT_PEOPLE
            " ORDER BY id DESC LIMIT $6");

  return floe_sql_db_query (DB (tx), error, sql, "issaii", before, filter->actor, filter->object,
                            filter->pools, (gint64)filter->hosts, (gint64)filter->limit);
}

static GPtrArray *
list_audit (FloeTx *tx, const FloeAuditFilter *filter, GError **error)
{
  return floe_sql_read_all (filter->pools != NULL ? query_part (tx, filter, error)
                                                  : query_audit (tx, filter, error),
                            floe_sql_read_audit, (GDestroyNotify)floe_audit_free, error);
}

void
floe_sql_tx_trail_iface_init (FloeTxInterface *iface)
{
  iface->put_timer = put_timer;
  iface->delete_timer = delete_timer;
  iface->take_timer = take_timer;
  iface->list_timers = list_timers;
  iface->list_timers_of = list_timers_of;
  iface->get_next_due = get_next_due;
  iface->get_timer = get_timer;
  iface->put_audit = put_audit;
  iface->list_audit = list_audit;
}
