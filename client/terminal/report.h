/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_report_make (const gchar *const *monitors, const gchar *problem, gint64 revision);
gchar *floe_report_make_unlocked (const gchar *challenge, gint64 seconds_ago);

G_END_DECLS
