/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/* A database of a test's own, on whichever store the tests are run: on SQLite; or, where the
 * environment has FLOE_TEST_STORE=postgres, on the server of FLOE_TEST_POSTGRES, which is a URI of
 * libpq's with a query. */
typedef struct
{
  gchar *directory; /* of SQLite's file; empty with PostgreSQL */
  gchar *path;      /* of SQLite's file, or PostgreSQL's URI */
} AnyPlace;

gboolean any_store_is_postgres (void);

AnyPlace *any_place_new (void);
void any_place_free (AnyPlace *self);
FloeStore *any_place_open (const AnyPlace *self, GError **error);
void any_place_exec (const AnyPlace *self, const gchar *sql);
gchar *any_place_get (const AnyPlace *self, const gchar *sql);

void any_store_close (FloeStore *store);
guint64 any_store_get_cost (FloeStore *store);

/* The transaction's port by itself, in one transaction that stays open, on an empty schema. */
typedef struct
{
  AnyPlace *place;
  FloeTx *tx;
  gpointer db; /* FloeSqliteDb or FloePostgresDb */
} AnyTx;

AnyTx *any_tx_new (void);
void any_tx_free (AnyTx *self);

/* Runs SQL in a transaction of a store. */
gboolean any_tx_exec (FloeTx *tx, const gchar *sql, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AnyPlace, any_place_free)

G_END_DECLS
