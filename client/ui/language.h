/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GArray *floe_languages_list (void);
void floe_language_use (const gchar *language, const gchar *usual);

G_END_DECLS
