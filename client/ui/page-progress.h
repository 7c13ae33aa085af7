/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/desk.h"

G_BEGIN_DECLS

/**
 * FloePageProgress:
 *
 * How far a desktop has come on its way.
 *
 * Signal: "cancel" ().
 */
#define FLOE_TYPE_PAGE_PROGRESS (floe_page_progress_get_type ())
G_DECLARE_FINAL_TYPE (FloePageProgress, floe_page_progress, FLOE, PAGE_PROGRESS, GtkScrolledWindow)

void floe_page_progress_update (FloePageProgress *self, FloeDesk *desk);
void floe_page_progress_set_policy (FloePageProgress *self, const FloePolicy *policy);
void floe_page_progress_say (FloePageProgress *self, const gchar *title, const gchar *status);
void floe_page_progress_say_opening (FloePageProgress *self, const gchar *name);
void floe_page_progress_rest (FloePageProgress *self);
void floe_page_progress_take_focus (FloePageProgress *self);

gchar *floe_desk_words (FloeDesk *desk);

G_END_DECLS
