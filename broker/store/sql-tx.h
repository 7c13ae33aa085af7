/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "store/known-pools.h"
#include "store/sql-db.h"

G_BEGIN_DECLS

/**
 * FloeSqlTx:
 *
 * What the transaction's ports on both databases have in common: all but what is locked, counted or
 * timed in a database's own way. Its functions stand in sql-tx-*.c by what they keep.
 */
#define FLOE_TYPE_SQL_TX (floe_sql_tx_get_type ())
G_DECLARE_DERIVABLE_TYPE (FloeSqlTx, floe_sql_tx, FLOE, SQL_TX, GObject)

struct _FloeSqlTxClass
{
  GObjectClass parent_class;
};

void floe_sql_tx_set_up (FloeSqlTx *self, FloeSqlDb *db, gboolean locks);
FloeSqlDb *floe_sql_tx_get_db (FloeSqlTx *self);
FloeKnownPools *floe_sql_tx_get_pools (FloeSqlTx *self);
gboolean floe_sql_tx_locks (FloeSqlTx *self);

/* Who writes locks what it reads first, where somebody else may be about to do the same. */
#define FLOE_SQL_LOCKED(tx, sql) (floe_sql_tx_locks (FLOE_SQL_TX (tx)) ? sql " FOR UPDATE" : sql)

/**
 * FloeSqlReader:
 *
 * Returns: (transfer full): what stands in the row
 */
typedef gpointer (*FloeSqlReader) (FloeSqlRows *rows);

GPtrArray *floe_sql_read_all (FloeSqlRows *rows, FloeSqlReader reader, GDestroyNotify free_row,
                              GError **error);
gpointer floe_sql_read_one (FloeSqlRows *rows, FloeSqlReader reader, const gchar *what,
                            GError **error);
gboolean floe_sql_find_one (FloeSqlRows *rows, FloeSqlReader reader, gpointer *found,
                            GError **error);
gboolean floe_sql_read_any (FloeSqlRows *rows, gboolean *any, GError **error);
gboolean floe_sql_read_int (FloeSqlRows *rows, gint64 *value, GError **error);

/* What is asked for in two places. */
FloeSqlRows *floe_sql_query_login (FloeTx *tx, const gchar *login_id, gint64 now, GError **error);
FloeUser *floe_sql_read_user (const FloeSqlRows *rows, gint column);
FloeSqlRows *floe_sql_query_user (FloeTx *tx, const gchar *id, GError **error);
FloeSqlRows *floe_sql_query_pool (FloeTx *tx, const gchar *name, GError **error);
FloeSqlRows *floe_sql_query_subjects (FloeTx *tx, const gchar *pool, GError **error);
FloeSqlRows *floe_sql_query_waits (FloeTx *tx, const gchar *pool, guint limit, GError **error);

/* So that they are found by the words of their names, from floe_fold(). */
gboolean floe_sql_put_desktop_words (FloeTx *tx, const gchar *id, const gchar *folded,
                                     GError **error);
gboolean floe_sql_put_user_words (FloeTx *tx, const gchar *id, const gchar *folded, GError **error);

/* Each fills in its part of the port. */
void floe_sql_tx_people_iface_init (FloeTxInterface *iface);
void floe_sql_tx_pools_iface_init (FloeTxInterface *iface);
void floe_sql_tx_desktops_iface_init (FloeTxInterface *iface);
void floe_sql_tx_provision_iface_init (FloeTxInterface *iface);
void floe_sql_tx_trail_iface_init (FloeTxInterface *iface);
void floe_sql_tx_tries_iface_init (FloeTxInterface *iface);
void floe_sql_tx_engine_tokens_iface_init (FloeTxInterface *iface);
void floe_sql_tx_factors_iface_init (FloeTxInterface *iface);
void floe_sql_tx_terminals_iface_init (FloeTxInterface *iface);
void floe_sql_tx_fleet_iface_init (FloeTxInterface *iface);
void floe_sql_tx_webhooks_iface_init (FloeTxInterface *iface);
void floe_sql_tx_once_iface_init (FloeTxInterface *iface);
void floe_sql_tx_api_tokens_iface_init (FloeTxInterface *iface);
void floe_sql_tx_announcements_iface_init (FloeTxInterface *iface);
/* Every query of the audit trail begins with this. */
#define FLOE_SQL_SELECT_AUDIT                                                                      \
  "SELECT id, at, actor, action, object, outcome, detail, address, terminal, request FROM audit "
gpointer floe_sql_read_audit (FloeSqlRows *rows);

void floe_sql_tx_seals_iface_init (FloeTxInterface *iface);
void floe_sql_tx_maintenance_iface_init (FloeTxInterface *iface);
void floe_sql_tx_messages_iface_init (FloeTxInterface *iface);
void floe_sql_tx_shadows_iface_init (FloeTxInterface *iface);
void floe_sql_tx_letters_iface_init (FloeTxInterface *iface);
void floe_sql_tx_lists_iface_init (FloeTxInterface *iface);
void floe_sql_tx_capacity_iface_init (FloeTxInterface *iface);
void floe_sql_tx_bindings_iface_init (FloeTxInterface *iface);
void floe_sql_tx_time_iface_init (FloeTxInterface *iface);
void floe_sql_tx_visits_iface_init (FloeTxInterface *iface);

G_END_DECLS
