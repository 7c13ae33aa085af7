/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloePower:
 *
 * Switches the machine off and on again, and its screen darker and brighter, through logind, which
 * lets whoever sits in an active session do so without a password.
 *
 * Signals: "changed" (), when it is known what can be done; "failed" (), when logind refused.
 */
#define FLOE_TYPE_POWER (floe_power_get_type ())
G_DECLARE_FINAL_TYPE (FloePower, floe_power, FLOE, POWER, GObject)

FloePower *floe_power_new (GDBusConnection *bus, const gchar *backlights);

gboolean floe_power_can_switch_off (FloePower *self);
gboolean floe_power_can_restart (FloePower *self);
void floe_power_switch_off (FloePower *self);
void floe_power_restart (FloePower *self);

gboolean floe_power_has_backlight (FloePower *self);
gdouble floe_power_get_brightness (FloePower *self);
void floe_power_set_brightness (FloePower *self, gdouble part);

G_END_DECLS
