/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include "core/fold.h"
#include "store/sql-desktop-rows.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* Behind every text that begins with the one before it. */
#define LAST "\xf4\x8f\xbf\xbf"

/* Desktops. The columns are those of FloeDesktopRow, in its order. */

#define COLUMNS                                                                                    \
  "SELECT d.id, d.name, d.pool, d.host, d.state, d.power, d.guest, d.console, d.clean, d.intent,"  \
  " d.refusal, d.problem, d.console_at, l.holder, l.holder_name, l.since, l.address,"              \
  " coalesce (t.name, l.terminal), coalesce (q.level, 0), "
/* How good a connection is counts while it is the one that was measured. */
#define WITH_MORE                                                                                  \
  " LEFT JOIN terminals t ON t.fingerprint = l.terminal LEFT JOIN session_quality q"               \
  " ON q.desktop_id = d.id AND q.user_id = l.holder AND d.console = 'connected'"                   \
  " AND q.at >= d.console_at "
#define WITH_LEASE " LEFT JOIN leases l ON l.desktop_id = d.id" WITH_MORE
#define HELD       " FROM leases l JOIN desktops d ON d.id = l.desktop_id" WITH_MORE
#define DESKTOPS   COLUMNS "NULL FROM desktops d" WITH_LEASE "WHERE "
#define LEASES     COLUMNS "NULL" HELD "WHERE "

#define AFTER_ALL  "(d.pool, d.name, d.id) > ($1, $2, $3) ORDER BY d.pool, d.name, d.id LIMIT $4"
#define AFTER_POOL "d.pool = $6 AND (d.name, d.id) > ($2, $3) ORDER BY d.name, d.id LIMIT $4"

/* What the rows have in common is not said to be equal: PostgreSQL, which plans once for all
 * values, would take another index that has the right order, and look for few among all. */
#define ORDER_BY(column) " ORDER BY " column ", d.pool, d.name, d.id LIMIT $4"
#define OF_ALL(column)                                                                             \
  DESKTOPS "(" column ", d.pool, d.name, d.id) > ($5, $1, $2, $3) AND " column                     \
           " <= $5" ORDER_BY (column)
#define OF_POOL(column)                                                                            \
  DESKTOPS "(" column ", d.pool, d.name, d.id) > ($5, $6, $2, $3) AND (" column                    \
           ", d.pool) <= ($5, $6)" ORDER_BY (column)

/* Each is a walk along one index: of all pools, and of one. $1 to $3 are the key behind which it
 * begins, $4 the limit, $5 the range's value, $6 the pool. */
static const gchar *const ranges[FLOE_N_RANGES][2] = {
  [FLOE_RANGE_ALL] = { DESKTOPS AFTER_ALL, DESKTOPS AFTER_POOL },
  [FLOE_RANGE_HOST] = { OF_ALL ("d.host"), OF_POOL ("d.host") },
  [FLOE_RANGE_STATE] = { OF_ALL ("d.state"), OF_POOL ("d.state") },
  [FLOE_RANGE_OPEN] = { DESKTOPS "d.console = 'connected' AND " AFTER_ALL,
                        DESKTOPS "d.console = 'connected' AND " AFTER_POOL },
  /* Few, and sorted. */
  [FLOE_RANGE_HOLDER] = { LEASES "l.holder = $5 AND " AFTER_ALL },
  [FLOE_RANGE_TERMINAL] = { LEASES "l.terminal = $5 AND " AFTER_ALL },
};

/* Here $1 is the word, $3 the id, $5 what the word begins with, and $6 is behind all such words.
 * One that is found by two words is told with the first. */
#define FIND_WORDS(columns, table, join)                                                           \
  columns                                                                                          \
      "w.word FROM " table "_words w CROSS JOIN " table "s d" join "WHERE d.id = w.subject"        \
      " AND (w.word, w.subject) > ($1, $3) AND w.word < $6 AND NOT EXISTS (SELECT 1 FROM " table   \
      "_words v WHERE v.subject = w.subject AND v.word >= $5 AND v.word < w.word)"                 \
      " ORDER BY w.word, w.subject LIMIT $4"

static FloeSqlRows *
query_words (FloeTx *tx, const gchar *sql, const gchar *prefix, const gchar *word, const gchar *id,
             guint limit, GError **error)
{
  g_autofree gchar *last = g_strconcat (prefix, LAST, NULL);

  return floe_sql_db_query (DB (tx), error, sql, "sssiss", *word != '\0' ? word : prefix, "", id,
                            (gint64)limit, prefix, last);
}

static FloeSqlRows *
query_desktops (FloeTx *tx, const FloeRange *range, GError **error)
{
  if (range->kind == FLOE_RANGE_WORD)
    return query_words (tx, FIND_WORDS (COLUMNS, "desktop", WITH_LEASE), range->value,
                        range->after[0], range->after[2], range->limit, error);
  return floe_sql_db_query (DB (tx), error, ranges[range->kind][range->pool != NULL], "sssiss",
                            range->after[0], range->after[1], range->after[2], (gint64)range->limit,
                            range->value, range->pool);
}

static void
add_desktop (FloePage *page, const FloeSqlRows *rows)
{
  FloeDesktopRow *row = g_new (FloeDesktopRow, 1);
  const gchar **texts[] = {
    &row->id,      &row->name,    &row->pool,     &row->host,   &row->state,
    &row->power,   &row->guest,   &row->console,  &row->clean,  &row->intent,
    &row->refusal, &row->problem, NULL,           &row->holder, &row->holder_name,
    NULL,          &row->address, &row->terminal, NULL,         &row->word
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL)
      *texts[i] = floe_page_keep (page, floe_sql_rows_get_text (rows, (gint)i));
  row->console_at = floe_sql_rows_get_int (rows, 12);
  row->since = floe_sql_rows_get_int (rows, 15);
  row->quality = (FloeQualityLevel)floe_sql_rows_get_int (rows, 18);
  g_ptr_array_add (page->items, row);
}

static gboolean
read_desktop_rows (FloeTx *tx, const FloeRange *range, FloePage *page, GError **error)
{
  g_autoptr (FloeSqlRows) rows = query_desktops (tx, range, error);
  gboolean row = rows != NULL;

  while (row)
    {
      if (!floe_sql_rows_next (rows, &row, error))
        return FALSE;
      if (row)
        add_desktop (page, rows);
    }
  return rows != NULL;
}

static GPtrArray *
list_first_desktops (FloeTx *tx, const gchar *pool, guint limit, GError **error)
{
  return floe_sql_read_desktops (floe_sql_db_query (DB (tx), error,
                                                    FLOE_SQL_SELECT_DESKTOPS
                                                    "d.pool = $1 ORDER BY d.name, d.id LIMIT $2",
                                                    "si", pool, (gint64)limit),
                                 error);
}

/* People. */

#define PERSON "SELECT d.id, d.name, d.display_name, d.groups, d.seen, "

static gpointer
read_person (FloeSqlRows *rows)
{
  FloePerson *person = g_new0 (FloePerson, 1);

  person->user = floe_sql_read_user (rows, 0);
  person->seen = floe_sql_rows_get_int (rows, 4);
  person->word = floe_sql_rows_dup_text (rows, 5);
  return person;
}

static GPtrArray *
list_people (FloeTx *tx, const gchar *prefix, const gchar *const *after, guint limit,
             GError **error)
{
  FloeSqlRows *rows =
      prefix != NULL ? query_words (tx, FIND_WORDS (PERSON, "user", " "), prefix, after[0],
                                    after[1], limit, error)
                     : floe_sql_db_query (DB (tx), error,
                                          PERSON "NULL FROM users d WHERE (d.name, d.id) > ($1, $2)"
                                                 " ORDER BY d.name, d.id LIMIT $3",
                                          "ssi", after[0], after[1], (gint64)limit);

  return floe_sql_read_all (rows, read_person, (GDestroyNotify)floe_person_free, error);
}

/* What they are found by. A word of a name that it has no longer is left there: who searches looks
 * at the name, too. */

gboolean
floe_sql_put_desktop_words (FloeTx *tx, const gchar *id, const gchar *folded, GError **error)
{
  g_auto (GStrv) words = floe_fold_words (folded);

  return floe_sql_db_run (
      DB (tx), error,
      floe_sql_db_choose (DB (tx),
                          "INSERT INTO desktop_words (word, subject) SELECT value, $1"
                          " FROM json_each ($2) WHERE true ON CONFLICT DO NOTHING",
                          "INSERT INTO desktop_words (word, subject) SELECT w, $1"
                          " FROM unnest ($2::text[]) w ON CONFLICT DO NOTHING"),
      "sa", id, words);
}

/* Before the user is put: who logs in as they were costs no page. */
gboolean
floe_sql_put_user_words (FloeTx *tx, const gchar *id, const gchar *folded, GError **error)
{
  g_auto (GStrv) words = floe_fold_words (folded);

  return floe_sql_db_run (
      DB (tx), error,
      floe_sql_db_choose (
          DB (tx),
          "INSERT INTO user_words (word, subject) SELECT value, $1 FROM json_each ($2)"
          " WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = $1 AND folded = $3)"
          " ON CONFLICT DO NOTHING",
          "INSERT INTO user_words (word, subject) SELECT w, $1 FROM unnest ($2::text[]) w"
          " WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = $1 AND folded = $3)"
          " ON CONFLICT DO NOTHING"),
      "sas", id, words, folded);
}

void
floe_sql_tx_lists_iface_init (FloeTxInterface *iface)
{
  iface->read_desktop_rows = read_desktop_rows;
  iface->list_first_desktops = list_first_desktops;
  iface->list_people = list_people;
}
