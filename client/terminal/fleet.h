/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "terminal/settings.h"
#include "terminal/unlock.h"

G_BEGIN_DECLS

/**
 * FloeFleet:
 *
 * A terminal's part in its fleet: it keeps what its broker tells it to go by, tells how it is, and
 * can be opened with a code. Without network it goes by what it kept.
 *
 * Signals: "settings" (), when others are there; "stranger" (), when the broker does not know this
 * terminal, which then has to enrol.
 */
#define FLOE_TYPE_FLEET (floe_fleet_get_type ())
G_DECLARE_FINAL_TYPE (FloeFleet, floe_fleet, FLOE, FLEET, GObject)

FloeFleet *floe_fleet_new (FloeBroker *broker, const gchar *fingerprint, const gchar *dir);
void floe_fleet_start (FloeFleet *self);
void floe_fleet_stop (FloeFleet *self);

const FloeTerminalSettings *floe_fleet_get_settings (FloeFleet *self);
void floe_fleet_set_monitors (FloeFleet *self, const gchar *const *monitors);
void floe_fleet_set_problem (FloeFleet *self, const gchar *problem);

gboolean floe_fleet_can_unlock (FloeFleet *self);
FloeUnlock *floe_fleet_get_unlock (FloeFleet *self);
FloeUnlockOutcome floe_fleet_unlock (FloeFleet *self, const gchar *code);

gchar *floe_fleet_fingerprint (GTlsCertificate *certificate);

G_END_DECLS
