/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-tx.h"

struct _FloePostgresTx
{
  FloeSqlTx parent_instance;

  FloePostgresDb *db; /* not owned */
};

#define DB(tx) (floe_postgres_tx_get_db (FLOE_POSTGRES_TX (tx)))

/* What cannot be sent fails the transaction, and so whatever is asked of it later. */
static void
expect_claim (FloeTx *tx, const FloeClaimReads *reads)
{
  floe_postgres_db_keep_ahead (DB (tx),
                               floe_sql_query_login (tx, reads->login_id, reads->now, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_sql_query_pool (tx, reads->pool, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_sql_query_subjects (tx, reads->pool, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_sql_query_user (tx, reads->user_id, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_postgres_query_leases (tx, reads->user_id, NULL));
  floe_postgres_db_keep_ahead (DB (tx),
                               floe_sql_query_waits (tx, reads->pool, reads->n_waits, NULL));
  floe_postgres_expect_free_desktop (tx, reads->pool, reads->user_id, reads->now);
}

static void
tx_iface_init (FloeTxInterface *iface)
{
  iface->expect_claim = expect_claim;
  floe_postgres_tx_desktops_iface_init (iface);
  floe_postgres_tx_search_iface_init (iface);
  floe_postgres_tx_brokers_iface_init (iface);
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FloePostgresTx, floe_postgres_tx, FLOE_TYPE_SQL_TX,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_TX, tx_iface_init))

static void
floe_postgres_tx_class_init (FloePostgresTxClass *klass)
{
}

static void
floe_postgres_tx_init (FloePostgresTx *self)
{
}

/**
 * floe_postgres_tx_new:
 * @db: (transfer none): a connection that outlives it; its owner begins and ends transactions
 * @writes: whether they may write
 *
 * Returns: (transfer full): the port on it
 */
FloePostgresTx *
floe_postgres_tx_new (FloePostgresDb *db, gboolean writes)
{
  FloePostgresTx *self = g_object_new (FLOE_TYPE_POSTGRES_TX, NULL);

  self->db = db;
  floe_sql_tx_set_up (FLOE_SQL_TX (self), floe_postgres_db_get_sql (db), writes);
  return self;
}

FloePostgresDb *
floe_postgres_tx_get_db (FloePostgresTx *self)
{
  return self->db;
}
