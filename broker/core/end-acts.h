/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/* After this an end that cannot come now is looked at again. */
#define FLOE_END_LOOK_AGAIN (60 * G_USEC_PER_SEC)

/**
 * FloeEndAct:
 * @timer: (nullable): the kind of the timer that brought it
 * @act: what is done
 * @reason: (nullable): what the holder is told, as in #FloeEnd
 * @detail: for the audit trail
 * @now: microseconds since 1970 UTC
 *
 * What is done at an end.
 */
typedef struct
{
  const gchar *timer;
  FloePoolAct act;
  const gchar *reason;
  const gchar *detail;
  gint64 now;
} FloeEndAct;

gboolean floe_end_act_run (FloeChange *change, FloeTx *tx, const FloeEndAct *end, GError **error);
gboolean floe_end_act_release (FloeChange *change, FloeTx *tx, const FloeEndAct *end,
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
gpointer floe_end_act_record_outcome (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
