/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/zoom.h"

/* A quarter of a step more than browsers have helps nobody; SpiceDisplay takes 10 to 400. */
static const guint steps[] = { 30, 50, 67, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400 };

/**
 * floe_zoom_in:
 * @percent: how large the guest is shown
 *
 * Returns: the next size up, or @percent when there is none
 */
guint
floe_zoom_in (guint percent)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] > percent)
      return steps[i];
  return percent;
}

/**
 * floe_zoom_out:
 * @percent: how large the guest is shown
 *
 * Returns: the next size down, or @percent when there is none
 */
guint
floe_zoom_out (guint percent)
{
  for (gsize i = G_N_ELEMENTS (steps); i > 0; i--)
    if (steps[i - 1] < percent)
      return steps[i - 1];
  return percent;
}
