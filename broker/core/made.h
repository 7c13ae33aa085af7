/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/* What follows from an event for a desktop that the broker made, beside the lifecycle: its holder's
 * data disk, and what is remembered of its pool and its revision. */
gboolean floe_made_note (FloeTx *tx, const FloeDesktop *desktop, const FloeFacts *before,
                         FloeEvent event, const FloeCause *cause, GError **error);
gboolean floe_made_wants_disk (FloeTx *tx, const FloeDesktop *desktop, gboolean *wants,
                               GError **error);

gboolean floe_made_forget_failures (FloeTx *tx, const gchar *pool, GError **error);
gboolean floe_made_is_late (const FloeDesktop *desktop, const FloePool *pool, gboolean trial,
                            gint64 now);
gboolean floe_made_give_up (FloeChange *change, FloeTx *tx, const FloeCause *cause, GError **error);

/* Outcomes of jobs. Each takes a #FloeKeeperEvent and returns (transfer full) the #FloeChange. */
gpointer floe_made_record_off (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_made_record_removed (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_made_record_moved (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_made_record_attached (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_made_record_prepared (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
