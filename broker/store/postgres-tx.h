/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/postgres-db.h"
#include "store/sql-tx.h"

G_BEGIN_DECLS

/**
 * FloePostgresTx:
 *
 * The transaction's port on one connection. What is PostgreSQL's alone stands in postgres-tx-*.c.
 * Where a transaction writes, the desktops that it reads are locked until it ends, and are what
 * they are at that moment.
 */
#define FLOE_TYPE_POSTGRES_TX (floe_postgres_tx_get_type ())
G_DECLARE_FINAL_TYPE (FloePostgresTx, floe_postgres_tx, FLOE, POSTGRES_TX, FloeSqlTx)

FloePostgresTx *floe_postgres_tx_new (FloePostgresDb *db, gboolean writes);
FloePostgresDb *floe_postgres_tx_get_db (FloePostgresTx *self);

/* What is asked for in two places. */
FloeSqlRows *floe_postgres_query_leases (FloeTx *tx, const gchar *user_id, GError **error);

void floe_postgres_expect_free_desktop (FloeTx *tx, const gchar *pool, const gchar *user_id,
                                        gint64 now);

/* Each fills in its part of the port. */
void floe_postgres_tx_desktops_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_search_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_brokers_iface_init (FloeTxInterface *iface);

G_END_DECLS
