/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/guard.h"
#include "core/store.h"
#include "login/webhooks.h"

G_BEGIN_DECLS

/**
 * FloeHookSender:
 *
 * Tells those who want it what the audit trail has, in its order, each row until it was taken or is
 * too old. One broker of several does it: the one that leads.
 */
#define FLOE_TYPE_HOOK_SENDER (floe_hook_sender_get_type ())
G_DECLARE_FINAL_TYPE (FloeHookSender, floe_hook_sender, FLOE, HOOK_SENDER, GObject)

FloeHookSender *floe_hook_sender_new (FloeStore *store, FloeWebhooks *hooks, FloeClock *clock);
void floe_hook_sender_set_guard (FloeHookSender *self, FloeGuard guard, gpointer data);
void floe_hook_sender_start (FloeHookSender *self);
void floe_hook_sender_stop (FloeHookSender *self);

G_END_DECLS
