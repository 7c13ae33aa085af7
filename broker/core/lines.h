/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/connect-request.h"
#include "core/keeper.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeLines:
 *
 * The lines of pools that have no desktop left. Who stands in them is known to the store alone;
 * this tells those who are connected to this broker how they stand, notes that they are still
 * there, and serves a line when a desktop of its pool becomes free, whichever broker saw that.
 * Losing it loses nothing.
 *
 * Signals, on the main thread:
 * - "served" (FloeConnectRequest *request, FloeDesktop *desktop): they got this one.
 * - "lost" (FloeConnectRequest *request): they stand in no line any more, and why is not known
 * here.
 */
#define FLOE_TYPE_LINES (floe_lines_get_type ())
G_DECLARE_FINAL_TYPE (FloeLines, floe_lines, FLOE, LINES, GObject)

FloeLines *floe_lines_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock);
void floe_lines_start (FloeLines *self);
void floe_lines_add (FloeLines *self, FloeConnectRequest *request);
gboolean floe_lines_remove (FloeLines *self, FloeConnectRequest *request);
void floe_lines_leave_async (FloeLines *self, const FloeIdentity *identity, const gchar *pool,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_lines_leave_finish (FloeLines *self, GAsyncResult *result, GError **error);

G_END_DECLS
