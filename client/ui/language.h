/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void floe_language_bind (void);
gboolean floe_language_may_choose (void);
GtkWidget *floe_language_choice_new (GSettings *settings);
gchar *floe_language_from_locale (const gchar *locale);
void floe_language_use (const gchar *language, const gchar *usual);

G_END_DECLS
