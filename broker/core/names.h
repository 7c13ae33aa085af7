/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint floe_names_find (const gchar *const *names, guint n, const gchar *name);

G_END_DECLS
