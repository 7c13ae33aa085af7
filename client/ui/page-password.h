/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/secret.h"

G_BEGIN_DECLS

/**
 * FloePagePassword:
 *
 * Asks for a new password, twice, and for the current one where that is not known.
 *
 * Signals: "change" (#FloeSecret old, #FloeSecret new), where old is %NULL if it was not asked for;
 * "cancel" () while it is busy; "back" ().
 */
#define FLOE_TYPE_PAGE_PASSWORD (floe_page_password_get_type ())
G_DECLARE_FINAL_TYPE (FloePagePassword, floe_page_password, FLOE, PAGE_PASSWORD, GtkScrolledWindow)

void floe_page_password_begin (FloePagePassword *self, const gchar *why, gboolean asks_old);
void floe_page_password_set_busy (FloePagePassword *self, gboolean busy);
void floe_page_password_set_problem (FloePagePassword *self, const gchar *text);
void floe_page_password_clear (FloePagePassword *self);
void floe_page_password_clear_new (FloePagePassword *self);
void floe_page_password_take_focus (FloePagePassword *self);

G_END_DECLS
