/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "store/postgres-conninfo.h"

G_BEGIN_DECLS

/**
 * FloePostgresWorker:
 *
 * What one thread of the store works with: a connection that is opened when it is needed, and
 * opened again when it was lost. Runs transactions, again where the database asks for it.
 */
typedef struct _FloePostgresWorker FloePostgresWorker;

/**
 * FloePostgresTurn:
 *
 * Called by a worker when a transaction has done all but its commit (@mine is %FALSE), and before
 * it is run once more (@mine is %TRUE).
 */
typedef void (*FloePostgresTurn) (gpointer data, gboolean mine);

/**
 * FloePostgresJob:
 * @result, @error: what came of it
 *
 * One of several transactions that are run as one.
 */
typedef struct
{
  FloeTransaction func;
  gconstpointer input;
  GDestroyNotify result_free; /* nullable */
  gpointer result;
  GError *error;
} FloePostgresJob;

FloePostgresWorker *floe_postgres_worker_new (const FloePostgresConninfo *info, gboolean writes);
void floe_postgres_worker_free (FloePostgresWorker *self);
gpointer floe_postgres_worker_run (FloePostgresWorker *self, FloeStoreMode mode,
                                   FloeTransaction func, gconstpointer input,
                                   GDestroyNotify result_free, FloePostgresTurn turn,
                                   gpointer turn_data, GError **error);
gboolean floe_postgres_worker_run_together (FloePostgresWorker *self, FloeStoreMode mode,
                                            FloePostgresJob *jobs, guint n, FloePostgresTurn turn,
                                            gpointer turn_data, gboolean *has_turn);
guint64 floe_postgres_worker_get_round_trips (FloePostgresWorker *self);

G_END_DECLS
