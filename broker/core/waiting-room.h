/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/claim.h"
#include "core/clock.h"
#include "core/connect-request.h"
#include "core/desktop.h"
#include "core/keeper.h"
#include "core/store.h"
#include "core/waiters.h"

G_BEGIN_DECLS

/**
 * FloeWaitingRoom:
 *
 * Where people wait for a desktop: in the line of a pool that has none left (#FloeLines), and for
 * one that they were given and that is not ready. Tells each what is
 * going on, by what the keeper says; a desktop that fails to start is replaced by the next
 * candidate. Holds nothing that a restart may not lose.
 *
 * Signals:
 * - "phase" (const gchar *pool, const gchar *phase, gint64 microseconds): somebody's "wait" in the
 *   line, "start" or "guest" ended and took that long.
 * - "failed" (const GError *error): somebody waits no more, and for nothing.
 * - "waited" (const gchar *pool, gint how, gint64 microseconds): somebody waits no more: a
 *   #FloeServed, and how long it was since they asked.
 */
#define FLOE_TYPE_WAITING_ROOM (floe_waiting_room_get_type ())
G_DECLARE_FINAL_TYPE (FloeWaitingRoom, floe_waiting_room, FLOE, WAITING_ROOM, GObject)

FloeWaitingRoom *floe_waiting_room_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock);
FloeConnectRequest *floe_waiting_room_enter (FloeWaitingRoom *self, const FloeIdentity *identity,
                                             const gchar *pool, gboolean another,
                                             const FloeClaim *claim, gint64 asked);
FloeConnectRequest *floe_waiting_room_queue (FloeWaitingRoom *self, const FloeIdentity *identity,
                                             const gchar *pool, gboolean another, gint64 asked);
void floe_waiting_room_start (FloeWaitingRoom *self);
void floe_waiting_room_leave_async (FloeWaitingRoom *self, const FloeIdentity *identity,
                                    const gchar *id, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean floe_waiting_room_leave_finish (FloeWaitingRoom *self, GAsyncResult *result,
                                         GError **error);
const FloeWaiter *floe_waiting_room_fetch (FloeWaitingRoom *self, const FloeIdentity *identity,
                                           const gchar *desktop_id);
guint floe_waiting_room_count (FloeWaitingRoom *self, FloeRequestState state);
FloeConnectRequest *floe_waiting_room_find (FloeWaitingRoom *self, const FloeIdentity *identity,
                                            const gchar *id, GError **error);

G_END_DECLS
