/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"
#include "core/store.h"
#include "util/workers.h"

G_BEGIN_DECLS

/**
 * FloePostgresStore:
 *
 * The store port on a PostgreSQL database, which several brokers may share. Each of its few threads
 * has a connection of its own, and finds the server again by itself when it went away. What is
 * written by this broker begins in the order in which it was asked for; one transaction's commit is
 * waited for while the next ones run.
 */
#define FLOE_TYPE_POSTGRES_STORE (floe_postgres_store_get_type ())
G_DECLARE_FINAL_TYPE (FloePostgresStore, floe_postgres_store, FLOE, POSTGRES_STORE, GObject)

FloePostgresStore *floe_postgres_store_new (const gchar *conninfo, FloeSecret *password,
                                            GError **error);
void floe_postgres_store_close (FloePostgresStore *self);
void floe_postgres_store_get_load (FloePostgresStore *self, gboolean writes, FloeLoad *load);
guint64 floe_postgres_store_get_round_trips (FloePostgresStore *self);

G_END_DECLS
