/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeGuard:
 *
 * Stands between GDK and the widgets of a locked-down terminal: it drops what would open a menu, a
 * chooser of characters, or help in a text field, and says that somebody is there.
 *
 * Signal: "input" (), for each key, button, move and touch, whatever window has it.
 */
#define FLOE_TYPE_GUARD (floe_guard_get_type ())
G_DECLARE_FINAL_TYPE (FloeGuard, floe_guard, FLOE, GUARD, GObject)

FloeGuard *floe_guard_new (void);

void floe_guard_scrub_environment (void);
void floe_guard_tighten_settings (GtkSettings *settings);

G_END_DECLS
