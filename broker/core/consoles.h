/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/console-watch.h"
#include "core/manager.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeConsoles:
 *
 * Records what the displays tell, and replaces tickets that have done their work.
 *
 * Signals, on the main thread:
 * - "changed" (FloeChange *change): what was recorded, for the keeper to act on.
 */
#define FLOE_TYPE_CONSOLES (floe_consoles_get_type ())
G_DECLARE_FINAL_TYPE (FloeConsoles, floe_consoles, FLOE, CONSOLES, GObject)

FloeConsoles *floe_consoles_new (FloeStore *store, FloeManager *manager, FloeClock *clock);
void floe_consoles_set_leading (FloeConsoles *self, gboolean leading);
void floe_consoles_close (FloeConsoles *self);
FloeConsoleWatch *floe_consoles_get_watch (FloeConsoles *self);
void floe_consoles_spend_ticket (FloeConsoles *self, const FloeDesktop *desktop,
                                 FloeTicketMode mode, const gchar *request);

G_END_DECLS
