/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool.h"

G_BEGIN_DECLS

FloePool *floe_pool_file_read (const gchar *text, gsize length, GError **error);

G_END_DECLS
