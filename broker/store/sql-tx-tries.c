/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include "core/error.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* A name that nobody is known by counts, with all that are like it, as a person of its own, which
 * no id looks like. */
#define NOBODY "name:"

/* A terminal is known as a network is, by its name: what is enrolled as it next is the same place.
 */
#define TERMINAL "terminal:"
#define KNOWN_TERMINALS                                                                            \
  "known_networks x JOIN terminals y ON x.network LIKE '" TERMINAL "%'"                            \
  " AND y.name = substr (x.network, length ('" TERMINAL "') + 1)"

static gboolean
count_tries (FloeTx *tx, const FloeTryQuery *query, FloeTryCounts *counts, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT who.person, who.alike, t.n, t.strangers, t.last_at, k.seen, f.n, f.since, who.itself,"
      " '" TERMINAL "' || e.name, d.seen, CASE WHEN EXISTS (SELECT 1 FROM " KNOWN_TERMINALS
      "  WHERE x.user_id = who.person) THEN 1 ELSE 0 END"
      " FROM (SELECT coalesce (a.user_id, b.user_id, '" NOBODY "' || $4) AS person,"
      " CASE WHEN a.name IS NULL THEN 0 ELSE 1 END AS itself,"
      " CASE WHEN b.name IS NULL THEN 0 ELSE 1 END AS alike"
      " FROM (SELECT 1) AS one LEFT JOIN known_names a ON a.name = $1"
      " LEFT JOIN known_names b ON b.name = $4) AS who"
      " LEFT JOIN tries t ON t.person = who.person AND t.last_at > $3"
      " LEFT JOIN known_networks k ON k.user_id = who.person AND k.network = $2"
      " LEFT JOIN terminals e ON e.fingerprint = $5"
      " LEFT JOIN known_networks d ON d.user_id = who.person"
      "  AND d.network = '" TERMINAL "' || e.name"
      " LEFT JOIN network_tries f ON f.network = $2 AND f.since > $3",
      "ssiss", query->name, query->network, query->since, query->like, query->terminal);
  gboolean itself, alike;
  gboolean row;

  if (rows == NULL || !floe_sql_rows_next (rows, &row, error))
    return FALSE;
  counts->person = floe_sql_rows_dup_text (rows, 0);
  alike = floe_sql_rows_get_int (rows, 1) != 0;
  itself = floe_sql_rows_get_int (rows, 8) != 0;
  counts->met = itself && alike;
  counts->loosely = alike && !itself;
  counts->n_of_person = (guint)floe_sql_rows_get_int (rows, 2);
  counts->n_of_strangers = (guint)floe_sql_rows_get_int (rows, 3);
  counts->last_of_person = floe_sql_rows_get_int (rows, 4);
  counts->seen = floe_sql_rows_get_int (rows, 5);
  counts->place = floe_sql_rows_dup_text (rows, 9);
  counts->seen_there = floe_sql_rows_get_int (rows, 10);
  counts->has_terminal = floe_sql_rows_get_int (rows, 11) != 0;
  counts->n_of_network = (guint)floe_sql_rows_get_int (rows, 6);
  counts->first_of_network = floe_sql_rows_get_int (rows, 7);
  return TRUE;
}

static gboolean
count_held_back (FloeTx *tx, const FloeTryLimits *limits, FloeHeldBack *held, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT (SELECT count (*) FROM tries t WHERE last_at > $1 AND (n >= $2 OR strangers >= $3"
      "  OR (n >= $6 AND EXISTS (SELECT 1 FROM " KNOWN_TERMINALS " WHERE x.user_id = t.person)))),"
      " (SELECT count (*) FROM network_tries WHERE since > $4 AND n >= $5)",
      "iiiiii", limits->since, (gint64)limits->most, (gint64)limits->most_of_strangers,
      limits->network_since, (gint64)limits->most_of_network, (gint64)limits->most_elsewhere);
  gboolean row;

  if (rows == NULL || !floe_sql_rows_next (rows, &row, error))
    return FALSE;
  held->people = floe_sql_rows_get_int (rows, 0);
  held->networks = floe_sql_rows_get_int (rows, 1);
  return TRUE;
}

/* One statement, so that of many at once no more get one than there are. */
static gboolean
take_try (FloeTx *tx, const FloeTry *one, gboolean *taken, GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (
          DB (tx), error,
          "INSERT INTO tries AS t (person, n, strangers, last_at) VALUES ($1, 1, $2, $3)"
          " ON CONFLICT (person) DO UPDATE SET n = CASE WHEN t.last_at <= $4 THEN 1 ELSE t.n + 1 "
          "END,"
          " strangers = CASE WHEN t.last_at <= $4 THEN $2 ELSE t.strangers + $2 END, last_at = $3"
          " WHERE t.last_at <= $4 OR (($5 = 0 OR t.n < $5) AND ($2 = 0 OR $6 = 0 OR t.strangers < "
          "$6))"
          " RETURNING n",
          "siiiii", one->person, (gint64)one->stranger, one->at, one->since, (gint64)one->most,
          (gint64)one->most_of_strangers),
      taken, error);
}

static gboolean
give_back_try (FloeTx *tx, const FloeTry *one, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "UPDATE tries SET n = n - 1, strangers = CASE WHEN strangers > $2"
                          " THEN strangers - $2 ELSE 0 END WHERE person = $1 AND n > 0",
                          "si", one->person, (gint64)one->stranger);
}

static gboolean
put_network_try (FloeTx *tx, const gchar *network, gint64 at, gint64 since, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO network_tries AS t (network, n, since) VALUES ($1, 1, $2)"
      " ON CONFLICT (network) DO UPDATE SET n = CASE WHEN t.since <= $3 THEN 1 ELSE t.n + 1 END,"
      " since = CASE WHEN t.since <= $3 THEN $2 ELSE t.since END",
      "sii", network, at, since);
}

static gboolean
delete_tries_of (FloeTx *tx, const gchar *person, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM tries WHERE person = $1", "s", person);
}

static gboolean
put_known_name (FloeTx *tx, const gchar *name, const gchar *user_id, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO known_names (name, user_id) VALUES ($1, $2)"
                          " ON CONFLICT (name) DO UPDATE SET user_id = $2",
                          "ss", name, user_id);
}

static gboolean
put_known_network (FloeTx *tx, const gchar *user_id, const gchar *network, gint64 now,
                   GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO known_networks (user_id, network, seen) VALUES ($1, $2, $3)"
                          " ON CONFLICT (user_id, network) DO UPDATE SET seen = $3",
                          "ssi", user_id, network, now);
}

static gboolean
prune_tries (FloeTx *tx, gint64 before, gint64 unseen_since, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM tries WHERE last_at <= $1", "i", before)
         && floe_sql_db_run (DB (tx), error, "DELETE FROM network_tries WHERE since <= $1", "i",
                             before)
         && floe_sql_db_run (DB (tx), error, "DELETE FROM known_networks WHERE seen <= $1", "i",
                             unseen_since);
}

void
floe_sql_tx_tries_iface_init (FloeTxInterface *iface)
{
  iface->count_tries = count_tries;
  iface->count_held_back = count_held_back;
  iface->take_try = take_try;
  iface->give_back_try = give_back_try;
  iface->put_network_try = put_network_try;
  iface->delete_tries_of = delete_tries_of;
  iface->put_known_name = put_known_name;
  iface->put_known_network = put_known_network;
  iface->prune_tries = prune_tries;
}
