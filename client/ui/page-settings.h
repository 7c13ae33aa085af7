/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloePageSettings:
 *
 * What whoever sits here may choose, each change at once. What an administrator decided is seen and
 * cannot be changed.
 */
#define FLOE_TYPE_PAGE_SETTINGS (floe_page_settings_get_type ())
G_DECLARE_FINAL_TYPE (FloePageSettings, floe_page_settings, FLOE, PAGE_SETTINGS, GtkScrolledWindow)

void floe_page_settings_set_settings (FloePageSettings *self, GSettings *settings);
void floe_page_settings_set_problems (FloePageSettings *self, GPtrArray *problems);
void floe_page_settings_take_focus (FloePageSettings *self);

G_END_DECLS
