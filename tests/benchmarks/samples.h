/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeSamples:
 *
 * How long each of many things took, in microseconds.
 */
typedef struct
{
  GArray *us; /* gint64 */
} FloeSamples;

void floe_samples_init (FloeSamples *self);
void floe_samples_clear (FloeSamples *self);
void floe_samples_add (FloeSamples *self, gint64 us);
gdouble floe_samples_percentile_ms (FloeSamples *self, gdouble share);
void floe_samples_print (FloeSamples *self, gint64 elapsed_us, guint answered, guint failed,
                         guint reconnects);

G_END_DECLS
