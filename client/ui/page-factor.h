/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/factor.h"

G_BEGIN_DECLS

/**
 * FloePageFactor:
 *
 * Asks for a code of the second factor; where there is none yet, it first shows what makes one.
 *
 * Signals: "code" (#FloeSecret code); "back".
 */
#define FLOE_TYPE_PAGE_FACTOR (floe_page_factor_get_type ())
G_DECLARE_FINAL_TYPE (FloePageFactor, floe_page_factor, FLOE, PAGE_FACTOR, GtkScrolledWindow)

void floe_page_factor_begin (FloePageFactor *self, const FloeFactorOffer *offer);
void floe_page_factor_clear (FloePageFactor *self);
void floe_page_factor_set_busy (FloePageFactor *self, gboolean busy);
void floe_page_factor_set_problem (FloePageFactor *self, const gchar *text);
void floe_page_factor_clear_code (FloePageFactor *self);
void floe_page_factor_take_focus (FloePageFactor *self);

G_END_DECLS
