/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void floe_language_bind (void);
GArray *floe_languages_list (void);
gchar *floe_language_from_locale (const gchar *locale);
void floe_language_use (const gchar *language, const gchar *usual);

G_END_DECLS
