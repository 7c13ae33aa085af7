/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/postgres-db.h"

G_BEGIN_DECLS

gint64 floe_postgres_newest_version (void);
gboolean floe_postgres_check_version (FloePostgresDb *db, const gchar *name, GError **error);
gboolean floe_postgres_migrate (FloePostgresDb *db, const gchar *name, GError **error);

G_END_DECLS
