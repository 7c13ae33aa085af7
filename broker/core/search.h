/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/* What the searches of the staff have in common. */

GStrv floe_search_split (const gchar *text);
const gchar *floe_search_get_longest (GStrv tokens);
gboolean floe_search_matches (GStrv tokens, const gchar *name);
gboolean floe_search_scope (FloeTx *tx, const FloeIdentity *actor, FloePermission permission,
                            const gchar *pool, GStrv *pools, GError **error);
gboolean floe_search_note_missing (GError *why, gboolean *missing, GError **error);
GPtrArray *floe_search_take_failures (GPtrArray *trail, guint most);

G_END_DECLS
