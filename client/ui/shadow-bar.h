/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/types.h"

G_BEGIN_DECLS

/**
 * FloeShadowBar:
 *
 * A bar over the desktop: somebody of the helpdesk asks to see it, or sees it. It takes no keyboard
 * from whoever types, and stays as long as it is so.
 *
 * Signals: "answered" (gboolean allow) to what is asked, and %FALSE to take back that they may
 * type; "ended" () when they shall not look any more.
 */
#define FLOE_TYPE_SHADOW_BAR (floe_shadow_bar_get_type ())
G_DECLARE_FINAL_TYPE (FloeShadowBar, floe_shadow_bar, FLOE, SHADOW_BAR, GtkBox)

void floe_shadow_bar_set (FloeShadowBar *self, const FloeShadow *shadow);

G_END_DECLS
