/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *floe_sqlite_read_pools (const gchar *path, GError **error);

G_END_DECLS
