/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/* Desktops that people keep on hosts that are drained, and that cannot leave them because their
 * storage is not shared. */

GPtrArray *floe_stuck_list (FloeTx *tx, const FloePool *pool, GPtrArray *hosts, GError **error);
gchar *floe_stuck_describe (GPtrArray *stuck, GPtrArray *counts, const gchar *host);

G_END_DECLS
