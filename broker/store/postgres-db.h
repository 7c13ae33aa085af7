/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "store/postgres-conninfo.h"
#include "store/postgres-error.h"
#include "store/sql-db.h"

G_BEGIN_DECLS

/**
 * FloePostgresDb:
 *
 * One connection to PostgreSQL, for one thread at a time, with its prepared statements. Statements
 * are sent one behind the other in libpq's pipeline mode, and are waited for when somebody wants a
 * row, or at the commit: what costs is the way there and back. The first error of a transaction
 * stays: it fails whatever else is asked of the transaction, and its commit. Statements go through
 * its #FloeSqlDb.
 */
typedef struct _FloePostgresDb FloePostgresDb;

FloePostgresDb *floe_postgres_db_open (const FloePostgresConninfo *info, GError **error);
void floe_postgres_db_close (FloePostgresDb *self);
gboolean floe_postgres_db_exec (FloePostgresDb *self, const gchar *sql, GError **error);

void floe_postgres_db_begin (FloePostgresDb *self, const gchar *begin, const gchar *set);
gboolean floe_postgres_db_commit (FloePostgresDb *self, gboolean *unknown, GError **error);
gboolean floe_postgres_db_leave (FloePostgresDb *self, GError **error);
void floe_postgres_db_rollback (FloePostgresDb *self);
FloePostgresFailure floe_postgres_db_get_failure (FloePostgresDb *self);
gboolean floe_postgres_db_is_alive (FloePostgresDb *self);
guint64 floe_postgres_db_get_round_trips (FloePostgresDb *self);
gint64 floe_postgres_db_get_origin (FloePostgresDb *self);

FloeSqlDb *floe_postgres_db_get_sql (FloePostgresDb *self);
void floe_postgres_db_keep_ahead (FloePostgresDb *self, FloeSqlRows *rows);
FloeSqlRows *floe_postgres_db_take_ahead (FloePostgresDb *self, const gchar *sql,
                                          const gchar *types, ...);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePostgresDb, floe_postgres_db_close)

G_END_DECLS
