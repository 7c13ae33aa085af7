/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/error.h"

G_BEGIN_DECLS

FloeError floe_libvirt_error_map (gint domain, gint code, const gchar **reason);
gboolean floe_libvirt_error_is_full (gint code, gint number, const gchar *text);
void floe_libvirt_set_error (GError **error, const gchar *what);

G_END_DECLS
