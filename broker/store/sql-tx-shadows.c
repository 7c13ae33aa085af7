/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

#define COLUMNS                                                                                    \
  "id, desktop_id, desktop, pool, holder, holder_name, login_id, helper, helper_login,"            \
  " helper_name, reason, state, control, asked, due, granted, ended, ended_by, broker"

static gboolean
put_shadow (FloeTx *tx, const FloeShadow *shadow, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO shadows (" COLUMNS ") VALUES"
      " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
      " ON CONFLICT (id) DO UPDATE SET login_id = excluded.login_id, state = excluded.state,"
      " control = excluded.control, due = excluded.due, granted = excluded.granted,"
      " ended = excluded.ended, ended_by = excluded.ended_by,"
      " broker = excluded.broker",
      "sssssssssssssiiiiss", shadow->id, shadow->desktop_id, shadow->desktop, shadow->pool,
      shadow->holder, shadow->holder_name, shadow->login_id, shadow->helper, shadow->helper_login,
      shadow->helper_name, shadow->reason, floe_shadow_state_name (shadow->state),
      floe_shadow_control_name (shadow->control), shadow->asked, shadow->due, shadow->granted,
      shadow->ended, shadow->ended_by, shadow->broker);
}

static gpointer
read_shadow (FloeSqlRows *rows)
{
  FloeShadow *shadow = g_new0 (FloeShadow, 1);

  shadow->id = floe_sql_rows_dup_text (rows, 0);
  shadow->desktop_id = floe_sql_rows_dup_text (rows, 1);
  shadow->desktop = floe_sql_rows_dup_text (rows, 2);
  shadow->pool = floe_sql_rows_dup_text (rows, 3);
  shadow->holder = floe_sql_rows_dup_text (rows, 4);
  shadow->holder_name = floe_sql_rows_dup_text (rows, 5);
  shadow->login_id = floe_sql_rows_dup_text (rows, 6);
  shadow->helper = floe_sql_rows_dup_text (rows, 7);
  shadow->helper_login = floe_sql_rows_dup_text (rows, 8);
  shadow->helper_name = floe_sql_rows_dup_text (rows, 9);
  shadow->reason = floe_sql_rows_dup_text (rows, 10);
  shadow->state = floe_shadow_state_from_name (floe_sql_rows_get_text (rows, 11));
  shadow->control = floe_shadow_control_from_name (floe_sql_rows_get_text (rows, 12));
  shadow->asked = floe_sql_rows_get_int (rows, 13);
  shadow->due = floe_sql_rows_get_int (rows, 14);
  shadow->granted = floe_sql_rows_get_int (rows, 15);
  shadow->ended = floe_sql_rows_get_int (rows, 16);
  shadow->ended_by = floe_sql_rows_dup_text (rows, 17);
  shadow->broker = floe_sql_rows_dup_text (rows, 18);
  return shadow;
}

static FloeShadow *
get_shadow (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (DB (tx), error,
                         FLOE_SQL_LOCKED (tx, "SELECT " COLUMNS " FROM shadows WHERE id = $1"), "s",
                         id),
      read_shadow, "shadow", error);
}

static GPtrArray *
list_shadows (FloeTx *tx, const gchar *desktop_id, GError **error)
{
  FloeSqlRows *rows =
      desktop_id != NULL
          ? floe_sql_db_query (DB (tx), error,
                               "SELECT " COLUMNS " FROM shadows WHERE desktop_id = $1"
                               " ORDER BY asked DESC, id LIMIT 100",
                               "s", desktop_id)
          : floe_sql_db_query (DB (tx), error,
                               "SELECT " COLUMNS " FROM shadows WHERE ended = 0"
                               " ORDER BY asked DESC, id LIMIT 100",
                               "");

  return floe_sql_read_all (rows, read_shadow, (GDestroyNotify)floe_shadow_free, error);
}

static gboolean
prune_shadows (FloeTx *tx, gint64 before, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM shadows WHERE ended <> 0 AND asked < $1",
                          "i", before);
}

void
floe_sql_tx_shadows_iface_init (FloeTxInterface *iface)
{
  iface->put_shadow = put_shadow;
  iface->get_shadow = get_shadow;
  iface->list_shadows = list_shadows;
  iface->prune_shadows = prune_shadows;
}
