/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

#include "core/error.h"

#define DB(tx) (floe_sqlite_tx_get_db (FLOE_SQLITE_TX (tx)))

/* Every query of desktops begins with this, so that one reader serves all of them. That a desktop
 * is lent is known from the leases alone. */
#define SELECT                                                                                     \
  "SELECT d.id, d.name, d.pool, p.kind, d.host, d.power, d.power_at, d.guest, d.guest_at,"         \
  " d.console, d.console_at, d.lease_at, d.clean, d.clean_at, d.intent, d.intent_at, d.intent_by," \
  " d.present, d.has_agent, d.refusal, d.problem, d.not_before, d.end_reason, d.end_at, d.end_by," \
  " d.end_where, d.end_user, l.holder, l.holder_name, l.since, l.login_id, l.address, l.terminal," \
  " p.grace_seconds, p.ready_seconds, d.made, d.revision, d.number, d.memory_mib, d.target, "      \
  "l.slot, p.data_gib, d.prepared, d.failures"                                                     \
  " FROM desktops d JOIN pools p ON p.name = d.pool"                                               \
  " LEFT JOIN leases l ON l.desktop_id = d.id "

static void
read_facts (sqlite3_stmt *s, FloeDesktop *desktop)
{
  FloeFacts *facts = &desktop->facts;

  facts->power = floe_power_from_name (floe_sqlite_get_text (s, 5));
  facts->guest = floe_guest_from_name (floe_sqlite_get_text (s, 7));
  facts->console = floe_console_from_name (floe_sqlite_get_text (s, 9));
  facts->lease = sqlite3_column_type (s, 27) != SQLITE_NULL ? FLOE_LEASE_HELD : FLOE_LEASE_NONE;
  facts->clean = floe_clean_from_name (floe_sqlite_get_text (s, 12));
  facts->intent = floe_intent_from_name (floe_sqlite_get_text (s, 14));
  desktop->times[0] = sqlite3_column_int64 (s, 6);
  desktop->times[1] = sqlite3_column_int64 (s, 8);
  desktop->times[2] = sqlite3_column_int64 (s, 10);
  desktop->times[3] = sqlite3_column_int64 (s, 11);
  desktop->times[4] = sqlite3_column_int64 (s, 13);
  desktop->times[5] = sqlite3_column_int64 (s, 15);
  desktop->intent_by = floe_sqlite_dup_text (s, 16);
}

static void
read_lease_and_end (sqlite3_stmt *s, FloeDesktop *desktop)
{
  if (desktop->facts.lease == FLOE_LEASE_HELD)
    {
      desktop->lease = floe_lease_new (floe_sqlite_get_text (s, 27), floe_sqlite_get_text (s, 28),
                                       sqlite3_column_int64 (s, 29));
      desktop->lease->login_id = floe_sqlite_dup_text (s, 30);
      desktop->lease->address = floe_sqlite_dup_text (s, 31);
      desktop->lease->terminal = floe_sqlite_dup_text (s, 32);
      desktop->lease->slot = (guint)sqlite3_column_int64 (s, 40);
    }
  if (sqlite3_column_type (s, 22) != SQLITE_NULL)
    {
      desktop->end = g_new0 (FloeEnd, 1);
      desktop->end->reason = floe_sqlite_dup_text (s, 22);
      desktop->end->at = sqlite3_column_int64 (s, 23);
      desktop->end->by = floe_sqlite_dup_text (s, 24);
      desktop->end->where = floe_sqlite_dup_text (s, 25);
      desktop->end->user = floe_sqlite_dup_text (s, 26);
    }
}

static FloeDesktop *
read_desktop (sqlite3_stmt *s)
{
  FloeDesktop *desktop = floe_desktop_new (floe_sqlite_get_text (s, 0), floe_sqlite_get_text (s, 1),
                                           floe_sqlite_get_text (s, 2));

  floe_pool_kind_from_name (floe_sqlite_get_text (s, 3), &desktop->kind);
  desktop->grace_seconds = (guint)sqlite3_column_int64 (s, 33);
  desktop->ready_seconds = (guint)sqlite3_column_int64 (s, 34);
  desktop->host = floe_sqlite_dup_text (s, 4);
  read_facts (s, desktop);
  desktop->present = sqlite3_column_int64 (s, 17) != 0;
  desktop->has_agent = sqlite3_column_int64 (s, 18) != 0;
  desktop->refusal = floe_sqlite_dup_text (s, 19);
  desktop->problem = floe_sqlite_dup_text (s, 20);
  desktop->not_before = sqlite3_column_int64 (s, 21);
  desktop->made = sqlite3_column_int64 (s, 35) != 0;
  desktop->revision = (guint)sqlite3_column_int64 (s, 36);
  desktop->number = (guint)sqlite3_column_int64 (s, 37);
  desktop->memory_mib = (guint)sqlite3_column_int64 (s, 38);
  desktop->target = floe_sqlite_dup_text (s, 39);
  desktop->data_gib = (guint)sqlite3_column_int64 (s, 41);
  desktop->prepared = sqlite3_column_int64 (s, 42) != 0;
  desktop->failures = (guint)sqlite3_column_int64 (s, 43);
  read_lease_and_end (s, desktop);
  return desktop;
}

static FloeDesktop *
read_one (FloeTx *tx, sqlite3_stmt *s, GError **error)
{
  FloeDesktop *desktop;
  gboolean row;

  if (s == NULL || !floe_sqlite_db_next (DB (tx), s, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such desktop");
      return NULL;
    }
  desktop = read_desktop (s);
  sqlite3_reset (s);
  return desktop;
}

static GPtrArray *
read_all (FloeTx *tx, sqlite3_stmt *s, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
  gboolean row;

  if (s == NULL)
    return NULL;
  while (floe_sqlite_db_next (DB (tx), s, &row, error))
    {
      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, read_desktop (s));
    }
  return NULL;
}

static FloeDesktop *
get_desktop (FloeTx *tx, const gchar *id, GError **error)
{
  return read_one (tx, floe_sqlite_db_query (DB (tx), error, SELECT "WHERE d.id = $1", "s", id),
                   error);
}

static GPtrArray *
list_desktops_of_pool (FloeTx *tx, const gchar *pool, GError **error)
{
  return read_all (
      tx,
      floe_sqlite_db_query (DB (tx), error, SELECT "WHERE d.pool = $1 ORDER BY d.name", "s", pool),
      error);
}

static GPtrArray *
list_desktops_of_host (FloeTx *tx, const gchar *host, GError **error)
{
  return read_all (
      tx,
      floe_sqlite_db_query (DB (tx), error, SELECT "WHERE d.host = $1 ORDER BY d.name", "s", host),
      error);
}

static GPtrArray *
list_desktops_of_user (FloeTx *tx, const gchar *user_id, GError **error)
{
  return read_all (tx,
                   floe_sqlite_db_query (DB (tx), error,
                                         SELECT "WHERE l.holder = $1 ORDER BY d.pool, d.name", "s",
                                         user_id),
                   error);
}

static const struct
{
  FloePoolKind kind;
  const gchar *power;
  const gchar *clean;
} candidates[] = {
  { FLOE_POOL_FLOATING, "on", "clean" },       { FLOE_POOL_FLOATING, "off", "clean" },
  { FLOE_POOL_DEDICATED, "on", "clean" },      { FLOE_POOL_DEDICATED, "on", "dirty" },
  { FLOE_POOL_DEDICATED, "off", "clean" },     { FLOE_POOL_DEDICATED, "off", "dirty" },
  { FLOE_POOL_DEDICATED, "crashed", "clean" }, { FLOE_POOL_DEDICATED, "crashed", "dirty" },
};

static FloeDesktop *
find_candidate (FloeTx *tx, const gchar *pool, guint i, gint64 now, GError **error)
{
  return read_one (tx,
                   floe_sqlite_db_query (
                       DB (tx), error,
                       SELECT
                       "WHERE d.pool = $1 AND d.clean = $2 AND d.power = $3"
                       " AND d.not_before <= $4 AND d.held = 0 AND d.present = 1"
                       " AND d.refusal IS NULL AND d.intent = 'none' AND d.console = 'none'"
                       " AND l.desktop_id IS NULL AND NOT EXISTS (SELECT 1 FROM hosts AS h"
                       " WHERE h.name = d.host AND h.draining = 1) ORDER BY d.not_before LIMIT 1",
                       "sssi", pool, candidates[i].clean, candidates[i].power, now),
                   error);
}

/* A running one first, so that nobody waits; each candidate is a look-up of its own in the partial
 * index desktops_free, so that it costs the same with 100 desktops and with 100,000, however many
 * of them are lent. */
static FloeDesktop *
find_free_desktop (FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      g_autoptr (GError) local_error = NULL;
      FloeDesktop *desktop = candidates[i].kind == pool->kind
                                 ? find_candidate (tx, pool->name, i, now, &local_error)
                                 : NULL;

      if (desktop != NULL)
        return desktop;
      if (local_error != NULL && !g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "pool %s has no free desktop", pool->name);
  return NULL;
}

static FloeDesktop *
find_held_desktop (FloeTx *tx, const gchar *pool, const gchar *user_id, GError **error)
{
  return read_one (tx,
                   floe_sqlite_db_query (DB (tx), error,
                                         SELECT "WHERE l.pool = $1 AND l.holder = $2"
                                                " ORDER BY l.slot LIMIT 1",
                                         "ss", pool, user_id),
                   error);
}

static gboolean
put_lease (FloeTx *tx, const FloeDesktop *desktop, GError **error)
{
  const FloeLease *lease = desktop->lease;

  if (desktop->facts.lease == FLOE_LEASE_NONE || lease == NULL)
    return floe_sqlite_db_run (DB (tx), error, "DELETE FROM leases WHERE desktop_id = $1", "s",
                               desktop->id);
  if (!floe_sqlite_db_run (
          DB (tx), error,
          "INSERT INTO leases (desktop_id, pool, holder, holder_name, since, login_id, address,"
          " terminal, slot) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
          " ON CONFLICT (desktop_id) DO UPDATE "
          "SET"
          " login_id = $6, address = $7, terminal = $8 WHERE holder = $3",
          "ssssisssi", desktop->id, desktop->pool, lease->holder, lease->holder_name, lease->since,
          lease->login_id, lease->address, lease->terminal, (gint64)lease->slot))
    return FALSE;
  if (floe_sqlite_db_get_changes (DB (tx)) == 1)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "desktop %s is lent to somebody else",
               desktop->name);
  return FALSE;
}

static gboolean
put_desktop (FloeTx *tx, const FloeDesktop *d, GError **error)
{
  const FloeFacts *f = &d->facts;
  const FloeEnd *end = d->end;

  return floe_sqlite_db_run (
             DB (tx), error,
             "INSERT INTO desktops (id, name, pool, host, power, power_at, guest, guest_at,"
             " console, console_at, lease_at, clean, clean_at, intent, intent_at, intent_by,"
             " present, has_agent, refusal, problem, not_before, end_reason, end_at, end_by,"
             " end_where, end_user, held, made, revision, number, memory_mib, target, prepared,"
             " failures) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
             " $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31,"
             " $32, $33, $34)"
             " ON CONFLICT (id) DO UPDATE SET name = $2, pool = $3, host = $4, power = $5,"
             " power_at = $6, guest = $7, guest_at = $8, console = $9, console_at = $10,"
             " lease_at = $11, clean = $12, clean_at = $13, intent = $14, intent_at = $15,"
             " intent_by = $16, present = $17, has_agent = $18, refusal = $19, problem = $20,"
             " not_before = $21, end_reason = $22, end_at = $23, end_by = $24, end_where = $25,"
             " end_user = $26, held = $27, made = $28, revision = $29, number = $30,"
             " memory_mib = $31, target = $32, prepared = $33, failures = $34",
             "sssssisisiisisisiissisisssiiiiisii", d->id, d->name, d->pool, d->host,
             floe_power_name (f->power), d->times[0], floe_guest_name (f->guest), d->times[1],
             floe_console_name (f->console), d->times[2], d->times[3], floe_clean_name (f->clean),
             d->times[4], floe_intent_name (f->intent), d->times[5], d->intent_by,
             (gint64)d->present, (gint64)d->has_agent, d->refusal, d->problem, d->not_before,
             end != NULL ? end->reason : NULL, end != NULL ? end->at : (gint64)0,
             end != NULL ? end->by : NULL, end != NULL ? end->where : NULL,
             end != NULL ? end->user : NULL,
             (gint64)(f->lease == FLOE_LEASE_HELD && d->lease != NULL), (gint64)d->made,
             (gint64)d->revision, (gint64)d->number, (gint64)d->memory_mib, d->target,
             (gint64)d->prepared, (gint64)d->failures)
         && put_lease (tx, d, error);
}

static guint
hash_count (gconstpointer key)
{
  const FloeDesktopCount *count = key;
  const FloeFacts *facts = &count->facts;
  guint rest = facts->power | facts->guest << 4 | facts->lease << 8 | facts->clean << 12
               | facts->intent << 16 | (guint)count->usable << 24 | (guint)count->resting << 25;

  return (g_str_hash (count->host) * 31 + count->revision) * 31 + rest;
}

static gboolean
are_alike (gconstpointer a, gconstpointer b)
{
  const FloeDesktopCount *one = a;
  const FloeDesktopCount *other = b;

  return one->facts.power == other->facts.power && one->facts.guest == other->facts.guest
         && one->facts.lease == other->facts.lease && one->facts.clean == other->facts.clean
         && one->facts.intent == other->facts.intent && one->revision == other->revision
         && one->usable == other->usable && one->resting == other->resting
         && g_str_equal (one->host, other->host);
}

/* Its host is the row's. */
static FloeDesktopCount
read_count (sqlite3_stmt *s)
{
  FloeDesktopCount count = { .host = (gchar *)floe_sqlite_get_text (s, 0), .n = 1 };

  count.facts.power = floe_power_from_name (floe_sqlite_get_text (s, 1));
  count.facts.guest = floe_guest_from_name (floe_sqlite_get_text (s, 2));
  count.facts.lease = sqlite3_column_int64 (s, 3) != 0 ? FLOE_LEASE_HELD : FLOE_LEASE_NONE;
  count.facts.clean = floe_clean_from_name (floe_sqlite_get_text (s, 4));
  count.facts.intent = floe_intent_from_name (floe_sqlite_get_text (s, 5));
  count.revision = (guint)sqlite3_column_int64 (s, 6);
  count.usable = sqlite3_column_int64 (s, 7) != 0;
  count.resting = sqlite3_column_int64 (s, 8) != 0;
  count.memory_mib = (guint64)sqlite3_column_int64 (s, 9);
  return count;
}

/* Alike ones are brought together here: SQLite's GROUP BY would sort all of the pool's rows, which
 * takes several times as long as reading them. */
static GPtrArray *
count_desktops (FloeTx *tx, const gchar *pool, gint64 now, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (hash_count, are_alike);
  g_autoptr (GPtrArray) counts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_count_free);
  sqlite3_stmt *s =
      floe_sqlite_db_query (DB (tx), error,
                            "SELECT host, power, guest, held, clean, intent, revision,"
                            " present = 1 AND refusal IS NULL, not_before > $2, memory_mib"
                            " FROM desktops WHERE pool = $1",
                            "si", pool, now);
  gboolean row = s != NULL;

  while (row)
    {
      FloeDesktopCount one, *count;

      if (!floe_sqlite_db_next (DB (tx), s, &row, error))
        return NULL;
      if (!row)
        break;
      one = read_count (s);
      count = g_hash_table_lookup (known, &one);
      if (count != NULL)
        {
          count->n++;
          count->memory_mib += one.memory_mib;
          continue;
        }
      count = g_memdup2 (&one, sizeof one);
      count->host = g_strdup (one.host);
      g_ptr_array_add (counts, count);
      g_hash_table_add (known, count);
    }
  return s != NULL ? g_steal_pointer (&counts) : NULL;
}

/* The first number after @after, or after the end of a run of numbers that are taken. */
static gboolean
find_free_number (FloeTx *tx, const gchar *pool, guint after, guint *number, GError **error)
{
  sqlite3_stmt *s = floe_sqlite_db_query (
      DB (tx), error,
      "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM desktops WHERE pool = $1 AND number = $2 + 1)"
      " THEN $2 + 1 ELSE (SELECT d.number + 1 FROM desktops d WHERE d.pool = $1"
      " AND d.number > $2 AND NOT EXISTS (SELECT 1 FROM desktops e WHERE e.pool = $1"
      " AND e.number = d.number + 1) ORDER BY d.number LIMIT 1) END",
      "si", pool, (gint64)after);
  gboolean row;

  if (s == NULL || !floe_sqlite_db_next (DB (tx), s, &row, error))
    return FALSE;
  *number = (guint)sqlite3_column_int64 (s, 0);
  sqlite3_reset (s);
  return TRUE;
}

static void
add_set (GString *sql, const gchar *column, guint set, guint n, const gchar *(*name) (guint))
{
  const gchar *separator = "";

  if (set == 0)
    return;
  g_string_append_printf (sql, " AND %s IN (", column);
  for (guint i = 0; i < n; i++)
    if (set & (1u << i))
      {
        g_string_append_printf (sql, "%s'%s'", separator, name (i));
        separator = ", ";
      }
  g_string_append_c (sql, ')');
}

static const gchar *
power_name (guint value)
{
  return floe_power_name (value);
}

static const gchar *
clean_name (guint value)
{
  return floe_clean_name (value);
}

static const gchar *
intent_name (guint value)
{
  return floe_intent_name (value);
}

/* Only our own words stand in the text, of which there are few kinds; what came from outside is
 * bound. */
static GPtrArray *
list_desktops (FloeTx *tx, const FloeDesktopFilter *filter, GError **error)
{
  g_autoptr (GString) sql =
      g_string_new (SELECT "WHERE ($6 = 0 OR (d.present = 1 AND d.refusal IS NULL))"
                           " AND ($3 = 0 OR d.not_before <= $3)"
                           " AND ($4 = 0 OR d.revision <> $4)");

  if (filter->pool != NULL)
    g_string_append (sql, " AND d.pool = $1");
  if (filter->host != NULL)
    g_string_append (sql, " AND d.host = $2");
  add_set (sql, "d.power", filter->powers, FLOE_POWER_CRASHED + 1, power_name);
  add_set (sql, "d.clean", filter->cleans, FLOE_CLEAN_BROKEN + 1, clean_name);
  add_set (sql, "d.intent", filter->intents, FLOE_INTENT_ATTACH + 1, intent_name);
  if (filter->leases == 1u << FLOE_LEASE_NONE)
    g_string_append (sql, " AND d.held = 0");
  else if (filter->leases == 1u << FLOE_LEASE_HELD)
    g_string_append (sql, " AND d.held = 1");
  if (filter->made)
    g_string_append (sql, " AND d.made = 1");
  g_string_append (sql, " ORDER BY d.not_before, d.id LIMIT $5");
  return read_all (tx,
                   floe_sqlite_db_query (DB (tx), error, g_intern_string (sql->str), "ssiiii",
                                         filter->pool, filter->host, filter->now,
                                         (gint64)filter->not_revision, (gint64)filter->limit,
                                         (gint64)filter->usable),
                   error);
}

static gboolean
delete_desktop (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sqlite_db_run (DB (tx), error, "DELETE FROM desktops WHERE id = $1", "s", id);
}

void
floe_sqlite_tx_desktops_iface_init (FloeTxInterface *iface)
{
  iface->get_desktop = get_desktop;
  iface->list_desktops_of_pool = list_desktops_of_pool;
  iface->list_desktops_of_host = list_desktops_of_host;
  iface->list_desktops_of_user = list_desktops_of_user;
  iface->find_free_desktop = find_free_desktop;
  iface->find_held_desktop = find_held_desktop;
  iface->put_desktop = put_desktop;
  iface->delete_desktop = delete_desktop;
  iface->count_desktops = count_desktops;
  iface->find_free_number = find_free_number;
  iface->list_desktops = list_desktops;
}
