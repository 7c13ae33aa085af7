/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean floe_json_is_shallow (const gchar *text, gsize length, guint max_depth);

G_END_DECLS
