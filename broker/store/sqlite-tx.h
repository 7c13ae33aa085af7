/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "store/known-pools.h"
#include "store/sqlite-db.h"

G_BEGIN_DECLS

/**
 * FloeSqliteTx:
 *
 * The transaction's port on one connection. Its functions stand in sqlite-tx-*.c by what they keep.
 */
#define FLOE_TYPE_SQLITE_TX (floe_sqlite_tx_get_type ())
G_DECLARE_FINAL_TYPE (FloeSqliteTx, floe_sqlite_tx, FLOE, SQLITE_TX, GObject)

FloeSqliteTx *floe_sqlite_tx_new (FloeSqliteDb *db);
FloeSqliteDb *floe_sqlite_tx_get_db (FloeSqliteTx *self);
FloeKnownPools *floe_sqlite_tx_get_pools (FloeSqliteTx *self);

/* Each fills in its part of the port. */
void floe_sqlite_tx_people_iface_init (FloeTxInterface *iface);
void floe_sqlite_tx_pools_iface_init (FloeTxInterface *iface);
void floe_sqlite_tx_desktops_iface_init (FloeTxInterface *iface);
void floe_sqlite_tx_trail_iface_init (FloeTxInterface *iface);
void floe_sqlite_tx_provision_iface_init (FloeTxInterface *iface);

G_END_DECLS
