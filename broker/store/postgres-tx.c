/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-tx.h"

struct _FloePostgresTx
{
  GObject parent_instance;

  FloePostgresDb *db; /* not owned */
  FloeKnownPools *pools;
  gboolean writes;
};

#define DB(tx) (floe_postgres_tx_get_db (FLOE_POSTGRES_TX (tx)))

/* What cannot be sent fails the transaction, and so whatever is asked of it later. */
static void
expect_claim (FloeTx *tx, const FloeClaimReads *reads)
{
  floe_postgres_db_keep_ahead (DB (tx),
                               floe_postgres_query_login (tx, reads->login_id, reads->now, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_postgres_query_pool (tx, reads->pool, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_postgres_query_subjects (tx, reads->pool, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_postgres_query_user (tx, reads->user_id, NULL));
  floe_postgres_db_keep_ahead (DB (tx), floe_postgres_query_leases (tx, reads->user_id, NULL));
  floe_postgres_db_keep_ahead (DB (tx),
                               floe_postgres_query_waits (tx, reads->pool, reads->n_waits, NULL));
}

static void
tx_iface_init (FloeTxInterface *iface)
{
  iface->expect_claim = expect_claim;
  floe_postgres_tx_people_iface_init (iface);
  floe_postgres_tx_pools_iface_init (iface);
  floe_postgres_tx_desktops_iface_init (iface);
  floe_postgres_tx_search_iface_init (iface);
  floe_postgres_tx_provision_iface_init (iface);
  floe_postgres_tx_brokers_iface_init (iface);
  floe_postgres_tx_trail_iface_init (iface);
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FloePostgresTx, floe_postgres_tx, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_TX, tx_iface_init))

static void
floe_postgres_tx_finalize (GObject *object)
{
  floe_known_pools_free (FLOE_POSTGRES_TX (object)->pools);
  G_OBJECT_CLASS (floe_postgres_tx_parent_class)->finalize (object);
}

static void
floe_postgres_tx_class_init (FloePostgresTxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_postgres_tx_finalize;
}

static void
floe_postgres_tx_init (FloePostgresTx *self)
{
  self->pools = floe_known_pools_new ();
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
  self->writes = writes;
  return self;
}

FloePostgresDb *
floe_postgres_tx_get_db (FloePostgresTx *self)
{
  return self->db;
}

FloeKnownPools *
floe_postgres_tx_get_pools (FloePostgresTx *self)
{
  return self->pools;
}

gboolean
floe_postgres_tx_writes (FloePostgresTx *self)
{
  return self->writes;
}
