/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/*
 * Who is given a desktop while they stand in a line may have gone home. What they do not come for
 * in time is given back, whatever its pool does with desktops whose holders are away, and one that
 * is kept is not theirs then: nobody ever saw it. The time is a timer's row, "collect", which goes
 * with the first ticket.
 */

gboolean floe_collect_plan (FloeChange *change, FloeTx *tx, gint64 until, GError **error);
gboolean floe_collect_follow (FloeChange *change, FloeTx *tx, const FloeFacts *before,
                              FloeEvent event, GError **error);
gboolean floe_collect_end (FloeChange *change, FloeTx *tx, gint64 now, GError **error);
gboolean floe_collect_is_on_its_way (const FloeDesktop *desktop, gint64 now);

G_END_DECLS
