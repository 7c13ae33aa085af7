/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/rate.h"

/* From fewer nothing is guessed. */
#define MIN_SAMPLES 2

/**
 * floe_rate_note:
 * @now: when it happened once more; microseconds that only ever grow
 */
void
floe_rate_note (FloeRate *self, gint64 now)
{
  self->at[self->n % G_N_ELEMENTS (self->at)] = now;
  self->n++;
}

/**
 * floe_rate_estimate:
 * @times: how often it is to happen
 * @now: microseconds, as with floe_rate_note()
 *
 * Returns: how many seconds that takes, by the mean of the last #FLOE_RATE_SAMPLES; a pause that
 *   is longer than usual counts as soon as it is. 0 when it did not happen often enough to tell
 */
guint
floe_rate_estimate (const FloeRate *self, guint times, gint64 now)
{
  guint n = (guint)MIN ((gsize)self->n, G_N_ELEMENTS (self->at));
  gint64 last, first;

  if (n < MIN_SAMPLES + 1)
    return 0;
  last = self->at[(self->n - 1) % G_N_ELEMENTS (self->at)];
  first = self->at[(self->n - n) % G_N_ELEMENTS (self->at)];
  return (guint)CLAMP (MAX ((last - first) / (n - 1), (now - first) / n) * times / G_USEC_PER_SEC,
                       1, G_MAXINT32);
}
