/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/backoff.h"

/**
 * floe_backoff_next:
 * @self: counts one more failure
 * @dice: an even random number, 0 or more and less than 1
 *
 * Any time between one second and a limit that doubles from 2 to 15: after a broker's restart a
 * thousand terminals come back spread out, not in step.
 *
 * Returns: seconds to wait before the next attempt, 1 to 15
 */
gdouble
floe_backoff_next (FloeBackoff *self, gdouble dice)
{
  gdouble limit = MIN ((gdouble)(2u << MIN (self->failures, 3)), FLOE_BACKOFF_LIMIT);

  self->failures++;
  return 1.0 + (limit - 1.0) * dice;
}

void
floe_backoff_reset (FloeBackoff *self)
{
  self->failures = 0;
}
