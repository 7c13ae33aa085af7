/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/tries.h"

void
floe_try_counts_clear (FloeTryCounts *self)
{
  g_clear_pointer (&self->person, g_free);
}
