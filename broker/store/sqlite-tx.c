/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

struct _FloeSqliteTx
{
  FloeSqlTx parent_instance;

  FloeSqliteDb *db; /* not owned */
};

static void
tx_iface_init (FloeTxInterface *iface)
{
  floe_sqlite_tx_desktops_iface_init (iface);
  floe_sqlite_tx_brokers_iface_init (iface);
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeSqliteTx, floe_sqlite_tx, FLOE_TYPE_SQL_TX,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_TX, tx_iface_init))

static void
floe_sqlite_tx_class_init (FloeSqliteTxClass *klass)
{
}

static void
floe_sqlite_tx_init (FloeSqliteTx *self)
{
}

/**
 * floe_sqlite_tx_new:
 * @db: (transfer none): a connection that outlives it; its owner begins and ends transactions
 *
 * Returns: (transfer full): the port on it
 */
FloeSqliteTx *
floe_sqlite_tx_new (FloeSqliteDb *db)
{
  FloeSqliteTx *self = g_object_new (FLOE_TYPE_SQLITE_TX, NULL);

  self->db = db;
  floe_sql_tx_set_up (FLOE_SQL_TX (self), floe_sqlite_db_get_sql (db), FALSE);
  return self;
}

FloeSqliteDb *
floe_sqlite_tx_get_db (FloeSqliteTx *self)
{
  return self->db;
}
