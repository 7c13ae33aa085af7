/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-keys.h"

/**
 * floe_display_key_find:
 * @event: a key that was pressed
 *
 * Returns: which of ours it is
 */
FloeDisplayKey
floe_display_key_find (const GdkEventKey *event)
{
  guint modifiers = event->state & gtk_accelerator_get_default_mod_mask ();

  if (event->keyval == GDK_KEY_F11 && (modifiers & ~GDK_SHIFT_MASK) == 0)
    return FLOE_DISPLAY_KEY_FULLSCREEN;
  if (event->keyval == GDK_KEY_Home && modifiers == (GDK_CONTROL_MASK | GDK_MOD1_MASK))
    return FLOE_DISPLAY_KEY_BAR;
  return FLOE_DISPLAY_KEY_NONE;
}
