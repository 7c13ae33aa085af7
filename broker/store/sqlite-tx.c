/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

struct _FloeSqliteTx
{
  GObject parent_instance;

  FloeSqliteDb *db; /* not owned */
  FloeKnownPools *pools;
};

static void
tx_iface_init (FloeTxInterface *iface)
{
  floe_sqlite_tx_people_iface_init (iface);
  floe_sqlite_tx_pools_iface_init (iface);
  floe_sqlite_tx_desktops_iface_init (iface);
  floe_sqlite_tx_trail_iface_init (iface);
  floe_sqlite_tx_provision_iface_init (iface);
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeSqliteTx, floe_sqlite_tx, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_TX, tx_iface_init))

static void
floe_sqlite_tx_finalize (GObject *object)
{
  floe_known_pools_free (FLOE_SQLITE_TX (object)->pools);
  G_OBJECT_CLASS (floe_sqlite_tx_parent_class)->finalize (object);
}

static void
floe_sqlite_tx_class_init (FloeSqliteTxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_sqlite_tx_finalize;
}

static void
floe_sqlite_tx_init (FloeSqliteTx *self)
{
  self->pools = floe_known_pools_new ();
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
  return self;
}

FloeSqliteDb *
floe_sqlite_tx_get_db (FloeSqliteTx *self)
{
  return self->db;
}

FloeKnownPools *
floe_sqlite_tx_get_pools (FloeSqliteTx *self)
{
  return self->pools;
}
