/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/sqlite-store.h"
#include "store/sqlite-sync.h"
#include "util/workers.h"

G_BEGIN_DECLS

/*
 * What the store's threads do: transactions on connections of their own, those that write in
 * batches.
 */

struct _FloeSqliteStore
{
  GObject parent_instance;

  gchar *path;
  gint lock_fd;
  FloeWorkers *writer;
  FloeWorkers *readers;
  FloeSqliteSync *sync;

  GMutex lock;    /* guards what follows */
  GQueue waiting; /* Call, for the writer */
  guint64 n_statements;
};

typedef struct
{
  gatomicrefcount refs;
  FloeSqliteStore *store; /* not owned: the workers end before it does */
  FloeTransaction func;
  gpointer input;
  GDestroyNotify input_free;
  GDestroyNotify result_free;
  FloeStoreMode mode;
  gboolean done; /* these three belong to the writer's thread */
  gpointer result;
  GError *error;
} FloeSqliteCall;

FloeSqliteCall *floe_sqlite_call_new (FloeSqliteStore *store, FloeTransaction func, gpointer input,
                                      GDestroyNotify input_free, GDestroyNotify result_free);
FloeSqliteCall *floe_sqlite_call_ref (FloeSqliteCall *call);
void floe_sqlite_call_unref (gpointer data);

/* Contexts of workers, whose data is the store; and #FloeWork on them, whose input is a call. */
gpointer floe_sqlite_writer_new (gpointer data);
gpointer floe_sqlite_reader_new (gpointer data);
void floe_sqlite_connection_free (gpointer data);
gpointer floe_sqlite_write_work (gpointer context, gpointer input, GCancellable *cancellable,
                                 GError **error);
gpointer floe_sqlite_read_work (gpointer context, gpointer input, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
