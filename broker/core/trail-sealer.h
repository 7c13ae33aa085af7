/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/trail-seal.h"

G_BEGIN_DECLS

/**
 * FloeTrailSealer:
 *
 * Seals the audit trail, once a second while something is added to it: reads and hashes on a
 * reading thread of the store, and writes one row. Nothing that adds to the trail waits for it, or
 * knows of it. Each hour it logs how far it came, so that the journal has seen the last seal, too.
 */
#define FLOE_TYPE_TRAIL_SEALER (floe_trail_sealer_get_type ())
G_DECLARE_FINAL_TYPE (FloeTrailSealer, floe_trail_sealer, FLOE, TRAIL_SEALER, GObject)

FloeTrailSealer *floe_trail_sealer_new (FloeStore *store, FloeClock *clock, FloeTrailKey *key);
void floe_trail_sealer_start (FloeTrailSealer *self);
void floe_trail_sealer_stop (FloeTrailSealer *self);

G_END_DECLS
