/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/capacity.h"
#include "core/clock.h"
#include "core/store.h"

G_BEGIN_DECLS

FloeCapacityLook *floe_capacity_look (FloeTx *tx, const FloePool *pool, gint64 now, GError **error);

/**
 * FloeCapacityTally:
 *
 * Counts how people's asks for desktops end, and while it leads, looks at all pools once a minute.
 * All that is added to the store once a minute, in one transaction, so that nobody who asks waits
 * for it. What was not written yet when the process dies is lost: a minute.
 */
#define FLOE_TYPE_CAPACITY_TALLY (floe_capacity_tally_get_type ())
G_DECLARE_FINAL_TYPE (FloeCapacityTally, floe_capacity_tally, FLOE, CAPACITY_TALLY, GObject)

FloeCapacityTally *floe_capacity_tally_new (FloeStore *store, FloeClock *clock);
void floe_capacity_tally_start (FloeCapacityTally *self);
void floe_capacity_tally_stop (FloeCapacityTally *self);
void floe_capacity_tally_lead (FloeCapacityTally *self, gboolean leads);
void floe_capacity_tally_count (FloeCapacityTally *self, const gchar *pool, FloeServed how,
                                gint64 waited);

G_END_DECLS
