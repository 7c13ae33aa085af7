/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_TIME_TEXT_SIZE 21

void floe_time_write (gint64 time, gchar *text);
gboolean floe_time_read (const gchar *text, gint64 *time);

G_END_DECLS
