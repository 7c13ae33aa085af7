/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "any-store.h"

G_BEGIN_DECLS

/* What a transaction of these tests returns, and how it ends when the store fails. */
#define DONE GINT_TO_POINTER (TRUE)
#define CHECK(call)                                                                                \
  if (!(call))                                                                                     \
  return NULL

/* Two brokers' stores on one database. */
typedef struct
{
  AnyPlace *place;
  FloeStore *stores[2];
} PostgresBrokers;

/* What became of several transactions. */
typedef struct
{
  guint n_open;
  guint n_done;
  guint n_none;    /* NOT_FOUND */
  guint n_refused; /* UNAVAILABLE or BUSY: it was not recorded */
  guint n_unknown; /* TIMED_OUT */
  guint n_other;
} PostgresTally;

/* Where a transaction is held up. */
typedef struct
{
  gint begun; /* it is there */
  gint go;
} PostgresGate;

void postgres_gate_pass (PostgresGate *gate);
void postgres_gate_wait (PostgresGate *gate);
void postgres_brokers_use (const gchar *uri);
FloeStore *postgres_brokers_open (const AnyPlace *place);
void postgres_brokers_set_up (PostgresBrokers *f, gconstpointer data);
void postgres_brokers_tear_down (PostgresBrokers *f, gconstpointer data);
void postgres_brokers_begin (PostgresBrokers *f, guint broker, FloeTransaction func,
                             gconstpointer input, PostgresTally *count);
void postgres_brokers_wait (PostgresTally *count);
void postgres_brokers_run (PostgresBrokers *f, guint broker, FloeTransaction func,
                           gconstpointer input);
guint postgres_brokers_count (PostgresBrokers *f, const gchar *sql);
void postgres_brokers_put_desktops (PostgresBrokers *f, guint n);

/* Transactions. */
gboolean postgres_brokers_audit (FloeTx *tx, const gchar *action, const gchar *object,
                                 GError **error);
gpointer postgres_brokers_put_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer postgres_brokers_put_row (FloeTx *tx, gconstpointer input, GError **error);
gpointer postgres_brokers_claim (FloeTx *tx, gconstpointer input, GError **error);
gpointer postgres_brokers_release_all (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
