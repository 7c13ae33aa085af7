/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_RATE_SAMPLES 20

/**
 * FloeRate:
 *
 * How fast something happens, by the last times that it did. Begins as all zero. The members are
 * its own.
 */
typedef struct
{
  gint64 at[FLOE_RATE_SAMPLES + 1];
  guint n;
} FloeRate;

void floe_rate_note (FloeRate *self, gint64 now);
guint floe_rate_estimate (const FloeRate *self, guint times, gint64 now);

G_END_DECLS
