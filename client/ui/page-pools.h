/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/types.h"

G_BEGIN_DECLS

/**
 * FloePagePools:
 *
 * What the person may open.
 *
 * Signal: "open" (const gchar *pool).
 */
#define FLOE_TYPE_PAGE_POOLS (floe_page_pools_get_type ())
G_DECLARE_FINAL_TYPE (FloePagePools, floe_page_pools, FLOE, PAGE_POOLS, GtkScrolledWindow)

void floe_page_pools_set_person (FloePagePools *self, const gchar *name);
void floe_page_pools_set_pools (FloePagePools *self, GPtrArray *pools);
void floe_page_pools_set_problem (FloePagePools *self, const gchar *text);
void floe_page_pools_set_warning (FloePagePools *self, const gchar *text);
void floe_page_pools_clear (FloePagePools *self);
void floe_page_pools_take_focus (FloePagePools *self);

const gchar *floe_desktop_state_words (FloeDesktopState state);

G_END_DECLS
