/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "login/login.h"

G_BEGIN_DECLS

/**
 * FloeTokenCheck:
 *
 * Tells who presents an access token, and keeps account of its use: requests, event streams and
 * consoles that are connected.
 */
#define FLOE_TYPE_TOKEN_CHECK (floe_token_check_get_type ())
G_DECLARE_FINAL_TYPE (FloeTokenCheck, floe_token_check, FLOE, TOKEN_CHECK, GObject)

FloeTokenCheck *floe_token_check_new (FloeStore *store, FloeClock *clock,
                                      const FloeLoginPolicy *policy);
void floe_token_check_run_async (FloeTokenCheck *self, FloeSecret *token, const FloeCaller *caller,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
FloeIdentity *floe_token_check_run_finish (FloeTokenCheck *self, GAsyncResult *result,
                                           GError **error);
void floe_token_check_hold (FloeTokenCheck *self, const gchar *login_id);
void floe_token_check_unhold (FloeTokenCheck *self, const gchar *login_id);
void floe_token_check_touch_held (FloeTokenCheck *self);

G_END_DECLS
