/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_file_read (const gchar *path, gsize max_bytes, gsize *length, GError **error);

G_END_DECLS
