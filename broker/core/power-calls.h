/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/domain.h"
#include "core/manager.h"

G_BEGIN_DECLS

/**
 * FloePowerCalls:
 *
 * Asks a manager to start and to stop domains: only so many starts at once on a host, one call of
 * each kind at a time for a domain. Knows no store: what came of a call is told by a signal.
 *
 * Signals, on the main thread:
 * - "answered" (const gchar *desktop_id, gboolean on, const GError *error): a call ended; @on tells
 *   a start from a stop, @error is %NULL when it did what it was to do.
 * - "line-moved": somebody's place in the line of starts changed.
 */
#define FLOE_TYPE_POWER_CALLS (floe_power_calls_get_type ())
G_DECLARE_FINAL_TYPE (FloePowerCalls, floe_power_calls, FLOE, POWER_CALLS, GObject)

FloePowerCalls *floe_power_calls_new (FloeManager *manager);
void floe_power_calls_set_starts_at_once (FloePowerCalls *self, const gchar *host, guint n);
void floe_power_calls_open (FloePowerCalls *self);
void floe_power_calls_close (FloePowerCalls *self);
void floe_power_calls_switch_on (FloePowerCalls *self, const gchar *host, const gchar *desktop_id);
void floe_power_calls_switch_off (FloePowerCalls *self, const gchar *host, const gchar *desktop_id,
                                  const gchar *request);
void floe_power_calls_give_up_start (FloePowerCalls *self, const gchar *desktop_id);
void floe_power_calls_doubt (FloePowerCalls *self, FloeDomain *domain);
guint floe_power_calls_count_starts (FloePowerCalls *self, const gchar *host);
guint floe_power_calls_get_place (FloePowerCalls *self, const gchar *desktop_id);
guint floe_power_calls_get_line_length (FloePowerCalls *self, const gchar *host);

G_END_DECLS
