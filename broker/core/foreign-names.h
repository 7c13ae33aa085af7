/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"
#include "core/pool.h"

G_BEGIN_DECLS

/**
 * FloeForeignNames:
 *
 * The names of the domains of a manager's hosts: a clone cannot have that of one which is not its
 * pool's on the same host.
 */
#define FLOE_TYPE_FOREIGN_NAMES (floe_foreign_names_get_type ())
G_DECLARE_FINAL_TYPE (FloeForeignNames, floe_foreign_names, FLOE, FOREIGN_NAMES, GObject)

FloeForeignNames *floe_foreign_names_new (FloeManager *manager);
GHashTable *floe_foreign_names_find (FloeForeignNames *self, const FloePool *pool,
                                     const gchar *installation);
gboolean floe_foreign_names_has (GHashTable *found, const gchar *host, const gchar *name);
gchar *floe_foreign_names_describe (GHashTable *found);

G_END_DECLS
