/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "util/workers.h"

G_BEGIN_DECLS

/**
 * FloeSqliteStore:
 *
 * The store port on one SQLite file (WAL, synchronous=FULL), for one broker. One thread writes and
 * commits all transactions that wait together, so that a rush of log-ins costs one fsync, not many;
 * two threads read.
 */
#define FLOE_TYPE_SQLITE_STORE (floe_sqlite_store_get_type ())
G_DECLARE_FINAL_TYPE (FloeSqliteStore, floe_sqlite_store, FLOE, SQLITE_STORE, GObject)

FloeSqliteStore *floe_sqlite_store_new (const gchar *path, GError **error);
void floe_sqlite_store_close (FloeSqliteStore *self);
void floe_sqlite_store_get_load (FloeSqliteStore *self, gboolean writes, FloeLoad *load);
guint64 floe_sqlite_store_get_statements (FloeSqliteStore *self);

G_END_DECLS
