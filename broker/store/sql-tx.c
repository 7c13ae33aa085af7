/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include "core/error.h"

typedef struct
{
  FloeSqlDb *db; /* not owned */
  FloeKnownPools *pools;
  gboolean locks;
} FloeSqlTxPrivate;

static void
tx_iface_init (FloeTxInterface *iface)
{
  floe_sql_tx_people_iface_init (iface);
  floe_sql_tx_pools_iface_init (iface);
  floe_sql_tx_desktops_iface_init (iface);
  floe_sql_tx_provision_iface_init (iface);
  floe_sql_tx_trail_iface_init (iface);
  floe_sql_tx_tries_iface_init (iface);
  floe_sql_tx_engine_tokens_iface_init (iface);
  floe_sql_tx_factors_iface_init (iface);
  floe_sql_tx_terminals_iface_init (iface);
  floe_sql_tx_fleet_iface_init (iface);
  floe_sql_tx_api_tokens_iface_init (iface);
  floe_sql_tx_once_iface_init (iface);
  floe_sql_tx_webhooks_iface_init (iface);
  floe_sql_tx_announcements_iface_init (iface);
  floe_sql_tx_maintenance_iface_init (iface);
  floe_sql_tx_seals_iface_init (iface);
  floe_sql_tx_messages_iface_init (iface);
  floe_sql_tx_shadows_iface_init (iface);
  floe_sql_tx_letters_iface_init (iface);
  floe_sql_tx_lists_iface_init (iface);
  floe_sql_tx_capacity_iface_init (iface);
  floe_sql_tx_bindings_iface_init (iface);
  floe_sql_tx_time_iface_init (iface);
  floe_sql_tx_visits_iface_init (iface);
}

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (FloeSqlTx, floe_sql_tx, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (FloeSqlTx)
                                      G_IMPLEMENT_INTERFACE (FLOE_TYPE_TX, tx_iface_init))

static FloeSqlTxPrivate *
get_private (FloeSqlTx *self)
{
  return floe_sql_tx_get_instance_private (self);
}

static void
floe_sql_tx_finalize (GObject *object)
{
  floe_known_pools_free (get_private (FLOE_SQL_TX (object))->pools);
  G_OBJECT_CLASS (floe_sql_tx_parent_class)->finalize (object);
}

static void
floe_sql_tx_class_init (FloeSqlTxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_sql_tx_finalize;
}

static void
floe_sql_tx_init (FloeSqlTx *self)
{
  get_private (self)->pools = floe_known_pools_new ();
}

/**
 * floe_sql_tx_set_up:
 * @db: (transfer none): a connection that outlives it; its owner begins and ends transactions
 * @locks: whether what is read is locked, so that it is the same until the transaction ends
 *
 * For whoever makes one, before anything else.
 */
void
floe_sql_tx_set_up (FloeSqlTx *self, FloeSqlDb *db, gboolean locks)
{
  FloeSqlTxPrivate *private = get_private (self);

  private->db = db;
  private->locks = locks;
}

FloeSqlDb *
floe_sql_tx_get_db (FloeSqlTx *self)
{
  return get_private (self)->db;
}

FloeKnownPools *
floe_sql_tx_get_pools (FloeSqlTx *self)
{
  return get_private (self)->pools;
}

gboolean
floe_sql_tx_locks (FloeSqlTx *self)
{
  return get_private (self)->locks;
}

/**
 * floe_sql_read_all:
 * @rows: (transfer full) (nullable): %NULL when they could not be asked for
 *
 * Returns: (transfer full): what @reader made of each row; or %NULL
 */
GPtrArray *
floe_sql_read_all (FloeSqlRows *rows, FloeSqlReader reader, GDestroyNotify free_row, GError **error)
{
  g_autoptr (FloeSqlRows) taken = rows;
  g_autoptr (GPtrArray) list = NULL;
  gboolean row = TRUE;

  if (taken == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func (free_row);
  for (;;)
    {
      if (!floe_sql_rows_next (taken, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, reader (taken));
    }
}

/**
 * floe_sql_read_any:
 * @rows: (transfer full) (nullable): as for floe_sql_read_all()
 * @any: (out): whether there is one; of a statement with RETURNING, whether it did something
 */
gboolean
floe_sql_read_any (FloeSqlRows *rows, gboolean *any, GError **error)
{
  g_autoptr (FloeSqlRows) taken = rows;

  return taken != NULL && floe_sql_rows_next (taken, any, error);
}

/**
 * floe_sql_find_one:
 * @rows: (transfer full) (nullable): as for floe_sql_read_all()
 * @found: (out) (transfer full) (nullable): what @reader made of the first row; %NULL when there is
 *   none
 */
gboolean
floe_sql_find_one (FloeSqlRows *rows, FloeSqlReader reader, gpointer *found, GError **error)
{
  g_autoptr (FloeSqlRows) taken = rows;
  gboolean row;

  *found = NULL;
  if (taken == NULL || !floe_sql_rows_next (taken, &row, error))
    return FALSE;
  if (row)
    *found = reader (taken);
  return TRUE;
}

/**
 * floe_sql_read_one:
 * @rows: (transfer full) (nullable): as for floe_sql_read_all()
 * @what: what is missing when there is no row
 *
 * Returns: (transfer full): what @reader made of the first row; or %NULL, with
 *   %FLOE_ERROR_NOT_FOUND when there is none
 */
gpointer
floe_sql_read_one (FloeSqlRows *rows, FloeSqlReader reader, const gchar *what, GError **error)
{
  gpointer found;

  if (floe_sql_find_one (rows, reader, &found, error) && found == NULL)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such %s", what);
  return found;
}

/**
 * floe_sql_read_int:
 * @rows: (transfer full) (nullable): as for floe_sql_read_all()
 * @value: (out): the first column of the first row; 0 when there is none
 */
gboolean
floe_sql_read_int (FloeSqlRows *rows, gint64 *value, GError **error)
{
  g_autoptr (FloeSqlRows) taken = rows;
  gboolean row;

  if (taken == NULL || !floe_sql_rows_next (taken, &row, error))
    return FALSE;
  *value = row ? floe_sql_rows_get_int (taken, 0) : 0;
  return TRUE;
}
