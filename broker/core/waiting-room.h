/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/connect-request.h"
#include "core/desktop.h"
#include "core/keeper.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeWaitingRoom:
 *
 * Where people wait for a desktop that they were given and that is not ready. Tells each what is
 * going on, by what the keeper says; a desktop that fails to start is replaced by the next
 * candidate. Holds nothing that a restart may not lose.
 */
#define FLOE_TYPE_WAITING_ROOM (floe_waiting_room_get_type ())
G_DECLARE_FINAL_TYPE (FloeWaitingRoom, floe_waiting_room, FLOE, WAITING_ROOM, GObject)

FloeWaitingRoom *floe_waiting_room_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock);
FloeConnectRequest *floe_waiting_room_enter (FloeWaitingRoom *self, const FloeIdentity *identity,
                                             const gchar *pool, const FloeDesktop *desktop);
FloeConnectRequest *floe_waiting_room_find (FloeWaitingRoom *self, const FloeIdentity *identity,
                                            const gchar *id, GError **error);

G_END_DECLS
