/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/sql-tx.h"

G_BEGIN_DECLS

/* Every query of desktops begins with this, so that one reader serves all of them. That a desktop
 * is lent is known from the leases alone. */
#define FLOE_SQL_SELECT_DESKTOPS                                                                   \
  "SELECT d.id, d.name, d.pool, p.kind, d.host, d.power, d.power_at, d.guest, d.guest_at,"         \
  " d.console, d.console_at, d.lease_at, d.clean, d.clean_at, d.intent, d.intent_at, d.intent_by," \
  " d.present, d.has_agent, d.refusal, d.problem, d.not_before, d.end_reason, d.end_at, d.end_by," \
  " d.end_where, d.end_user, l.holder, l.holder_name, l.since, l.login_id, l.address, l.terminal," \
  " p.grace_seconds, p.ready_seconds, d.made, d.revision, d.number, d.memory_mib, d.target,"       \
  " l.slot, p.data_gib, d.prepared, d.failures, p.manager, d.folded, d.maintenance,"               \
  " d.engine_user FROM desktops d JOIN pools p "                                                   \
  "ON p.name = d.pool"                                                                             \
  " LEFT JOIN leases l ON l.desktop_id = d.id WHERE "

/* One that is free, for floe_sql_find_free_desktop(); with $5 = 1 only one whose guest is ready,
 * and not elsewhere than the data disk of $6 is, unless that is NULL; @also: further conditions */
#define FLOE_SQL_SELECT_FREE_DESKTOP(also)                                                         \
  FLOE_SQL_SELECT_DESKTOPS                                                                         \
  "d.pool = $1 AND d.clean = $2 AND d.power = $3 AND d.not_before <= $4 AND d.held = 0"            \
  " AND ($5 = 0 OR d.guest IN ('ready', 'logged-in')) AND d.present = 1 AND d.refusal IS NULL "    \
  "AND d.intent = 'none' AND d.console = 'none' AND d.maintenance = 0"                             \
  " AND l.desktop_id IS NULL AND NOT EXISTS (SELECT 1 FROM hosts h"                                \
  " WHERE h.name = d.host AND h.draining <> 0)"                                                    \
  " AND ($6 IS NULL OR NOT EXISTS (SELECT 1 FROM disks k WHERE k.pool = d.pool"                    \
  " AND k.user_id = $6 AND k.made <> 0 AND k.host <> d.host))" also                                \
  " ORDER BY d.not_before LIMIT 1"

gpointer floe_sql_read_desktop (FloeSqlRows *rows);
GPtrArray *floe_sql_read_desktops (FloeSqlRows *rows, GError **error);
FloeDesktopCount floe_sql_read_count (const FloeSqlRows *rows);
GStrv floe_sql_list_powers (guint set);
GStrv floe_sql_list_guests (guint set);
GStrv floe_sql_list_cleans (guint set);
GStrv floe_sql_list_intents (guint set);
FloeDesktop *floe_sql_find_free_desktop (FloeTx *tx, const FloePool *pool, const gchar *user_id,
                                         gint64 now, const gchar *const *sql, GError **error);

G_END_DECLS
