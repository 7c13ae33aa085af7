/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeSqliteSync:
 *
 * A thread that brings a database's write-ahead log to the disk soon after commits that did not
 * wait for it: within a tenth of a second and the time that the disk needs.
 */
typedef struct _FloeSqliteSync FloeSqliteSync;

FloeSqliteSync *floe_sqlite_sync_new (const gchar *path);
void floe_sqlite_sync_free (FloeSqliteSync *self);
void floe_sqlite_sync_mark (FloeSqliteSync *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSqliteSync, floe_sqlite_sync_free)

G_END_DECLS
