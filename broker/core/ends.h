/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/*
 * What a pool does at the end of something: of the grace after a disconnect, of the time that a
 * session may last, of the patience with one that nobody uses, of a log-in to the guest, of a
 * guest that was shut down from inside, and of its holder's account. What is planned is a timer
 * that is a row; a reconnect cancels what was planned because nobody was there.
 *
 * Acts that need the guest's agent change no fact. A transaction only notes them in its
 * #FloeChange, with the timer's row standing until their outcome is known; #FloeEndCalls does them.
 */

gboolean floe_ends_follow (FloeChange *change, FloeTx *tx, const FloeFacts *before, FloeEvent event,
                           gint64 now, GError **error);
gboolean floe_ends_run_timer (FloeChange *change, FloeTx *tx, const gchar *kind, gint64 now,
                              GError **error);
gboolean floe_ends_plan_account (FloeChange *change, FloeTx *tx, gint64 now, GError **error);
gboolean floe_ends_plan_log_off (FloeChange *change, FloeTx *tx, gint64 now, GError **error);
gboolean floe_ends_plan_reboot (FloeChange *change, FloeTx *tx, gint64 now, GError **error);
gboolean floe_ends_plan_restart (FloeChange *change, FloeTx *tx, gint64 now, GError **error);
gboolean floe_ends_drain (FloeChange *change, FloeTx *tx, const gchar *detail, gint64 now,
                          GError **error);

G_END_DECLS
