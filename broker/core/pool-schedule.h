/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool.h"

G_BEGIN_DECLS

guint floe_pool_spares_at (const FloePool *self, GDateTime *local_now, gint64 *until);
gboolean floe_pool_check_schedule (const FloePool *self, guint maximum, GError **error);
const gchar *floe_weekday_name (guint day);
gboolean floe_weekday_from_name (const gchar *name, guint *day);
gchar *floe_spare_window_describe (const FloeSpareWindow *window);

G_END_DECLS
