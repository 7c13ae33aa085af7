/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/*
 * What a pool does at the end of something: of the grace after a disconnect, of the time that a
 * session may last, of the patience with one that nobody uses, of a log-in to the guest, and of a
 * guest that was shut down from inside. What is planned is a timer that is a row; a reconnect
 * cancels what was planned because nobody was there.
 *
 * Acts that need the guest's agent change no fact. A transaction only notes them in its
 * #FloeChange, with the timer's row standing until their outcome is known; #FloeEndCalls does them.
 */

gboolean floe_ends_follow (FloeChange *change, FloeTx *tx, const FloeFacts *before, FloeEvent event,
                           gint64 now, GError **error);
gboolean floe_ends_run_timer (FloeChange *change, FloeTx *tx, const gchar *kind, gint64 now,
                              GError **error);
gboolean floe_ends_plan_restart (FloeChange *change, FloeTx *tx, gint64 now, GError **error);
gboolean floe_ends_drain (FloeChange *change, FloeTx *tx, const gchar *detail, gint64 now,
                          GError **error);

/**
 * FloeActOutcome:
 * @desktop_id: of which desktop
 * @act: what its guest's agent was asked for
 * @timer: the kind of the timer that asked
 * @due: when the row is due that stands until the outcome is known
 * @problem: (nullable): why it failed, in words
 * @now: microseconds since 1970 UTC
 *
 * An owned value.
 */
typedef struct
{
  gchar *desktop_id;
  FloePoolAct act;
  gchar *timer;
  gint64 due;
  gchar *problem;
  gint64 now;
} FloeActOutcome;

void floe_act_outcome_free (FloeActOutcome *self);
gpointer floe_ends_record_outcome (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
