/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_quote_text (const gchar *text, gssize length);

G_END_DECLS
