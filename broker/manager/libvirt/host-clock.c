/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/host-clock.h"

#define BUNCH  (60 * G_USEC_PER_SEC)
#define FORGET (300 * G_USEC_PER_SEC)

/**
 * floe_host_clock_add:
 * @self: a zeroed or used clock
 * @host_now: the time that the host stamped on an event, microseconds since 1970
 * @our_now: our time when the event came
 * @elapsed: our time that nobody can set
 */
void
floe_host_clock_add (FloeHostClock *self, gint64 host_now, gint64 our_now, gint64 elapsed)
{
  gint64 skew = host_now - our_now;

  if (self->samples == 0 || elapsed - self->began > BUNCH)
    *self = (FloeHostClock){ .best = skew, .began = elapsed };
  self->best = MAX (self->best, skew);
  self->last = elapsed;
  self->samples++;
}

/**
 * floe_host_clock_judge:
 * @self: a clock
 * @elapsed: our time that nobody can set
 * @skew: (out): microseconds that the host is ahead of us, as far as known
 *
 * Returns: whether tickets can be trusted to that clock
 */
FloeHostClockVerdict
floe_host_clock_judge (const FloeHostClock *self, gint64 elapsed, gint64 *skew)
{
  *skew = self->best;
  if (self->samples == 0 || elapsed - self->last > FORGET)
    return FLOE_HOST_CLOCK_UNKNOWN;
  if (self->best > FLOE_HOST_CLOCK_LIMIT)
    return FLOE_HOST_CLOCK_WRONG;
  if (self->best >= -FLOE_HOST_CLOCK_LIMIT)
    return FLOE_HOST_CLOCK_GOOD;
  return self->samples >= 2 ? FLOE_HOST_CLOCK_WRONG : FLOE_HOST_CLOCK_UNKNOWN;
}
