/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/lead.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeTimekeeper:
 *
 * Has the time go on evenly, over a restart, and alike for all brokers of a store, whatever is done
 * to a calendar: log-ins, sessions and whatever waits last as long as they should. The calendar is
 * that of the database's server, or where the store is a file the machine's. See floe_date_of().
 */
#define FLOE_TYPE_TIMEKEEPER (floe_timekeeper_get_type ())
G_DECLARE_FINAL_TYPE (FloeTimekeeper, floe_timekeeper, FLOE, TIMEKEEPER, GObject)

FloeTimekeeper *floe_timekeeper_new (FloeStore *store, FloeClock *clock);
gboolean floe_timekeeper_begin (FloeTimekeeper *self, gboolean alone, GError **error);
void floe_timekeeper_start (FloeTimekeeper *self, FloeStore *recorder, FloeLead *lead);
void floe_timekeeper_stop (FloeTimekeeper *self);

G_END_DECLS
