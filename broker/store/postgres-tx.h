/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "store/known-pools.h"
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
FloeKnownPools *floe_postgres_tx_get_pools (FloePostgresTx *self);
gboolean floe_postgres_tx_writes (FloePostgresTx *self);

/* What is asked for in two places. */
FloeSqlRows *floe_postgres_query_login (FloeTx *tx, const gchar *login_id, gint64 now,
                                        GError **error);
FloeSqlRows *floe_postgres_query_user (FloeTx *tx, const gchar *id, GError **error);
FloeSqlRows *floe_postgres_query_pool (FloeTx *tx, const gchar *name, GError **error);
FloeSqlRows *floe_postgres_query_subjects (FloeTx *tx, const gchar *pool, GError **error);
FloeSqlRows *floe_postgres_query_leases (FloeTx *tx, const gchar *user_id, GError **error);
FloeSqlRows *floe_postgres_query_waits (FloeTx *tx, const gchar *pool, guint limit, GError **error);

/* Each fills in its part of the port. */
void floe_postgres_tx_people_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_pools_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_desktops_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_search_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_provision_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_brokers_iface_init (FloeTxInterface *iface);
void floe_postgres_tx_trail_iface_init (FloeTxInterface *iface);

G_END_DECLS
