/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeDisplayKey:
 * @FLOE_DISPLAY_KEY_NONE: the guest's, if it has the keyboard
 * @FLOE_DISPLAY_KEY_FULLSCREEN: into full screen and out of it
 * @FLOE_DISPLAY_KEY_BAR: to the tool bar, or the menu
 * @FLOE_DISPLAY_KEY_ATTENTION: Ctrl+Alt+Del for the guest, by other keys
 *
 * The keys that are ours even while the guest has the keyboard.
 */
typedef enum
{
  FLOE_DISPLAY_KEY_NONE,
  FLOE_DISPLAY_KEY_FULLSCREEN,
  FLOE_DISPLAY_KEY_BAR,
  FLOE_DISPLAY_KEY_ATTENTION,
} FloeDisplayKey;

FloeDisplayKey floe_display_key_find (const GdkEventKey *event);

G_END_DECLS
