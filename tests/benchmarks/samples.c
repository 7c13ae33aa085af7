/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "samples.h"

#include <stdio.h>

void
floe_samples_init (FloeSamples *self)
{
  self->us = g_array_sized_new (FALSE, FALSE, sizeof (gint64), 1 << 16);
}

void
floe_samples_clear (FloeSamples *self)
{
  g_clear_pointer (&self->us, g_array_unref);
}

void
floe_samples_add (FloeSamples *self, gint64 us)
{
  g_array_append_val (self->us, us);
}

static gint
compare_us (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a;
  gint64 right = *(const gint64 *)b;

  return left < right ? -1 : left > right;
}

/**
 * floe_samples_percentile_ms:
 * @self: the samples; sorted by this
 * @share: 0.99 for what 99 of 100 do not exceed
 */
gdouble
floe_samples_percentile_ms (FloeSamples *self, gdouble share)
{
  guint rank = self->us->len * share;

  if (self->us->len == 0)
    return 0;
  g_array_sort (self->us, compare_us);
  return g_array_index (self->us, gint64, MIN (rank, self->us->len - 1)) / 1000.0;
}

/**
 * floe_samples_print:
 * @self: the samples; sorted by this
 * @elapsed_us: during which time they were taken
 * @answered: how many answers there were in all, with those before and those that failed
 * @failed: what did not go as expected in that time
 * @reconnects: how often a connection had to be made again
 *
 * Writes one JSON object to standard output.
 */
void
floe_samples_print (FloeSamples *self, gint64 elapsed_us, guint answered, guint failed,
                    guint reconnects)
{
  gdouble seconds = elapsed_us / (gdouble)G_USEC_PER_SEC;

  printf (
      "{\"done\":%u,\"answered\":%u,\"failed\":%u,\"reconnects\":%u,\"seconds\":%.3f,\"rate\":%.1f,"
      "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
      self->us->len, answered, failed, reconnects, seconds, self->us->len / seconds,
      floe_samples_percentile_ms (self, 0.5), floe_samples_percentile_ms (self, 0.9),
      floe_samples_percentile_ms (self, 0.99), floe_samples_percentile_ms (self, 1));
}
