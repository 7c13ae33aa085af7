/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean floe_terminal_key_make (const gchar *file, gboolean *made, GError **error);

G_END_DECLS
