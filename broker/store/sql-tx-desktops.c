/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-desktop-rows.h"

#include "core/error.h"
#include "core/fold.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* Looking for one that is free. */

static const struct
{
  FloePoolKind kind;
  const gchar *power;
  const gchar *clean;
  gboolean ready;
} candidates[] = {
  { FLOE_POOL_FLOATING, "on", "clean", TRUE },
  { FLOE_POOL_FLOATING, "on", "clean", FALSE },
  { FLOE_POOL_FLOATING, "off", "clean", FALSE },
  { FLOE_POOL_DEDICATED, "on", "clean", TRUE },
  { FLOE_POOL_DEDICATED, "on", "dirty", TRUE },
  { FLOE_POOL_DEDICATED, "on", "clean", FALSE },
  { FLOE_POOL_DEDICATED, "on", "dirty", FALSE },
  { FLOE_POOL_DEDICATED, "off", "clean", FALSE },
  { FLOE_POOL_DEDICATED, "off", "dirty", FALSE },
  { FLOE_POOL_DEDICATED, "crashed", "clean", FALSE },
  { FLOE_POOL_DEDICATED, "crashed", "dirty", FALSE },
};

static FloeDesktop *
find_candidate (FloeTx *tx, const gchar *sql, const gchar *pool, const gchar *user_id, guint i,
                gint64 now, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error, sql, "sssiis", pool,
                                               candidates[i].clean, candidates[i].power, now,
                                               (gint64)candidates[i].ready, user_id),
                            floe_sql_read_desktop, "desktop", error);
}

/**
 * floe_sql_find_free_desktop:
 * @sql: (array zero-terminated=1): of #FLOE_SQL_SELECT_FREE_DESKTOP, tried one after the other
 *
 * As floe_tx_find_free_desktop(). One whose guest is ready comes first, so that nobody waits, and
 * then one that runs, past those that are ready: few boot at once. Each candidate is a look-up of
 * its own in the partial index desktops_free, so that it costs the same with 100 desktops and with
 * 100,000, however many of them are lent.
 */
FloeDesktop *
floe_sql_find_free_desktop (FloeTx *tx, const FloePool *pool, const gchar *user_id, gint64 now,
                            const gchar *const *sql, GError **error)
{
  for (; *sql != NULL; sql++)
    for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
      {
        g_autoptr (GError) local_error = NULL;
        FloeDesktop *desktop =
            candidates[i].kind == pool->kind
                ? find_candidate (tx, *sql, pool->name, user_id, i, now, &local_error)
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

/* The first number after @after, or after the end of a run of numbers that are taken. Those that
 * have none stay out of the index, of which each place has to say that it does. */
static gboolean
find_free_number (FloeTx *tx, const gchar *pool, guint after, guint *number, GError **error)
{
  gint64 found;

  if (!floe_sql_read_int (
          floe_sql_db_query (DB (tx), error,
                             "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM desktops WHERE pool = $1"
                             " AND number = $2 + 1 AND number > 0) THEN $2 + 1"
                             " ELSE (SELECT d.number + 1 FROM desktops d"
                             "  WHERE d.pool = $1 AND d.number > $2 AND d.number > 0"
                             "  AND NOT EXISTS (SELECT 1 FROM desktops e"
                             "   WHERE e.pool = $1 AND e.number = d.number + 1 AND e.number > 0)"
                             "  ORDER BY d.number LIMIT 1) END",
                             "si", pool, (gint64)after),
          &found, error))
    return FALSE;
  *number = (guint)found;
  return TRUE;
}

/* Writing. */

#define LEASE                                                                                      \
  "INSERT INTO leases AS l (desktop_id, pool, holder, holder_name, since, login_id, address,"      \
  " terminal, slot) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (desktop_id)"          \
  " DO UPDATE SET login_id = $6, address = $7, terminal = $8"

/* One that is lent to somebody else is passed over, or makes the holder NULL. */
static gboolean
put_lease (FloeTx *tx, const FloeDesktop *desktop, GError **error)
{
  const FloeLease *lease = desktop->lease;
  g_autofree gchar *conflict = NULL;

  if (desktop->facts.lease == FLOE_LEASE_NONE || lease == NULL)
    return floe_sql_db_run (DB (tx), error, "DELETE FROM leases WHERE desktop_id = $1", "s",
                            desktop->id);
  conflict = g_strdup_printf ("desktop %s is lent to somebody else", desktop->name);
  return floe_sql_db_run_or_conflict (
      DB (tx), error, conflict,
      floe_sql_db_choose (DB (tx), LEASE " WHERE holder = $3",
                          LEASE ", holder = CASE WHEN l.holder = $3 THEN l.holder END"),
      "ssssisssi", desktop->id, desktop->pool, lease->holder, lease->holder_name, lease->since,
      lease->login_id, lease->address, lease->terminal, (gint64)lease->slot);
}

#define COLUMNS                                                                                    \
  "id, name, pool, host, power, power_at, guest, guest_at, console, console_at, lease_at, clean,"  \
  " clean_at, intent, intent_at, intent_by, present, has_agent, refusal, problem, not_before,"     \
  " end_reason, end_at, end_by, end_where, end_user, held, made, revision, number, memory_mib,"    \
  " target, prepared, failures, engine_user"
#define VALUES                                                                                     \
  "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"     \
  " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35"
#define SETS                                                                                       \
  "power = $5, power_at = $6, guest = $7, guest_at = $8,"                                          \
  " console = $9, console_at = $10, lease_at = $11, clean = $12, clean_at = $13, intent = $14,"    \
  " intent_at = $15, intent_by = $16, present = $17, has_agent = $18, refusal = $19,"              \
  " problem = $20, not_before = $21, end_reason = $22, end_at = $23, end_by = $24,"                \
  " end_where = $25, end_user = $26, held = $27, made = $28, revision = $29, memory_mib = $31,"    \
  " target = $32, prepared = $33, failures = $34, engine_user = $35"
#define TYPES "sssssisisiisisisiissisisssiiiiisiis"

static gboolean
put_facts (FloeTx *tx, const FloeDesktop *d, GError **error)
{
  const FloeFacts *f = &d->facts;
  const FloeEnd *end = d->end;

  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO desktops (" COLUMNS ") VALUES (" VALUES ") ON CONFLICT (id) DO UPDATE SET " SETS,
      TYPES, d->id, d->name, d->pool, d->host, floe_power_name (f->power), d->times[0],
      floe_guest_name (f->guest), d->times[1], floe_console_name (f->console), d->times[2],
      d->times[3], floe_clean_name (f->clean), d->times[4], floe_intent_name (f->intent),
      d->times[5], d->intent_by, (gint64)d->present, (gint64)d->has_agent, d->refusal, d->problem,
      d->not_before, end != NULL ? end->reason : NULL, end != NULL ? end->at : (gint64)0,
      end != NULL ? end->by : NULL, end != NULL ? end->where : NULL, end != NULL ? end->user : NULL,
      (gint64)(f->lease == FLOE_LEASE_HELD && d->lease != NULL), (gint64)d->made,
      (gint64)d->revision, (gint64)d->number, (gint64)d->memory_mib, d->target, (gint64)d->prepared,
      (gint64)d->failures, d->engine_user);
}

/* What it is listed by hardly changes, and has many indices, which SQLite would write anew with
 * every row whose columns are set. */
static gboolean
put_place (FloeTx *tx, const FloeDesktop *d, const gchar *folded, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "UPDATE desktops SET name = $2, pool = $3, host = $4, number = $5, folded = $6, state = $7"
      " WHERE id = $1 AND (state <> $7 OR host <> $4 OR pool <> $3 OR name <> $2 OR number <> $5"
      " OR folded <> $6)",
      "ssssiss", d->id, d->name, d->pool, d->host, (gint64)d->number, folded,
      floe_desktop_state_name (d));
}

static gboolean
put_desktop (FloeTx *tx, const FloeDesktop *d, GError **error)
{
  g_autofree gchar *folded = floe_fold (d->name);

  return put_facts (tx, d, error) && put_place (tx, d, folded, error)
         && (g_strcmp0 (folded, d->folded) == 0
             || floe_sql_put_desktop_words (tx, d->id, folded, error))
         && put_lease (tx, d, error);
}

static gboolean
delete_desktop (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM desktops WHERE id = $1", "s", id);
}

void
floe_sql_tx_desktops_iface_init (FloeTxInterface *iface)
{
  iface->find_free_number = find_free_number;
  iface->put_desktop = put_desktop;
  iface->delete_desktop = delete_desktop;
}
