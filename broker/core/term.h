/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/guard.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeTerm:
 *
 * The keeper's part in leading: whether it leads, and which intents it took over from whoever led
 * before. A late call of that one may still take effect for a while, so nothing that could hit a
 * desktop twice is asked for again before; to start a desktop, or to lend one that was not under
 * way, has to wait for nothing. A keeper that nobody told otherwise leads.
 *
 * Signals, on the main thread:
 * - "began": it leads, and knows what it took over.
 * - "quiet-over": what was taken over can be asked for.
 */
#define FLOE_TYPE_TERM (floe_term_get_type ())
G_DECLARE_FINAL_TYPE (FloeTerm, floe_term, FLOE, TERM, GObject)

FloeTerm *floe_term_new (FloeStore *store, FloeClock *clock);
void floe_term_set_guard (FloeTerm *self, FloeGuard guard, gpointer guard_data);
void floe_term_begin (FloeTerm *self, gint64 quiet);
void floe_term_end (FloeTerm *self);
gboolean floe_term_is_leading (FloeTerm *self);
FloeActions floe_term_filter (FloeTerm *self, const FloeDesktop *desktop, FloeActions actions);

G_END_DECLS
