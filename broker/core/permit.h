/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/* Whether somebody may do something to something: asked in the transaction that does it. That they
 * may do it somewhere is floe_identity_may(). */

gboolean floe_permit_pool (const FloeIdentity *actor, FloePermission permission,
                           const FloePool *pool, GError **error);
gboolean floe_permit_reason (const FloeIdentity *actor, const gchar *reason, GError **error);
gboolean floe_permit_change (const FloeIdentity *actor, const gchar *tag, gboolean needed,
                             GError **error);
gboolean floe_permit_person (const FloeIdentity *actor, const FloeRoleGroups *groups,
                             const FloePool *pool, const FloeUser *person, GError **error);
gboolean floe_permit_rank (const FloeIdentity *actor, const FloeRoleGroups *groups,
                           const FloeUser *person, GError **error);
gboolean floe_permit_holder (FloeTx *tx, const FloeIdentity *actor, const FloeRoleGroups *groups,
                             const FloePool *pool, const FloeDesktop *desktop, GError **error);
gboolean floe_permit_terminal (FloeTx *tx, const FloeIdentity *actor, const FloeRoleGroups *groups,
                               const FloeTerminal *terminal, gint64 now, GError **error);

G_END_DECLS
