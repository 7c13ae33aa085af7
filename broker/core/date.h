/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 floe_date_of (gint64 time);
gint64 floe_date_get_time (gint64 date);
gint64 floe_date_get_ahead (void);
void floe_date_set_ahead (gint64 ahead);

G_END_DECLS
