/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/directory.h"
#include "core/keeper.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeAccountWatch:
 *
 * Looks, pass after pass, whether people who are logged in still may be: one after the other, so
 * that it never stands in the way of log-ins. Somebody whose account is gone or disabled loses all
 * tokens, and their desktops come to the end that their pools want; of the others the groups are
 * renewed. A directory that does not answer says nothing about anybody,
 * and neither does one that says of most that they are gone: as long as it does so, nobody is
 * ended.
 *
 * Signals, on the main thread:
 * - "doubted" (guint n): of so many it says so who are not ended because of that; 0 when it is
 * over.
 * - "ended": somebody's tokens and desktops were ended.
 */
#define FLOE_TYPE_ACCOUNT_WATCH (floe_account_watch_get_type ())
G_DECLARE_FINAL_TYPE (FloeAccountWatch, floe_account_watch, FLOE, ACCOUNT_WATCH, GObject)

FloeAccountWatch *floe_account_watch_new (FloeDirectory *directory, FloeStore *store,
                                          FloeKeeper *keeper, FloeClock *clock, guint idle_seconds);
void floe_account_watch_pass (FloeAccountWatch *self);
gboolean floe_account_watch_is_in_doubt (FloeAccountWatch *self);
gboolean floe_account_watch_is_over (const GError *error);

G_END_DECLS
