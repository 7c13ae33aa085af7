/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeLead:
 *
 * Whether this broker leads the brokers that share a store. One of them has the lease that is a row
 * of the store, for three seconds by the database's clock, and prolongs it every second. Its holder
 * counts them from before it asked, by a clock that goes on while the process is stopped and while
 * the machine sleeps, so it knows before anybody else can lead that it does not lead any more, even
 * if nobody tells it.
 *
 * Signals, on the main thread:
 * - "gained" (gint64 epoch): from now on, with this fencing number.
 * - "lost": no more.
 */
#define FLOE_TYPE_LEAD (floe_lead_get_type ())
G_DECLARE_FINAL_TYPE (FloeLead, floe_lead, FLOE, LEAD, GObject)

FloeLead *floe_lead_new (FloeStore *store, FloeClock *clock, const gchar *name);
void floe_lead_start (FloeLead *self);
void floe_lead_stop (FloeLead *self);
const gchar *floe_lead_get_id (FloeLead *self);
gint64 floe_lead_get_epoch (FloeLead *self);
gint64 floe_lead_get_quiet (FloeLead *self);
gboolean floe_lead_holds (FloeLead *self, gint64 needed);
gboolean floe_lead_guard (gpointer lead);

G_END_DECLS
