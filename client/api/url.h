/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_url_normalize (const gchar *text, GError **error);
gchar *floe_url_join (GError **error, const gchar *first, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
