/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/types.h"

G_BEGIN_DECLS

gchar *floe_outlook_words (const FloeDesktop *desktop, gint64 now, gint64 *again);
gchar *floe_outlook_time_left (const FloeDesktop *desktop, gint64 now, gint64 *again);

G_END_DECLS
