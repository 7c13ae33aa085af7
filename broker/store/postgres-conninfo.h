/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libpq-fe.h>

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloePostgresConninfo:
 *
 * How a database is reached. Immutable, so that all threads may connect with it.
 */
typedef struct _FloePostgresConninfo FloePostgresConninfo;

FloePostgresConninfo *floe_postgres_conninfo_new (const gchar *text, FloeSecret *password,
                                                  GError **error);
void floe_postgres_conninfo_free (FloePostgresConninfo *self);
const gchar *floe_postgres_conninfo_get_name (const FloePostgresConninfo *self);
gint64 floe_postgres_conninfo_get_origin (const FloePostgresConninfo *self);
PGconn *floe_postgres_conninfo_connect (const FloePostgresConninfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePostgresConninfo, floe_postgres_conninfo_free)

G_END_DECLS
