/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/keeper.h"
#include "core/store.h"
#include "login/sealed-text.h"

G_BEGIN_DECLS

/**
 * FloeEngineLogins:
 *
 * Whoever logs in with a password, and may have desktops of an engine that are given to people
 * themselves, is logged in there with it, too. The engine's token is kept in the store, sealed, so
 * that any broker can use it; it is kept alive, and ended when nobody needs it any more.
 */
#define FLOE_TYPE_ENGINE_LOGINS (floe_engine_logins_get_type ())
G_DECLARE_FINAL_TYPE (FloeEngineLogins, floe_engine_logins, FLOE, ENGINE_LOGINS, GObject)

FloeEngineLogins *floe_engine_logins_new (FloeStore *store, FloeManager *manager, FloeClock *clock);
void floe_engine_logins_add (FloeEngineLogins *self, const gchar *manager, FloeSealKeys *keys);
void floe_engine_logins_take_async (FloeEngineLogins *self, const FloeUser *user,
                                    FloeSecret *password, GAsyncReadyCallback callback,
                                    gpointer user_data);
void floe_engine_logins_take_finish (FloeEngineLogins *self, GAsyncResult *result);
FloeSecret *floe_engine_logins_open (gpointer self, const gchar *manager, const gchar *user_id,
                                     const gchar *sealed);
void floe_engine_logins_drop (FloeEngineLogins *self, const gchar *user_id);
void floe_engine_logins_start (FloeEngineLogins *self);
void floe_engine_logins_stop (FloeEngineLogins *self);

G_END_DECLS
