/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/guard.h"

#include "core/error.h"

/**
 * floe_guard_check:
 * @guard: (nullable): %NULL allows everything
 *
 * Returns: whether it allows it; otherwise @error is set
 */
gboolean
floe_guard_check (FloeGuard guard, gpointer data, GError **error)
{
  if (guard == NULL || guard (data))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CANCELLED, "not-leading",
                         "this broker does not lead any more: nothing was done");
  return FALSE;
}
