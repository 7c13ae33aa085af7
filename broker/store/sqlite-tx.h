/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/sql-tx.h"
#include "store/sqlite-db.h"

G_BEGIN_DECLS

/**
 * FloeSqliteTx:
 *
 * The transaction's port on one connection. What is SQLite's alone stands in sqlite-tx-*.c.
 */
#define FLOE_TYPE_SQLITE_TX (floe_sqlite_tx_get_type ())
G_DECLARE_FINAL_TYPE (FloeSqliteTx, floe_sqlite_tx, FLOE, SQLITE_TX, FloeSqlTx)

FloeSqliteTx *floe_sqlite_tx_new (FloeSqliteDb *db);
FloeSqliteDb *floe_sqlite_tx_get_db (FloeSqliteTx *self);

/* Each fills in its part of the port. */
void floe_sqlite_tx_desktops_iface_init (FloeTxInterface *iface);
void floe_sqlite_tx_brokers_iface_init (FloeTxInterface *iface);

G_END_DECLS
