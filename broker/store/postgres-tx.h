/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "store/postgres-db.h"

G_BEGIN_DECLS

/**
 * FloePostgresTx:
 *
 * The transaction's port on one connection. Its functions stand in postgres-tx-*.c by what they
 * keep. Where a transaction writes, the desktops that it reads are locked until it ends, and are
 * what they are at that moment.
 */
#define FLOE_TYPE_POSTGRES_TX (floe_postgres_tx_get_type ())
G_DECLARE_FINAL_TYPE (FloePostgresTx, floe_postgres_tx, FLOE, POSTGRES_TX, GObject)

FloePostgresTx *floe_postgres_tx_new (FloePostgresDb *db, gboolean writes);
FloePostgresDb *floe_postgres_tx_get_db (FloePostgresTx *self);
gboolean floe_postgres_tx_writes (FloePostgresTx *self);

/* Each fills in its part of the port. */
void floe_postgres_tx_people_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_pools_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_desktops_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_search_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_provision_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_brokers_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_trail_iface_init (FloeTxInterface *iface);

G_END_DECLS
