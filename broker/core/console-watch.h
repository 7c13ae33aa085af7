/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/manager.h"

G_BEGIN_DECLS

/**
 * FloeConsoleWatch:
 *
 * Makes console sessions out of display channels: one is the set of channels that were
 * authenticated, and ends when that set has been empty for two seconds, because spice-gtk's first
 * unsecured connection is bounced and looks like an end.
 *
 * Signals:
 * - "connected" (const gchar *domain_id): the set is no longer empty
 * - "ended" (const gchar *domain_id)
 * - "settled" (const gchar *domain_id): no further channel came for five seconds: the ticket has
 *   done its work
 */
#define FLOE_TYPE_CONSOLE_WATCH (floe_console_watch_get_type ())
G_DECLARE_FINAL_TYPE (FloeConsoleWatch, floe_console_watch, FLOE, CONSOLE_WATCH, GObject)

FloeConsoleWatch *floe_console_watch_new (FloeClock *clock);
void floe_console_watch_channel (FloeConsoleWatch *self, const gchar *domain_id,
                                 FloeChannelEvent event, const gchar *peer);
void floe_console_watch_list (FloeConsoleWatch *self, const gchar *domain_id,
                              const gchar *const *peers);
void floe_console_watch_hold (FloeConsoleWatch *self, const gchar *domain_id);
gboolean floe_console_watch_is_connected (FloeConsoleWatch *self, const gchar *domain_id);
GStrv floe_console_watch_list_connected (FloeConsoleWatch *self);
gboolean floe_console_watch_is_settled (FloeConsoleWatch *self, const gchar *domain_id);
guint floe_console_watch_get_size (FloeConsoleWatch *self);
void floe_console_watch_forget (FloeConsoleWatch *self, const gchar *domain_id);

G_END_DECLS
