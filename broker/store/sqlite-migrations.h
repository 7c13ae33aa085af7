/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/sqlite-db.h"

gint64 floe_sqlite_newest_version (void);
gboolean floe_sqlite_migrate (FloeSqliteDb *db, const gchar *path, GError **error);
