/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/sse.h"
#include "core/identity.h"
#include "core/keeper.h"

G_BEGIN_DECLS

/**
 * FloeChanges:
 *
 * What the staff's pages follow: that desktops, pools or hosts changed, at whichever broker. What
 * changes within a moment is told together, and what was told last is kept, so that a stream that
 * was interrupted goes on where it was. Who asks is told of those pools that they may see.
 */
typedef struct _FloeChanges FloeChanges;

FloeChanges *floe_changes_new (FloeKeeper *keeper, FloeClock *clock);
void floe_changes_free (FloeChanges *self);
void floe_changes_listen (FloeChanges *self, FloeSse *sse, const FloeIdentity *identity,
                          const gchar *last);

G_END_DECLS
