/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

#define COLUMNS                                                                                    \
  "pool, step, at, looks, size, used, demand, spares, at_once, later, own, left_line, failed,"     \
  " nothing_left, closed, waited, wait_sum, wait_longest"

/* Of what is looked at, a row that nobody looked at says nothing. */
#define GREATEST(name)                                                                             \
#name " = CASE WHEN excluded." #name " > capacity." #name " THEN excluded." #name                \
        " ELSE capacity." #name " END"
#define PLUS(name) #name " = capacity." #name " + excluded." #name

static gboolean
add_capacity (FloeTx *tx, const FloeCapacitySlot *slot, GError **error)
{
  const gint64 *n = slot->served;

  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO capacity (" COLUMNS ")"
      " SELECT name, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18"
      " FROM pools WHERE name = $1"
      " ON CONFLICT (pool, step, at) DO UPDATE SET"
      " size = CASE WHEN excluded.looks > 0 THEN excluded.size ELSE capacity.size END,"
      " spares = CASE WHEN excluded.looks = 0 OR (capacity.looks > 0"
      " AND capacity.spares < excluded.spares) THEN capacity.spares ELSE excluded.spares "
      "END," GREATEST (used) "," GREATEST (demand) "," GREATEST (wait_longest) "," PLUS (looks) "," PLUS (at_once) "," PLUS (later) "," PLUS (
          own) "," PLUS (left_line) "," PLUS (failed) "," PLUS (nothing_left) "," PLUS (closed) "," PLUS (waited) "," PLUS (wait_sum),
      "siiiiiiiiiiiiiiiii", slot->pool, (gint64)slot->step, slot->at, slot->looks, slot->size,
      slot->used, slot->demand, slot->spares, n[FLOE_SERVED_AT_ONCE], n[FLOE_SERVED_LATER],
      n[FLOE_SERVED_OWN], n[FLOE_UNSERVED_LEFT], n[FLOE_UNSERVED_FAILED], n[FLOE_UNSERVED_FULL],
      n[FLOE_UNSERVED_CLOSED], slot->waited, slot->wait_sum, slot->wait_longest);
}

static gpointer
read_slot (FloeSqlRows *rows)
{
  FloeCapacitySlot *slot = g_new0 (FloeCapacitySlot, 1);
  gint64 *const numbers[] = { &slot->at,
                              &slot->looks,
                              &slot->size,
                              &slot->used,
                              &slot->demand,
                              &slot->spares,
                              &slot->served[FLOE_SERVED_AT_ONCE],
                              &slot->served[FLOE_SERVED_LATER],
                              &slot->served[FLOE_SERVED_OWN],
                              &slot->served[FLOE_UNSERVED_LEFT],
                              &slot->served[FLOE_UNSERVED_FAILED],
                              &slot->served[FLOE_UNSERVED_FULL],
                              &slot->served[FLOE_UNSERVED_CLOSED],
                              &slot->waited,
                              &slot->wait_sum,
                              &slot->wait_longest };

  slot->pool = floe_sql_rows_dup_text (rows, 0);
  slot->step = (FloeCapacityStep)floe_sql_rows_get_int (rows, 1);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i] = floe_sql_rows_get_int (rows, (gint)i + 2);
  return slot;
}

static GPtrArray *
list_capacity (FloeTx *tx, const gchar *pool, FloeCapacityStep step, gint64 since, gint64 until,
               GError **error)
{
  FloeSqlRows *rows =
      pool != NULL
          ? floe_sql_db_query (DB (tx), error,
                               "SELECT " COLUMNS " FROM capacity WHERE pool = $1 AND step = $2"
                               " AND at >= $3 AND at < $4 ORDER BY at",
                               "siii", pool, (gint64)step, since, until)
          : floe_sql_db_query (DB (tx), error,
                               "SELECT " COLUMNS " FROM capacity WHERE step = $1"
                               " AND at >= $2 AND at < $3 ORDER BY pool, at",
                               "iii", (gint64)step, since, until);

  return floe_sql_read_all (rows, read_slot, (GDestroyNotify)floe_capacity_slot_free, error);
}

static gboolean
prune_capacity (FloeTx *tx, FloeCapacityStep step, gint64 before, gint64 after, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "DELETE FROM capacity WHERE step = $1 AND (at < $2 OR at > $3)", "iii",
                          (gint64)step, before, after);
}

void
floe_sql_tx_capacity_iface_init (FloeTxInterface *iface)
{
  iface->add_capacity = add_capacity;
  iface->list_capacity = list_capacity;
  iface->prune_capacity = prune_capacity;
}
