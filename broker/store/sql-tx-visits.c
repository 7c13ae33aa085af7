/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_visit (FloeTx *tx, const FloeVisit *visit, GError **error)
{
  g_autofree gchar *took = floe_visit_pack (visit);

  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO visits (user_id, kind, at, pool, desktop, took)"
                          " SELECT id, $2, $3, $4, $5, $6 FROM users WHERE id = $1"
                          " ON CONFLICT (user_id, kind) DO UPDATE SET at = excluded.at,"
                          " pool = excluded.pool, desktop = excluded.desktop, took = excluded.took",
                          "siisss", visit->user_id, (gint64)visit->kind, visit->at, visit->pool,
                          visit->desktop, took);
}

/* As floe_visit_pack() writes it. */
static gboolean
add_picture (FloeTx *tx, const gchar *user_id, const gchar *desktop_id, gint64 took, GError **error)
{
  g_autofree gchar *text =
      g_strdup_printf (" %s=%" G_GINT64_FORMAT, floe_visit_phase_name (FLOE_PHASE_PICTURE), took);

  return floe_sql_db_run (DB (tx), error,
                          "UPDATE visits SET took = took || $3"
                          " WHERE user_id = $1 AND kind = $2 AND took NOT LIKE '%picture=%'"
                          " AND desktop = (SELECT name FROM desktops WHERE id = $4)",
                          "siss", user_id, (gint64)FLOE_VISIT_CONNECT, text, desktop_id);
}

static gpointer
read_visit (FloeSqlRows *rows)
{
  FloeVisit *visit = g_new0 (FloeVisit, 1);

  visit->user_id = floe_sql_rows_dup_text (rows, 0);
  visit->kind = (FloeVisitKind)floe_sql_rows_get_int (rows, 1);
  visit->at = floe_sql_rows_get_int (rows, 2);
  visit->pool = floe_sql_rows_dup_text (rows, 3);
  visit->desktop = floe_sql_rows_dup_text (rows, 4);
  floe_visit_unpack (visit, floe_sql_rows_get_text (rows, 5));
  return visit;
}

static GPtrArray *
list_visits (FloeTx *tx, const gchar *user_id, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT user_id, kind, at, pool, desktop, took FROM visits"
                         " WHERE user_id = $1 ORDER BY kind",
                         "s", user_id),
      read_visit, (GDestroyNotify)floe_visit_free, error);
}

static gboolean
put_quality (FloeTx *tx, const FloeSessionQuality *quality, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO session_quality (desktop_id, user_id, at, level, rtt_ms, retransmits, rate)"
      " SELECT id, $2, $3, $4, $5, $6, $7 FROM desktops WHERE id = $1"
      " ON CONFLICT (desktop_id) DO UPDATE SET user_id = excluded.user_id, at = excluded.at,"
      " level = excluded.level, rtt_ms = excluded.rtt_ms, retransmits = excluded.retransmits,"
      " rate = excluded.rate",
      "ssiiiii", quality->desktop_id, quality->user_id, quality->at, (gint64)quality->level,
      quality->rtt_ms, quality->retransmits, quality->rate);
}

static gpointer
read_quality (FloeSqlRows *rows)
{
  FloeSessionQuality *quality = g_new0 (FloeSessionQuality, 1);

  quality->desktop_id = floe_sql_rows_dup_text (rows, 0);
  quality->user_id = floe_sql_rows_dup_text (rows, 1);
  quality->at = floe_sql_rows_get_int (rows, 2);
  quality->level = (FloeQualityLevel)floe_sql_rows_get_int (rows, 3);
  quality->rtt_ms = floe_sql_rows_get_int (rows, 4);
  quality->retransmits = floe_sql_rows_get_int (rows, 5);
  quality->rate = floe_sql_rows_get_int (rows, 6);
  return quality;
}

static GPtrArray *
list_qualities (FloeTx *tx, const gchar *user_id, gint64 since, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT desktop_id, user_id, at, level, rtt_ms, retransmits, rate"
                         " FROM session_quality WHERE user_id = $1 AND at >= $2"
                         " ORDER BY desktop_id",
                         "si", user_id, since),
      read_quality, (GDestroyNotify)floe_session_quality_free, error);
}

void
floe_sql_tx_visits_iface_init (FloeTxInterface *iface)
{
  iface->add_picture = add_picture;
  iface->put_quality = put_quality;
  iface->list_qualities = list_qualities;
  iface->put_visit = put_visit;
  iface->list_visits = list_visits;
}
