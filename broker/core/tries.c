/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/tries.h"

void
floe_try_counts_clear (FloeTryCounts *self)
{
  g_clear_pointer (&self->person, g_free);
  g_clear_pointer (&self->place, g_free);
}

/**
 * floe_try_counts_is_stranger:
 *
 * Returns: whether the next try comes from where that person never logged in: neither that network
 *   nor that terminal
 */
gboolean
floe_try_counts_is_stranger (const FloeTryCounts *self)
{
  return self->seen == 0 && self->seen_there == 0;
}
