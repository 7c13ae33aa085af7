/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_ctl_pool_path (const gchar *pool, const gchar *what, GError **error);

G_END_DECLS
