/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_HOST_CLOCK_LIMIT:
 *
 * Microseconds that a host's clock may be off. Tickets live 30 s by it.
 */
#define FLOE_HOST_CLOCK_LIMIT (5 * G_USEC_PER_SEC)

typedef enum
{
  FLOE_HOST_CLOCK_UNKNOWN,
  FLOE_HOST_CLOCK_GOOD,
  FLOE_HOST_CLOCK_WRONG,
} FloeHostClockVerdict;

/**
 * FloeHostClock:
 *
 * How far the clock of a host is off, from the times that QEMU stamps on its monitor's events. An
 * event comes late, never early: one sample says "the skew is this or more", so the greatest of a
 * bunch is nearest to it, and a single late event proves nothing. What was learnt is forgotten
 * after five minutes, so that a clock that was put right is believed again even though a host whose
 * tickets are refused has few events.
 */
typedef struct
{
  gint64 best;   /* microseconds, host minus ours */
  gint64 began;  /* when the bunch of samples began, by our elapsed time */
  gint64 last;   /* when its last sample came */
  guint samples; /* in the bunch; 0: nothing is known */
} FloeHostClock;

void floe_host_clock_add (FloeHostClock *self, gint64 host_now, gint64 our_now, gint64 elapsed);
FloeHostClockVerdict floe_host_clock_judge (const FloeHostClock *self, gint64 elapsed,
                                            gint64 *skew);

G_END_DECLS
